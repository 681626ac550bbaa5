/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/address.h"

#include "script_packets.h"

static const struct {
	const char *name;
	const char *text;
	enum family family;	/* FAMILY_NONE: not to be parsed */
	const char *printed;
} addresses[] = {
	{ "IPv4", "192.168.1.10", FAMILY_IPV4, "192.168.1.10" },
	{ "IPv4 of zeros", "0.0.0.0", FAMILY_IPV4, "0.0.0.0" },
	{ "IPv6 is shortened", "2001:DB8:0:0:0:0:0:1", FAMILY_IPV6, "2001:db8::1" },
	{ "IPv6 of zeros", "::", FAMILY_IPV6, "::" },
	{ "IPv6 that ends in zeros", "2001:db8:0:0:0:0:0:0", FAMILY_IPV6, "2001:db8::" },
	{ "a single zero is not left out", "1:0:2:3:4:5:6:7", FAMILY_IPV6, "1:0:2:3:4:5:6:7" },
	{ "of two runs of zeros the longer one", "1:0:0:2:0:0:0:3", FAMILY_IPV6, "1:0:0:2::3" },
	{ "of two equal runs the first one", "1:0:0:2:3:0:0:4", FAMILY_IPV6, "1::2:3:0:0:4" },
	{ "IPv6 with an IPv4 tail behind zeros", "::102:304", FAMILY_IPV6, "::1.2.3.4" },
	{ "what only looks like one", "::1:102:304", FAMILY_IPV6, "::1:102:304" },
	{ "the highest of the tail is zero", "::5", FAMILY_IPV6, "::5" },
	{ "IPv6 with an IPv4 tail", "::ffff:1.2.3.4", FAMILY_IPV6, "::ffff:1.2.3.4" },
	{ "three parts", "10.0.1", FAMILY_NONE, NULL },
	{ "a part too large", "10.0.0.256", FAMILY_NONE, NULL },
	{ "a name", "localhost", FAMILY_NONE, NULL },
	{ "empty", "", FAMILY_NONE, NULL },
	{ "something behind", "10.0.0.1 ", FAMILY_NONE, NULL },
	{ "nine groups", "1:2:3:4:5:6:7:8:9", FAMILY_NONE, NULL },
	{ "very long", "0000000000000000000000000000000000000000000000000000000000000000000000001", FAMILY_NONE, NULL },
};

START_TEST(parse_and_print)
{
	enum family family = FAMILY_NONE;
	struct address address;
	bool is_good = address_parse(addresses[_i].text, strlen(addresses[_i].text), &family, &address);
	struct text out;

	ck_assert_msg(is_good == (addresses[_i].family != FAMILY_NONE), "%s", addresses[_i].name);
	if (!is_good)
		return;
	ck_assert_int_eq(family, addresses[_i].family);
	text_init(&out);
	address_print(family, &address, &out);
	ck_assert_str_eq(text_string(&out), addresses[_i].printed);
	text_clear(&out);
}
END_TEST

static const struct {
	const char *text;
	const char *printed;	/* NULL: not to be parsed */
} ranges[] = {
	{ "10.0.0.0/8", "10.0.0.0/8" },
	{ "10.1.2.3/8", "10.0.0.0/8" },
	{ "10.1.2.3", "10.1.2.3/32" },
	{ "0.0.0.0/0", "0.0.0.0/0" },
	{ "192.168.0.0/255.255.0.0", "192.168.0.0/16" },
	{ "10.9.8.7/255.0.255.0", "10.0.8.0/255.0.255.0" },
	{ "2001:db8::1/32", "2001:db8::/32" },
	{ "2001:db8::1", "2001:db8::1/128" },
	{ "fe80::1/65", "fe80::/65" },
	{ "::1/ffff::", "::/16" },
	{ "10.0.0.0/33", NULL },
	{ "10.0.0.0/", NULL },
	{ "10.0.0.0/-1", NULL },
	{ "10.0.0.0/8/8", NULL },
	{ "10.0.0.0/ffff::", NULL },
	{ "::/129", NULL },
	{ "/8", NULL },
};

START_TEST(parse_and_print_ranges)
{
	enum family family;
	struct masked_address range;
	struct text out;
	bool is_good = address_parse_masked(ranges[_i].text, strlen(ranges[_i].text), &family, &range);

	ck_assert_msg(is_good == (ranges[_i].printed != NULL), "%s", ranges[_i].text);
	if (!is_good)
		return;
	text_init(&out);
	address_print_masked(family, &range, &out);
	ck_assert_str_eq(text_string(&out), ranges[_i].printed);
	text_clear(&out);
}
END_TEST

START_TEST(every_prefix_length_is_found_again)
{
	for (int len = 0; len <= 128; len++) {
		struct address mask = address_prefix_mask(FAMILY_IPV6, (unsigned)len);

		ck_assert_int_eq(address_mask_prefix_len(FAMILY_IPV6, &mask), len);
		if (len > 32)
			continue;
		mask = address_prefix_mask(FAMILY_IPV4, (unsigned)len);
		ck_assert_int_eq(address_mask_prefix_len(FAMILY_IPV4, &mask), len);
		ck_assert_uint_eq(address_ipv4(&mask), len ? UINT32_MAX << (32 - len) : 0);
	}
}
END_TEST

static const struct {
	const char *text;
	bool is_multicast, is_loopback, is_link_local, is_unspecified;
} classes[] = {
	{ "224.0.0.1", true, false, false, false },
	{ "239.255.255.255", true, false, false, false },
	{ "240.0.0.1", false, false, false, false },
	{ "127.8.9.1", false, true, false, false },
	{ "169.254.1.1", false, false, false, false },
	{ "0.0.0.0", false, false, false, true },
	{ "ff02::1", true, false, false, false },
	{ "::1", false, true, false, false },
	{ "::2", false, false, false, false },
	{ "fe80::1", false, false, true, false },
	{ "febf::1", false, false, true, false },
	{ "fec0::1", false, false, false, false },
	{ "::", false, false, false, true },
};

START_TEST(classes_of_addresses)
{
	enum family family;
	struct address address;

	ck_assert(address_parse(classes[_i].text, strlen(classes[_i].text), &family, &address));
	ck_assert_msg(address_is_multicast(family, &address) == classes[_i].is_multicast, "%s", classes[_i].text);
	ck_assert_msg(address_is_loopback(family, &address) == classes[_i].is_loopback, "%s", classes[_i].text);
	ck_assert_msg(address_is_link_local(family, &address) == classes[_i].is_link_local, "%s", classes[_i].text);
	ck_assert_msg(address_is_unspecified(&address) == classes[_i].is_unspecified, "%s", classes[_i].text);
}
END_TEST

START_TEST(order_is_by_value)
{
	struct address small = address_from_ipv4(0x0a0000ff), large = address_from_ipv4(0x0a000100);

	ck_assert_int_lt(address_compare(&small, &large), 0);
	ck_assert_int_gt(address_compare(&large, &small), 0);
	ck_assert_int_eq(address_compare(&large, &large), 0);
}
END_TEST

START_TEST(long_form_has_every_digit)
{
	enum family family;
	struct address address;
	struct text out;

	text_init(&out);
	ck_assert(address_parse("2001:db8::a", 11, &family, &address));
	address_print_long(family, &address, &out);
	ck_assert_str_eq(text_string(&out), "2001:0db8:0000:0000:0000:0000:0000:000a");
	text_clear(&out);
}
END_TEST

START_TEST(every_octet_is_printed_at_both_ends)
{
	for (uint32_t octet = 0; octet < 256; octet++) {
		struct address address = address_from_ipv4(octet << 24 | 7u << 8 | octet);
		char expected[ADDRESS_ROOM], printed[ADDRESS_ROOM];

		snprintf(expected, sizeof(expected), "%u.0.7.%u", octet, octet);
		*address_write(printed, FAMILY_IPV4, &address) = '\0';
		ck_assert_str_eq(printed, expected);
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("address");

	tcase_add_loop_test(tcase, parse_and_print, 0, N_ROWS(addresses));
	tcase_add_loop_test(tcase, parse_and_print_ranges, 0, N_ROWS(ranges));
	tcase_add_loop_test(tcase, classes_of_addresses, 0, N_ROWS(classes));
	tcase_add_test(tcase, every_prefix_length_is_found_again);
	tcase_add_test(tcase, order_is_by_value);
	tcase_add_test(tcase, long_form_has_every_digit);
	tcase_add_test(tcase, every_octet_is_printed_at_both_ends);
	return script_packets_run("packet/address", tcase);
}
