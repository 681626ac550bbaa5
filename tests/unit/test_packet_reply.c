/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/reply.h"

#include "packet/checksum.h"
#include "packet/summary.h"
#include "script_packets.h"

enum reply_kind { UNREACHABLE, RESET, TIME_EXCEEDED };

static const struct {
	enum reply_kind kind;
	const char *line;
	const char *reply;	/* its summary; NULL: silence */
} rows[] = {
	{ UNREACHABLE, "udp 10.0.0.1:1000 > 10.0.0.2:53 len 33",
	  "ICMP 10.0.0.9 > 10.0.0.1 port unreachable (UDP 10.0.0.1:1000 > 10.0.0.2:53)" },
	{ UNREACHABLE, "udp 10.0.0.1:1000 > 10.0.0.2:53 len 33 no-checksum",
	  "ICMP 10.0.0.9 > 10.0.0.1 port unreachable (UDP 10.0.0.1:1000 > 10.0.0.2:53)" },
	{ UNREACHABLE, "tcp 10.0.0.1:1000 > 10.0.0.2:22 R",
	  "ICMP 10.0.0.9 > 10.0.0.1 port unreachable (TCP 10.0.0.1:1000 > 10.0.0.2:22)" },
	{ UNREACHABLE, "icmp 10.0.0.1 > 10.0.0.2 echo-request id 1 len 3",
	  "ICMP 10.0.0.9 > 10.0.0.1 port unreachable (ICMP 10.0.0.1 > 10.0.0.2)" },
	{ UNREACHABLE, "gre 10.0.0.1 > 10.0.0.2 hex 00000800",
	  "ICMP 10.0.0.9 > 10.0.0.1 port unreachable (GRE 10.0.0.1 > 10.0.0.2)" },
	{ UNREACHABLE, "udp [2001:db8::1]:1000 > [2001:db8::2]:53 len 33",
	  "ICMPv6 2001:db8::9 > 2001:db8::1 address unreachable (UDP [2001:db8::1]:1000 > [2001:db8::2]:53)" },
	/* Protocols that Linux does not know are summed all the same. */
	{ UNREACHABLE, "proto 253 10.0.0.1 > 10.0.0.2 hex 0102fefd",
	  "ICMP 10.0.0.9 > 10.0.0.1 port unreachable (protocol 253 10.0.0.1 > 10.0.0.2)" },
	{ UNREACHABLE, "proto 253 10.0.0.1 > 10.0.0.2 len 20",
	  "ICMP 10.0.0.9 > 10.0.0.1 port unreachable (protocol 253 10.0.0.1 > 10.0.0.2)" },
	{ UNREACHABLE, "proto 253 10.0.0.1 > 10.0.0.2 hex 01020304", NULL },
	{ UNREACHABLE, "udp [2001:db8::1]:1 > [2001:db8::2]:2 no-checksum",
	  "ICMPv6 2001:db8::9 > 2001:db8::1 address unreachable (UDP [2001:db8::1]:1 > [2001:db8::2]:2)" },
	{ UNREACHABLE, "udp 10.0.0.1:1000 > 10.0.0.2:53 len 33 bad-checksum", NULL },
	{ UNREACHABLE, "tcp 10.0.0.1:1000 > 10.0.0.2:53 S bad-checksum", NULL },
	{ UNREACHABLE, "udp 10.0.0.1:1000 > 10.0.0.2:53 len 99 frag 48", NULL },
	{ UNREACHABLE, "icmp 10.0.0.1 > 10.0.0.2 unreachable host", NULL },
	{ UNREACHABLE, "icmp 10.0.0.1 > 10.0.0.2 time-exceeded", NULL },
	{ UNREACHABLE, "icmp 10.0.0.1 > 10.0.0.2 type 42", NULL },
	{ UNREACHABLE, "udp 10.0.0.1:1 > 255.255.255.255:2", NULL },
	{ UNREACHABLE, "udp 10.0.0.1:1 > 10.0.0.255:2 broadcast", NULL },
	{ UNREACHABLE, "udp 10.0.0.1:1 > 224.0.0.1:2", NULL },
	{ UNREACHABLE, "udp 0.0.0.0:68 > 10.0.0.2:67", NULL },
	{ UNREACHABLE, "udp [2001:db8::1]:1 > [ff02::1]:2", NULL },
	{ UNREACHABLE, "udp [::]:1 > [2001:db8::2]:2", NULL },
	{ UNREACHABLE, "icmp6 2001:db8::1 > 2001:db8::2 too-big", NULL },
	{ UNREACHABLE, "proto 59 2001:db8::1 > 2001:db8::2 len 4", NULL },
	{ RESET, "tcp 10.0.0.1:1000 > 10.0.0.2:22 S seq 100",
	  "TCP 10.0.0.2:22 > 10.0.0.1:1000 [R.] seq 0 ack 101 win 0 len 0" },
	{ RESET, "tcp 10.0.0.1:1000 > 10.0.0.2:22 SF seq 0xffffffff <mss 1460> data \"abc\"",
	  "TCP 10.0.0.2:22 > 10.0.0.1:1000 [R.] seq 0 ack 4 win 0 len 0" },
	{ RESET, "tcp 10.0.0.1:1000 > 10.0.0.2:22 P. seq 100 ack 77 data \"abc\"",
	  "TCP 10.0.0.2:22 > 10.0.0.1:1000 [R] seq 77 win 0 len 0" },
	{ RESET, "tcp [2001:db8::1]:1000 > [2001:db8::2]:22 S seq 100",
	  "TCP [2001:db8::2]:22 > [2001:db8::1]:1000 [R.] seq 0 ack 101 win 0 len 0" },
	{ RESET, "tcp 10.0.0.1:1000 > 10.0.0.2:22 R seq 100", NULL },
	{ RESET, "tcp 10.0.0.1:1000 > 10.0.0.2:22 R. seq 100", NULL },
	{ RESET, "tcp 10.0.0.1:1000 > 10.0.0.2:22 S bad-checksum", NULL },
	{ RESET, "tcp 10.0.0.1:1000 > 10.0.0.2:22 S len 99 frag 48", NULL },
	{ RESET, "udp 10.0.0.1:1000 > 10.0.0.2:22", NULL },
	{ RESET, "proto tcp 10.0.0.1:1 > 255.255.255.255:2 S", NULL },
	{ TIME_EXCEEDED, "udp 10.0.0.1:1000 > 10.0.0.2:53 ttl 1 bad-checksum",
	  "ICMP 10.0.0.9 > 10.0.0.1 time exceeded in transit (UDP 10.0.0.1:1000 > 10.0.0.2:53)" },
	{ TIME_EXCEEDED, "udp [2001:db8::1]:1 > [2001:db8::2]:2 ttl 1",
	  "ICMPv6 2001:db8::9 > 2001:db8::1 time exceeded in transit (UDP [2001:db8::1]:1 > [2001:db8::2]:2)" },
	{ TIME_EXCEEDED, "icmp 10.0.0.1 > 10.0.0.2 unreachable port", NULL },
};

static struct address router(const struct packet *packet)
{
	const char *text = packet->family == FAMILY_IPV6 ? "2001:db8::9" : "10.0.0.9";
	struct address address;
	enum family family;

	ck_assert(address_parse(text, strlen(text), &family, &address));
	return address;
}

static bool make(enum reply_kind kind, const struct packet *packet, struct packet *reply)
{
	struct address source = router(packet);

	if (kind == RESET)
		return reply_tcp_reset(packet, reply);
	if (kind == TIME_EXCEEDED)
		return reply_icmp_error(packet, &(struct reply_error){ .type = packet->family == FAMILY_IPV6 ? 3 : 11 }, &source,
					reply);
	return reply_unreachable(packet, 3, &source, false, reply);
}

START_TEST(replies_and_silence)
{
	struct script_packets packets;
	struct packet packet, reply;
	struct text out;
	char script[200];
	bool is_made;

	snprintf(script, sizeof(script), "0 %s", rows[_i].line);
	script_packets_load(&packets, script);
	packet_init(&packet);
	packet_init(&reply);
	text_init(&out);
	script_packets_decode(&packets, 1, &packet);
	is_made = make(rows[_i].kind, &packet, &reply);
	ck_assert_msg(is_made == (rows[_i].reply != NULL), "%s", rows[_i].line);
	if (is_made) {
		summary_print(&reply, &out);
		ck_assert_str_eq(text_string(&out), rows[_i].reply);
		ck_assert_int_eq(reply.status, DECODE_COMPLETE);
		ck_assert_int_eq(checksum_verify_l4(&reply), CHECKSUM_VALID);
		ck_assert_uint_eq(reply.ttl, 64);
		ck_assert_uint_eq(reply.number, packet.number);
	}
	text_clear(&out);
	packet_clear(&packet);
	packet_clear(&reply);
	script_packets_clear(&packets);
}
END_TEST

static const struct {
	const char *line;
	uint32_t total_len;
	uint8_t tos;
} sizes[] = {
	{ "udp 10.0.0.1:1000 > 10.0.0.2:53 len 33", 28 + 61, 0xc0 },
	{ "udp 10.0.0.1:1000 > 10.0.0.2:53 len 520", 576, 0xc0 },
	{ "udp 10.0.0.1:1000 > 10.0.0.2:53 len 9000 tos 0xff", 576, 0xde },
	{ "udp 10.0.0.1:1000 > 10.0.0.2:53 len 9000 cut 60", 576, 0xc0 },
	{ "udp [2001:db8::1]:1 > [2001:db8::2]:2 len 9000 tos 0xff", 1280, 0 },
};

START_TEST(errors_have_the_length_and_tos_of_linux)
{
	struct script_packets packets;
	struct packet packet, reply;
	char script[200];

	snprintf(script, sizeof(script), "0 %s", sizes[_i].line);
	script_packets_load(&packets, script);
	packet_init(&packet);
	packet_init(&reply);
	script_packets_decode(&packets, 1, &packet);
	ck_assert(make(UNREACHABLE, &packet, &reply));
	ck_assert_uint_eq(reply.total_len, sizes[_i].total_len);
	ck_assert_uint_eq(reply.tos, sizes[_i].tos);
	ck_assert_int_eq(checksum_verify_l4(&reply), CHECKSUM_VALID);
	packet_clear(&packet);
	packet_clear(&reply);
	script_packets_clear(&packets);
}
END_TEST

/* A host's own packets leave their checksum to the network card. */
START_TEST(own_packets_are_trusted)
{
	struct script_packets packets;
	struct packet packet, reply;

	script_packets_load(&packets, "0 tcp 10.0.0.1:1000 > 10.0.0.2:22 S bad-checksum");
	packet_init(&packet);
	packet_init(&reply);
	script_packets_decode(&packets, 1, &packet);
	ck_assert(!reply_tcp_reset(&packet, &reply));
	packet.is_checksum_trusted = true;
	ck_assert(reply_tcp_reset(&packet, &reply));
	ck_assert(reply.dont_fragment);
	packet_clear(&packet);
	packet_clear(&reply);
	script_packets_clear(&packets);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("reply");

	tcase_add_loop_test(tcase, replies_and_silence, 0, N_ROWS(rows));
	tcase_add_loop_test(tcase, errors_have_the_length_and_tos_of_linux, 0, N_ROWS(sizes));
	tcase_add_test(tcase, own_packets_are_trusted);
	return script_packets_run("packet/reply", tcase);
}
