/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ICMP and ICMPv6: queries and their answers, and errors about other packets. */
#include "conntrack_fixture.h"

enum { CLIENT = 2, SERVER = 1, ROUTER = 9, STRANGER = 77 };

static void make_icmp(struct fixture *fixture, enum family family, uint8_t source, uint8_t destination, uint8_t type,
		      uint8_t code, uint16_t id)
{
	uint8_t l4[16] = { type, code };

	fixture_put16(l4 + 4, id);
	fixture_make(fixture, family, source, destination, family == FAMILY_IPV4 ? PROTOCOL_ICMP : PROTOCOL_ICMPV6, l4,
		     sizeof(l4));
}

/* First a request when there is one, then the packet in question, from the other side. */
static const struct {
	const char *name;
	enum family family;
	int request;
	uint8_t type, code;
	uint16_t id;
	const char *result;
} queries[] = {
	{ "echo", FAMILY_IPV4, 8, 0, 0, 7, "ESTABLISHED 30 1/1" },
	{ "timestamp", FAMILY_IPV4, 13, 14, 0, 7, "ESTABLISHED 30 1/1" },
	{ "information", FAMILY_IPV4, 15, 16, 0, 7, "ESTABLISHED 30 1/1" },
	{ "address mask", FAMILY_IPV4, 17, 18, 0, 7, "ESTABLISHED 30 1/1" },
	{ "an answer with another code", FAMILY_IPV4, 8, 0, 1, 7, "INVALID -" },
	{ "an answer with another id", FAMILY_IPV4, 8, 0, 0, 8, "INVALID -" },
	{ "the other's own request", FAMILY_IPV4, 8, 8, 0, 7, "NEW 30 1/0 U" },
	{ "an answer alone", FAMILY_IPV4, -1, 0, 0, 7, "INVALID -" },
	{ "router advertisement", FAMILY_IPV4, -1, 9, 0, 0, "INVALID -" },
	{ "router solicitation", FAMILY_IPV4, -1, 10, 0, 0, "INVALID -" },
	{ "type 19", FAMILY_IPV4, -1, 19, 0, 0, "INVALID -" },
	{ "echo, IPv6", FAMILY_IPV6, 128, 129, 0, 7, "ESTABLISHED 30 1/1" },
	{ "node information", FAMILY_IPV6, 139, 140, 0, 7, "ESTABLISHED 30 1/1" },
	{ "an answer alone, IPv6", FAMILY_IPV6, -1, 129, 0, 7, "INVALID -" },
	{ "listener query", FAMILY_IPV6, -1, 130, 0, 0, "UNTRACKED -" },
	{ "listener report", FAMILY_IPV6, -1, 131, 0, 0, "UNTRACKED -" },
	{ "listener done", FAMILY_IPV6, -1, 132, 0, 0, "UNTRACKED -" },
	{ "router solicitation, IPv6", FAMILY_IPV6, -1, 133, 0, 0, "UNTRACKED -" },
	{ "router advertisement, IPv6", FAMILY_IPV6, -1, 134, 0, 0, "UNTRACKED -" },
	{ "neighbour solicitation", FAMILY_IPV6, -1, 135, 0, 0, "UNTRACKED -" },
	{ "neighbour advertisement", FAMILY_IPV6, -1, 136, 0, 0, "UNTRACKED -" },
	{ "short redirect", FAMILY_IPV6, -1, 137, 0, 0, "INVALID -" },
	{ "router renumbering", FAMILY_IPV6, -1, 138, 0, 0, "INVALID -" },
	{ "listener report, version 2", FAMILY_IPV6, -1, 143, 0, 0, "UNTRACKED -" },
	{ "home agent discovery", FAMILY_IPV6, -1, 144, 0, 0, "INVALID -" },
	{ "multicast router advertisement", FAMILY_IPV6, -1, 151, 0, 0, "UNTRACKED -" },
	{ "multicast router solicitation", FAMILY_IPV6, -1, 152, 0, 0, "UNTRACKED -" },
	{ "multicast router termination", FAMILY_IPV6, -1, 153, 0, 0, "INVALID -" },
};

START_TEST(a_query_is_judged)
{
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	if (queries[_i].request >= 0) {
		make_icmp(&fixture, queries[_i].family, CLIENT, SERVER, (uint8_t)queries[_i].request, 0, 7);
		ck_assert_str_eq(fixture_send(&fixture, 0), "NEW 30 1/0 U");
	}
	make_icmp(&fixture, queries[_i].family, SERVER, CLIENT, queries[_i].type, queries[_i].code, queries[_i].id);
	fixture_send(&fixture, 1000);
	ck_assert_msg(strcmp(fixture.result, queries[_i].result) == 0, "%s: \"%s\", not \"%s\" (%s)", queries[_i].name,
		      fixture.result, queries[_i].result, fixture.transitions);
	fixture_end(&fixture);
}
END_TEST

START_TEST(protocols_belong_to_their_family)
{
	uint8_t l4[8] = { 8 };
	struct fixture fixture;

	fixture_begin(&fixture, "net.netfilter.nf_conntrack_checksum", 0);
	fixture_make(&fixture, FAMILY_IPV4, CLIENT, SERVER, PROTOCOL_ICMPV6, l4, sizeof(l4));
	ck_assert_str_eq(fixture_send(&fixture, 0), "INVALID -");
	fixture_make(&fixture, FAMILY_IPV6, CLIENT, SERVER, PROTOCOL_ICMP, l4, sizeof(l4));
	ck_assert_str_eq(fixture_send(&fixture, 0), "INVALID -");
	fixture_make(&fixture, FAMILY_IPV6, CLIENT, SERVER, PROTOCOL_NO_NEXT, l4, 0);
	ck_assert_str_eq(fixture_send(&fixture, 0), "INVALID -");
	fixture_end(&fixture);
}
END_TEST

/* A datagram of the client, then an error that quotes it. */
static const struct error {
	const char *name;
	enum family family;
	uint8_t type;
	uint8_t source, destination;
	uint32_t quoted;	/* bytes of the datagram */
	bool is_unknown;	/* the datagram was never seen */
	uint8_t fragment_offset;
	const char *result;
} errors[] = {
	{ "unreachable, from the server", FAMILY_IPV4, 3, SERVER, CLIENT, 32, false, 0, "RELATED 29 1/0 U" },
	{ "from a router on the way", FAMILY_IPV4, 3, ROUTER, CLIENT, 28, false, 0, "RELATED 29 1/0 U" },
	{ "source quench", FAMILY_IPV4, 4, ROUTER, CLIENT, 28, false, 0, "RELATED 29 1/0 U" },
	{ "redirect", FAMILY_IPV4, 5, ROUTER, CLIENT, 28, false, 0, "RELATED 29 1/0 U" },
	{ "time exceeded", FAMILY_IPV4, 11, ROUTER, CLIENT, 28, false, 0, "RELATED 29 1/0 U" },
	{ "parameter problem", FAMILY_IPV4, 12, ROUTER, CLIENT, 28, false, 0, "RELATED 29 1/0 U" },
	{ "to somebody else", FAMILY_IPV4, 3, SERVER, STRANGER, 28, false, 0, "INVALID -" },
	{ "about a flow that is not known", FAMILY_IPV4, 3, SERVER, CLIENT, 28, true, 0, "INVALID -" },
	{ "with the ports alone", FAMILY_IPV4, 3, SERVER, CLIENT, 24, false, 0, "RELATED 29 1/0 U" },
	{ "with three bytes of ports", FAMILY_IPV4, 3, SERVER, CLIENT, 23, false, 0, "INVALID -" },
	{ "with the IP header alone", FAMILY_IPV4, 3, SERVER, CLIENT, 20, false, 0, "INVALID -" },
	{ "with half an IP header", FAMILY_IPV4, 3, SERVER, CLIENT, 10, false, 0, "INVALID -" },
	{ "about a later fragment", FAMILY_IPV4, 3, SERVER, CLIENT, 28, false, 5, "INVALID -" },
	{ "unreachable, IPv6", FAMILY_IPV6, 1, ROUTER, CLIENT, 48, false, 0, "RELATED 29 1/0 U" },
	{ "too big", FAMILY_IPV6, 2, ROUTER, CLIENT, 48, false, 0, "RELATED 29 1/0 U" },
	{ "time exceeded, IPv6", FAMILY_IPV6, 3, ROUTER, CLIENT, 48, false, 0, "RELATED 29 1/0 U" },
	{ "parameter problem, IPv6", FAMILY_IPV6, 4, ROUTER, CLIENT, 44, false, 0, "RELATED 29 1/0 U" },
	{ "a type that nobody assigned is an error too", FAMILY_IPV6, 100, ROUTER, CLIENT, 48, false, 0, "RELATED 29 1/0 U" },
	{ "type 0 as well", FAMILY_IPV6, 0, ROUTER, CLIENT, 48, false, 0, "RELATED 29 1/0 U" },
	{ "to somebody else, IPv6", FAMILY_IPV6, 1, SERVER, STRANGER, 48, false, 0, "INVALID -" },
};

START_TEST(an_error_belongs_to_what_it_quotes)
{
	const struct error *error = &errors[_i];
	uint8_t datagram[12] = { 15, 160, 0, 53, 0, 12 }, l4[128] = { error->type, 0 };
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	fixture_make(&fixture, error->family, CLIENT, SERVER, PROTOCOL_UDP, datagram, sizeof(datagram));
	if (!error->is_unknown)
		ck_assert_str_eq(fixture_send(&fixture, 0), "NEW 30 1/0 U");
	fixture.bytes[7] = error->family == FAMILY_IPV4 ? error->fragment_offset : fixture.bytes[7];
	memcpy(l4 + 8, fixture.bytes, error->quoted);
	fixture_make(&fixture, error->family, error->source, error->destination,
		     error->family == FAMILY_IPV4 ? PROTOCOL_ICMP : PROTOCOL_ICMPV6, l4, 8 + error->quoted);
	fixture_send(&fixture, 500);
	ck_assert_msg(strcmp(fixture.result, error->result) == 0, "%s: \"%s\", not \"%s\" (%s)", error->name,
		      fixture.result, error->result, fixture.transitions);
	ck_assert_str_eq(fixture.events, "");
	/* The entry is as it was. */
	fixture_make(&fixture, error->family, CLIENT, SERVER, PROTOCOL_UDP, datagram, sizeof(datagram));
	ck_assert_str_eq(fixture_send(&fixture, 600), error->is_unknown ? "NEW 30 1/0 U" : "NEW 30 2/0 U");
	fixture_end(&fixture);
}
END_TEST

/* RFC 4861: only a router of this link may redirect; the first option must be what it redirects. */
static const struct {
	const char *name;
	bool is_link_local;
	uint8_t hop_limit, code, option, option_words;
	const char *result;
} redirects[] = {
	{ "as it should be", true, 255, 0, 4, 7, "RELATED 30 1/0 U" },
	{ "from elsewhere", false, 255, 0, 4, 7, "INVALID -" },
	{ "through a router", true, 64, 0, 4, 7, "INVALID -" },
	{ "with a code", true, 255, 1, 4, 7, "INVALID -" },
	{ "with another option first", true, 255, 0, 2, 7, "INVALID -" },
	{ "with an option of no length", true, 255, 0, 4, 0, "INVALID -" },
};

START_TEST(a_redirect_is_an_error_too)
{
	uint8_t datagram[12] = { 15, 160, 0, 53, 0, 12 }, l4[40 + 8 + 52] = { 137 };
	struct fixture fixture;

	fixture_begin(&fixture, "net.netfilter.nf_conntrack_checksum", 0);
	fixture_make(&fixture, FAMILY_IPV6, CLIENT, SERVER, PROTOCOL_UDP, datagram, sizeof(datagram));
	fixture_send(&fixture, 0);
	l4[1] = redirects[_i].code;
	l4[40] = redirects[_i].option;
	l4[41] = redirects[_i].option_words;
	memcpy(l4 + 48, fixture.bytes, 52);
	fixture_make(&fixture, FAMILY_IPV6, ROUTER, CLIENT, PROTOCOL_ICMPV6, l4, sizeof(l4));
	fixture.bytes[7] = redirects[_i].hop_limit;
	if (redirects[_i].is_link_local)
		fixture_put32(fixture.bytes + 8, 0xfe800000u);
	decode_ip(&fixture.packet, fixture.bytes, fixture.len, fixture.len);
	fixture_send(&fixture, 0);
	ck_assert_msg(strcmp(fixture.result, redirects[_i].result) == 0, "%s: \"%s\" (%s)", redirects[_i].name,
		      fixture.result, fixture.transitions);
	fixture_end(&fixture);
}
END_TEST

START_TEST(a_bad_checksum_is_judged_on_the_way_in_alone)
{
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	make_icmp(&fixture, FAMILY_IPV4, CLIENT, SERVER, 8, 0, 7);
	fixture.bytes[FIXTURE_IPV4_LEN + 2] ^= 1;
	ck_assert_str_eq(fixture_send(&fixture, 0), "INVALID -");
	ck_assert_ptr_nonnull(strstr(fixture.transitions, "bad hw icmp checksum"));
	fixture.hook = HOOK_OUTPUT;
	ck_assert_str_eq(fixture_send(&fixture, 0), "NEW 30 1/0 U");
	fixture_end(&fixture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/tracker/icmp");
	TCase *cases = tcase_create("icmp");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(cases, a_query_is_judged, 0, sizeof(queries) / sizeof(queries[0]));
	tcase_add_test(cases, protocols_belong_to_their_family);
	tcase_add_loop_test(cases, an_error_belongs_to_what_it_quotes, 0, sizeof(errors) / sizeof(errors[0]));
	tcase_add_loop_test(cases, a_redirect_is_an_error_too, 0, sizeof(redirects) / sizeof(redirects[0]));
	tcase_add_test(cases, a_bad_checksum_is_judged_on_the_way_in_alone);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
