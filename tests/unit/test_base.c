/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/cursor.h"
#include "base/diag.h"
#include "base/index.h"
#include "base/map.h"
#include "base/pool.h"
#include "base/text.h"
#include "base/utf8.h"

/* A read that does not fit fails, moves nothing, and every later read fails too. */
START_TEST(a_cursor_that_failed_stays_failed)
{
	static const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7 };

	for (size_t len = 0; len <= sizeof(bytes); len++) {
		struct cursor cursor = cursor_over(bytes, len);
		uint32_t word = cursor_u32(&cursor);

		ck_assert_uint_eq(word, len < 4 ? 0 : 0x01020304);
		ck_assert(cursor.failed == (len < 4));
		ck_assert_uint_eq(cursor_u16(&cursor), len < 6 ? 0 : 0x0506);
		ck_assert_uint_eq(cursor_u8(&cursor), len < 7 ? 0 : 7);
		ck_assert_uint_eq(cursor_left(&cursor), 0);
		cursor_skip(&cursor, SIZE_MAX);
		ck_assert(cursor.failed);
	}
	ck_assert(cursor_at(bytes, 3, 4).failed);
	ck_assert(!cursor_at(bytes, 3, 3).failed);
}
END_TEST

static const struct {
	const char *word, *nearest;
} near_rows[] = {
	{ "ESTABLISED", "ESTABLISHED" },
	{ "established", "ESTABLISHED" },
	{ "RELATD", "RELATED" },
	{ "NWE", "NEW" },
	{ "SOMETHING", NULL },
	{ "", NULL },
	{ "a word that is much longer than any name that could ever have been meant by it", NULL },
};

START_TEST(the_nearest_word_is_what_was_meant)
{
	static const char *const states[] = { "INVALID", "NEW", "ESTABLISHED", "RELATED", "UNTRACKED" };
	const char *nearest = diag_nearest(near_rows[_i].word, states, 5);

	if (near_rows[_i].nearest)
		ck_assert_str_eq(nearest, near_rows[_i].nearest);
	else
		ck_assert_msg(!nearest, "%s: %s", near_rows[_i].word, nearest);
}
END_TEST

START_TEST(messages_point_at_their_place)
{
	static const char rules[] = "first\n\t-A INPUT --ctstate ESTABLISED\nlast";
	struct diagnostics diagnostics;
	struct source source;
	struct text text;

	diag_init(&diagnostics);
	text_init(&text);
	source_init(&source, "a.rules", rules, sizeof(rules) - 1);
	diag_error(&diagnostics, (struct source_range){ &source, 37, 4 }, NULL, "second");
	diag_error(&diagnostics, (struct source_range){ &source, 26, 10 }, "did you mean ESTABLISHED?", "unknown state");
	diag_error_plain(&diagnostics, "no place for %d", 3);
	diag_print(&diagnostics, &text);
	ck_assert_str_eq(text_string(&text), "a.rules:2:21: error: unknown state\n"
					     "    2 | \t-A INPUT --ctstate ESTABLISED\n"
					     "      | \t                   ^~~~~~~~~~ did you mean ESTABLISHED?\n"
					     "a.rules:3:1: error: second\n"
					     "    3 | last\n"
					     "      | ^~~~\n"
					     "ctreplay: error: no place for 3\n");
	text_clear(&text);
	source_clear(&source);
	diag_clear(&diagnostics);
}
END_TEST

START_TEST(twenty_errors_are_kept_and_all_are_counted)
{
	struct diagnostics diagnostics;
	struct text text;

	diag_init(&diagnostics);
	text_init(&text);
	for (int i = 0; i < 25; i++)
		diag_error_plain(&diagnostics, "number %d", i);
	ck_assert_uint_eq(diagnostics.n_errors, 25);
	ck_assert(!diag_has_room(&diagnostics));
	diag_print(&diagnostics, &text);
	ck_assert_ptr_nonnull(strstr(text_string(&text), "number 19\n"));
	ck_assert_ptr_null(strstr(text_string(&text), "number 20\n"));
	ck_assert_ptr_nonnull(strstr(text_string(&text), "5 more errors are not shown\n"));
	text_clear(&text);
	diag_clear(&diagnostics);
}
END_TEST

/* 30 of one line from behind, then one of the next. */
START_TEST(twenty_warnings_of_a_line_are_kept)
{
	static const char line[] = "0123456789012345678901234567890\nlast\n";
	struct diagnostics diagnostics;
	struct source source;
	struct text text;

	diag_init(&diagnostics);
	text_init(&text);
	source_init(&source, "a.rules", line, strlen(line));
	for (uint32_t i = 30; i > 0; i--)
		diag_warning(&diagnostics, (struct source_range){ .source = &source, .offset = i }, NULL, "number %u", i);
	diag_warning(&diagnostics, (struct source_range){ .source = &source, .offset = 32 }, NULL, "another line");
	ck_assert_uint_eq(diagnostics.n_messages, 21);
	ck_assert(diag_has_room(&diagnostics));
	diag_print(&diagnostics, &text);
	ck_assert_ptr_nonnull(strstr(text_string(&text), "a.rules:1:12: warning: number 11\n"));
	ck_assert_ptr_null(strstr(text_string(&text), "number 10\n"));
	ck_assert_ptr_nonnull(strstr(text_string(&text), "a.rules:2:1: warning: another line\n"));
	ck_assert_ptr_nonnull(strstr(text_string(&text), "ctreplay: 10 more warnings are not shown: a line has too many\n"));
	text_clear(&text);
	source_clear(&source);
	diag_clear(&diagnostics);
}
END_TEST

START_TEST(a_map_finds_what_was_added)
{
	enum { N_KEYS = 5000 };
	struct arena arena;
	struct map map;

	arena_init(&arena);
	map_init(&map);
	ck_assert_ptr_null(map_find(&map, "nothing"));
	for (int i = 0; i < N_KEYS; i++) {
		char name[16];

		snprintf(name, sizeof(name), "chain-%d", i);
		map_add(&map, arena_copy_string(&arena, name), arena_alloc(&arena, (size_t)i % 100 + 1));
	}
	for (int i = 0; i < N_KEYS * 2; i++) {
		char name[16];

		snprintf(name, sizeof(name), "chain-%d", i);
		ck_assert((map_find(&map, name) != NULL) == (i < N_KEYS));
	}
	map_clear(&map);
	arena_clear(&arena);
}
END_TEST

START_TEST(a_map_forgets_what_was_removed_alone)
{
	enum { N_KEYS = 5000 };
	struct arena arena;
	struct map map;
	char name[16];

	arena_init(&arena);
	map_init(&map);
	map_remove(&map, "nothing");
	for (int i = 0; i < N_KEYS; i++) {
		snprintf(name, sizeof(name), "chain-%d", i);
		map_add(&map, arena_copy_string(&arena, name), arena_alloc(&arena, 1));
	}
	for (int i = 0; i < N_KEYS; i += 3) {
		snprintf(name, sizeof(name), "chain-%d", i);
		map_remove(&map, name);
		map_remove(&map, name);
	}
	for (int i = 0; i < N_KEYS; i++) {
		snprintf(name, sizeof(name), "chain-%d", i);
		ck_assert_int_eq(map_find(&map, name) == NULL, i % 3 == 0);
	}
	ck_assert_uint_eq(map.n_used, N_KEYS - (N_KEYS + 2) / 3);
	map_clear(&map);
	arena_clear(&arena);
}
END_TEST

START_TEST(an_index_keeps_the_first_number_of_a_key)
{
	struct index index;

	index_init(&index);
	ck_assert_ptr_null(index_find(&index, 0));
	for (uint32_t i = 0; i < 10000; i++)
		ck_assert(index_add(&index, (uint64_t)i << 44 | i % 7, i));
	for (uint32_t i = 0; i < 10000; i++) {
		ck_assert(!index_add(&index, (uint64_t)i << 44 | i % 7, 7));
		ck_assert_uint_eq(*index_find(&index, (uint64_t)i << 44 | i % 7), i);
	}
	ck_assert_ptr_null(index_find(&index, 10000));
	index_clear(&index);
}
END_TEST

START_TEST(a_pool_gives_each_object_once)
{
	enum { N_OBJECTS = 3000, OBJECT_LEN = 40 };
	unsigned char **objects = calloc(N_OBJECTS, sizeof(*objects));
	struct pool pool;

	pool_init(&pool, OBJECT_LEN);
	for (int round = 0; round < 3; round++) {
		for (int i = 0; i < N_OBJECTS; i++) {
			unsigned char used = 0;

			objects[i] = pool_take(&pool);
			for (int k = 0; k < OBJECT_LEN; k++)
				used |= objects[i][k];
			ck_assert_uint_eq(used, 0);
			memset(objects[i], 0xff, OBJECT_LEN);
		}
		ck_assert_uint_eq(pool.n_live, N_OBJECTS);
		for (int i = 0; i < N_OBJECTS; i++)
			pool_give(&pool, objects[i]);
		ck_assert_uint_eq(pool.n_live, 0);
	}
	pool_clear(&pool);
	free(objects);
}
END_TEST

/* Every number of digits, and both sides of each step. */
START_TEST(numbers_are_printed_as_printf_prints_them)
{
	struct text text;

	text_init(&text);
	for (uint64_t power = 1; power; power = power > UINT64_MAX / 10 ? 0 : power * 10) {
		const uint64_t values[] = { power - 1, power, power + 1, power / 9 * 7, power * 5 / 4, UINT64_MAX - power };

		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			char expected[24];

			snprintf(expected, sizeof(expected), "%" PRIu64, values[i]);
			text_reset(&text);
			text_append_u64(&text, values[i]);
			ck_assert_str_eq(text_string(&text), expected);
			ck_assert_uint_eq(text_count_digits(values[i]), strlen(expected));
		}
	}
	text_clear(&text);
}
END_TEST

/* Digits are written by twos and fours: every number of four digits, at the end of a number and in front of four others. */
START_TEST(numbers_of_eight_digits_are_printed_as_printf_prints_them)
{
	for (uint32_t half = 0; half < 10000; half++) {
		const uint32_t values[] = { half, half * 10000 + 9999 - half };

		for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
			char expected[24], printed[TEXT_U64_ROOM + 1];

			snprintf(expected, sizeof(expected), "%" PRIu32, values[i]);
			*text_write_u64(printed, values[i]) = '\0';
			ck_assert_str_eq(printed, expected);
			snprintf(expected, sizeof(expected), "%08" PRIu32, values[i]);
			*text_write_eight_digits(printed, values[i]) = '\0';
			ck_assert_str_eq(printed, expected);
		}
	}
}
END_TEST

/* Each byte at each place of strings around the words that are looked at at once. */
START_TEST(plain_bytes_are_found_as_one_by_one)
{
	for (size_t len = 1; len < 20; len++) {
		for (size_t at = 0; at < len; at++) {
			for (int c = 0; c < 256; c++) {
				bool is_plain = c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
				char bytes[20];

				memset(bytes, '~', sizeof(bytes));
				bytes[at] = (char)c;
				ck_assert_uint_eq(utf8_plain_len(bytes, len), is_plain ? len : at);
			}
		}
	}
	ck_assert_uint_eq(utf8_plain_len("", 0), 0);
}
END_TEST

START_TEST(text_grows_and_pads)
{
	struct text text;

	text_init(&text);
	ck_assert_str_eq(text_string(&text), "");
	text_append_u64(&text, 0);
	text_append_u64(&text, UINT64_MAX);
	text_printf(&text, "|%s|%05d", "x", 42);
	text_pad_to(&text, 0, 32);
	text_append_char(&text, '.');
	ck_assert_str_eq(text_string(&text), "018446744073709551615|x|00042   .");
	text_reset(&text);
	text_append_count(&text, 0, "rule");
	text_append_count(&text, 1, "rule");
	text_append_count(&text, 2, "rule");
	ck_assert_str_eq(text_string(&text), "0 rules1 rule2 rules");
	text_reset(&text);
	for (int i = 0; i < 100000; i++)
		text_append(&text, "ab");
	ck_assert_uint_eq(text.len, 200000);
	text_clear(&text);
	ck_assert_uint_eq(text.len, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base");
	TCase *tests = tcase_create("base");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(tests, a_cursor_that_failed_stays_failed);
	tcase_add_loop_test(tests, the_nearest_word_is_what_was_meant, 0, sizeof(near_rows) / sizeof(near_rows[0]));
	tcase_add_test(tests, messages_point_at_their_place);
	tcase_add_test(tests, twenty_errors_are_kept_and_all_are_counted);
	tcase_add_test(tests, twenty_warnings_of_a_line_are_kept);
	tcase_add_test(tests, a_map_finds_what_was_added);
	tcase_add_test(tests, a_map_forgets_what_was_removed_alone);
	tcase_add_test(tests, an_index_keeps_the_first_number_of_a_key);
	tcase_add_test(tests, a_pool_gives_each_object_once);
	tcase_add_test(tests, numbers_are_printed_as_printf_prints_them);
	tcase_add_test(tests, numbers_of_eight_digits_are_printed_as_printf_prints_them);
	tcase_add_test(tests, plain_bytes_are_found_as_one_by_one);
	tcase_add_test(tests, text_grows_and_pads);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
