/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/summary.h"

#include "script_packets.h"

static const struct {
	const char *script;	/* the last packet counts */
	const char *line;
} rows[] = {
	{ "0 udp 192.168.1.2:35237 > 192.168.1.10:53 len 33", "UDP 192.168.1.2:35237 > 192.168.1.10:53 len 33" },
	{ "0 tcp 10.0.0.2:40000 > 10.0.0.1:22 S seq 1 <mss 1460>",
	  "TCP 10.0.0.2:40000 > 10.0.0.1:22 [S] seq 1 win 64240 len 0" },
	{ "0 tcp 10.0.0.2:40000 > 10.0.0.1:22 FP. seq 1 ack 7 win 5 data \"abc\"",
	  "TCP 10.0.0.2:40000 > 10.0.0.1:22 [FP.] seq 1 ack 7 win 5 len 3" },
	{ "0 tcp 10.0.0.2:1 > 10.0.0.1:2 none", "TCP 10.0.0.2:1 > 10.0.0.1:2 [none] seq 0 win 64240 len 0" },
	{ "0 tcp [2001:db8::1]:1 > [2001:db8::2]:80 SEW",
	  "TCP [2001:db8::1]:1 > [2001:db8::2]:80 [SEW] seq 0 win 64240 len 0" },
	{ "0 icmp 10.0.0.2 > 10.0.0.1 echo-request id 7 seq 1 len 56",
	  "ICMP 10.0.0.2 > 10.0.0.1 echo request id 7 seq 1 len 56" },
	{ "0 udp 10.0.0.2:40000 > 10.0.0.1:53 len 1\n0 icmp 10.0.0.1 > 10.0.0.2 unreachable port about 1",
	  "ICMP 10.0.0.1 > 10.0.0.2 port unreachable (UDP 10.0.0.2:40000 > 10.0.0.1:53)" },
	{ "0 icmp 10.0.0.2 > 10.0.0.1 type 99 code 7", "ICMP 10.0.0.2 > 10.0.0.1 type 99 code 7 len 0" },
	{ "0 icmp6 fe80::1 > ff02::1 router-advertisement len 8", "ICMPv6 fe80::1 > ff02::1 router advertisement" },
	{ "0 udp 10.0.0.1:1 > 10.0.0.2:2 len 100 frag 0+ size 48", "UDP frag 0+ 10.0.0.1:1 > 10.0.0.2:2 len 40" },
	{ "0 udp 10.0.0.1:1 > 10.0.0.2:2 len 100 frag 48", "UDP frag 48 10.0.0.1 > 10.0.0.2 len 60" },
	{ "0 udp [2001:db8::1]:1 > [2001:db8::2]:2 len 100 frag 48", "UDP frag 48 2001:db8::1 > 2001:db8::2 len 60" },
	{ "0 proto 253 10.0.0.1 > 10.0.0.2 len 9", "protocol 253 10.0.0.1 > 10.0.0.2 len 9" },
	{ "0 gre 10.0.0.1 > 10.0.0.2 hex 0000880b", "GRE 10.0.0.1 > 10.0.0.2 len 4" },
	{ "0 sctp 10.0.0.1:1 > 10.0.0.2:2 chunk init", "SCTP 10.0.0.1:1 > 10.0.0.2:2 [INIT] len 20" },
	{ "0 udp 10.0.0.1:1 > 10.0.0.2:2 bad-ip-checksum", "UDP 10.0.0.1:1 > 10.0.0.2:2 len 0 (bad IP header checksum)" },
	{ "0 tcp 10.0.0.1:1 > 10.0.0.2:2 S cut 40",
	  "TCP 10.0.0.1:1 > 10.0.0.2:2 len 20 (the snap length cut the layer 4 header)" },
	{ "0 udp 10.0.0.1:1 > 10.0.0.2:2 cut 20", "IPv4 (the snap length cut the IP header)" },
};

START_TEST(packets_in_one_line)
{
	struct script_packets packets;
	struct packet packet;
	struct text out;

	packet_init(&packet);
	text_init(&out);
	script_packets_load(&packets, rows[_i].script);
	script_packets_decode(&packets, packets.script.n_packets, &packet);
	summary_print(&packet, &out);
	ck_assert_str_eq(text_string(&out), rows[_i].line);
	text_clear(&out);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

static const struct {
	const char *script;
	unsigned parts;
	const char *line;
} short_rows[] = {
	{ "0 udp 10.0.0.1:35237 > 10.0.0.2:53 len 33", 0, "UDP 35237 > 53 len 33" },
	{ "0 tcp 10.0.0.1:4000 > 10.0.0.2:80 S seq 7", 0, "TCP 4000 > 80 [S]" },
	{ "0 tcp 10.0.0.1:4000 > 10.0.0.2:80 P. seq 7 ack 9 len 5", 0, "TCP 4000 > 80 [P.] len 5" },
	{ "0 tcp 10.0.0.1:4000 > 10.0.0.2:80 P. seq 7 ack 9 len 5", SUMMARY_ADDRESSES, "TCP 10.0.0.1:4000 > 10.0.0.2:80 [P.] len 5" },
	{ "0 tcp 10.0.0.1:4000 > 10.0.0.2:80 S seq 7", SUMMARY_TCP_NUMBERS, "TCP 4000 > 80 [S] seq 7 win 64240 len 0" },
	{ "0 icmp 10.0.0.1 > 10.0.0.2 echo-request id 7 seq 1", 0, "ICMP echo request id 7 seq 1 len 0" },
	{ "0 udp 10.0.0.1:1 > 10.0.0.2:2\n0 icmp 10.0.0.2 > 10.0.0.1 unreachable port about 1", 0,
	  "ICMP port unreachable (UDP 1 > 2)" },
};

START_TEST(shorter_lines)
{
	struct script_packets packets;
	struct packet packet;
	struct text out;

	packet_init(&packet);
	text_init(&out);
	script_packets_load(&packets, short_rows[_i].script);
	script_packets_decode(&packets, packets.script.n_packets, &packet);
	summary_print_parts(&packet, short_rows[_i].parts, &out);
	ck_assert_str_eq(text_string(&out), short_rows[_i].line);
	text_clear(&out);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("summary");

	tcase_add_loop_test(tcase, packets_in_one_line, 0, N_ROWS(rows));
	tcase_add_loop_test(tcase, shorter_lines, 0, N_ROWS(short_rows));
	return script_packets_run("packet/summary", tcase);
}
