/* SPDX-License-Identifier: GPL-2.0-or-later */
/* length, ttl, hl, mark, comment, iprange, addrtype, pkttype, mac: what a packet and its link say. */
#include "rules_fixture.h"

#define IPV4 "udp 10.0.0.1:1000 > 10.0.0.2:53 len 8 ttl 64"
#define IPV6 "udp [2001:db8::1]:1000 > [2001:db8::2]:53 len 8 ttl 64"
#define MULTICAST6 "udp [2001:db8::1]:1000 > [ff02::1]:53 len 8"

static const struct {
	const char *name, *options, *packet, *result, *explanation;
} rows[] = {
	{ "length", "--length 36", IPV4, "yes", NULL },
	{ "length", "--length :35", IPV4, "no", "--length 0:35: packet has 36" },
	{ "length", "! --length 36", IPV4, "no", "! --length 36: packet has 36" },
	{ "length", "--length 100:20", IPV4, "no", NULL },
	{ "length", "--length 56", IPV6, "yes", NULL },
	{ "length", "--length 528", "udp 10.0.0.1:1000 > 10.0.0.2:53 len 500 cut 60", "yes", NULL },
	{ "ttl", "--ttl-eq 64", IPV4, "yes", NULL },
	{ "ttl", "! --ttl-eq 64", IPV4, "no", "! --ttl-eq 64: packet has 64" },
	{ "ttl", "--ttl-lt 64", IPV4, "no", "--ttl-lt 64: packet has 64" },
	{ "ttl", "--ttl-lt 65", IPV4, "yes", NULL },
	{ "ttl", "--ttl-gt 64", IPV4, "no", "--ttl-gt 64: packet has 64" },
	{ "ttl", "--ttl-gt 63", IPV4, "yes", NULL },
	{ "hl", "--hl-eq 64", IPV6, "yes", NULL },
	{ "hl", "--hl-gt 64", IPV6, "no", "--hl-gt 64: packet has 64" },
	{ "mark", "--mark 0x123", IPV4, "yes", NULL },
	{ "mark", "--mark 0x23/0xff", IPV4, "yes", NULL },
	{ "mark", "--mark 0x123/0xff", IPV4, "no", "--mark 0x123/0xff: packet has 0x123" },
	{ "mark", "! --mark 0x123/0xff", IPV4, "yes", NULL },
	{ "mark", "--mark 0/0", IPV4, "yes", NULL },
	{ "comment", "--comment anything", IPV4, "yes", NULL },
	{ "iprange", "--src-range 10.0.0.1-10.0.0.1", IPV4, "yes", NULL },
	{ "iprange", "--src-range 10.0.0.2-10.0.0.9", IPV4, "no", "--src-range 10.0.0.2-10.0.0.9: packet has 10.0.0.1" },
	{ "iprange", "! --src-range 9.255.255.255-10.0.0.0", IPV4, "yes", NULL },
	{ "iprange", "--src-range 10.0.0.1 --dst-range 10.0.0.3-10.0.0.4", IPV4, "no",
	  "--dst-range 10.0.0.3-10.0.0.4: packet has 10.0.0.2" },
	{ "iprange", "--src-range 10.0.0.9-10.0.0.0", IPV4, "no", NULL },
	{ "iprange", "--dst-range 2001:db8::-2001:db8::ffff", IPV6, "yes", NULL },
	{ "iprange", "! --dst-range 2001:db8::-2001:db8::ffff", IPV6, "no", NULL },
	{ "addrtype", "--src-type UNICAST", IPV4, "yes", NULL },
	{ "addrtype", "--dst-type LOCAL", IPV4, "yes", NULL },
	{ "addrtype", "--dst-type LOCAL,BROADCAST", IPV4, "yes", NULL },
	{ "addrtype", "--src-type LOCAL", IPV4, "no", "--src-type LOCAL: 10.0.0.1 is UNICAST" },
	{ "addrtype", "! --src-type LOCAL --dst-type LOCAL", IPV4, "yes", NULL },
	{ "addrtype", "! --dst-type LOCAL", IPV4, "no", "! --dst-type LOCAL: 10.0.0.2 is LOCAL" },
	{ "addrtype", "--dst-type LOCAL --limit-iface-in", IPV4, "no", NULL },
	{ "addrtype", "--dst-type LOCAL", IPV6, "yes", NULL },
	{ "addrtype", "--dst-type UNICAST", IPV6, "yes", NULL },
	{ "addrtype", "--dst-type MULTICAST", MULTICAST6, "yes", NULL },
	/* In IPv6 the classes by address alone must all hold. */
	{ "addrtype", "--dst-type UNICAST,MULTICAST", MULTICAST6, "no", NULL },
	{ "addrtype", "--dst-type UNICAST,LOCAL", IPV6, "yes", NULL },
	{ "addrtype", "--src-type UNICAST,LOCAL", IPV6, "no", NULL },
	{ "pkttype", "--pkt-type multicast", IPV4, "yes", NULL },
	{ "pkttype", "! --pkt-type multicast", IPV4, "no", "! --pkt-type multicast: packet is multicast" },
	{ "pkttype", "--pkt-type host", IPV4, "no", "--pkt-type unicast: packet is multicast" },
	{ "mac", "--mac-source 02:00:00:00:00:07", IPV4, "yes", NULL },
	{ "mac", "--mac-source 02:00:00:00:00:08", IPV4, "no",
	  "--mac-source 02:00:00:00:00:08: packet has 02:00:00:00:00:07" },
	{ "mac", "! --mac-source 2:0:0:0:0:8", IPV4, "yes", NULL },
	{ "mac", "! --mac-source 2:0:0:0:0:7", IPV4, "no", NULL },
};

/* One address, 10.0.0.2 or 2001:db8::2, is the host's, on eth1. */
static enum address_type classify(const struct surroundings *surroundings, enum family family,
				  const struct address *address, const char *interface)
{
	struct address local = address_from_ipv4(0x0a000002);
	enum family ipv6;

	(void)surroundings;
	if (family == FAMILY_IPV6)
		ck_assert(address_parse("2001:db8::2", 11, &ipv6, &local));
	if (address_is_multicast(family, address))
		return ADDRESS_MULTICAST;
	return address_is_equal(address, &local) && (!interface || strcmp(interface, "eth1") == 0) ? ADDRESS_LOCAL :
		ADDRESS_UNICAST;
}

static const struct surroundings surroundings = { .classify = classify };

static void prepare(struct rules_fixture *fixture, const char *packet)
{
	rules_fixture_init(fixture);
	rules_fixture_load(fixture, packet);
	fixture->subject.mark = 0x123;
	fixture->subject.surroundings = &surroundings;
	fixture->packet.link = (struct link_info){ .destination_class = PACKET_MULTICAST, .has_source_mac = true,
						   .source_mac = { 2, 0, 0, 0, 0, 7 } };
}

START_TEST(results)
{
	struct rules_fixture fixture;
	const struct match_type *match;

	prepare(&fixture, rows[_i].packet);
	match = rules_fixture_match(&fixture, rows[_i].name, (enum family)fixture.packet.family, rows[_i].options);
	ck_assert_msg(strcmp(rules_fixture_eval(&fixture, match), rows[_i].result) == 0, "%s %s, %s: %s", rows[_i].name,
		      rows[_i].options, rows[_i].packet, rules_fixture_eval(&fixture, match));
	if (rows[_i].explanation)
		rules_fixture_expect_explanation(&fixture, match, rows[_i].explanation);
	rules_fixture_clear(&fixture);
}
END_TEST

START_TEST(without_a_mac_address_nothing_matches)
{
	static const char *const options[] = { "--mac-source 2:0:0:0:0:7", "! --mac-source 2:0:0:0:0:7" };
	struct rules_fixture fixture;
	const struct match_type *match;

	prepare(&fixture, IPV4);
	fixture.packet.link.has_source_mac = false;
	match = rules_fixture_match(&fixture, "mac", FAMILY_IPV4, options[_i]);
	ck_assert_str_eq(rules_fixture_eval(&fixture, match), "no");
	rules_fixture_clear(&fixture);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("results");

	tcase_add_loop_test(tcase, results, 0, N_ROWS(rows));
	tcase_add_loop_test(tcase, without_a_mac_address_nothing_matches, 0, 2);
	return script_packets_run("rules/match packet", tcase);
}
