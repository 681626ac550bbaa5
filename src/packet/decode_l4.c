/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fixed headers of layer 4 (RFC 9293, 768, 3828, 792, 4443, 9260, 4340, 2784). */
#include "packet/decode_parts.h"

#include <stddef.h>

/* How much of a protocol's header must be there before anyone may look at its fields. */
static uint32_t fixed_len(uint8_t protocol)
{
	switch (protocol) {
	case PROTOCOL_TCP:
		return 20;
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
	case PROTOCOL_ESP:
		return 8;
	case PROTOCOL_SCTP:
	case PROTOCOL_DCCP:
	case PROTOCOL_AH:
		return 12;
	case PROTOCOL_GRE:
		return 4;
	default:
		return 0;
	}
}

static void decode_ports(struct packet *packet, struct cursor *cursor)
{
	packet->source_port = cursor_u16(cursor);
	packet->destination_port = cursor_u16(cursor);
	packet->has_ports = !cursor->failed;
	if (!packet->has_ports)
		packet->source_port = 0;
}

static void decode_tcp(struct packet *packet, struct cursor *cursor)
{
	decode_ports(packet, cursor);
	packet->tcp_sequence = cursor_u32(cursor);
	packet->tcp_acknowledgment = cursor_u32(cursor);
	packet->tcp_header_len = (uint8_t)((cursor_u8(cursor) >> 4) * 4);
	packet->tcp_flags = cursor_u8(cursor);
	packet->tcp_window = cursor_u16(cursor);
	if (packet->tcp_header_len <= packet->l4_len && packet->l4_offset + packet->tcp_header_len > packet->len)
		decode_stop(packet, DECODE_TRUNCATED, "TCP", "the snap length cut the TCP options");
}

static void decode_icmp(struct packet *packet, struct cursor *cursor)
{
	packet->icmp_type = cursor_u8(cursor);
	packet->icmp_code = cursor_u8(cursor);
	cursor_skip(cursor, 2);
	packet->icmp_id = cursor_u16(cursor);
	packet->icmp_sequence = cursor_u16(cursor);
}

void decode_l4(struct packet *packet)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	uint32_t wanted = fixed_len(packet->protocol);

	if (packet->fragment_offset)
		return;
	packet->has_l4 = cursor_left(&cursor) >= wanted && !cursor.failed;
	switch (packet->protocol) {
	case PROTOCOL_TCP:
		decode_tcp(packet, &cursor);
		break;
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
		decode_ports(packet, &cursor);
		packet->udp_len = cursor_u16(&cursor);
		break;
	case PROTOCOL_SCTP:
	case PROTOCOL_DCCP:
		decode_ports(packet, &cursor);
		break;
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		decode_icmp(packet, &cursor);
		break;
	default:
		break;
	}
	/* A header that the packet itself is too short for is whole as far as IP goes: its tracker judges it. */
	if (!packet->has_l4 && packet->l4_len >= wanted)
		decode_stop(packet, DECODE_TRUNCATED, "layer 4", "the snap length cut the layer 4 header");
}
