/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What most packets are, decoded in one go: TCP or UDP in IPv4, all of it captured, no options, no fragment, nothing wrong with the
 * headers. Finds what the steps of decode_ip.c and decode_l4.c find: tests/unit/test_packet_decode.c runs both.
 */
#include "packet/decode_parts.h"

#include <string.h>

#include "packet/checksum.h"

enum {
	HEADER_LEN = 20, UDP_LEN = 8, TCP_LEN = 20,
	VERSION_AND_LEN = 0x45, DONT_FRAGMENT = 0x40,	/* the first byte; what the first of the fragment's bytes may be */
};

static inline uint16_t u16_at(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static inline uint32_t u32_at(const uint8_t *bytes)
{
	return (uint32_t)u16_at(bytes) << 16 | u16_at(bytes + 2);
}

/* In any byte order: RFC 1071. */
static inline bool has_good_checksum(const uint8_t *header)
{
	uint32_t words[HEADER_LEN / 4];
	uint64_t sum = 0;

	memcpy(words, header, sizeof(words));
	for (size_t i = 0; i < HEADER_LEN / 4; i++)
		sum += words[i];
	return checksum_fold(sum) == UINT16_MAX;
}

static void read_l4(struct packet *packet, const uint8_t *l4)
{
	packet->has_l4 = packet->has_ports = true;
	packet->source_port = u16_at(l4);
	packet->destination_port = u16_at(l4 + 2);
	if (packet->protocol == PROTOCOL_UDP) {
		packet->udp_len = u16_at(l4 + 4);
		return;
	}
	packet->tcp_sequence = u32_at(l4 + 4);
	packet->tcp_acknowledgment = u32_at(l4 + 8);
	packet->tcp_header_len = (uint8_t)((l4[12] >> 4) * 4);
	packet->tcp_flags = l4[13];
	packet->tcp_window = u16_at(l4 + 14);
}

bool decode_ordinary(struct packet *packet, const struct decode_payload *payload)
{
	struct cursor cursor = payload->cursor;
	size_t left = cursor_left(&cursor);
	const uint8_t *header = cursor_take(&cursor, HEADER_LEN), *l4;
	uint32_t total_len, l4_len;

	if (!header || header[0] != VERSION_AND_LEN || header[6] & ~DONT_FRAGMENT || header[7] || payload->family == FAMILY_IPV6 ||
	    (header[9] != PROTOCOL_TCP && header[9] != PROTOCOL_UDP))
		return false;
	l4_len = header[9] == PROTOCOL_TCP ? TCP_LEN : UDP_LEN;
	l4 = cursor_take(&cursor, l4_len);
	total_len = u16_at(header + 2);
	if (!l4 || total_len < HEADER_LEN + l4_len || total_len > left || !has_good_checksum(header))
		return false;
	packet->bytes = header;
	packet->len = packet->total_len = total_len;
	packet->family = FAMILY_IPV4;
	packet->tos = header[1];
	packet->ip_id = u16_at(header + 4);
	packet->dont_fragment = header[6] & DONT_FRAGMENT;
	packet->ttl = header[8];
	packet->protocol = header[9];
	packet->source = address_from_bytes(FAMILY_IPV4, header + 12);
	packet->destination = address_from_bytes(FAMILY_IPV4, header + 16);
	packet->l4_offset = HEADER_LEN;
	packet->l4_len = total_len - HEADER_LEN;
	read_l4(packet, l4);
	return true;
}
