/* SPDX-License-Identifier: GPL-2.0-or-later */
/* IPv4 (RFC 791) and IPv6 (RFC 8200) headers, judged as Linux's receive functions judge them. */
#include "packet/decode_parts.h"

#include <stddef.h>

#include "packet/checksum.h"
#include "packet/protocol.h"

enum {
	IPV4_HEADER_LEN = 20, IPV6_HEADER_LEN = 40, IPV4_LONGEST = 65535,
	NEXT_HOP_BY_HOP = 0, NEXT_ROUTING = 43, NEXT_FRAGMENT = 44,
};

static uint32_t smaller(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

static uint16_t u16_at(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* The fields of the first 20 bytes, taken at once; returns the header's length as it says itself. */
static uint32_t read_ipv4(struct packet *packet, struct cursor *cursor, uint32_t *total_len)
{
	const uint8_t *header = cursor_take(cursor, IPV4_HEADER_LEN);
	uint32_t header_len;
	uint16_t fragment;

	*total_len = 0;
	if (!header)
		return 0;
	header_len = (header[0] & 0xfu) * 4;
	packet->tos = header[1];
	*total_len = u16_at(header + 2);
	packet->ip_id = u16_at(header + 4);
	fragment = u16_at(header + 6);
	packet->ttl = header[8];
	packet->protocol = header[9];
	packet->family = FAMILY_IPV4;
	packet->source = address_from_bytes(FAMILY_IPV4, header + 12);
	packet->destination = address_from_bytes(FAMILY_IPV4, header + 16);
	packet->dont_fragment = fragment & 0x4000;
	packet->more_fragments = fragment & 0x2000;
	packet->fragment_offset = fragment & 0x1fff;
	packet->is_fragment = packet->more_fragments || packet->fragment_offset;
	packet->has_ip_options = header_len > IPV4_HEADER_LEN;
	return header_len;
}

/* Layer 4 begins at `offset`: beyond the packet it begins at its end, and nobody finds it. */
static void set_l4(struct packet *packet, uint32_t offset)
{
	if (offset > packet->total_len) {
		offset = packet->total_len;
		packet->l4_unreachable = true;
	}
	packet->l4_offset = offset;
	packet->l4_len = packet->total_len - offset;
}

/* The order of the checks is that of Linux 6.18, ip_rcv_core(). */
static bool check_ipv4(struct packet *packet, uint32_t header_len, uint32_t total_len, uint32_t original_len)
{
	bool is_offloaded = total_len == 0 && original_len != DECODE_LENGTH_UNKNOWN;
	/* A host does not receive what it sends: its checksum may be left to the network card. */
	bool is_checked = !is_offloaded && packet->link.direction != LINK_OUT && header_len <= packet->len;
	bool is_too_short = !is_offloaded && total_len < header_len;

	if (header_len < IPV4_HEADER_LEN)
		return decode_stop(packet, DECODE_MALFORMED, "IPv4", "IP header length below 20 bytes");
	if (header_len > original_len)
		return decode_stop(packet, DECODE_MALFORMED, "IPv4", "IP header longer than the frame");
	if (header_len > packet->len && !is_too_short)
		return decode_stop(packet, DECODE_TRUNCATED, "IPv4", "the snap length cut the IP options");
	if (is_checked && checksum_finish(checksum_add(0, packet->bytes, header_len)) != 0) {
		packet->bad_ip_checksum = true;
		return decode_stop(packet, DECODE_MALFORMED, "IPv4", "bad IP header checksum");
	}
	if (is_offloaded)
		return true;
	if (total_len > original_len)
		return decode_stop(packet, DECODE_MALFORMED, "IPv4", "IP total length longer than the frame");
	if (is_too_short)
		return decode_stop(packet, DECODE_MALFORMED, "IPv4", "IP total length shorter than the header");
	return true;
}

static void decode_ipv4(struct packet *packet, struct cursor *cursor, uint32_t original_len)
{
	uint32_t left = packet->len, total_len, header_len = read_ipv4(packet, cursor, &total_len);
	bool is_good;

	if (cursor->failed) {
		decode_stop(packet, original_len < IPV4_HEADER_LEN ? DECODE_MALFORMED : DECODE_TRUNCATED, "IPv4",
			    original_len < IPV4_HEADER_LEN ? "frame too short for an IP header"
							   : "the snap length cut the IP header");
		return;
	}
	is_good = check_ipv4(packet, header_len, total_len, original_len);
	/* 0: the sending host left the length to its network card (segmentation offload). */
	packet->total_len = total_len ? total_len : original_len;
	if (packet->total_len == DECODE_LENGTH_UNKNOWN)
		packet->total_len = left;
	packet->len = smaller(left, packet->total_len);
	set_l4(packet, header_len);
	if (is_good) {
		decode_l4(packet);
		return;
	}
	/* Ports of a packet with a bad header checksum are for people only. */
	if (packet->bad_ip_checksum && !packet->l4_unreachable) {
		decode_l4(packet);
		decode_stop(packet, DECODE_MALFORMED, "IPv4", "bad IP header checksum");
		packet->is_l4_withheld = true;
	}
	packet->l4_unreachable = true;
}

static bool is_extension(uint8_t next_header)
{
	return protocol_is_extension(next_header) || next_header == PROTOCOL_NO_NEXT;
}

static void read_fragment_header(struct packet *packet, struct cursor *cursor)
{
	uint16_t fragment = cursor_u16(cursor);

	packet->fragment_offset = fragment >> 3;
	packet->more_fragments = fragment & 1;
	packet->is_fragment = packet->more_fragments || packet->fragment_offset;
}

/* A header that is longer than the packet ends with it. */
static void skip_options(const struct packet *packet, struct cursor *cursor, uint32_t len)
{
	size_t left = cursor_left(cursor);

	cursor_skip(cursor, len > left && !packet_is_cut(packet) ? left : len);
}

/*
 * One extension header; the cursor is behind it afterwards. False when the chain ends here.
 * Linux 6.18, ipv6_skip_exthdr(), ipv6_find_hdr(): behind a later fragment's header there is data; a header that is
 * longer than the packet still says what would come next (a routing or fragment header when its first four bytes are there), and layer 4 is
 * there, with nothing in it.
 */
static bool skip_extension(struct packet *packet, struct cursor *cursor)
{
	uint8_t next = cursor_u8(cursor), length = cursor_u8(cursor);
	uint8_t header = packet->protocol;

	if (header == NEXT_FRAGMENT)
		read_fragment_header(packet, cursor);
	if (header == NEXT_ROUTING && cursor_left(cursor) < 2)
		cursor->failed = true;
	if (cursor->failed)
		return false;
	packet->protocol = next;
	packet->has_ip_options = true;
	if (header == NEXT_FRAGMENT)
		skip_options(packet, cursor, 4);
	else if (header == PROTOCOL_AH)
		skip_options(packet, cursor, (length + 2u) * 4 - 2);
	else
		skip_options(packet, cursor, (length + 1u) * 8 - 2);
	if (packet->fragment_offset && is_extension(next))
		packet->l4_unreachable = true;
	return !packet->fragment_offset;
}

/* The cursor is at the first byte after the fixed header and ends with the packet's captured bytes. */
static void decode_extensions(struct packet *packet, struct cursor *cursor)
{
	uint32_t offset = IPV6_HEADER_LEN;

	while (is_extension(packet->protocol) && packet->protocol != PROTOCOL_NO_NEXT) {
		bool goes_on = skip_extension(packet, cursor);

		if (cursor->failed) {
			packet->l4_unreachable = true;
			set_l4(packet, packet_is_cut(packet) ? offset : packet->total_len);
			if (packet_is_cut(packet))
				decode_stop(packet, DECODE_TRUNCATED, "IPv6",
					    "the snap length cut the extension headers");
			return;
		}
		offset = (uint32_t)cursor->offset;
		if (!goes_on)
			break;
	}
	if (packet->protocol == PROTOCOL_NO_NEXT)
		packet->l4_unreachable = true;
	set_l4(packet, offset);
	if (!packet->l4_unreachable)
		decode_l4(packet);
}

/* The fixed header; returns the payload length as it says itself. */
static uint32_t read_ipv6(struct packet *packet, struct cursor *cursor)
{
	uint32_t first = cursor_u32(cursor), payload_len = cursor_u16(cursor);
	const uint8_t *addresses;

	packet->tos = (uint8_t)(first >> 20);
	packet->flow_label = first & 0xfffff;
	packet->protocol = cursor_u8(cursor);
	packet->ttl = cursor_u8(cursor);
	addresses = cursor_take(cursor, 32);
	if (!addresses)
		return 0;
	packet->family = FAMILY_IPV6;
	packet->source = address_from_bytes(FAMILY_IPV6, addresses);
	packet->destination = address_from_bytes(FAMILY_IPV6, addresses + 16);
	return payload_len;
}

/*
 * Payload length 0 means "what is there" before a hop-by-hop header, which may hold a jumbo length (Linux 6.18,
 * ip6_rcv_core()), and in frames too long for the field (segmentation offload).
 */
static bool is_length_from_frame(const struct packet *packet, uint32_t payload_len, uint32_t original_len)
{
	if (payload_len || original_len == DECODE_LENGTH_UNKNOWN)
		return false;
	return packet->protocol == NEXT_HOP_BY_HOP || original_len > IPV4_LONGEST;
}

static void decode_ipv6(struct packet *packet, struct cursor *cursor, uint32_t original_len)
{
	uint32_t left = packet->len, payload_len = read_ipv6(packet, cursor);

	if (cursor->failed) {
		decode_stop(packet, original_len < IPV6_HEADER_LEN ? DECODE_MALFORMED : DECODE_TRUNCATED, "IPv6",
			    original_len < IPV6_HEADER_LEN ? "frame too short for an IPv6 header"
							   : "the snap length cut the IPv6 header");
		return;
	}
	packet->total_len = is_length_from_frame(packet, payload_len, original_len) ? original_len :
			    IPV6_HEADER_LEN + payload_len;
	packet->len = smaller(left, packet->total_len);
	set_l4(packet, IPV6_HEADER_LEN);
	if (packet->total_len > original_len)
		decode_stop(packet, DECODE_MALFORMED, "IPv6", "IPv6 payload length longer than the frame");
	else if (address_is_multicast(FAMILY_IPV6, &packet->source))
		decode_stop(packet, DECODE_MALFORMED, "IPv6", "multicast source address");
	packet->l4_unreachable = packet->status != DECODE_COMPLETE;
	if (packet->l4_unreachable)
		return;
	*cursor = cursor_at(packet->bytes, packet->len, IPV6_HEADER_LEN);
	decode_extensions(packet, cursor);
}

void decode_network(struct packet *packet, const struct decode_payload *payload)
{
	struct cursor cursor = payload->cursor, version = payload->cursor;
	uint32_t original_len = payload->original_len;
	unsigned number = cursor_u8(&version) >> 4;
	enum family family = payload->family;

	packet->bytes = cursor.bytes ? cursor.bytes + cursor.offset : NULL;
	packet->len = (uint32_t)cursor_left(&cursor);
	cursor = cursor_over(packet->bytes, packet->len);
	if (version.failed) {
		decode_stop(packet, original_len ? DECODE_TRUNCATED : DECODE_MALFORMED, "IP",
			    original_len ? "the snap length cut the IP header" : "no IP header");
	} else if ((family == FAMILY_IPV4 && number != 4) || (family == FAMILY_IPV6 && number != 6)) {
		decode_stop(packet, DECODE_MALFORMED, family == FAMILY_IPV4 ? "IPv4" : "IPv6",
			    "the IP version is not what the link layer says");
	} else if (number == 4) {
		decode_ipv4(packet, &cursor, original_len);
	} else if (number == 6) {
		decode_ipv6(packet, &cursor, original_len);
	} else {
		decode_stop(packet, DECODE_MALFORMED, "IP", "the IP version is neither 4 nor 6");
	}
	if (packet->family == FAMILY_NONE)
		packet->len = 0;
}

/* Linux 6.18, ipv4_get_l4proto(): the header length is believed, the total length is not read. The version is not looked at. */
bool decode_quoted(struct packet *packet, enum family family, const uint8_t *bytes, uint32_t captured_len, uint32_t original_len)
{
	struct cursor cursor = cursor_over(bytes, captured_len);
	uint32_t header_len, unused;

	packet->bytes = bytes;
	packet->len = captured_len;
	packet->total_len = original_len;
	if (family == FAMILY_IPV4) {
		header_len = read_ipv4(packet, &cursor, &unused);
		if (cursor.failed)
			return false;
		set_l4(packet, header_len);
		if (header_len < IPV4_HEADER_LEN)
			packet->l4_unreachable = true;
		if (!packet->l4_unreachable)
			decode_l4(packet);
		return true;
	}
	read_ipv6(packet, &cursor);
	if (cursor.failed)
		return false;
	decode_extensions(packet, &cursor);
	return true;
}
