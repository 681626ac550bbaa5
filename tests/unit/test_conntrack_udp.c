/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP and UDP-Lite: timeouts, streams, and what makes a datagram invalid. */
#include "conntrack_fixture.h"

enum { CLIENT = 2, SERVER = 1, MOST_STEPS = 8 };

struct step { int64_t at_ms; char side; const char *result, *events; };

static const struct { const char *name; struct step steps[MOST_STEPS]; } conversations[] = {
	{ "an answer within 30 s keeps 30 s", {
		{ 0, '>', "NEW 30 1/0 U", "NEW 30 U" },
		{ 29900, '<', "ESTABLISHED 30 1/1", "UPDATE 30" },
		{ 59899, '>', "ESTABLISHED 120 2/1 A", "UPDATE 120 A" },
	} },
	{ "at exactly 30 s the entry is gone", {
		{ 0, '>', "NEW 30 1/0 U", "NEW 30 U" },
		{ 30000, '<', "NEW 30 1/0 U", "DESTROY U; NEW 30 U" },
	} },
	{ "a millisecond earlier it is not", {
		{ 0, '>', "NEW 30 1/0 U", "NEW 30 U" },
		{ 29999, '<', "ESTABLISHED 30 1/1", "UPDATE 30" },
	} },
	{ "at exactly 2 s it is no stream, later it is", {
		{ 0, '>', "NEW 30 1/0 U", NULL },
		{ 100, '<', "ESTABLISHED 30 1/1", NULL },
		{ 2000, '>', "ESTABLISHED 30 2/1", "" },
		{ 2001, '>', "ESTABLISHED 120 3/1 A", "UPDATE 120 A" },
		{ 2002, '<', "ESTABLISHED 120 3/2 A", "" },
		{ 122001, '<', "ESTABLISHED 120 3/3 A", "" },
		{ 242001, '<', "NEW 30 1/0 U", "DESTROY A; NEW 30 U" },
	} },
	{ "the first reply is never a stream", {
		{ 0, '>', "NEW 30 1/0 U", NULL },
		{ 3000, '<', "ESTABLISHED 30 1/1", "UPDATE 30" },
		{ 3001, '<', "ESTABLISHED 120 1/2 A", "UPDATE 120 A" },
	} },
	{ "one way for ever is NEW for ever", {
		{ 0, '>', "NEW 30 1/0 U", "NEW 30 U" },
		{ 20000, '>', "NEW 30 2/0 U", "" },
		{ 40000, '>', "NEW 30 3/0 U", "" },
		{ 60000, '>', "NEW 30 4/0 U", "" },
	} },
};

START_TEST(a_conversation_goes_as_in_linux)
{
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	for (size_t i = 0; i < MOST_STEPS && conversations[_i].steps[i].side; i++) {
		const struct step *step = &conversations[_i].steps[i];
		bool is_reply = step->side == '<';

		fixture_udp(&fixture, is_reply ? SERVER : CLIENT, is_reply ? 53 : 4000, is_reply ? CLIENT : SERVER,
			    is_reply ? 4000 : 53);
		fixture_send(&fixture, step->at_ms);
		ck_assert_msg(strcmp(fixture.result, step->result) == 0, "%s, packet %zu: \"%s\", not \"%s\"",
			      conversations[_i].name, i + 1, fixture.result, step->result);
		ck_assert_msg(!step->events || strcmp(fixture.events, step->events) == 0,
			      "%s, packet %zu: events \"%s\", not \"%s\"", conversations[_i].name, i + 1,
			      fixture.events, step->events);
	}
	fixture_end(&fixture);
}
END_TEST

static const struct header {
	const char *name;
	uint8_t protocol;
	enum family family;
	uint16_t field;		/* the length, or UDP-Lite's coverage */
	uint32_t len;		/* of layer 4 */
	uint16_t checksum;	/* 0: none; 1: wrong; 2: right */
	enum hook hook;
	const char *sysctl;
	const char *reason;	/* NULL: NEW */
} headers[] = {
	{ "nothing wrong", PROTOCOL_UDP, FAMILY_IPV4, 12, 12, 2, HOOK_PREROUTING, NULL, NULL },
	{ "nothing wrong, IPv6", PROTOCOL_UDP, FAMILY_IPV6, 12, 12, 2, HOOK_PREROUTING, NULL, NULL },
	{ "7 bytes", PROTOCOL_UDP, FAMILY_IPV4, 7, 7, 0, HOOK_PREROUTING, NULL, "short packet" },
	{ "3 bytes", PROTOCOL_UDP, FAMILY_IPV4, 7, 3, 0, HOOK_PREROUTING, NULL, "too short" },
	{ "a length of 7", PROTOCOL_UDP, FAMILY_IPV4, 7, 12, 0, HOOK_PREROUTING, NULL, "truncated/malformed packet" },
	{ "a length beyond the packet", PROTOCOL_UDP, FAMILY_IPV4, 13, 12, 0, HOOK_PREROUTING, NULL, "truncated/malformed packet" },
	{ "bytes behind the datagram", PROTOCOL_UDP, FAMILY_IPV4, 8, 12, 0, HOOK_PREROUTING, NULL, NULL },
	{ "no checksum", PROTOCOL_UDP, FAMILY_IPV4, 12, 12, 0, HOOK_PREROUTING, NULL, NULL },
	{ "no checksum, IPv6", PROTOCOL_UDP, FAMILY_IPV6, 12, 12, 0, HOOK_PREROUTING, NULL, NULL },
	{ "a wrong checksum", PROTOCOL_UDP, FAMILY_IPV4, 12, 12, 1, HOOK_PREROUTING, NULL, "bad checksum" },
	{ "a wrong checksum that leaves", PROTOCOL_UDP, FAMILY_IPV4, 12, 12, 1, HOOK_OUTPUT, NULL, NULL },
	{ "a wrong checksum that nobody judges", PROTOCOL_UDP, FAMILY_IPV4, 12, 12, 1, HOOK_PREROUTING,
	  "net.netfilter.nf_conntrack_checksum", NULL },
	{ "UDP-Lite without checksum", PROTOCOL_UDPLITE, FAMILY_IPV4, 0, 12, 0, HOOK_OUTPUT, NULL, "checksum missing" },
	{ "UDP-Lite with coverage 7", PROTOCOL_UDPLITE, FAMILY_IPV4, 7, 12, 1, HOOK_OUTPUT, NULL, "coverage" },
	{ "UDP-Lite with coverage beyond the packet", PROTOCOL_UDPLITE, FAMILY_IPV4, 13, 12, 1, HOOK_OUTPUT, NULL, "coverage" },
	{ "UDP-Lite as it should be, which Linux judges bad", PROTOCOL_UDPLITE, FAMILY_IPV4, 0, 12, 2, HOOK_PREROUTING,
	  NULL, "bad checksum" },
	{ "UDP-Lite as it should be, leaving", PROTOCOL_UDPLITE, FAMILY_IPV4, 8, 12, 2, HOOK_OUTPUT, NULL, NULL },
};

START_TEST(a_header_is_judged)
{
	const struct header *header = &headers[_i];
	uint8_t l4[12] = { 15, 160, 0, 53 };
	struct fixture fixture;

	fixture_begin(&fixture, header->sysctl, 0);
	fixture.hook = header->hook;
	fixture_put16(l4 + 4, header->field);
	if (header->checksum == 1)
		l4[7] = 1;
	fixture_make(&fixture, header->family, CLIENT, SERVER, header->protocol, l4, header->len);
	if (header->checksum == 0 && header->len >= 8) {
		uint8_t *field = fixture.bytes + fixture.packet.l4_offset + 6;

		field[0] = field[1] = 0;
	}
	fixture_send(&fixture, 0);
	if (header->reason)
		ck_assert_msg(strcmp(fixture.result, "INVALID -") == 0 && strstr(fixture.transitions, header->reason),
			      "%s: \"%s\", %s", header->name, fixture.result, fixture.transitions);
	else
		ck_assert_msg(strncmp(fixture.result, "NEW", 3) == 0, "%s: \"%s\", %s", header->name, fixture.result,
			      fixture.transitions);
	fixture_end(&fixture);
}
END_TEST

/* A capture that keeps only the first bytes of each packet: no checksum can be judged, no short header believed. */
START_TEST(what_the_snap_length_cut)
{
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	fixture_udp(&fixture, CLIENT, 4000, SERVER, 53);
	fixture.bytes[FIXTURE_IPV4_LEN + 6] ^= 0x55;
	decode_ip(&fixture.packet, fixture.bytes, FIXTURE_IPV4_LEN + 8, fixture.len);
	ck_assert_str_eq(fixture_send(&fixture, 0), "NEW 30 1/0 U");
	decode_ip(&fixture.packet, fixture.bytes, FIXTURE_IPV4_LEN + 6, fixture.len);
	ck_assert_str_eq(fixture_send(&fixture, 0), "INVALID -");
	ck_assert_ptr_nonnull(strstr(fixture.transitions, "cut by the snap length"));
	fixture_end(&fixture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/tracker/udp");
	TCase *cases = tcase_create("udp");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(cases, a_conversation_goes_as_in_linux, 0, sizeof(conversations) / sizeof(conversations[0]));
	tcase_add_loop_test(cases, a_header_is_judged, 0, sizeof(headers) / sizeof(headers[0]));
	tcase_add_test(cases, what_the_snap_length_cut);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
