/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <check.h>
#include <stdlib.h>

#include "packet/tuple.h"

static const struct {
	const char *name;
	uint8_t protocol;
	uint16_t source_port, destination_port;
	bool has_inverse;
	uint16_t inverse_source_port, inverse_destination_port;
} rows[] = {
	{ "ports change places", PROTOCOL_UDP, 1000, 53, true, 53, 1000 },
	{ "so do the keys of GRE", PROTOCOL_GRE, 7, 0, true, 0, 7 },
	{ "an echo request is answered by a reply", PROTOCOL_ICMP, 77, 8 << 8, true, 77, 0 },
	{ "and stands behind one", PROTOCOL_ICMP, 77, 0, true, 77, 8 << 8 },
	{ "a timestamp's code stays", PROTOCOL_ICMP, 1, 13 << 8 | 5, true, 1, 14 << 8 | 5 },
	{ "nothing answers an unreachable", PROTOCOL_ICMP, 1, 3 << 8, false, 0, 0 },
	{ "nothing answers what is not defined", PROTOCOL_ICMP, 1, 255 << 8, false, 0, 0 },
	{ "ICMPv6 has an echo of its own", PROTOCOL_ICMPV6, 9, 128 << 8, true, 9, 129 << 8 },
	{ "and node information", PROTOCOL_ICMPV6, 9, 140 << 8 | 1, true, 9, 139 << 8 | 1 },
	{ "IPv4's request is no ICMPv6", PROTOCOL_ICMPV6, 9, 8 << 8, false, 0, 0 },
};

START_TEST(tuples_are_inverted)
{
	struct tuple tuple = {
		.source = address_from_ipv4(1), .destination = address_from_ipv4(2), .zone = 5,
		.source_port = rows[_i].source_port, .destination_port = rows[_i].destination_port,
		.protocol = rows[_i].protocol, .family = FAMILY_IPV4,
	}, expected = tuple, inverse, again;

	expected.source = tuple.destination;
	expected.destination = tuple.source;
	expected.source_port = rows[_i].inverse_source_port;
	expected.destination_port = rows[_i].inverse_destination_port;
	ck_assert_msg(tuple_invert(&tuple, &inverse) == rows[_i].has_inverse, "%s", rows[_i].name);
	if (!rows[_i].has_inverse)
		return;
	ck_assert_msg(tuple_is_equal(&inverse, &expected), "%s", rows[_i].name);
	ck_assert_msg(tuple_invert(&inverse, &again) && tuple_is_equal(&again, &tuple), "%s, twice", rows[_i].name);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("packet/tuple");
	TCase *cases = tcase_create("tuple");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(cases, tuples_are_inverted, 0, sizeof(rows) / sizeof(rows[0]));
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
