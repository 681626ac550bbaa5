/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "conntrack/table.h"

enum { MOST_ENTRIES = 3000, N_TURNS = 40000 };

static void set_tuples(struct connection *connection, uint32_t number)
{
	struct tuple *tuple = connection->tuple;

	tuple[0] = (struct tuple){
		.source = address_from_ipv4(0x0a000000u + number % 7), .destination = address_from_ipv4(0x0a000100u + number % 5),
		.source_port = (uint16_t)number, .destination_port = 53, .protocol = 17, .family = FAMILY_IPV4,
	};
	tuple[1] = (struct tuple){
		.source = tuple[0].destination, .destination = tuple[0].source,
		.source_port = 53, .destination_port = (uint16_t)number, .protocol = 17, .family = FAMILY_IPV4,
	};
}

/* Adds and removes at random, and compares with a plain array after every turn that matters. */
START_TEST(it_finds_what_was_added_and_nothing_else)
{
	static struct connection entries[MOST_ENTRIES];
	static bool is_in[MOST_ENTRIES];
	static const uint16_t no_zones[2];
	struct random random;
	struct table table;
	size_t n_in = 0;

	random_init(&random, (uint64_t)_i);
	table_init(&table, (uint64_t)_i);
	memset(is_in, 0, sizeof(is_in));
	for (uint32_t turn = 0; turn < N_TURNS; turn++) {
		uint32_t number = (uint32_t)(random_u64(&random) % MOST_ENTRIES);
		enum direction direction = (enum direction)(random_u64(&random) & 1), found_direction, foreseen_direction;
		struct connection *found, *foreseen;

		set_tuples(&entries[number], number);
		/* What was foreseen at a place, this turn or long ago, changes no answer. */
		if (turn % 3)
			table_foresee(&table, turn, &entries[number].tuple[direction]);
		table_foresee_connection(&table, turn);
		foreseen = table_find_in_zones(&table, turn, &entries[number].tuple[direction], no_zones, &foreseen_direction);
		found = table_find(&table, &entries[number].tuple[direction], &found_direction);
		ck_assert_ptr_eq(found, is_in[number] ? &entries[number] : NULL);
		ck_assert_ptr_eq(foreseen, found);
		if (found) {
			ck_assert_int_eq(found_direction, direction);
			ck_assert_int_eq(foreseen_direction, direction);
		}
		/* First it fills, then it drains. */
		if (is_in[number] && (turn > N_TURNS / 2 || turn % 3 == 0)) {
			table_remove(&table, &entries[number]);
			is_in[number] = false;
			n_in--;
		} else if (!is_in[number] && turn <= N_TURNS / 2) {
			table_add(&table, &entries[number]);
			is_in[number] = true;
			n_in++;
		}
		ck_assert_uint_eq(table.n_used, 2 * n_in);
	}
	table_clear(&table);
}
END_TEST

START_TEST(a_flow_to_itself_is_found_as_its_reply)
{
	struct connection entry = { 0 };
	enum direction direction;
	struct table table;

	set_tuples(&entry, 53);
	entry.tuple[0].destination = entry.tuple[0].source;
	entry.tuple[1] = entry.tuple[0];
	table_init(&table, 1);
	table_add(&table, &entry);
	ck_assert_ptr_eq(table_find(&table, &entry.tuple[0], &direction), &entry);
	ck_assert_int_eq(direction, DIRECTION_REPLY);
	table_remove(&table, &entry);
	ck_assert_ptr_null(table_find(&table, &entry.tuple[0], &direction));
	ck_assert_uint_eq(table.n_used, 0);
	table_clear(&table);
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
	static struct connection entry;
	enum direction direction;
	struct table table;

	table_init(&table, 1);
	set_tuples(&entry, 1000);
	for (int i = 0; i < 2; i++)
		entry.tuple[i].zone = zone_rows[_i].entry[i];
	table_add(&table, &entry);
	ck_assert((table_find_in_zones(&table, 0, &entry.tuple[0], zone_rows[_i].packet, &direction) != NULL) ==
		  zone_rows[_i].finds_original);
	ck_assert((table_find_in_zones(&table, 0, &entry.tuple[1], zone_rows[_i].packet, &direction) != NULL) ==
		  zone_rows[_i].finds_reply);
	if (zone_rows[_i].finds_reply)
		ck_assert_int_eq(direction, DIRECTION_REPLY);
	table_remove(&table, &entry);
	table_clear(&table);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/table");
	TCase *cases = tcase_create("table");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(cases, it_finds_what_was_added_and_nothing_else, 0, 3);
	tcase_add_loop_test(cases, zones_count_in_the_direction_that_they_belong_to, 0, sizeof(zone_rows) / sizeof(zone_rows[0]));
	tcase_add_test(cases, a_flow_to_itself_is_found_as_its_reply);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
