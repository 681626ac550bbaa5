/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/rewrite.h"

#include "base/cursor.h"
#include "packet/checksum.h"
#include "script_packets.h"

/* Packets of every kind that has a checksum; whatever is rewritten, it stays valid, wrong or absent. */
static const char *const lines[] = {
	"udp 10.0.0.1:1000 > 10.0.0.2:53 len 33",
	"udp 10.0.0.1:1000 > 10.0.0.2:53 len 33 bad-checksum",
	"udp 10.0.0.1:1000 > 10.0.0.2:53 len 33 no-checksum",
	"udp [2001:db8::1]:1000 > [2001:db8::2]:53 data \"odd\"",
	"tcp 10.0.0.1:1000 > 10.0.0.2:53 S seq 7 <mss 1460>",
	"tcp 10.0.0.1:1000 > 10.0.0.2:53 S bad-checksum",
	"tcp [2001:db8::1]:1000 > [2001:db8::2]:53 P. data \"hello\"",
	"sctp 10.0.0.1:1000 > 10.0.0.2:53 chunk init",
	"sctp 10.0.0.1:1000 > 10.0.0.2:53 chunk init bad-checksum",
	"icmp 10.0.0.1 > 10.0.0.2 echo-request id 1000 seq 1 len 7",
	"icmp 10.0.0.1 > 10.0.0.2 echo-request id 1000 bad-checksum",
	"icmp6 2001:db8::1 > 2001:db8::2 echo-request id 1000 seq 1 len 7",
	"gre 10.0.0.1 > 10.0.0.2 hex 00000800",
};

static bool is_ip_checksum_valid(const struct packet *packet)
{
	uint32_t header_len = (packet->bytes[0] & 0xfu) * 4;

	return packet->family != FAMILY_IPV4 || checksum_finish(checksum_add(0, packet->bytes, header_len)) == 0;
}

/* The bytes say what the decoded fields say. */
static void check_fields(const struct packet *packet)
{
	struct packet again;

	packet_init(&again);
	decode_ip(&again, packet->bytes, packet->len, packet->total_len);
	ck_assert_int_eq(again.status, DECODE_COMPLETE);
	ck_assert(address_is_equal(&again.source, &packet->source));
	ck_assert(address_is_equal(&again.destination, &packet->destination));
	ck_assert_uint_eq(again.source_port, packet->source_port);
	ck_assert_uint_eq(again.destination_port, packet->destination_port);
	ck_assert_uint_eq(again.icmp_id, packet->icmp_id);
	ck_assert_uint_eq(again.ttl, packet->ttl);
	ck_assert_uint_eq(again.tos, packet->tos);
	ck_assert_uint_eq(again.l4_len, packet->l4_len);
	ck_assert_uint_eq(again.udp_len, packet->udp_len);
	ck_assert_uint_eq(again.tcp_sequence, packet->tcp_sequence);
	packet_clear(&again);
}

static struct address parse(const struct packet *packet, const char *ipv4, const char *ipv6)
{
	const char *text = packet->family == FAMILY_IPV6 ? ipv6 : ipv4;
	struct address address;
	enum family family;

	ck_assert(address_parse(text, strlen(text), &family, &address));
	return address;
}

static void rewrite_step(struct packet *packet, int step)
{
	struct address address = parse(packet, "203.0.113.77", "fd00:1:2:3::ffff");

	switch (step) {
	case 0:
		rewrite_source(packet, &address);
		break;
	case 1:
		rewrite_destination(packet, &address);
		break;
	case 2:
		rewrite_source_port(packet, 65535);
		break;
	case 3:
		rewrite_destination_port(packet, 0);
		break;
	case 4:
		rewrite_icmp_id(packet, 0xfffe);
		break;
	case 5:
		rewrite_ttl(packet, 1);
		break;
	case 6:
		rewrite_tos(packet, 0xb8);
		break;
	default:
		/* UDP's length field must be whole; the other bytes may be anything. */
		rewrite_l4_bytes(packet, 8, (const uint8_t *)"\xab\xcd\xef", packet->l4_len < 11 ? 0 : 3);
		break;
	}
}

START_TEST(checksums_stay_what_they_were)
{
	struct script_packets packets;
	struct packet packet;
	enum checksum_state state;
	uint8_t before[2048];
	char script[200];

	snprintf(script, sizeof(script), "link raw\n0 %s", lines[_i]);
	script_packets_load(&packets, script);
	packet_init(&packet);
	script_packets_decode(&packets, 1, &packet);
	state = checksum_verify_l4(&packet);
	memcpy(before, packet.frame, packet.captured_len);
	for (int step = 0; step < 8; step++) {
		checksum_note_l4(&packet);
		/* SCTP keeps its checksum in the bytes that the last step overwrites. */
		if (step == 7 && packet.protocol == PROTOCOL_SCTP)
			continue;
		rewrite_step(&packet, step);
		ck_assert_int_eq(checksum_known_l4(&packet), checksum_verify_l4(&packet));
		ck_assert_msg(checksum_verify_l4(&packet) == state, "%s, step %d", lines[_i], step);
		ck_assert_msg(is_ip_checksum_valid(&packet), "%s, step %d", lines[_i], step);
		check_fields(&packet);
	}
	ck_assert_uint_eq(packet.ttl, 1);
	ck_assert_uint_eq(packet.tos, 0xb8);
	if (packet.has_ports)
		ck_assert_uint_eq(packet.source_port, 65535);
	/* The capture's own bytes are as they were. */
	ck_assert_mem_eq(before, packet.frame, packet.captured_len);
	ck_assert_ptr_ne(packet.bytes, packet.frame);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

START_TEST(there_and_back_is_the_same_packet)
{
	struct script_packets packets;
	struct packet packet;
	struct address source;
	char script[200];
	uint16_t port, id;

	snprintf(script, sizeof(script), "link raw\n0 %s", lines[_i]);
	script_packets_load(&packets, script);
	packet_init(&packet);
	script_packets_decode(&packets, 1, &packet);
	source = packet.source;
	port = packet.source_port;
	id = packet.icmp_id;
	for (int step = 0; step < 5; step++)
		if (step != 1 && step != 3)
			rewrite_step(&packet, step);
	rewrite_source(&packet, &source);
	rewrite_source_port(&packet, port);
	rewrite_icmp_id(&packet, id);
	ck_assert_mem_eq(packet.bytes, packet.frame, packet.len);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

static const struct {
	const char *name;
	const char *script;	/* the second packet quotes the first */
	bool has_ports;
} quotes[] = {
	{ "UDP", "0 udp 10.0.0.1:1000 > 10.0.0.2:53 len 33\n0 icmp 10.0.0.9 > 10.0.0.1 unreachable port about 1", true },
	{ "UDP without checksum",
	  "0 udp 10.0.0.1:1000 > 10.0.0.2:53 no-checksum\n0 icmp 10.0.0.9 > 10.0.0.1 unreachable port about 1", true },
	{ "TCP, eight bytes of it",
	  "0 tcp 10.0.0.1:1000 > 10.0.0.2:53 S\n0 icmp 10.0.0.9 > 10.0.0.1 time-exceeded about 1 quote 28", true },
	{ "TCP, whole", "0 tcp 10.0.0.1:1000 > 10.0.0.2:53 S\n0 icmp 10.0.0.9 > 10.0.0.1 unreachable net about 1", true },
	{ "echo", "0 icmp 10.0.0.1 > 10.0.0.2 echo-request id 5\n0 icmp 10.0.0.9 > 10.0.0.1 unreachable net about 1", false },
	{ "IPv6 UDP", "0 udp [::1]:1000 > [::2]:53 len 5\n0 icmp6 ::9 > ::1 unreachable port about 1", true },
	{ "IPv6 echo", "0 icmp6 ::1 > ::2 echo-request id 5\n0 icmp6 ::9 > ::1 time-exceeded about 1", false },
};

START_TEST(quoted_packets_follow_their_error)
{
	struct script_packets packets;
	struct packet packet, inner;
	struct address source, destination;

	script_packets_load(&packets, quotes[_i].script);
	packet_init(&packet);
	script_packets_decode(&packets, 2, &packet);
	source = parse(&packet, "203.0.113.77", "fd00:1:2:3::ffff");
	destination = parse(&packet, "198.51.100.3", "fd00::3");
	rewrite_quoted_source(&packet, &source);
	rewrite_quoted_destination(&packet, &destination);
	rewrite_quoted_source_port(&packet, 7);
	rewrite_quoted_destination_port(&packet, 8);
	rewrite_quoted_icmp_id(&packet, 9);
	ck_assert_msg(checksum_verify_l4(&packet) == CHECKSUM_VALID, "%s", quotes[_i].name);
	ck_assert(decode_embedded(&packet, &inner));
	ck_assert(address_is_equal(&inner.source, &source));
	ck_assert(address_is_equal(&inner.destination, &destination));
	ck_assert_msg(is_ip_checksum_valid(&inner), "%s", quotes[_i].name);
	if (quotes[_i].has_ports) {
		ck_assert_uint_eq(inner.source_port, 7);
		ck_assert_uint_eq(inner.destination_port, 8);
	} else {
		ck_assert_uint_eq(inner.icmp_id, 9);
	}
	if (inner.has_l4)
		ck_assert_msg(checksum_verify_l4(&inner) == CHECKSUM_VALID ||
			      checksum_verify_l4(&inner) == CHECKSUM_ABSENT, "%s", quotes[_i].name);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

static const struct {
	const char *name;
	unsigned quoted_len;
	bool follows;
} tcp_quotes[] = {
	{ "the whole header", 40, true },
	{ "all but its last byte", 39, false },
	{ "up to the checksum", 38, false },
};

static uint16_t quoted_tcp_checksum(const struct packet *packet)
{
	struct packet inner;
	struct cursor cursor;

	ck_assert(decode_embedded(packet, &inner));
	cursor = cursor_at(inner.bytes, inner.len, inner.l4_offset + 16);
	return cursor_u16(&cursor);
}

START_TEST(the_checksum_of_half_a_quoted_tcp_header_stays)
{
	struct script_packets packets;
	struct packet packet;
	char script[200];
	uint16_t before;

	snprintf(script, sizeof(script), "0 tcp 10.0.0.1:1 > 10.0.0.2:53 S len 9\n0 icmp 10.0.0.9 > 10.0.0.1 unreachable net about 1 quote %u",
		 tcp_quotes[_i].quoted_len);
	script_packets_load(&packets, script);
	packet_init(&packet);
	script_packets_decode(&packets, 2, &packet);
	before = quoted_tcp_checksum(&packet);
	rewrite_quoted_source_port(&packet, 7);
	ck_assert_msg((quoted_tcp_checksum(&packet) != before) == tcp_quotes[_i].follows, "%s", tcp_quotes[_i].name);
	ck_assert_msg(checksum_verify_l4(&packet) == CHECKSUM_VALID, "%s", tcp_quotes[_i].name);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

static const struct {
	const char *line;
	uint32_t offset, old_len;
	const char *replacement;
	uint32_t total_len;	/* afterwards; 0: refused */
} resizes[] = {
	{ "tcp 10.0.0.1:1 > 10.0.0.2:21 P. data \"PORT 10,0,0,1,4,1\"", 25, 8, "192,168,100,200", 64 },
	{ "tcp [::1]:1 > [::2]:21 P. data \"EPRT |2|::1|5|\"", 20, 14, "x", 61 },
	{ "udp 10.0.0.1:1 > 10.0.0.2:5060 data \"SIP\"", 8, 3, "longer", 34 },
	{ "udp 10.0.0.1:1 > 10.0.0.2:5060 data \"SIP\" bad-checksum", 8, 1, "longer", 36 },
	{ "udp 10.0.0.1:1 > 10.0.0.2:5060 data \"SIP\" no-checksum", 11, 0, "odd", 34 },
	{ "tcp 10.0.0.1:1 > 10.0.0.2:21 P. data \"abc\"", 20, 4, "x", 0 },
	{ "tcp 10.0.0.1:1 > 10.0.0.2:21 P. data \"abc\" cut 42", 20, 1, "x", 0 },
	{ "udp 10.0.0.1:1 > 10.0.0.2:53 len 100 frag 0+ size 48", 8, 1, "x", 0 },
	{ "udp 10.0.0.1:1 > 10.0.0.2:53 len 65507", 8, 1, "two", 0 },
};

START_TEST(payloads_of_another_length)
{
	struct script_packets packets;
	struct packet packet;
	enum checksum_state state;
	char script[200];
	bool is_good;

	snprintf(script, sizeof(script), "link raw\n0 %s", resizes[_i].line);
	script_packets_load(&packets, script);
	packet_init(&packet);
	script_packets_decode(&packets, 1, &packet);
	state = checksum_verify_l4(&packet);
	is_good = rewrite_resize(&packet, resizes[_i].offset, resizes[_i].old_len,
				 (const uint8_t *)resizes[_i].replacement, (uint32_t)strlen(resizes[_i].replacement));
	ck_assert_msg(is_good == (resizes[_i].total_len != 0), "%s", resizes[_i].line);
	if (is_good) {
		ck_assert_uint_eq(packet.total_len, resizes[_i].total_len);
		ck_assert_mem_eq(packet.bytes + packet.l4_offset + resizes[_i].offset, resizes[_i].replacement,
				 strlen(resizes[_i].replacement));
		ck_assert_msg(checksum_verify_l4(&packet) == state, "%s", resizes[_i].line);
		ck_assert(is_ip_checksum_valid(&packet));
		check_fields(&packet);
	} else {
		ck_assert_ptr_eq(packet.bytes, packet.frame);
	}
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

/* TCP and UDP are mended, and nothing else is touched. */
START_TEST(a_wrong_checksum_becomes_right)
{
	struct script_packets packets;
	struct packet packet;
	enum checksum_state before;
	char script[200];
	bool is_mended;

	snprintf(script, sizeof(script), "link raw\n0 %s", lines[_i]);
	script_packets_load(&packets, script);
	packet_init(&packet);
	script_packets_decode(&packets, 1, &packet);
	before = checksum_verify_l4(&packet);
	is_mended = before == CHECKSUM_BAD && (packet.protocol == PROTOCOL_TCP || packet.protocol == PROTOCOL_UDP);
	rewrite_checksum(&packet);
	ck_assert_msg(checksum_verify_l4(&packet) == (is_mended ? CHECKSUM_VALID : before), "%s", lines[_i]);
	check_fields(&packet);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

/* UDP's fields in an ICMP error: whether there is a "checksum" is whether its last two bytes, here the MTU, are not 0. */
static const struct {
	const char *line;
	bool has_checksum;
} errors[] = {
	{ "icmp 10.0.0.2 > 10.0.0.1 unreachable port about 1", false },
	{ "icmp 10.0.0.2 > 10.0.0.1 unreachable need-frag mtu 1400 about 1", true },
	{ "icmp 10.0.0.2 > 10.0.0.1 unreachable port about 1 cut 40", false },
};

START_TEST(an_error_taken_for_a_datagram)
{
	enum { ICMP_CHECKSUM = 2, GIVEN = 0x1234 };
	struct script_packets packets;
	struct packet packet, datagram;
	struct cursor fields;
	char script[300];

	snprintf(script, sizeof(script), "link raw\n0 udp 10.0.0.1:5060 > 10.0.0.2:5060 data \"SIP\"\n0 %s", errors[_i].line);
	script_packets_load(&packets, script);
	packet_init(&packet);
	script_packets_decode(&packets, 2, &packet);
	rewrite_error_as_datagram(&packet, GIVEN);
	if (packet_is_cut(&packet)) {
		ck_assert_ptr_eq(packet.bytes, packet.frame);
	} else {
		fields = cursor_at(packet.bytes, packet.len, packet.l4_offset + ICMP_CHECKSUM);
		ck_assert_uint_eq(cursor_u16(&fields), GIVEN);
		ck_assert_uint_eq(cursor_u16(&fields), packet.l4_len);
		ck_assert_int_eq(cursor_u16(&fields) != 0, errors[_i].has_checksum);
		datagram = packet;
		datagram.protocol = PROTOCOL_UDP;
		if (errors[_i].has_checksum)
			ck_assert_int_eq(checksum_verify_l4(&datagram), CHECKSUM_VALID);
	}
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("rewrite");

	tcase_add_loop_test(tcase, an_error_taken_for_a_datagram, 0, N_ROWS(errors));

	tcase_add_loop_test(tcase, checksums_stay_what_they_were, 0, N_ROWS(lines));
	tcase_add_loop_test(tcase, a_wrong_checksum_becomes_right, 0, N_ROWS(lines));
	tcase_add_loop_test(tcase, there_and_back_is_the_same_packet, 0, N_ROWS(lines));
	tcase_add_loop_test(tcase, quoted_packets_follow_their_error, 0, N_ROWS(quotes));
	tcase_add_loop_test(tcase, the_checksum_of_half_a_quoted_tcp_header_stays, 0, N_ROWS(tcp_quotes));
	tcase_add_loop_test(tcase, payloads_of_another_length, 0, N_ROWS(resizes));
	return script_packets_run("packet/rewrite", tcase);
}
