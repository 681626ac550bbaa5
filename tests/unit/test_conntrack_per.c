/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The reader of packed ASN.1, and the tables of H.323 that it reads along. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conntrack/helper/h323_types.h"

enum { LONGEST = 256 };

/* A message of small parts: every kind of reading that does not need a table of H.323. */
static const struct per_type noted_number = { .kind = PER_NUMBER, .least = 1, .note = H323_NUMBER };
static const struct per_type noted_bytes = { .kind = PER_BYTES, .least = 4, .note = H323_IPV4 };
static const struct per_type five_bits = { .kind = PER_BITS, .bits = 5 };
static const struct per_type text = { .kind = PER_STRING, .bits = 4, .least = 1, .unit = 8 };
static const struct per_type noted_list = {
	.kind = PER_SEQUENCE_OF, .most_noted = 2, FIELDS(NOTED(item, noted_bytes, H323_RAS_ADDRESS)),
};
static const struct per_type small_choice = CHOICE(2, 3, 5, EXTENSIBLE, .note = H323_CHOICE,
	FIELDS(FIELD(nothing, per_null), FIELD(bits, five_bits), FIELD(text, text),
	       [4] = NOTED(bytes, noted_bytes, H323_STACK)));
static const struct per_type small_sequence = SEQUENCE(OPTIONALS(2),
	FIELDS(FIELD(bits, five_bits), OPTIONAL(text, text), OPTIONAL_NOTED(number, noted_number, H323_TIME_TO_LIVE)),
	ADDITIONS(3, [1] = NOTED(bytes, noted_bytes, H323_MEDIA)));

static const struct per_field as_choice = NOTED(message, small_choice, H323_MESSAGE);
static const struct per_field as_sequence = NOTED(message, small_sequence, H323_MESSAGE);
static const struct per_type wide_sequence = SEQUENCE(OPTIONALS(2), FIELDS(FIELD(bits, five_bits)), EXTENSIBLE, .n_known = 30);
static const struct per_field as_wide_sequence = NOTED(message, wide_sequence, H323_MESSAGE);
static const struct per_field as_list = NOTED(message, noted_list, H323_MESSAGE);

/* Notes as "note/role/index/value", one word each. */
static const struct {
	const char *name;
	const struct per_field *message;
	const char *hex;
	const char *notes;	/* NULL: it is no message */
} readings[] = {
	{ "the first alternative", &as_choice, "00", "1/1/0/0" },
	{ "an alternative of bits", &as_choice, "20", "1/1/0/1" },
	{ "a string of two", &as_choice, "42aabb", "1/1/0/2" },
	{ "a string that is cut", &as_choice, "42aa", NULL },
	{ "an alternative that does not exist", &as_choice, "60", NULL },
	{ "an alternative of the extension that is read", &as_choice, "81040a0b0c0d", "1/1/0/4 4/16/0/2" },
	{ "one of the extension that is stepped over", &as_choice, "80020a0b", "1/1/0/3" },
	{ "one that is newer than the table", &as_choice, "85020a0b", "1/1/0/8" },
	{ "a newer one that is cut", &as_choice, "85030a0b", NULL },
	{ "a length needs two bytes, even where one would do", &as_choice, "8000", NULL },
	{ "nothing", &as_choice, "", NULL },
	{ "no optional component, no addition", &as_sequence, "00", "" },
	{ "a number of one byte, which is stepped over twice", &as_sequence, "20003700", "2/9/0/56" },
	{ "a number with nothing behind it", &as_sequence, "200037", NULL },
	{ "a number of two bytes", &as_sequence, "204001000000", "2/9/0/257" },
	{ "an addition that is noted", &as_sequence, "80028004c0a80001", "4/14/0/4" },
	{ "an addition that is stepped over", &as_sequence, "80030001aa", "" },
	{ "an addition that is cut", &as_sequence, "80028004c0a800", NULL },
	{ "an addition that is newer is stepped over, though it is not there", &as_sequence, "80060001aa", "" },
	{ "and must be", &as_sequence, "800600", NULL },
	{ "more additions than the kernel keeps", &as_sequence, "80400000000000", NULL },
	{ "a map that ends with its fourth byte is read from its first", &as_wide_sequence, "803000000001aa01bb", "" },
	{ "and then it says what is there", &as_wide_sequence, "8030000000", NULL },
	{ "items behind the second one are not noted", &as_list, "030a0000010a0000020a000003", "4/8/0/1 4/8/1/5" },
	{ "a list that is cut", &as_list, "020a000001", NULL },
	{ "RAS: a registration", &h323_ras_message,
	  "0e800001060008914a00048001000a00010206b801000a000102040002000140020061006e006e00b500534c0480020077000000000000",
	  "1/1/0/3 4/7/0/14 4/8/0/22 2/9/0/120" },
	{ "RAS: a rejection is not read any further", &h323_ras_message, "14", "1/1/0/5" },
	{ "a Connect with an address and a channel of fastStart", &h323_user_information,
	  "02c0060008914a0004000a00010206b80200000102030405060708090a0b0c0d0e0f08101b01190000640c60138011140001000a00010206b8"
	  "000a00010206b8", "4/2/0/10 3/10/0/0 4/14/0/51 4/14/0/58" },
	{ "a Facility that forwards", &h323_user_information, "0640060008914a0004000a00010206b820", "4/5/0/10 1/6/0/1" },
	{ "H.245: the answer to a channel", &h323_control_message,
	  "22c0006403800908000a00010206b8000f0c000a00010206b8000a00010206b8", "3/13/0/0 4/16/0/9 4/14/0/19 4/14/0/26" },
	{ "H.245: a command is not read any further", &h323_control_message, "40", "" },
};

static uint32_t parse_hex(const char *hex, uint8_t *bytes)
{
	uint32_t len = 0;

	for (; hex[0] && hex[1]; hex += 2) {
		const char digits[3] = { hex[0], hex[1], '\0' };

		bytes[len++] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return len;
}

static void print_notes(const struct per_notes *notes, char *at)
{
	*at = '\0';
	for (size_t i = 0; i < notes->n; i++)
		at += sprintf(at, "%s%u/%u/%u/%u", i ? " " : "", notes->list[i].note, notes->list[i].role, notes->list[i].index,
			      (unsigned)notes->list[i].value);
}

START_TEST(a_message_is_read_along_its_table)
{
	struct per_notes notes = { .n = 0 };
	uint8_t bytes[LONGEST];
	char printed[PER_MOST_NOTES * 24];
	bool is_message;

	is_message = per_read(readings[_i].message, bytes, 0, parse_hex(readings[_i].hex, bytes), &notes);
	ck_assert_msg(is_message == (readings[_i].notes != NULL), "%s", readings[_i].name);
	if (!is_message)
		return;
	print_notes(&notes, printed);
	ck_assert_msg(strcmp(printed, readings[_i].notes) == 0, "%s: %s", readings[_i].name, printed);
}
END_TEST

/* No message, cut anywhere, makes the reader look behind it: the copy ends where the message ends. */
START_TEST(no_byte_behind_a_message_is_read)
{
	uint8_t bytes[LONGEST];
	uint32_t len = parse_hex(readings[_i].hex, bytes);

	for (uint32_t cut = 0; cut <= len; cut++) {
		struct per_notes notes = { .n = 0 };
		uint8_t *copy = malloc(cut ? cut : 1);

		ck_assert_ptr_nonnull(copy);
		memcpy(copy, bytes, cut);
		per_read(readings[_i].message, copy, 0, cut, &notes);
		for (size_t i = 0; i < notes.n; i++)
			if (notes.list[i].note == H323_IPV4)
				ck_assert_uint_le(notes.list[i].value, cut);
		free(copy);
	}
}
END_TEST

/* What per_read() relies on, for a type and all that it is made of. */
static void check_type(const struct per_type *type)
{
	unsigned n_optional = 0;

	for (uint8_t i = 0; i < type->n_fields; i++) {
		n_optional += type->fields[i].is_optional;
		if (type->fields[i].type)
			check_type(type->fields[i].type);
	}
	for (uint8_t i = 0; i < type->n_additions; i++)
		if (type->additions[i].type)
			check_type(type->additions[i].type);
	switch (type->kind) {
	case PER_SEQUENCE:
		ck_assert_uint_le(n_optional, type->n_optional);
		ck_assert(type->ends_root || n_optional == type->n_optional);
		ck_assert(type->n_additions <= type->n_known);
		break;
	case PER_SEQUENCE_OF:
		ck_assert_uint_eq(type->n_fields, 1);
		ck_assert_ptr_nonnull(type->fields[0].type);
		break;
	case PER_CHOICE:
		ck_assert_uint_le(type->n_root, 1u << type->bits);
		ck_assert_uint_le(type->n_fields, type->n_known);
		for (uint8_t i = 0; i < type->n_root; i++)
			ck_assert(type->ends_root || (i < type->n_fields && type->fields[i].type));
		break;
	default:
		ck_assert_uint_eq(type->n_fields, 0);
	}
}

START_TEST(the_tables_are_whole)
{
	check_type(h323_ras_message.type);
	check_type(h323_user_information.type);
	check_type(h323_control_message.type);
}
END_TEST

int main(void)
{
	enum { N_READINGS = sizeof(readings) / sizeof(readings[0]) };
	Suite *suite = suite_create("conntrack/per");
	TCase *messages = tcase_create("messages");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(messages, a_message_is_read_along_its_table, 0, N_READINGS);
	tcase_add_loop_test(messages, no_byte_behind_a_message_is_read, 0, N_READINGS);
	tcase_add_test(messages, the_tables_are_whole);
	suite_add_tcase(suite, messages);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
