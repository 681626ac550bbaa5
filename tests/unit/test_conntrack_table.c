/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table beside a plain array: IPv4 and IPv6, ports, queries and protocols without either, translated flows and flows to
 * oneself, all drawn from few addresses, so that one flow's tuple is often another's in part.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "conntrack/lifecycle.h"
#include "conntrack/table.h"

enum { MOST_ENTRIES = 1500, N_TURNS = 16000 };

/* Entries of the two sizes of each family, with what an annex needs. */
struct flows {
	struct store store;
	struct table table;
	struct connection_annex annexes[MOST_ENTRIES];
	struct connection *entries[MOST_ENTRIES];
	bool is_in[MOST_ENTRIES];
};

static void flows_init(struct flows *flows, uint64_t seed)
{
	size_t sizes[STORE_MOST_SIZES];

	memset(flows, 0, sizeof(*flows));
	for (int is_small = 0; is_small < 2; is_small++) {
		sizes[lifecycle_size(is_small, FAMILY_IPV4)] = connection_size(is_small, FAMILY_IPV4);
		sizes[lifecycle_size(is_small, FAMILY_IPV6)] = connection_size(is_small, FAMILY_IPV6);
	}
	store_init(&flows->store, sizes, STORE_MOST_SIZES);
	table_init(&flows->table, &flows->store, seed);
}

static void flows_clear(struct flows *flows)
{
	table_clear(&flows->table);
	store_clear(&flows->store);
}

/* Makes entry `place`, its reply tuple being `reply`; NULL: the inverse. */
static struct connection *make(struct flows *flows, size_t place, const struct tuple *original, const struct tuple *reply)
{
	bool is_small = original->protocol != PROTOCOL_TCP;
	struct connection *connection;
	uint32_t number;

	if (flows->entries[place])
		store_give(&flows->store, flows->entries[place]->timer.number);
	connection = store_take(&flows->store, lifecycle_size(is_small, (enum family)original->family), &number);
	connection->timer.number = number;
	connection->is_small = is_small;
	connection->annex = &flows->annexes[place];
	connection_set_original(connection, original);
	if (reply)
		connection_set_reply(connection, reply);
	return flows->entries[place] = connection;
}

static struct tuple udp_tuple(uint32_t number)
{
	return (struct tuple){
		.source = address_from_ipv4(0x0a000000u + number % 7), .destination = address_from_ipv4(0x0a000100u + number % 5),
		.source_port = (uint16_t)number, .destination_port = 53, .protocol = PROTOCOL_UDP, .family = FAMILY_IPV4,
	};
}

static struct address draw_address(struct random *random, enum family family)
{
	struct address address = address_from_ipv4(0x0a000000u + (uint32_t)(random_u64(random) % 12));

	for (int word = 1; family == FAMILY_IPV6 && word < 4; word++)
		address.word[word] = (uint32_t)(random_u64(random) % 2);
	return address;
}

static struct tuple draw_tuple(struct random *random)
{
	static const uint8_t protocols[] = { PROTOCOL_UDP, PROTOCOL_TCP, PROTOCOL_ICMP, PROTOCOL_GRE };
	struct tuple tuple = {
		.protocol = protocols[random_u64(random) % 4], .family = random_u64(random) % 2 ? FAMILY_IPV4 : FAMILY_IPV6,
		.zone = random_u64(random) % 8 ? 0 : 5,
	};

	tuple.source = draw_address(random, (enum family)tuple.family);
	tuple.destination = draw_address(random, (enum family)tuple.family);
	tuple.source_port = (uint16_t)(random_u64(random) % 6);
	tuple.destination_port = (uint16_t)(random_u64(random) % 6);
	if (tuple.protocol != PROTOCOL_ICMP)
		return tuple;
	tuple.protocol = tuple.family == FAMILY_IPV6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP;
	tuple.destination_port = (uint16_t)((tuple.family == FAMILY_IPV6 ? 128 : random_u64(random) % 2 ? 8 : 13) << 8);
	return tuple;
}

/* The only one of the array that has the tuple, a reply side before an original one. */
static struct connection *find_plainly(const struct flows *flows, const struct tuple *tuple, enum direction *direction)
{
	for (int side = DIRECTION_REPLY; side >= DIRECTION_ORIGINAL; side--)
		for (size_t i = 0; i < MOST_ENTRIES; i++) {
			struct tuple own;

			if (!flows->is_in[i])
				continue;
			own = connection_tuple(flows->entries[i], (enum direction)side);
			*direction = (enum direction)side;
			if (tuple_is_equal(&own, tuple))
				return flows->entries[i];
		}
	return NULL;
}

static void compare(struct flows *flows, const struct tuple *tuple, uint32_t turn)
{
	const uint16_t zones[2] = { tuple->zone, tuple->zone };
	enum direction direction, found_direction, foreseen_direction;
	struct connection *expected = find_plainly(flows, tuple, &direction), *found, *foreseen;

	/* What was foreseen at a place, this turn or long ago, changes no answer. */
	if (turn % 3)
		table_foresee(&flows->table, turn, tuple);
	table_foresee_connection(&flows->table, turn);
	foreseen = table_find_in_zones(&flows->table, turn, tuple, zones, &foreseen_direction);
	found = table_find(&flows->table, tuple, &found_direction);
	ck_assert_ptr_eq(found, expected);
	ck_assert_ptr_eq(foreseen, expected);
	if (!found)
		return;
	ck_assert_int_eq(found_direction, direction);
	ck_assert_int_eq(foreseen_direction, direction);
	ck_assert_ptr_eq(table_find_in(&flows->table, tuple, direction), expected);
}

/* Draws a new entry at `place` and adds it, unless one of its tuples is taken. */
static void add(struct flows *flows, size_t place, struct random *random)
{
	struct tuple original = draw_tuple(random), reply;
	bool is_translated = random_u64(random) % 3 == 0;
	enum direction unused;

	tuple_invert(&original, &reply);
	if (is_translated)
		reply.destination = draw_address(random, (enum family)original.family);
	if (find_plainly(flows, &original, &unused) || find_plainly(flows, &reply, &unused))
		return;
	table_add(&flows->table, make(flows, place, &original, is_translated ? &reply : NULL));
	flows->is_in[place] = true;
}

/* Adds and removes at random, and compares with a plain array after every turn. */
START_TEST(it_finds_what_was_added_and_nothing_else)
{
	static struct flows flows;
	struct random random;
	size_t n_slots = 0;

	random_init(&random, (uint64_t)_i);
	flows_init(&flows, (uint64_t)_i);
	for (uint32_t turn = 0; turn < N_TURNS; turn++) {
		size_t place = random_u64(&random) % MOST_ENTRIES;
		bool is_filling = turn < N_TURNS / 2;

		if (flows.is_in[place] && (!is_filling || turn % 3 == 0)) {
			table_remove(&flows.table, flows.entries[place]);
			flows.is_in[place] = false;
			n_slots -= flows.entries[place]->has_reply ? 2 : 1;
		} else if (!flows.is_in[place] && is_filling) {
			add(&flows, place, &random);
			if (flows.is_in[place])
				n_slots += flows.entries[place]->has_reply ? 2 : 1;
		}
		ck_assert_uint_eq(flows.table.n_used, n_slots);
		if (turn % 8 == 0) {
			struct tuple tuple = draw_tuple(&random);

			compare(&flows, &tuple, turn);
		}
		if (turn % 8 == 4 && flows.is_in[place]) {
			struct tuple tuple = connection_tuple(flows.entries[place], (enum direction)(random_u64(&random) & 1));

			compare(&flows, &tuple, turn);
		}
	}
	flows_clear(&flows);
}
END_TEST

START_TEST(a_flow_to_itself_is_found_as_its_reply)
{
	static struct flows flows;
	struct tuple tuple = udp_tuple(53);
	enum direction direction;

	flows_init(&flows, 1);
	tuple.destination = tuple.source;
	table_add(&flows.table, make(&flows, 0, &tuple, NULL));
	ck_assert_ptr_eq(table_find(&flows.table, &tuple, &direction), flows.entries[0]);
	ck_assert_int_eq(direction, DIRECTION_REPLY);
	table_remove(&flows.table, flows.entries[0]);
	ck_assert_ptr_null(table_find(&flows.table, &tuple, &direction));
	ck_assert_uint_eq(flows.table.n_used, 0);
	flows_clear(&flows);
}
END_TEST

/* An entry in the zones of its two directions, and a packet of either in zones of its own. */
static const struct {
	uint16_t entry[2], packet[2];
	bool finds_original, finds_reply;	/* by a packet that goes the entry's way; the other way */
} zone_rows[] = {
	{ { 0, 0 }, { 0, 0 }, true, true },
	{ { 5, 5 }, { 5, 5 }, true, true },
	{ { 5, 5 }, { 0, 0 }, false, false },
	{ { 0, 0 }, { 5, 5 }, false, false },
	/* --zone-orig 5: replies come without it */
	{ { 5, 0 }, { 5, 0 }, true, true },
	{ { 5, 0 }, { 0, 0 }, false, true },
	{ { 5, 0 }, { 5, 5 }, true, false },
	/* --zone-reply 5 */
	{ { 0, 5 }, { 0, 5 }, true, true },
	{ { 0, 5 }, { 5, 5 }, false, true },
	{ { 0, 5 }, { 0, 0 }, true, false },
	{ { 0, 5 }, { 5, 0 }, false, false },
};

START_TEST(zones_count_in_the_direction_that_they_belong_to)
{
	static struct flows flows;
	struct tuple original = udp_tuple(1000), reply;
	enum direction direction;

	flows_init(&flows, 1);
	tuple_invert(&original, &reply);
	original.zone = zone_rows[_i].entry[DIRECTION_ORIGINAL];
	reply.zone = zone_rows[_i].entry[DIRECTION_REPLY];
	table_add(&flows.table, make(&flows, 0, &original, original.zone == reply.zone ? NULL : &reply));
	ck_assert((table_find_in_zones(&flows.table, 0, &original, zone_rows[_i].packet, &direction) != NULL) ==
		  zone_rows[_i].finds_original);
	ck_assert((table_find_in_zones(&flows.table, 0, &reply, zone_rows[_i].packet, &direction) != NULL) ==
		  zone_rows[_i].finds_reply);
	if (zone_rows[_i].finds_reply)
		ck_assert_int_eq(direction, DIRECTION_REPLY);
	table_remove(&flows.table, flows.entries[0]);
	flows_clear(&flows);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/table");
	TCase *cases = tcase_create("table");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, it_finds_what_was_added_and_nothing_else, 0, 3);
	tcase_add_loop_test(cases, zones_count_in_the_direction_that_they_belong_to, 0, sizeof(zone_rows) / sizeof(zone_rows[0]));
	tcase_add_test(cases, a_flow_to_itself_is_found_as_its_reply);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
