/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "event/complaint.h"

#include "script_packets.h"

static const struct {
	const char *name;
	const char *words;
	uint32_t numbers[COMPLAINT_MOST_NUMBERS];
	const char *printed;
} complaints[] = {
	{ "plain words", "bad checksum", { 0 }, "bad checksum" },
	{ "a number", "over %u", { 4294967295u }, "over 4294967295" },
	{ "hexadecimal numbers", "%x vs %x for dir 1", { 0x6a4c01, 0xffffffff }, "6a4c01 vs ffffffff for dir 1" },
	{ "four numbers", "%u, %u, %u, %u", { 1, 2, 3, 4 }, "1, 2, 3, 4" },
	{ "addresses", "%4 != %4", { 0 }, "10.0.0.1 != 10.0.0.2" },
	{ "a per cent sign at the end", "100%", { 0 }, "100%" },
};

START_TEST(words_hold_their_values)
{
	static const uint8_t first[4] = { 10, 0, 0, 1 }, second[4] = { 10, 0, 0, 2 };
	struct complaint complaint = {
		.words = complaints[_i].words,
		.addresses = { address_from_bytes(FAMILY_IPV4, first), address_from_bytes(FAMILY_IPV4, second) },
	};
	char room[COMPLAINT_ROOM];
	struct text text;

	memcpy(complaint.numbers, complaints[_i].numbers, sizeof(complaint.numbers));
	ck_assert_str_eq(complaint_words(&complaint, room), complaints[_i].printed);
	text_init(&text);
	complaint_print(&complaint, &text);
	ck_assert_msg(strcmp(text_string(&text), complaints[_i].printed) == 0, "%s", complaints[_i].name);
	text_clear(&text);
}
END_TEST

START_TEST(no_complaint_has_no_words)
{
	const struct complaint none = { .words = NULL };
	char room[COMPLAINT_ROOM];
	struct text text;

	text_init(&text);
	complaint_print(&none, &text);
	ck_assert_ptr_null(complaint_words(&none, room));
	ck_assert_uint_eq(text.len, 0);
	text_clear(&text);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("complaint");

	tcase_add_loop_test(tcase, words_hold_their_values, 0, N_ROWS(complaints));
	tcase_add_test(tcase, no_complaint_has_no_words);
	return script_packets_run("event/complaint", tcase);
}
