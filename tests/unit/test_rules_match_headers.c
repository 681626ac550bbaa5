/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ah, esp, ipcomp, dccp and the headers of IPv6: what tests/cases/extensions asked the kernel, and their explanations. */
#include "rules_fixture.h"

#define HBH "raw6 0 3b00050200000100"
#define FRAGMENT "raw6 44 11000001000000070001000200100000"
#define SRH "raw6 43 3b040401020001020001000000000000000000000000000100020000000000000000000000000002"

static const struct {
	const char *name, *options, *packet, *result, *explanation;
} rows[] = {
	{ "esp", "--espspi 5", "raw4 50 0000000500000001", "yes", NULL },
	{ "esp", "! --espspi 5:9", "raw4 50 0000000500000001", "no", "! --espspi 5:9: packet has 5" },
	{ "esp", "--espspi 5", "raw4 50 00000005", "hotdrop", "packet ends inside its header (4 of 8 bytes)" },
	{ "ah", "--ahspi 8", "raw4 51 110400000000000700000001", "no", "--ahspi 8: packet has 7" },
	{ "ah", "--ahspi 7 --ahlen 24", "raw6 51 3b0400000000000700000001000000000000000000000000", "yes", NULL },
	{ "ah", "--ahspi 7 --ahres", "raw6 51 3b0400010000000700000001000000000000000000000000", "no",
	  "ah --ahspi 7 --ahres: packet has SPI 7, 24 bytes, reserved 1" },
	{ "ah", "--ahspi 7", HBH, "no", "the packet has no authentication header" },
	{ "ah", "--ahspi 7", "raw6 51 3b040000", "hotdrop", NULL },
	{ "ipcomp", "--ipcompspi 18", "raw4 108 1100001200000000", "yes", NULL },
	{ "ipcomp", "--ipcompspi 18", "raw4 108 11000013", "no", "--ipcompspi 18: packet has 19" },
	{ "dccp", "--dport 80 --dccp-types DATA", "raw4 33 100000500300000004000000", "yes", NULL },
	{ "dccp", "--dport 80 --dccp-types ACK", "raw4 33 100000500300000004000000", "no",
	  "dccp --dport 80 --dccp-types ACK: packet is DATA from 4096 to 80" },
	{ "frag", "--fragid 7 --fragfirst --fragmore", FRAGMENT, "yes", NULL },
	{ "frag", "--fraglast", FRAGMENT, "no", "frag --fraglast: the packet's fragment header is another" },
	{ "frag", "--fraglast", HBH, "no", "the packet has no fragment header" },
	{ "hbh", "--hbh-opts 5:2,1", HBH, "yes", NULL },
	{ "hbh", "--hbh-opts 5:2,1:7", HBH, "no", "hbh --hbh-opts 5:2,1:7: the packet's hop-by-hop header is another" },
	{ "hbh", "--hbh-opts 5,1,1", HBH, "no", NULL },
	{ "dst", "--dst-len 8", HBH, "no", "the packet has no destination options header" },
	{ "dst", "--dst-len 8", "raw6 60 3b010104", "hotdrop", NULL },
	{ "ipv6header", "--header hop,none", HBH, "yes", NULL },
	{ "ipv6header", "--header hop", HBH, "no", "--header hop-by-hop: packet has hop-by-hop,ipv6-nonxt" },
	{ "ipv6header", "! --header frag --soft", HBH, "yes", NULL },
	{ "mh", "--mh-type bu", "raw6 135 3b00050000000000", "yes", NULL },
	{ "mh", "--mh-type bu", "raw6 135 3b00070000000000", "no", "--mh-type 5: packet has 7" },
	{ "mh", "--mh-type bu", "raw6 135 1100050000000000", "hotdrop", NULL },
	{ "srh", "--srh-tag 513 --srh-nsid 1::1 --srh-psid 2::/16", SRH, "no", NULL },
	{ "srh", "--srh-tag 513 --srh-nsid 1::1 --srh-lsid 1::/16", SRH, "yes", NULL },
	{ "srh", "--srh-tag 258", SRH, "no",
	  "srh --srh-tag 258: packet has next header 59, length 4, 1 segments left, last entry 2, tag 0x0102" },
	{ "srh", "--srh-tag 258", HBH, "no", "the packet has no routing header" },
};

START_TEST(results)
{
	struct rules_fixture fixture;
	const struct match_type *match;

	rules_fixture_init(&fixture);
	rules_fixture_load(&fixture, rows[_i].packet);
	match = rules_fixture_match(&fixture, rows[_i].name, (enum family)fixture.packet.family, rows[_i].options);
	ck_assert_msg(strcmp(rules_fixture_eval(&fixture, match), rows[_i].result) == 0, "%s %s, %s: %s", rows[_i].name,
		      rows[_i].options, rows[_i].packet, rules_fixture_eval(&fixture, match));
	if (rows[_i].explanation)
		rules_fixture_expect_explanation(&fixture, match, rows[_i].explanation);
	rules_fixture_clear(&fixture);
}
END_TEST

/* What the snap length took is nothing that anybody can say. */
START_TEST(cut_headers_are_unknown)
{
	static const struct { const char *name, *options, *packet; } cut[] = {
		{ "esp", "--espspi 5", "raw4 50 0000000500000001" }, { "hbh", "--hbh-len 8", HBH }, { "srh", "--srh-tag 1", SRH },
		{ "ipv6header", "--header hop", HBH }, { "dccp", "--dport 80", "raw4 33 100000500300000004000000" },
	};
	struct rules_fixture fixture;
	const struct match_type *match;

	rules_fixture_init(&fixture);
	rules_fixture_load(&fixture, cut[_i].packet);
	match = rules_fixture_match(&fixture, cut[_i].name, (enum family)fixture.packet.family, cut[_i].options);
	decode_ip(&fixture.packet, fixture.bytes, fixture.packet.family == FAMILY_IPV6 ? 41 : 21, fixture.packet.total_len);
	ck_assert_str_eq(rules_fixture_eval(&fixture, match), "unknown");
	rules_fixture_clear(&fixture);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("headers");

	tcase_add_loop_test(tcase, results, 0, N_ROWS(rows));
	tcase_add_loop_test(tcase, cut_headers_are_unknown, 0, 5);
	return script_packets_run("rules/match headers", tcase);
}
