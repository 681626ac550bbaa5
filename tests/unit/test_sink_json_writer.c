/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON that every reader takes, whatever bytes a string holds; times. */
#include "sink_samples.h"

#include "sink/json_writer.h"
#include "sink/time_print.h"

static const struct string_row {
	const char *name, *bytes;
	size_t len;
	const char *json;
} strings[] = {
	{ "plain", "abc", 3, "\"abc\"" },
	{ "empty", "", 0, "\"\"" },
	{ "quote and backslash", "a\"b\\c", 5, "\"a\\\"b\\\\c\"" },
	{ "slash stays", "a/b", 3, "\"a/b\"" },
	{ "control characters", "\b\t\n\f\r\x01\x1f", 7, "\"\\b\\t\\n\\f\\r\\u0001\\u001f\"" },
	{ "NUL", "a\0b", 3, "\"a\\u0000b\"" },
	{ "DEL", "\x7f", 1, "\"\\u007f\"" },
	{ "two bytes", "\xc3\xa9", 2, "\"\xc3\xa9\"" },
	{ "three bytes", "\xe2\x82\xac", 3, "\"\xe2\x82\xac\"" },
	{ "four bytes", "\xf0\x9f\x90\xa7", 4, "\"\xf0\x9f\x90\xa7\"" },
	{ "a lone continuation byte", "a\x80z", 3, "\"a\\ufffdz\"" },
	{ "a cut character at the end", "a\xe2\x82", 3, "\"a\\ufffd\\ufffd\"" },
	{ "a cut character inside", "\xe2\x82z", 3, "\"\\ufffd\\ufffdz\"" },
	{ "too long a form", "\xc0\xaf", 2, "\"\\ufffd\\ufffd\"" },
	{ "too long a form of three bytes", "\xe0\x80\xaf", 3, "\"\\ufffd\\ufffd\\ufffd\"" },
	{ "a surrogate", "\xed\xa0\x80", 3, "\"\\ufffd\\ufffd\\ufffd\"" },
	{ "beyond U+10FFFF", "\xf4\x90\x80\x80", 4, "\"\\ufffd\\ufffd\\ufffd\\ufffd\"" },
	{ "never in UTF-8", "\xff\xfe", 2, "\"\\ufffd\\ufffd\"" },
};

START_TEST(escapes_strings)
{
	const struct string_row *row = &strings[_i];
	struct json_writer writer;
	struct text text;
	size_t start;

	text_init(&text);
	json_writer_init(&writer, &text);
	json_writer_add_bytes(&writer, NULL, row->bytes, row->len);
	ck_assert_msg(!strcmp(text_string(&text), row->json), "%s: %s, not %s", row->name, text_string(&text), row->json);

	/* The same when somebody else printed it. */
	text_reset(&text);
	json_writer_init(&writer, &text);
	start = json_writer_begin_string(&writer, NULL);
	text_append_bytes(&text, row->bytes, row->len);
	json_writer_end_string(&writer, start);
	ck_assert_msg(!strcmp(text_string(&text), row->json), "%s: %s, not %s", row->name, text_string(&text), row->json);
	text_clear(&text);
}
END_TEST

START_TEST(places_commas)
{
	struct json_writer writer;
	struct text text;

	text_init(&text);
	json_writer_init(&writer, &text);
	json_writer_open_object(&writer, NULL);
	json_writer_add_u64(&writer, "a", UINT64_MAX);
	json_writer_open_array(&writer, "b");
	json_writer_close_array(&writer);
	json_writer_open_array(&writer, "c");
	json_writer_open_object(&writer, NULL);
	json_writer_close_object(&writer);
	json_writer_add_bool(&writer, NULL, true);
	json_writer_add_bool(&writer, NULL, false);
	json_writer_close_array(&writer);
	json_writer_add_string(&writer, "d", NULL);
	json_writer_add_name(&writer, "e", "");
	json_writer_add_name(&writer, "f", "x");
	json_writer_add_time(&writer, "g", sample_time(0.012345));
	json_writer_close_object(&writer);
	ck_assert_str_eq(text_string(&text),
			 "{\"a\":18446744073709551615,\"b\":[],\"c\":[{},true,false],\"d\":null,\"e\":null,\"f\":\"x\","
			 "\"g\":\"0.012345000\"}");
	text_clear(&text);
}
END_TEST

static const struct time_row {
	int64_t ns;
	unsigned digits;
	const char *printed, *absolute;	/* from the origin 1331123456.900000001 */
} times[] = {
	{ 0, 9, "0.000000000", "1331123456.900000001" },
	{ 1, 9, "0.000000001", "1331123456.900000002" },
	{ 12345000, 9, "0.012345000", "1331123456.912345001" },
	{ 12345999, 6, "0.012345", "1331123456.912346" },
	{ 999999999, 3, "0.999", "1331123457.900" },
	{ INT64_C(90061123456789), 9, "90061.123456789", "1331213518.023456790" },
	{ INT64_C(90061123456789), 1, "90061.1", "1331213518.0" },
	{ -1500000000, 6, "-1.500000", "1331123455.400000" },
	{ INT64_MAX, 9, "9223372036.854775807", "10554495493.754775808" },
	{ INT64_MIN, 9, "-9223372036.854775808", "-7892248579.954775807" },
};

START_TEST(prints_times)
{
	const struct time_row *row = &times[_i];
	struct text text;

	text_init(&text);
	time_print((struct vtime){ .ns = row->ns }, row->digits, &text);
	ck_assert_str_eq(text_string(&text), row->printed);
	text_reset(&text);
	time_print_absolute(1331123456, 900000001, (struct vtime){ .ns = row->ns }, row->digits, &text);
	ck_assert_str_eq(text_string(&text), row->absolute);
	text_reset(&text);
	time_print_date(1331123456, 900000001, &text);
	ck_assert_str_eq(text_string(&text), "2012-03-07 12:30:56.900000 UTC");
	text_clear(&text);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, escapes_strings, 0, sizeof(strings) / sizeof(strings[0]));
	tcase_add_test(tests, places_commas);
	tcase_add_loop_test(tests, prints_times, 0, sizeof(times) / sizeof(times[0]));
}

int main(void)
{
	return sample_run("sink/json_writer", add_tests);
}
