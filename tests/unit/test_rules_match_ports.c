/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcp, udp, multiport, icmp, icmp6: what they look at, and what they do where it is missing. */
#include "rules_fixture.h"

#define SYN_22 "tcp 10.0.0.1:1000 > 10.0.0.2:22 S <mss 1460,wscale 7>"
#define ACK_22 "tcp 10.0.0.1:1000 > 10.0.0.2:22 ."
#define DNS "udp 10.0.0.1:1000 > 10.0.0.2:53 len 8"
#define LATER_UDP "udp 10.0.0.1:1000 > 10.0.0.2:53 len 100 frag 48"
#define FIRST_UDP "udp 10.0.0.1:1000 > 10.0.0.2:53 len 100 frag 0+ size 48"
#define LATER_TCP "tcp 10.0.0.1:1000 > 10.0.0.2:22 . len 100 frag 48"
#define OVERLAP_TCP "tcp 10.0.0.1:1000 > 10.0.0.2:22 . len 100 frag 8"
#define OVERLAP_TCP6 "tcp [::1]:1000 > [::2]:22 . len 100 frag 8"
#define SHORT_TCP "raw4 6 03e800160000000000000000"
#define SHORT_UDP "raw4 17 03e80035"
#define SHORTER_UDP "raw4 17 03e8"
#define PING "icmp 10.0.0.1 > 10.0.0.2 echo-request id 1 seq 1"
#define SHORT_ICMP "raw4 1 08000000"

static const struct {
	const char *name, *options, *packet, *result, *explanation;
} rows[] = {
	{ "tcp", "--dport 22", SYN_22, "yes", NULL },
	{ "tcp", "--dport 23", SYN_22, "no", "--dport 23: packet has 22" },
	{ "tcp", "! --dport 22", SYN_22, "no", "! --dport 22: packet has 22" },
	{ "tcp", "! --dport 23", SYN_22, "yes", NULL },
	{ "tcp", "--dport 20:22", SYN_22, "yes", NULL },
	{ "tcp", "--dport 23:", SYN_22, "no", "--dport 23:65535: packet has 22" },
	{ "tcp", "--sport :1000 --dport ssh", SYN_22, "yes", NULL },
	{ "tcp", "--sport :999 --dport ssh", SYN_22, "no", "--sport 0:999: packet has 1000" },
	{ "tcp", "! --dport 0:65535", SYN_22, "no", "! --dport 0:65535: packet has 22" },
	{ "tcp", "--syn", SYN_22, "yes", NULL },
	{ "tcp", "--syn", ACK_22, "no", "--tcp-flags FIN,SYN,RST,ACK SYN: packet has ACK" },
	{ "tcp", "! --syn", ACK_22, "yes", NULL },
	{ "tcp", "--tcp-flags ALL NONE", ACK_22, "no", NULL },
	{ "tcp", "! --tcp-flags ALL NONE", ACK_22, "yes", NULL },
	{ "tcp", "--tcp-flags SYN NONE", ACK_22, "yes", NULL },
	{ "tcp", "--tcp-flags NONE SYN", SYN_22, "no", NULL },
	{ "tcp", "--tcp-flags ALL SYN", "tcp 10.0.0.1:1 > 10.0.0.2:2 SEW", "yes", NULL },
	{ "tcp", "--tcp-option 2", SYN_22, "yes", NULL },
	{ "tcp", "--tcp-option 3", SYN_22, "yes", NULL },
	{ "tcp", "--tcp-option 8", SYN_22, "no", "--tcp-option 8: packet has no option 8" },
	{ "tcp", "! --tcp-option 8", SYN_22, "yes", NULL },
	{ "tcp", "! --tcp-option 2", SYN_22, "no", "! --tcp-option 2: packet has option 2" },
	{ "tcp", "--tcp-option 2", ACK_22, "no", NULL },
	{ "tcp", "--dport 22", SHORT_TCP, "hotdrop", "packet ends inside its header (12 of 20 bytes)" },
	{ "tcp", "! --dport 80", SHORT_TCP, "hotdrop", NULL },
	{ "tcp", "--tcp-option 2", "raw4 6 03e800160000000000000000f002000000000000", "hotdrop", NULL },
	{ "tcp", "--tcp-option 2", "raw4 6 03e8001600000000000000004002000000000000", "hotdrop", NULL },
	{ "tcp", "--dport 22", LATER_TCP, "no", "packet is a later fragment, it has no header to look at" },
	{ "tcp", "! --dport 80", LATER_TCP, "no", NULL },
	{ "tcp", "! --dport 80", OVERLAP_TCP, "hotdrop", NULL },
	{ "tcp", "! --dport 80", OVERLAP_TCP6, "no", NULL },
	{ "tcp", "--dport 22", "tcp 10.0.0.1:1000 > 10.0.0.2:22 S cut 38", "yes", NULL },
	{ "tcp", "--syn", "tcp 10.0.0.1:1000 > 10.0.0.2:22 S cut 38", "no", "the capture does not hold the header" },
	{ "udp", "--dport 53", DNS, "yes", NULL },
	{ "udp", "--sport 1001: --dport 53", DNS, "no", "--sport 1001:65535: packet has 1000" },
	{ "udp", "--dport 60:50", DNS, "no", "--dport 60:50: packet has 53" },
	{ "udp", "! --dport 60:50", DNS, "yes", NULL },
	{ "udp", "--dport 53", FIRST_UDP, "yes", NULL },
	{ "udp", "--dport 53", LATER_UDP, "no", NULL },
	{ "udp", "! --dport 53", LATER_UDP, "no", NULL },
	{ "udp", "--dport 53", SHORT_UDP, "hotdrop", "packet ends inside its header (4 of 8 bytes)" },
	{ "multiport", "--dports 22,53", DNS, "yes", NULL },
	{ "multiport", "--dports 22,50:60", DNS, "yes", NULL },
	{ "multiport", "--dports 22,50:52", DNS, "no", "--dports 22,50:52: packet has 53" },
	{ "multiport", "! --dports 22,50:52", DNS, "yes", NULL },
	{ "multiport", "--sports 53", DNS, "no", "--sports 53: packet has 1000" },
	{ "multiport", "--ports 53", DNS, "yes", NULL },
	{ "multiport", "--ports 1000", DNS, "yes", NULL },
	{ "multiport", "! --ports 1000", DNS, "no", "! --ports 1000: packet has 1000 and 53" },
	{ "multiport", "--dports 53", LATER_UDP, "no", NULL },
	{ "multiport", "! --dports 53", LATER_UDP, "no", NULL },
	{ "multiport", "--dports 53", SHORT_UDP, "yes", NULL },
	{ "multiport", "--dports 53", SHORTER_UDP, "hotdrop", "packet ends inside its header (2 of 4 bytes)" },
	{ "icmp", "--icmp-type 8", PING, "yes", NULL },
	{ "icmp", "--icmp-type ping", PING, "yes", NULL },
	{ "icmp", "--icmp-type 8/0", PING, "yes", NULL },
	{ "icmp", "--icmp-type 8/1", PING, "no", "--icmp-type 8/1: packet has 8/0" },
	{ "icmp", "! --icmp-type 8", PING, "no", "! --icmp-type 8: packet has 8/0" },
	{ "icmp", "--icmp-type any", PING, "yes", NULL },
	{ "icmp", "! --icmp-type any", PING, "no", NULL },
	{ "icmp", "--icmp-type any", SHORT_ICMP, "hotdrop", NULL },
	{ "icmp", "--icmp-type any", "icmp 10.0.0.1 > 10.0.0.2 echo-request len 100 frag 48", "no", NULL },
	{ "icmp6", "--icmpv6-type 128", "icmp6 ::1 > ::2 echo-request id 1 seq 1", "yes", NULL },
	{ "icmp6", "--icmpv6-type 129", "icmp6 ::1 > ::2 echo-request id 1 seq 1", "no", "--icmpv6-type 129: packet has 128/0" },
	{ "icmp6", "--icmpv6-type 255", "icmp6 ::1 > ::2 echo-request id 1 seq 1", "no", NULL },
	{ "icmp6", "! --icmpv6-type 255", "icmp6 ::1 > ::2 echo-request id 1 seq 1", "yes", NULL },
	{ "icmp6", "--icmpv6-type 128", "raw6 58 80000000", "hotdrop", NULL },
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

int main(void)
{
	TCase *tcase = tcase_create("results");

	tcase_add_loop_test(tcase, results, 0, N_ROWS(rows));
	return script_packets_run("rules/match ports", tcase);
}
