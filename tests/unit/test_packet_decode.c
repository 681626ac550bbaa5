/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/decode.h"

#include <pcap/dlt.h>

#include "base/random.h"
#include "packet/checksum.h"
#include "packet/summary.h"
#include "script_packets.h"

enum { FRAME_LONGEST = 512, N_MUTATIONS = 20000 };

/* The datagrams inside the frames below: UDP 10.0.0.1:1 > 10.0.0.2:53 with two bytes, and the same over IPv6. */
#define IPV4 "4500001e000000004011" "66cd" "0a0000010a000002" "00010035000a5b4a" "6869"
#define IPV6 "60000000000a1140" "20010db8000000000000000000000001" "20010db8000000000000000000000002" "00010035000ad4bd" \
	"6869"
#define MACS "020000000002" "020000000001"

struct wanted {
	enum decode_status status;
	enum family family;
	const char *problem;		/* NULL: none */
	enum link_direction direction;
	enum packet_class destination_class;
	uint16_t vlan;
	uint32_t interface_index;
};

static const struct {
	const char *name;
	int link_type;
	const char *hex;
	struct wanted wanted;
} frames[] = {
	{ "Ethernet, IPv4", DLT_EN10MB, MACS "0800" IPV4, { .family = FAMILY_IPV4 } },
	{ "Ethernet, IPv6", DLT_EN10MB, MACS "86dd" IPV6, { .family = FAMILY_IPV6 } },
	{ "Ethernet, padded", DLT_EN10MB, MACS "0800" IPV4 "00000000000000000000", { .family = FAMILY_IPV4 } },
	{ "Ethernet, broadcast", DLT_EN10MB, "ffffffffffff" "020000000001" "0800" IPV4,
	  { .family = FAMILY_IPV4, .destination_class = PACKET_BROADCAST } },
	{ "Ethernet, multicast", DLT_EN10MB, "01005e000001" "020000000001" "0800" IPV4,
	  { .family = FAMILY_IPV4, .destination_class = PACKET_MULTICAST } },
	{ "802.1Q", DLT_EN10MB, MACS "8100" "6064" "0800" IPV4, { .family = FAMILY_IPV4, .vlan = 100 } },
	{ "802.1ad, two tags", DLT_EN10MB, MACS "88a8" "0005" "8100" "0064" "86dd" IPV6,
	  { .family = FAMILY_IPV6, .vlan = 5 } },
	{ "QinQ, three tags", DLT_EN10MB, MACS "9100" "0007" "9100" "0008" "8100" "0009" "0800" IPV4,
	  { .family = FAMILY_IPV4, .vlan = 7 } },
	{ "PPPoE", DLT_EN10MB, MACS "8864" "110000010020" "0021" IPV4, { .family = FAMILY_IPV4 } },
	{ "PPPoE, IPv6, VLAN", DLT_EN10MB, MACS "8100" "0003" "8864" "110000010034" "0057" IPV6,
	  { .family = FAMILY_IPV6, .vlan = 3 } },
	{ "PPPoE shorter than its datagram", DLT_EN10MB, MACS "8864" "110000010012" "0021" IPV4,
	  { DECODE_MALFORMED, FAMILY_NONE, "frame too short for an IP header", 0, 0, 0, 0 } },
	{ "PPPoE, LCP", DLT_EN10MB, MACS "8864" "110000010008" "c021" "0101000600000000",
	  { DECODE_NOT_IP, FAMILY_NONE, "PPP LCP", 0, 0, 0, 0 } },
	{ "PPPoE discovery", DLT_EN10MB, MACS "8863" "110900000000",
	  { DECODE_NOT_IP, FAMILY_NONE, "PPPoE discovery", 0, 0, 0, 0 } },
	{ "ARP", DLT_EN10MB, MACS "0806" "0001", { DECODE_NOT_IP, FAMILY_NONE, "ARP", 0, 0, 0, 0 } },
	{ "LLDP", DLT_EN10MB, MACS "88cc" "0001", { DECODE_NOT_IP, FAMILY_NONE, "LLDP", 0, 0, 0, 0 } },
	{ "STP", DLT_EN10MB, MACS "0026" "424203", { DECODE_NOT_IP, FAMILY_NONE, "STP", 0, 0, 0, 0 } },
	{ "unknown ethertype", DLT_EN10MB, MACS "1234" "00",
	  { DECODE_NOT_IP, FAMILY_NONE, "ethertype that is not IP", 0, 0, 0, 0 } },
	{ "Ethernet header alone", DLT_EN10MB, MACS "0800",
	  { DECODE_MALFORMED, FAMILY_NONE, "no IP header", 0, 0, 0, 0 } },
	{ "half an Ethernet header", DLT_EN10MB, "020000000002",
	  { DECODE_MALFORMED, FAMILY_NONE, "frame too short for its link-layer header", 0, 0, 0, 0 } },
	{ "raw IPv4", DLT_RAW, IPV4, { .family = FAMILY_IPV4 } },
	{ "raw IPv6", DLT_RAW, IPV6, { .family = FAMILY_IPV6 } },
	{ "raw, neither", DLT_RAW, "50000000",
	  { DECODE_MALFORMED, FAMILY_NONE, "the IP version is neither 4 nor 6", 0, 0, 0, 0 } },
	{ "IPv4 link type", DLT_IPV4, IPV4, { .family = FAMILY_IPV4 } },
	{ "IPv4 link type, IPv6 inside", DLT_IPV4, IPV6,
	  { DECODE_MALFORMED, FAMILY_NONE, "the IP version is not what the link layer says", 0, 0, 0, 0 } },
	{ "IPv6 link type", DLT_IPV6, IPV6, { .family = FAMILY_IPV6 } },
	{ "SLL, to us", DLT_LINUX_SLL, "0000" "0001" "0006" "0200000000010000" "0800" IPV4,
	  { .family = FAMILY_IPV4, .direction = LINK_IN } },
	{ "SLL, broadcast", DLT_LINUX_SLL, "0001" "0001" "0006" "0200000000010000" "0800" IPV4,
	  { .family = FAMILY_IPV4, .direction = LINK_IN, .destination_class = PACKET_BROADCAST } },
	{ "SLL, multicast", DLT_LINUX_SLL, "0002" "0001" "0006" "0200000000010000" "86dd" IPV6,
	  { .family = FAMILY_IPV6, .direction = LINK_IN, .destination_class = PACKET_MULTICAST } },
	{ "SLL, to another host", DLT_LINUX_SLL, "0003" "0001" "0006" "0200000000010000" "0800" IPV4,
	  { .family = FAMILY_IPV4, .direction = LINK_OTHER_HOST, .destination_class = PACKET_OTHER_HOST } },
	{ "SLL, from us", DLT_LINUX_SLL, "0004" "0001" "0006" "0200000000010000" "0800" IPV4,
	  { .family = FAMILY_IPV4, .direction = LINK_OUT } },
	{ "SLL, VLAN", DLT_LINUX_SLL, "0000" "0001" "0006" "0200000000010000" "8100" "0011" "0800" IPV4,
	  { .family = FAMILY_IPV4, .direction = LINK_IN, .vlan = 17 } },
	{ "SLL2", DLT_LINUX_SLL2, "0800" "0000" "00000009" "0001" "04" "06" "0200000000010000" IPV4,
	  { .family = FAMILY_IPV4, .direction = LINK_OUT, .interface_index = 9 } },
	{ "SLL2, ARP", DLT_LINUX_SLL2, "0806" "0000" "00000001" "0001" "00" "06" "0200000000010000",
	  { DECODE_NOT_IP, FAMILY_NONE, "ARP", LINK_IN, 0, 0, 1 } },
	{ "NULL, little endian", DLT_NULL, "02000000" IPV4, { .family = FAMILY_IPV4 } },
	{ "NULL, big endian", DLT_NULL, "00000002" IPV4, { .family = FAMILY_IPV4 } },
	{ "NULL, IPv6 of macOS", DLT_NULL, "1e000000" IPV6, { .family = FAMILY_IPV6 } },
	{ "NULL, IPv6 of FreeBSD", DLT_NULL, "0000001c" IPV6, { .family = FAMILY_IPV6 } },
	{ "NULL, AppleTalk", DLT_NULL, "10000000" "00",
	  { DECODE_NOT_IP, FAMILY_NONE, "address family that is not IP", 0, 0, 0, 0 } },
	{ "LOOP", DLT_LOOP, "00000018" IPV6, { .family = FAMILY_IPV6 } },
	{ "PPP", DLT_PPP, "ff03" "0021" IPV4, { .family = FAMILY_IPV4 } },
	{ "PPP without address and control", DLT_PPP, "0057" IPV6, { .family = FAMILY_IPV6 } },
	{ "PPP with a short protocol", DLT_PPP_SERIAL, "ff03" "21" IPV4, { .family = FAMILY_IPV4 } },
	{ "PPP, short in all ways", DLT_PPP_SERIAL, "57" IPV6, { .family = FAMILY_IPV6 } },
	{ "PPP, IPCP", DLT_PPP, "ff03" "8021" "01",
	  { DECODE_NOT_IP, FAMILY_NONE, "PPP IPCP", 0, 0, 0, 0 } },
	{ "PPPoE link type", DLT_PPP_ETHER, "110000010020" "0021" IPV4, { .family = FAMILY_IPV4 } },
	{ "not a link type", 147, IPV4,
	  { DECODE_NOT_IP, FAMILY_NONE, "link type that is not supported", 0, 0, 0, 0 } },
	{ "IHL of 16", DLT_RAW, "4400001e00000000401167cd0a0000010a00000200010035000a5b4a6869",
	  { DECODE_MALFORMED, FAMILY_IPV4, "IP header length below 20 bytes", 0, 0, 0, 0 } },
	{ "IHL beyond the frame", DLT_RAW, "4f00001e00000000401166cd0a0000010a00000200010035000a5b4a6869",
	  { DECODE_MALFORMED, FAMILY_IPV4, "IP header longer than the frame", 0, 0, 0, 0 } },
	{ "total length beyond the frame", DLT_RAW, "4500001f00000000401166cc0a0000010a00000200010035000a5b4a6869",
	  { DECODE_MALFORMED, FAMILY_IPV4, "IP total length longer than the frame", 0, 0, 0, 0 } },
	{ "total length within the header", DLT_RAW, "4500001300000000401166d80a0000010a00000200010035000a5b4a6869",
	  { DECODE_MALFORMED, FAMILY_IPV4, "IP total length shorter than the header", 0, 0, 0, 0 } },
	{ "bad header checksum", DLT_RAW, "4500001e00000000401166ce0a0000010a00000200010035000a5b4a6869",
	  { DECODE_MALFORMED, FAMILY_IPV4, "bad IP header checksum", 0, 0, 0, 0 } },
	{ "total length 0, left to the card", DLT_RAW, "4500000000000000401100000a0000010a00000200010035000a5b4a6869",
	  { .family = FAMILY_IPV4 } },
	{ "IPv6 payload beyond the frame", DLT_RAW,
	  "60000000000b114020010db800000000000000000000000120010db80000000000000000000000020001003500",
	  { DECODE_MALFORMED, FAMILY_IPV6, "IPv6 payload length longer than the frame", 0, 0, 0, 0 } },
	{ "IPv6 from a group", DLT_RAW,
	  "60000000000a1140ff010db800000000000000000000000120010db800000000000000000000000200010035000a5b4a6869",
	  { DECODE_MALFORMED, FAMILY_IPV6, "multicast source address", 0, 0, 0, 0 } },
};

static uint32_t from_hex(const char *hex, uint8_t *bytes)
{
	uint32_t len = (uint32_t)strlen(hex) / 2;

	ck_assert_uint_le(len, FRAME_LONGEST);
	for (uint32_t i = 0; i < len; i++) {
		char pair[3] = { hex[2 * i], hex[2 * i + 1], '\0' };

		bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
	}
	return len;
}

static void decode(struct packet *packet, int link_type, const uint8_t *bytes, uint32_t captured, uint32_t original)
{
	memset(&packet->link, 0, sizeof(packet->link));
	packet->frame = bytes;
	packet->captured_len = captured;
	packet->original_len = original;
	decode_frame(packet, link_type);
}

START_TEST(frames_of_every_link_type)
{
	const struct wanted *wanted = &frames[_i].wanted;
	const char *name = frames[_i].name;
	uint8_t bytes[FRAME_LONGEST];
	uint32_t len = from_hex(frames[_i].hex, bytes);
	struct packet packet;

	packet_init(&packet);
	decode(&packet, frames[_i].link_type, bytes, len, len);
	ck_assert_msg(packet.status == wanted->status, "%s: status %d (%s)", name, packet.status, packet.problem);
	ck_assert_msg(packet.family == wanted->family, "%s", name);
	ck_assert_msg(packet.link.direction == wanted->direction, "%s", name);
	ck_assert_msg(packet.link.destination_class == wanted->destination_class, "%s", name);
	ck_assert_msg(packet.link.vlan == wanted->vlan, "%s", name);
	ck_assert_msg(packet.link.interface_index == wanted->interface_index, "%s", name);
	if (wanted->problem)
		ck_assert_str_eq(packet.problem, wanted->problem);
	else
		ck_assert_ptr_null(packet.problem);
	if (packet.status == DECODE_COMPLETE) {
		ck_assert_uint_eq(packet.source_port, 1);
		ck_assert_uint_eq(packet.destination_port, 53);
		ck_assert_uint_eq(packet.l4_len, 10);
		ck_assert_uint_eq(packet.len, packet.total_len);
		ck_assert_uint_eq(packet.ttl, 64);
	}
	packet_clear(&packet);
}
END_TEST

/* Attributes are in the byte order of this machine, as libpcap hands them out. */
START_TEST(nflog_payload_is_found)
{
	uint8_t bytes[FRAME_LONGEST] = { 2, 0, 0, 0 };
	uint16_t header[2] = { 8, 1 }, index[2] = { 8, 4 }, payload[2];
	uint32_t at = 4, len = from_hex(IPV4, bytes + 24);
	struct packet packet;

	memcpy(bytes + at, header, 4);
	memcpy(bytes + at + 4, (const uint8_t[]){ 0x08, 0x00, 3, 0 }, 4);	/* OUTPUT */
	memcpy(bytes + at + 8, index, 4);
	memcpy(bytes + at + 12, (const uint8_t[]){ 0, 0, 0, 5 }, 4);
	payload[0] = (uint16_t)(4 + len);
	payload[1] = 9;
	memcpy(bytes + at + 16, payload, 4);
	packet_init(&packet);
	decode(&packet, DLT_NFLOG, bytes, 24 + len, 24 + len);
	ck_assert_int_eq(packet.status, DECODE_COMPLETE);
	ck_assert_int_eq(packet.link.direction, LINK_OUT);
	ck_assert_uint_eq(packet.link.interface_index, 5);
	ck_assert_uint_eq(packet.destination_port, 53);
	/* A copy range that cut the packet is no fault of the packet. */
	decode(&packet, DLT_NFLOG, bytes, 24 + 24, 24 + 24);
	ck_assert_int_eq(packet.status, DECODE_TRUNCATED);
	packet_clear(&packet);
}
END_TEST

/* The same frame, seen through a short snap length, is cut, never malformed. */
START_TEST(snap_length_makes_no_malformed_packet)
{
	uint8_t bytes[FRAME_LONGEST];
	uint32_t len = from_hex(MACS "8100" "0064" "0800" IPV4, bytes);
	struct packet packet;

	packet_init(&packet);
	for (uint32_t captured = 0; captured < len; captured++) {
		decode(&packet, DLT_EN10MB, bytes, captured, len);
		ck_assert_msg(packet.status == (captured < len - 2 ? DECODE_TRUNCATED : DECODE_COMPLETE), "%u", captured);
		ck_assert_msg(packet.has_ports == (captured >= 18 + 24), "%u", captured);
	}
	packet_clear(&packet);
}
END_TEST

static const struct {
	const char *name;
	const char *chain;	/* next header and the bytes behind the fixed header */
	int protocol;
	bool unreachable, is_fragment;
	uint32_t l4_offset;
} chains[] = {
	{ "no extension", "11" "00010035000a0000" "6869", 17, false, false, 40 },
	{ "hop by hop", "00" "1100050200000000" "00010035000a0000", 17, false, false, 48 },
	{ "routing, destination options", "2b" "3c00000000000000" "1100010400000000" "00010035", 17, false, false, 56 },
	{ "authentication", "33" "11010000" "000000010000000100000000" "00010035", 17, false, false, 52 },
	{ "no next header", "3b" "0000", 59, true, false, 40 },
	{ "first fragment", "2c" "1100000100000007" "00010035000a0000", 17, false, true, 48 },
	{ "atomic fragment", "2c" "1100000000000007" "00010035000a0000", 17, false, false, 48 },
	{ "later fragment", "2c" "1100001000000007" "0001003500", 17, false, true, 48 },
	{ "later fragment of a chain", "2c" "3c00001000000007" "0001003500", 60, true, true, 48 },
	{ "extension beyond the packet", "00" "11ff050200000000", 17, false, false, 48 },
	{ "extension beyond the packet, and another", "00" "3cff050200000000", 60, true, false, 48 },
	{ "extension of one byte", "3c" "11", 60, true, false, 41 },
	{ "half a fragment header", "2c" "11000000", 17, false, false, 44 },
	{ "a third of a fragment header", "2c" "110000", 44, true, false, 43 },
	{ "nothing behind", "11", 17, false, false, 40 },
};

START_TEST(ipv6_extension_headers)
{
	uint8_t bytes[FRAME_LONGEST] = { 0x60 };
	uint8_t rest[FRAME_LONGEST];
	uint32_t len = from_hex(chains[_i].chain, rest) - 1;
	struct packet packet;

	bytes[5] = (uint8_t)len;
	bytes[6] = rest[0];
	bytes[7] = 64;
	bytes[23] = bytes[39] = 1;
	memcpy(bytes + 40, rest + 1, len);
	packet_init(&packet);
	decode(&packet, DLT_RAW, bytes, 40 + len, 40 + len);
	ck_assert_int_eq(packet.status, DECODE_COMPLETE);
	ck_assert_msg(packet.protocol == chains[_i].protocol, "%s: %u", chains[_i].name, packet.protocol);
	ck_assert_msg(packet.l4_unreachable == chains[_i].unreachable, "%s", chains[_i].name);
	ck_assert_msg(packet.is_fragment == chains[_i].is_fragment, "%s", chains[_i].name);
	ck_assert_msg(packet.l4_offset == chains[_i].l4_offset, "%s: %u", chains[_i].name, packet.l4_offset);
	packet_clear(&packet);
}
END_TEST

START_TEST(quoted_packets)
{
	struct script_packets packets;
	struct packet packet, inner;

	script_packets_load(&packets,
			    "0 tcp 10.0.0.2:40000 > 10.0.0.1:22 S seq 99\n"
			    "0 icmp 10.0.0.1 > 10.0.0.2 unreachable port about 1\n"
			    "0 icmp 10.0.0.1 > 10.0.0.2 unreachable port about 1 quote 28\n"
			    "0 icmp 10.0.0.1 > 10.0.0.2 unreachable port about 1 quote 19\n"
			    "0 icmp 10.0.0.1 > 10.0.0.2 echo-request len 40\n"
			    "0 udp [::2]:1 > [::1]:2 len 5\n"
			    "0 icmp6 ::1 > ::2 unreachable port about 6\n");
	packet_init(&packet);
	script_packets_decode(&packets, 2, &packet);
	ck_assert(decode_embedded(&packet, &inner));
	ck_assert(inner.has_l4);
	ck_assert_uint_eq(inner.tcp_sequence, 99);
	ck_assert_uint_eq(inner.tcp_flags, TCP_SYN);
	script_packets_decode(&packets, 3, &packet);
	ck_assert(decode_embedded(&packet, &inner));
	ck_assert(inner.has_ports && !inner.has_l4);
	ck_assert_uint_eq(inner.destination_port, 22);
	ck_assert_uint_eq(inner.l4_len, 8);
	script_packets_decode(&packets, 4, &packet);
	ck_assert(!decode_embedded(&packet, &inner));
	script_packets_decode(&packets, 5, &packet);
	ck_assert(!decode_embedded(&packet, &inner));
	script_packets_decode(&packets, 7, &packet);
	ck_assert(decode_embedded(&packet, &inner));
	ck_assert_int_eq(inner.family, FAMILY_IPV6);
	ck_assert_uint_eq(inner.source_port, 1);
	packet_clear(&packet);
	script_packets_clear(&packets);
}
END_TEST

/* What decode promises of any packet, however it came about. */
static void check_promises(const struct packet *packet)
{
	struct packet inner;
	struct text out;

	text_init(&out);
	summary_print(packet, &out);
	ck_assert_uint_gt(out.len, 0);
	text_clear(&out);
	ck_assert((packet->problem != NULL) == (packet->status != DECODE_COMPLETE));
	ck_assert((packet->problem_layer != NULL) == (packet->status != DECODE_COMPLETE));
	if (packet->family == FAMILY_NONE) {
		ck_assert_int_ne(packet->status, DECODE_COMPLETE);
		ck_assert(!packet->has_l4 && !packet->has_ports);
		return;
	}
	ck_assert_uint_le(packet->len, packet->total_len);
	ck_assert_uint_le(packet->l4_offset, packet->total_len);
	ck_assert_uint_eq(packet->l4_len, packet->total_len - packet->l4_offset);
	ck_assert(packet->bytes >= packet->frame);
	ck_assert(packet->bytes + packet->len <= packet->frame + packet->captured_len);
	if (packet->has_l4 || packet->has_ports)
		ck_assert_uint_le(packet->l4_offset, packet->len);
	checksum_verify_l4(packet);
	decode_embedded(packet, &inner);
}

/* Of IP packets without a link layer: decode_ip() takes no short cut. */
static void compare_with_plain(const struct packet *packet)
{
	const size_t first = offsetof(struct packet, status), len = offsetof(struct packet, owned) - first;
	struct packet plain;

	packet_init(&plain);
	decode_ip(&plain, packet->frame, packet->captured_len, packet->original_len);
	ck_assert_mem_eq((const char *)packet + first, (const char *)&plain + first, len);
	packet_clear(&plain);
}

/* A copy that ends where its memory ends, so that reading beyond it is seen. */
static void decode_exactly(int link_type, const uint8_t *bytes, uint32_t captured, uint32_t original)
{
	uint8_t *copy = malloc(captured ? captured : 1);
	struct packet packet;

	memcpy(copy, bytes, captured);
	packet_init(&packet);
	decode(&packet, link_type, copy, captured, original);
	check_promises(&packet);
	if (link_type == DLT_RAW)
		compare_with_plain(&packet);
	packet_clear(&packet);
	free(copy);
}

START_TEST(every_prefix_of_every_frame)
{
	uint8_t bytes[FRAME_LONGEST];
	uint32_t len = from_hex(frames[_i].hex, bytes);

	for (uint32_t captured = 0; captured <= len; captured++) {
		decode_exactly(frames[_i].link_type, bytes, captured, len);
		decode_exactly(frames[_i].link_type, bytes, captured, captured);
	}
}
END_TEST

START_TEST(mutated_frames)
{
	struct random random;
	uint8_t bytes[FRAME_LONGEST];

	random_init(&random, 1);
	for (int i = 0; i < N_MUTATIONS; i++) {
		int row = (int)(random_u64(&random) % N_ROWS(frames));
		uint32_t len = from_hex(frames[row].hex, bytes), captured = len;

		for (uint64_t n = 1 + random_u64(&random) % 4; n; n--)
			bytes[random_u64(&random) % len] = (uint8_t)random_u64(&random);
		if (random_u64(&random) % 4 == 0)
			captured = (uint32_t)(random_u64(&random) % (len + 1));
		decode_exactly(frames[row].link_type, bytes, captured, len);
	}
}
END_TEST

static void set_checksum(uint8_t *header)
{
	uint16_t checksum;

	header[10] = header[11] = 0;
	checksum = checksum_finish(checksum_add(0, header, 20));
	header[10] = (uint8_t)(checksum >> 8);
	header[11] = (uint8_t)checksum;
}

/* Errors and extension headers, which the frames above do not have. */
START_TEST(mutated_packets)
{
	struct script_packets packets;
	struct random random;
	uint8_t bytes[FRAME_LONGEST];

	script_packets_load(&packets,
			    "link raw\n"
			    "0 tcp 10.0.0.2:40000 > 10.0.0.1:22 S seq 99 <mss 1460,sackOK,timestamp 1:2>\n"
			    "0 icmp 10.0.0.1 > 10.0.0.2 unreachable port about 1\n"
			    "0 tcp 10.0.0.1:22 > 10.0.0.2:40000 . seq 5 len 7\n"
			    "0 udp 10.0.0.1:53 > 10.0.0.2:53 len 9\n"
			    "0 tcp [::2]:1 > [::1]:2 S <mss 9>\n"
			    "0 icmp6 ::1 > ::2 time-exceeded about 3\n"
			    "0 udp [::2]:1 > [::1]:2 len 99 frag 0+ size 48\n"
			    "0 sctp 10.0.0.1:1 > 10.0.0.2:2 chunk sack chunk data\n"
			    "0 proto 51 ::1 > ::2 hex 1101000000000001000000020000000000010035000a00006869\n"
			    "0 proto 0 ::1 > ::2 hex 3c000502000000002b000104000000001100000000000000000100350009000001\n"
			    "0 icmp6 fe80::1 > fe80::2 redirect hex 0000000000000000000000000000000100000000000000000000"
			    "00000000000204040000000000006000000000001140000000000000000000000000000000010000000000000000"
			    "0000000000000002\n");
	random_init(&random, 2);
	for (int i = 0; i < N_MUTATIONS; i++) {
		const struct script_packet *from =
			&packets.script.packets[random_u64(&random) % packets.script.n_packets];
		uint32_t captured = from->original_len;

		memcpy(bytes, from->frame, captured);
		for (uint64_t n = 1 + random_u64(&random) % 3; n; n--)
			bytes[random_u64(&random) % captured] = (uint8_t)random_u64(&random);
		if (bytes[0] >> 4 == 4 && captured >= 20 && random_u64(&random) % 2)
			set_checksum(bytes);
		if (random_u64(&random) % 4 == 0)
			captured = (uint32_t)(random_u64(&random) % (captured + 1));
		decode_exactly(DLT_RAW, bytes, captured, from->original_len);
	}
	script_packets_clear(&packets);
}
END_TEST

START_TEST(supported_link_types)
{
	ck_assert(decode_supports_link_type(DLT_EN10MB));
	ck_assert(decode_supports_link_type(DLT_NFLOG));
	ck_assert(!decode_supports_link_type(DLT_IEEE802_11));
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("decode");

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, frames_of_every_link_type, 0, N_ROWS(frames));
	tcase_add_loop_test(tcase, ipv6_extension_headers, 0, N_ROWS(chains));
	tcase_add_test(tcase, nflog_payload_is_found);
	tcase_add_test(tcase, snap_length_makes_no_malformed_packet);
	tcase_add_test(tcase, quoted_packets);
	tcase_add_loop_test(tcase, every_prefix_of_every_frame, 0, N_ROWS(frames));
	tcase_add_test(tcase, mutated_frames);
	tcase_add_test(tcase, mutated_packets);
	tcase_add_test(tcase, supported_link_types);
	return script_packets_run("packet/decode", tcase);
}
