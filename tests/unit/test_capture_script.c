/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/script.h"

#include <pcap/dlt.h>

#include "base/random.h"
#include "packet/summary.h"
#include "script_packets.h"

static const struct {
	const char *script;
	const char *error;	/* what diag_print() says up to the excerpt */
} errors[] = {
	{ "link foo", "test:1:6: error: link is ethernet or raw" },
	{ "hots x 1.2.3.4", "test:1:1: error: a line begins with a time, or with host, link, pace or start" },
	{ "host 1x 1.2.3.4", "test:1:6: error: a host's name begins with a letter and has no colon" },
	{ "host x 1.2.3.4 zz", "test:1:16: error: a MAC address is six pairs of digits: 02:00:00:00:00:01" },
	{ "0 udp 1.1.1.1 > 1.1.1.1:5", "test:1:7: error: a port is missing: ADDRESS:PORT" },
	{ "0 udp [::1]:5 > ::1:5", "test:1:17: error: a port is missing: ADDRESS:PORT, for IPv6 [ADDRESS]:PORT" },
	{ "0 udp 1.1.1.1:70000 > 1.1.1.1:5", "test:1:15: error: a port must be a number from 0 to 65535, not \"70000\"" },
	{ "0 udp x:5 > 1.1.1.1:5", "test:1:7: error: \"x\" is neither an address nor a name given with \"host\"" },
	{ "0 1.1.1.1:5 > 1.1.1.1:5 udq", "test:1:25: error: a protocol is wanted: udp, tcp, icmp, icmp6, sctp, or proto N" },
	{ "0 1.1.1.1:5 > 1.1.1.1:5", "test:1:24: error: a protocol is wanted: udp, tcp, icmp, icmp6, sctp, or proto N" },
	{ "0 1.1.1.1 > 1.1.1.1:5 udp", "test:1:3: error: a port is missing: ADDRESS:PORT" },
	{ "0ss udp 1.1.1.1:5 > 1.1.1.1:5", "test:1:1: error: a time is seconds, with up to nine decimals, or + and seconds since the last packet" },
	{ "s udp 1.1.1.1:5 > 1.1.1.1:5", "test:1:1: error: a line begins with a time, or with host, link, pace or start" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 \"a\" \"b\"", "test:1:33: error: a packet has one of len, data and hex" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 tll 5", "test:1:29: error: \"tll\" is not known of such a packet" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 seq 5", "test:1:29: error: \"seq\" is not known of such a packet" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 len", "test:1:32: error: len needs a number" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 len 1 data \"\"", "test:1:35: error: a packet has one of len, data and hex" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 data \"\\q\"",
	  "test:1:34: error: unknown escape in the text: there are \\n \\r \\t \\0 \\\" \\\\ and \\xHH" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 data \"foo", "test:1:34: error: data needs a text in double quotes" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 data \"foo\\\"", "test:1:34: error: unknown escape in the text: there are \\n \\r "
	  "\\t \\0 \\\" \\\\ and \\xHH" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 hex abc", "test:1:33: error: hex needs pairs of hexadecimal digits" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 len 65530", "test:1:38: error: the packet would be longer than 65535 bytes" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 frag 7", "test:1:34: error: a fragment's offset is a multiple of 8 bytes" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:5 frag 8+",
	  "test:1:3: error: a fragment with more to come needs its size: frag OFFSET+ size BYTES" },
	{ "0 tcp 1.1.1.1:5 > 1.1.1.1:5", "test:1:28: error: TCP flags are missing: letters of S . F P R U E W, or \"none\"" },
	{ "0 tcp 1.1.1.1:5 > 1.1.1.1:5 S <mss 5 wscale 3>", "test:1:38: error: TCP options end with \">\"" },
	{ "0 tcp 1.1.1.1:5 > 1.1.1.1:5 S <sack 1:2,sack 1:2,sack 1:2,sack 1:2,nop>",
	  "test:1:71: error: more than 40 bytes of TCP options" },
	{ "0 icmp 1.1.1.1 > 1.1.1.1 foo",
	  "test:1:26: error: an ICMP packet begins with its kind (echo-request, unreachable port, ...) or type N" },
	{ "0 icmp 1.1.1.1 > ::1 echo-request", "test:1:18: error: one end is IPv4, the other IPv6" },
	{ "0 icmp ::1 > ::1 echo-request", "test:1:3: error: IPv6 has icmp6" },
	{ "0 icmp 1.1.1.1 > 1.1.1.1 unreachable port about 1",
	  "test:1:49: error: there is no packet of this number before this one" },
	{ "0.1.2 udp 1.1.1.1:5 > 1.1.1.1:5",
	  "test:1:1: error: a time is seconds, with up to nine decimals, or + and seconds since the last packet" },
	{ "4000000001 udp 1.1.1.1:5 > 1.1.1.1:5", "test:1:1: error: more than 126 years after the start" },
	{ "0 frob 1.1.1.1 > 1.1.1.1", "test:1:3: error: a protocol is wanted: udp, tcp, icmp, icmp6, sctp, or proto N" },
	{ "0 udp 1.1.1.1:5 1.1.1.1:5", "test:1:17: error: \">\" is wanted between source and destination" },
	{ "0 tcp 1.1.1.1:5 > 1.1.1.1:6 connect send 5", "test:1:37: error: actions have commas between them; \"with\" begins what all packets have" },
	{ "0 tcp 1.1.1.1:5 > 1.1.1.1:6 connect, sned 5",
	  "test:1:38: error: an action is wanted: connect, refused, send, recv, resend, close, closed, reset or wait" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:6 send 5, connect", "test:1:37: error: an action is wanted: send, recv, resend or wait" },
	{ "0 tcp 1.1.1.1:5 > 1.1.1.1:6 send", "test:1:33: error: send needs a number" },
	{ "0 tcp 1.1.1.1:5 > 1.1.1.1:6 connect, wait x", "test:1:43: error: wait needs a number of seconds" },
	{ "0 tcp 1.1.1.1:5 > 1.1.1.1:6 connect with tll 5", "test:1:42: error: \"tll\" is not known of such a packet" },
	{ "0 again 1", "test:1:9: error: there is no packet of this number before this one" },
	{ "pace +1", "test:1:6: error: pace is the time between two packets of a conversation, in seconds" },
	{ "link raw\n0 udp 1.1.1.1:5 > 1.1.1.1:6 vlan 7",
	  "test:2:29: error: a VLAN tag stands in an Ethernet header: this script has link raw" },
	{ "0 udp 1.1.1.1:5 > 1.1.1.1:6 len 99 fragments 12", "test:1:29: error: fragments are a multiple of 8 bytes long" },
	{ "\n\n  start 2026-13-01T00:00:00Z", "test:3:9: error: start is a time like 2026-01-02T03:04:05Z" },
};

START_TEST(errors_are_located)
{
	struct script script;
	struct source source;
	struct diagnostics diagnostics;
	struct text out;

	source_init(&source, "test", errors[_i].script, strlen(errors[_i].script));
	diag_init(&diagnostics);
	text_init(&out);
	ck_assert_msg(!script_parse(&script, &source, NULL, &diagnostics), "%s", errors[_i].script);
	ck_assert_uint_eq(diagnostics.n_errors, 1);
	diag_print(&diagnostics, &out);
	ck_assert_msg(strncmp(text_string(&out), errors[_i].error, strlen(errors[_i].error)) == 0 &&
		      text_string(&out)[strlen(errors[_i].error)] == '\n', "%s", text_string(&out));
	text_clear(&out);
	script_clear(&script);
	diag_clear(&diagnostics);
	source_clear(&source);
}
END_TEST

static const char conversation[] =
	"# a line of its own\n"
	"start 2026-01-02T03:04:05.5Z   # half a second\n"
	"host client 192.168.1.2 02:aa:bb:cc:dd:ee\n"
	"0 udp client:35237 > 192.168.1.10:53 data \"a\\x00#b\"\n"
	"+0.020 udp 192.168.1.10:53 > client:35237 hex 00ff\n"
	"\n"
	"30 tcp client:40000 > 10.0.0.1:22 S seq 1000 <mss 1460,sackOK,wscale 7>\n"
	"+1.000000001 icmp 10.0.0.9 > client unreachable port about 1\n"
	"5 udp client:68 > 255.255.255.255:67 cut 20\n";

static const char talk[] =
	"pace 0.01\n"
	"0 tcp 10.0.0.1:4000 > 10.0.0.2:80 connect, send \"GET /\" lost, wait 1, resend, recv 3000, close with ttl 9 vlan 7\n"
	"+1 udp 10.0.0.1:4000 > 10.0.0.2:53 send 30 unanswered, resend, recv 90\n"
	"+1 udp 10.0.0.1:4000 > 10.0.0.2:53 len 90 fragments 16\n"
	"+1 again 2\n";

START_TEST(a_source_of_its_packets)
{
	static const int64_t times[] = { 0, 20000000, 30000000000, 31000000001, 31000000001 };
	struct script_packets packets;
	struct packet_source *source;
	struct packet packet;
	uint64_t n = 0;

	script_packets_load(&packets, conversation);
	source = script_open(&packets.script);
	packet_init(&packet);
	ck_assert_int_eq(source->link_type, DLT_EN10MB);
	while (packet_source_next(source, &packet) == PACKET_SOURCE_PACKET) {
		decode_frame(&packet, source->link_type);
		ck_assert_int_eq(packet.time.ns, times[n]);
		ck_assert_uint_eq(packet.number, ++n);
	}
	ck_assert_uint_eq(n, 5);
	ck_assert_int_eq(packet_source_next(source, &packet), PACKET_SOURCE_END);
	ck_assert_int_eq(source->origin_ns, INT64_C(1767323045500000000));
	ck_assert_uint_eq(source->n_packets, 5);
	ck_assert_uint_eq(source->n_backwards, 1);
	ck_assert_uint_eq(source->first_backwards, 5);
	ck_assert_uint_eq(source->n_cut, 1);
	packet_clear(&packet);
	packet_source_close(source);
	script_packets_clear(&packets);
}
END_TEST

START_TEST(bytes_as_described)
{
	struct script_packets packets;
	struct packet packet, inner;

	script_packets_load(&packets, conversation);
	packet_init(&packet);
	script_packets_decode(&packets, 1, &packet);
	ck_assert_mem_eq(packet.link.source_mac, "\x02\xaa\xbb\xcc\xdd\xee", 6);
	ck_assert_mem_eq(packet.link.destination_mac, "\x02\x00\xc0\xa8\x01\x0a", 6);
	ck_assert_mem_eq(packet.bytes + 28, "a\0#b", 4);
	ck_assert_uint_eq(packet.total_len, 32);
	script_packets_decode(&packets, 2, &packet);
	ck_assert_mem_eq(packet.bytes + 28, "\0\xff", 2);
	script_packets_decode(&packets, 3, &packet);
	ck_assert_uint_eq(packet.tcp_header_len, 32);
	ck_assert_mem_eq(packet.bytes + 40, "\x02\x04\x05\xb4\x04\x02\x03\x03\x07\0\0\0", 12);
	script_packets_decode(&packets, 4, &packet);
	ck_assert(decode_embedded(&packet, &inner));
	ck_assert_uint_eq(inner.total_len, 32);
	script_packets_decode(&packets, 5, &packet);
	ck_assert_int_eq(packet.link.destination_class, PACKET_BROADCAST);
	ck_assert_int_eq(packet.status, DECODE_TRUNCATED);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

/* Pieces of one datagram put together again are the datagram. */
START_TEST(fragments_add_up)
{
	struct script_packets packets;
	struct packet packet, whole;
	uint8_t bytes[4000] = { 0 };

	script_packets_load(&packets,
			    "0 udp 10.0.0.1:1 > 10.0.0.2:2 data \"0123456789abcdefghijklmnopqrstuvwxyz\" id 9\n"
			    "0 udp 10.0.0.1:1 > 10.0.0.2:2 data \"0123456789abcdefghijklmnopqrstuvwxyz\" id 9 frag 0+ size 16\n"
			    "0 udp 10.0.0.1:1 > 10.0.0.2:2 data \"0123456789abcdefghijklmnopqrstuvwxyz\" id 9 frag 16+ size 16\n"
			    "0 udp 10.0.0.1:1 > 10.0.0.2:2 data \"0123456789abcdefghijklmnopqrstuvwxyz\" id 9 frag 32\n");
	packet_init(&packet);
	packet_init(&whole);
	for (size_t i = 2; i <= 4; i++) {
		script_packets_decode(&packets, i, &packet);
		ck_assert(packet.is_fragment && packet.more_fragments == (i < 4));
		ck_assert_uint_eq(packet.ip_id, 9);
		memcpy(bytes + packet.fragment_offset * 8, packet.bytes + 20, packet.l4_len);
	}
	script_packets_decode(&packets, 1, &whole);
	ck_assert_mem_eq(bytes, whole.bytes + 20, whole.l4_len);
	packet_clear(&whole);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

/* Conversations, packet by packet: seconds, then the packet. */
static const struct { const char *script, *packets; } conversations[] = {
	{ "0 tcp 10.0.0.1:1 > 10.0.0.2:2 connect, send 100, close",
	  "0.000 TCP 1 > 2 [S] seq 1000 win 64240 len 0\n"
	  "0.005 TCP 2 > 1 [S.] seq 5000 ack 1001 win 64240 len 0\n"
	  "0.010 TCP 1 > 2 [.] seq 1001 ack 5001 win 64240 len 0\n"
	  "0.015 TCP 1 > 2 [P.] seq 1001 ack 5001 win 64240 len 100\n"
	  "0.020 TCP 2 > 1 [.] seq 5001 ack 1101 win 64240 len 0\n"
	  "0.025 TCP 1 > 2 [F.] seq 1101 ack 5001 win 64240 len 0\n"
	  "0.030 TCP 2 > 1 [F.] seq 5001 ack 1102 win 64240 len 0\n"
	  "0.035 TCP 1 > 2 [.] seq 1102 ack 5002 win 64240 len 0\n" },
	/* As one would say it: the protocol behind the ends, seconds with their s, a text alone. */
	{ "0s 10.0.0.1:1 > 10.0.0.2:2 udp \"late\"\n+31.5s 10.0.0.2:2 > 10.0.0.1:1 tcp connect unanswered\n+1s 10.0.0.1 > 10.0.0.2 icmp echo-request id 1 seq 2",
	  "0.000 UDP 1 > 2 len 4\n"
	  "31.500 TCP 2 > 1 [S] seq 1000 win 64240 len 0\n"
	  "32.500 ICMP echo request id 1 seq 2 len 0\n" },
	/* Goes on where the line before has ended, whoever speaks. */
	{ "pace 0.1\n0 tcp 10.0.0.1:1 > 10.0.0.2:2 recv 2000 with win 500\n+1 tcp 10.0.0.2:2 > 10.0.0.1:1 send \"ab\", closed",
	  "0.000 TCP 2 > 1 [.] seq 5001 ack 1001 win 500 len 1460\n"
	  "0.100 TCP 2 > 1 [P.] seq 6461 ack 1001 win 500 len 540\n"
	  "0.200 TCP 1 > 2 [.] seq 1001 ack 7001 win 500 len 0\n"
	  "1.200 TCP 2 > 1 [P.] seq 7001 ack 1001 win 64240 len 2\n"
	  "1.300 TCP 1 > 2 [.] seq 1001 ack 7003 win 64240 len 0\n"
	  "1.400 TCP 1 > 2 [F.] seq 1001 ack 7003 win 64240 len 0\n"
	  "1.500 TCP 2 > 1 [F.] seq 7003 ack 1002 win 64240 len 0\n"
	  "1.600 TCP 1 > 2 [.] seq 1002 ack 7004 win 64240 len 0\n" },
	/* Lost, then sent again; seen but unanswered, then again; reset. */
	{ "0 tcp 10.0.0.1:1 > 10.0.0.2:2 send 9 lost, wait 0.2, resend, send 8 unanswered, resend unanswered, reset",
	  "0.205 TCP 1 > 2 [P.] seq 1001 ack 5001 win 64240 len 9\n"
	  "0.210 TCP 2 > 1 [.] seq 5001 ack 1010 win 64240 len 0\n"
	  "0.215 TCP 1 > 2 [P.] seq 1010 ack 5001 win 64240 len 8\n"
	  "0.220 TCP 1 > 2 [P.] seq 1010 ack 5001 win 64240 len 8\n"
	  "0.225 TCP 1 > 2 [R.] seq 1018 ack 5001 win 64240 len 0\n" },
	{ "0 tcp 10.0.0.1:1 > 10.0.0.2:2 refused",
	  "0.000 TCP 1 > 2 [S] seq 1000 win 64240 len 0\n0.005 TCP 2 > 1 [R.] seq 0 ack 1001 win 64240 len 0\n" },
	{ "0 udp [2001:db8::1]:1 > [2001:db8::2]:2 send 5, recv \"abc\", resend",
	  "0.000 UDP 1 > 2 len 5\n0.005 UDP 2 > 1 len 3\n0.010 UDP 2 > 1 len 3\n" },
	{ "0 udp 10.0.0.1:1 > 10.0.0.2:2 len 7\n+2 again 1", "0.000 UDP 1 > 2 len 7\n2.000 UDP 1 > 2 len 7\n" },
	{ "0 udp 10.0.0.1:1 > 10.0.0.2:2 len 40 fragments 24\n",
	  "0.000 UDP frag 0+ 1 > 2 len 16\n0.000 UDP frag 24 len 24\n" },
};

START_TEST(what_two_ends_say)
{
	struct script_packets packets;
	struct packet packet;
	struct text out;

	packet_init(&packet);
	text_init(&out);
	script_packets_load(&packets, conversations[_i].script);
	for (size_t i = 1; i <= packets.script.n_packets; i++) {
		script_packets_decode(&packets, i, &packet);
		text_printf(&out, "%d.%03d ", (int)(packet.time.ns / 1000000000), (int)(packet.time.ns / 1000000 % 1000));
		summary_print_parts(&packet, SUMMARY_TCP_NUMBERS, &out);
		text_append_char(&out, '\n');
		ck_assert_ptr_null(packet.problem);
	}
	ck_assert_str_eq(text_string(&out), conversations[_i].packets);
	text_clear(&out);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

START_TEST(a_vlan_tag)
{
	struct script_packets packets;
	struct packet packet;

	packet_init(&packet);
	script_packets_load(&packets, "0 udp 10.0.0.1:1 > 10.0.0.2:2 len 7 vlan 42");
	script_packets_decode(&packets, 1, &packet);
	ck_assert_uint_eq(packet.link.vlan, 42);
	ck_assert_mem_eq(packet.frame + 12, "\x81\x00\x00\x2a\x08\x00", 6);
	ck_assert_uint_eq(packet.total_len, 35);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

/* Scripts with characters changed: errors or packets, never a crash. */
START_TEST(mutated_scripts)
{
	static const char letters[] = " \n#<>,\"\\:.+[]0123456789abcudptcp";
	struct random random;
	char text[sizeof(conversation) > sizeof(talk) ? sizeof(conversation) : sizeof(talk)];

	random_init(&random, 3);
	for (int i = 0; i < 20000; i++) {
		struct script script;
		struct source source;
		struct diagnostics diagnostics;
		struct text out;

		size_t len = i % 2 ? sizeof(conversation) : sizeof(talk);

		memcpy(text, i % 2 ? conversation : talk, len);
		for (uint64_t n = 1 + random_u64(&random) % 4; n; n--)
			text[random_u64(&random) % (len - 1)] = letters[random_u64(&random) % (sizeof(letters) - 1)];
		source_init(&source, "test", text, random_u64(&random) % len);
		diag_init(&diagnostics);
		text_init(&out);
		ck_assert(script_parse(&script, &source, NULL, &diagnostics) == (diagnostics.n_errors == 0));
		diag_print(&diagnostics, &out);
		ck_assert((out.len == 0) == (diagnostics.n_errors == 0));
		text_clear(&out);
		script_clear(&script);
		diag_clear(&diagnostics);
		source_clear(&source);
	}
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("script");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, errors_are_located, 0, N_ROWS(errors));
	tcase_add_test(tcase, a_source_of_its_packets);
	tcase_add_test(tcase, bytes_as_described);
	tcase_add_test(tcase, fragments_add_up);
	tcase_add_loop_test(tcase, what_two_ends_say, 0, (int)(sizeof(conversations) / sizeof(conversations[0])));
	tcase_add_test(tcase, a_vlan_tag);
	tcase_add_test(tcase, mutated_scripts);
	return script_packets_run("capture/script", tcase);
}
