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
	enum { SIZES = 4 };	/* nothing is measured */
	size_t sizes[SIZES];

	memset(flows, 0, sizeof(*flows));
	for (int is_small = 0; is_small < 2; is_small++) {
		sizes[lifecycle_size(is_small, FAMILY_IPV4, false)] = connection_size(is_small, FAMILY_IPV4);
		sizes[lifecycle_size(is_small, FAMILY_IPV6, false)] = connection_size(is_small, FAMILY_IPV6);
	}
	store_init(&flows->store, sizes, SIZES);
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
	connection = store_take(&flows->store, lifecycle_size(is_small, (enum family)original->family, false), &number);
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
	struct tuple in_no_zone = *tuple;
	uint32_t hash;

	in_no_zone.zone = 0;
	hash = table_hash(&flows->table, &in_no_zone);
	/* What is foreseen, and a hash that is known, change no answer. */
	table_foresee(&flows->table, hash);
	table_foresee_connection(&flows->table, hash, turn % 5 == 0, turn % 2);
	foreseen = table_find_in_zones(&flows->table, tuple, turn % 3 ? hash : 0, zones, &foreseen_direction);
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
	ck_assert((table_find_in_zones(&flows.table, &original, 0, zone_rows[_i].packet, &direction) != NULL) ==
		  zone_rows[_i].finds_original);
	ck_assert((table_find_in_zones(&flows.table, &reply, 0, zone_rows[_i].packet, &direction) != NULL) ==
		  zone_rows[_i].finds_reply);
	if (zone_rows[_i].finds_reply)
		ck_assert_int_eq(direction, DIRECTION_REPLY);
	table_remove(&flows.table, flows.entries[0]);
	flows_clear(&flows);
}
END_TEST

/* By how many slots the entry that was displaced most stands behind its own. */
static size_t find_longest_way(const struct table *table)
{
	size_t longest = 0, mask = table->n_slots - 1;

	for (size_t at = 0; at < table->n_slots; at++) {
		size_t way = (at - table->slots[at].hash) & mask;

		if (table->slots[at].number && way > longest)
			longest = way;
	}
	return longest;
}

enum { N_MADE = 400, KNOWN_SEED = 1, N_SEEDS = 20, LONGEST_OF_FEW = 40 };

/* Flows that all belong into one slot of a table of the known seed: those of many that do. */
static void make_meeting_flows(struct tuple made[N_MADE])
{
	static struct flows flows;
	struct tuple tuple = udp_tuple(1);
	size_t n_made = 0;

	flows_init(&flows, KNOWN_SEED);
	for (uint32_t drawn = 0; n_made < N_MADE; drawn++) {
		tuple.source = address_from_ipv4(0x0a000000u + drawn);
		if ((table_hash(&flows.table, &tuple) & (flows.table.n_slots - 1)) == 0)
			made[n_made++] = tuple;
	}
	flows_clear(&flows);
}

/* Who knows the seed can make flows that meet. They do not meet where the seed is another: which one a run has, nobody knows. */
START_TEST(flows_that_meet_do_so_under_one_seed_alone)
{
	static struct tuple made[N_MADE];
	static struct flows flows;

	make_meeting_flows(made);
	for (uint64_t seed = KNOWN_SEED; seed < KNOWN_SEED + N_SEEDS; seed++) {
		size_t longest;

		flows_init(&flows, seed);
		for (size_t i = 0; i < N_MADE; i++)
			table_add(&flows.table, make(&flows, i, &made[i], NULL));
		longest = find_longest_way(&flows.table);
		if (seed == KNOWN_SEED)
			ck_assert_uint_eq(longest, N_MADE - 1);
		else
			ck_assert_msg(longest <= LONGEST_OF_FEW, "seed %llu: %zu", (unsigned long long)seed, longest);
		memset(flows.entries, 0, sizeof(flows.entries));
		flows_clear(&flows);
	}
}
END_TEST

/* Flows that differ in little, or in the same at both ends: patterns of `i` for which a weak hash is weak, whatever its seed. */
enum pattern { PORTS, ADDRESSES, UPPER_BITS, ENDS_EXCHANGED, BOTH_ENDS, IPV6_HOSTS, IPV6_NETWORKS, IPV6_WORDS, QUERIES, PATTERNS };

static struct tuple pattern_tuple(enum pattern pattern, uint32_t i)
{
	struct tuple tuple = udp_tuple(1);

	switch (pattern) {
	case PORTS:
		tuple.source_port = (uint16_t)i;
		break;
	case ADDRESSES:
		tuple.source = address_from_ipv4(0x0a000000u + i);
		break;
	case UPPER_BITS:
		tuple.source = address_from_ipv4(i << 14);
		break;
	case ENDS_EXCHANGED:	/* a:p to b:q, and a:q to b:p, which is another flow */
		tuple.source_port = (uint16_t)(i % 128);
		tuple.destination_port = (uint16_t)(i / 128);
		break;
	case BOTH_ENDS:
		tuple.source = address_from_ipv4(i);
		tuple.destination = address_from_ipv4(~i);
		break;
	case IPV6_HOSTS:
		tuple.source.word[3] = i << 8;
		break;
	case IPV6_NETWORKS:
		tuple.source.word[1] = i;
		break;
	case IPV6_WORDS:
		tuple.source.word[1] = i % 128;
		tuple.source.word[2] = i / 128;
		break;
	case QUERIES:
		tuple.protocol = PROTOCOL_ICMP;
		tuple.source_port = (uint16_t)i;
		tuple.destination_port = 8 << 8;
		break;
	case PATTERNS:
		break;
	}
	if (pattern >= IPV6_HOSTS && pattern <= IPV6_WORDS)
		tuple.family = FAMILY_IPV6;
	return tuple;
}

static int is_more(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

enum { N_ALIKE = 16000, LONGEST = 200, MOST_EQUAL = 2 };

/* Pairs of entries that have the same hash. */
static size_t count_equal_hashes(const struct table *table)
{
	static uint32_t hashes[N_ALIKE];
	size_t n = 0, n_equal = 0;

	for (size_t at = 0; at < table->n_slots; at++)
		if (table->slots[at].number)
			hashes[n++] = table->slots[at].hash;
	qsort(hashes, n, sizeof(hashes[0]), is_more);
	for (size_t i = 1; i < n; i++)
		n_equal += hashes[i] == hashes[i - 1];
	return n_equal;
}

/* In a table that is up to three quarters full: with random flows the longest way is some dozens of slots then. */
START_TEST(flows_that_are_alike_do_not_meet)
{
	const size_t sizes[] = { sizeof(struct connection) };
	struct store store;
	struct table table;

	for (uint64_t seed = 1; seed <= 3; seed++) {
		store_init(&store, sizes, 1);
		table_init(&table, &store, seed);
		for (uint32_t i = 0; i < N_ALIKE; i++) {
			struct tuple tuple = pattern_tuple((enum pattern)_i, i);
			uint32_t number;
			struct connection *connection = store_take(&store, 0, &number);

			connection->timer.number = number;
			connection_set_original(connection, &tuple);
			table_add(&table, connection);
			if (i % 1000 == 999)
				ck_assert_msg(find_longest_way(&table) <= LONGEST, "pattern %d, seed %d", _i, (int)seed);
		}
		ck_assert_msg(count_equal_hashes(&table) <= MOST_EQUAL, "pattern %d, seed %d", _i, (int)seed);
		table_clear(&table);
		store_clear(&store);
	}
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
	tcase_add_test(cases, flows_that_meet_do_so_under_one_seed_alone);
	tcase_add_loop_test(cases, flows_that_are_alike_do_not_meet, 0, PATTERNS);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
