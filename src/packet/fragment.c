/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/fragment.h"

#include <string.h>

#include "base/alloc.h"
#include "base/cursor.h"
#include "packet/checksum.h"
#include "packet/decode.h"
#include "packet/protocol.h"

enum {
	IPV4_TOS = 1, IPV4_TOTAL_LEN = 2, IPV4_FRAGMENT = 6, IPV4_CHECKSUM = 10, IPV4_DONT_FRAGMENT = 0x4000,
	IPV6_HEADER_LEN = 40, IPV6_PAYLOAD_LEN = 4, IPV6_NEXT_HEADER = 6, IPV6_FRAGMENT_LEN = 8,
	NEXT_FRAGMENT = 44,
};

static enum fragment_kind find_ipv4(const struct packet *packet, struct fragment *fragment)
{
	*fragment = (struct fragment){
		.identification = packet->ip_id,
		.offset = packet->fragment_offset * 8u,
		.has_more = packet->more_fragments,
		.header_len = packet->l4_offset,
	};
	fragment->end = fragment->offset + packet->total_len - packet->l4_offset;
	return FRAGMENT_PIECE;
}

/* One extension header that is no fragment header; returns what it names next. */
static uint8_t skip_header(struct cursor *cursor, uint8_t header)
{
	uint8_t next = cursor_u8(cursor), length = cursor_u8(cursor);

	cursor_skip(cursor, header == PROTOCOL_AH ? (length + 2u) * 4 - 2 : (length + 1u) * 8 - 2);
	return next;
}

/* How much of its header Linux wants to see in a first fragment. */
static uint32_t wanted_len(uint8_t protocol)
{
	switch (protocol) {
	case PROTOCOL_TCP:
		return 20;
	case PROTOCOL_UDP:
	case PROTOCOL_ICMPV6:
		return 8;
	default:
		return 1;
	}
}

/*
 * RFC 8200, 4.5: a first fragment holds all headers up to layer 4. The cursor is behind the fragment header, which
 * named `next`. Linux 6.18, ipv6frag_thdr_truncated(): a chain that cannot be followed is let through to the queue.
 */
static bool lacks_headers(const struct packet *packet, struct cursor cursor, uint8_t next)
{
	while (protocol_is_extension(next)) {
		if (next == NEXT_FRAGMENT) {
			next = cursor_u8(&cursor);
			cursor_skip(&cursor, 1);
			if (cursor_u16(&cursor) & 0xfff8)
				return false;
			cursor_skip(&cursor, 4);
		} else {
			next = skip_header(&cursor, next);
		}
		if (cursor.failed)
			return false;
	}
	return next != PROTOCOL_NO_NEXT && cursor.offset + wanted_len(next) > packet->total_len;
}

/*
 * The packet ends within its fragment header. Linux 6.18, ipv6frag_thdr_truncated(): when what is there says "first
 * fragment, and layer 4 next", it is taken for one that lacks its headers.
 */
static enum fragment_kind find_short(const struct packet *packet, struct cursor cursor)
{
	uint8_t next = cursor_u8(&cursor);
	uint16_t position;

	cursor_skip(&cursor, 1);
	position = cursor_u16(&cursor);
	if (cursor.failed && packet_is_cut(packet))
		return FRAGMENT_NONE;
	if (cursor.failed || position & 0xfff8 || protocol_is_extension(next) || next == PROTOCOL_NO_NEXT)
		return FRAGMENT_SHORT;
	return FRAGMENT_HEADLESS;
}

static enum fragment_kind find_ipv6(const struct packet *packet, struct fragment *fragment)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, IPV6_PAYLOAD_LEN);
	uint16_t payload_len = cursor_u16(&cursor), position;
	uint32_t at = IPV6_NEXT_HEADER;
	uint8_t header = cursor_u8(&cursor), next;

	/* A jumbo payload has no fragment header that counts. */
	if (!payload_len)
		return FRAGMENT_NONE;
	cursor = cursor_at(packet->bytes, packet->len, IPV6_HEADER_LEN);
	while (header != NEXT_FRAGMENT) {
		if (!protocol_is_extension(header) || cursor.failed)
			return FRAGMENT_NONE;
		at = (uint32_t)cursor.offset;
		header = skip_header(&cursor, header);
	}
	if (cursor.failed)
		return FRAGMENT_NONE;
	if (packet->total_len - cursor.offset < IPV6_FRAGMENT_LEN)
		return find_short(packet, cursor);
	next = cursor_u8(&cursor);
	cursor_skip(&cursor, 1);
	position = cursor_u16(&cursor);
	*fragment = (struct fragment){
		.identification = cursor_u32(&cursor),
		.offset = position & 0xfff8,
		.has_more = position & 1,
		.header_len = (uint32_t)cursor.offset,
		.next_header_at = at,
	};
	if (cursor.failed)
		return FRAGMENT_NONE;
	fragment->end = fragment->offset + packet->total_len - fragment->header_len;
	return !fragment->offset && lacks_headers(packet, cursor, next) ? FRAGMENT_HEADLESS : FRAGMENT_PIECE;
}

enum fragment_kind fragment_find(const struct packet *packet, struct fragment *fragment)
{
	if (!fragment_may_be(packet))
		return FRAGMENT_NONE;
	return packet->family == FAMILY_IPV4 ? find_ipv4(packet, fragment) : find_ipv6(packet, fragment);
}

static uint32_t data_len(const struct fragment_whole *whole)
{
	const struct fragment_piece *last = &whole->pieces[whole->n_pieces - 1];

	return last->offset + last->len;
}

/* The header as the whole has it: IPv6's without the fragment header. */
static uint32_t kept_header_len(const struct fragment_whole *whole)
{
	return whole->family == FAMILY_IPV6 ? whole->header_len - IPV6_FRAGMENT_LEN : whole->header_len;
}

uint32_t fragment_whole_len(const struct fragment_whole *whole)
{
	return kept_header_len(whole) + data_len(whole);
}

static void put_u16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put_ipv4(uint8_t *bytes, const struct fragment_whole *whole, uint32_t total_len)
{
	bytes[IPV4_TOS] |= whole->ecn;
	put_u16(bytes + IPV4_TOTAL_LEN, total_len);
	put_u16(bytes + IPV4_FRAGMENT, whole->dont_fragment ? IPV4_DONT_FRAGMENT : 0);
	put_u16(bytes + IPV4_CHECKSUM, 0);
	put_u16(bytes + IPV4_CHECKSUM, checksum_finish(checksum_add(0, bytes, whole->header_captured_len)));
}

static void put_ipv6(uint8_t *bytes, const struct fragment_whole *whole, uint32_t total_len)
{
	put_u16(bytes + IPV6_PAYLOAD_LEN, total_len - IPV6_HEADER_LEN);
	bytes[1] |= (uint8_t)(whole->ecn << 4);		/* the traffic class straddles the first two bytes */
	bytes[whole->next_header_at] = whole->header[whole->header_len - IPV6_FRAGMENT_LEN];
}

/* Copies what is there without a gap; returns how many bytes that are. */
static uint32_t put_pieces(uint8_t *bytes, const struct fragment_whole *whole, uint32_t len)
{
	for (size_t i = 0; i < whole->n_pieces; i++) {
		const struct fragment_piece *piece = &whole->pieces[i];

		if (piece->captured_len)
			memcpy(bytes + len, piece->bytes, piece->captured_len);
		len += piece->captured_len;
		if (piece->captured_len < piece->len)
			break;
	}
	return len;
}

static uint8_t *reserve(struct packet *packet, uint32_t len)
{
	if (packet->owned_capacity < len) {
		packet->owned_capacity = alloc_grown_capacity(packet->owned_capacity, len);
		packet->owned = alloc_resize(packet->owned, packet->owned_capacity, 1);
	}
	return packet->owned;
}

void fragment_restore(struct packet *packet, const struct fragment_whole *whole)
{
	const struct fragment_piece *first = &whole->pieces[0];
	uint32_t total_len = whole->header_len + first->len, len = whole->header_captured_len;
	uint8_t *bytes = reserve(packet, total_len);

	memcpy(bytes, whole->header, len);
	if (len == whole->header_len && first->captured_len) {
		memcpy(bytes + len, first->bytes, first->captured_len);
		len += first->captured_len;
	}
	decode_replaced(packet, bytes, len, total_len);
}

void fragment_join(struct packet *packet, const struct fragment_whole *whole)
{
	uint32_t total_len = fragment_whole_len(whole), len = kept_header_len(whole);
	uint8_t *bytes = reserve(packet, total_len);

	if (len > whole->header_captured_len)
		len = whole->header_captured_len;
	memcpy(bytes, whole->header, len);
	if (whole->family == FAMILY_IPV6)
		put_ipv6(bytes, whole, total_len);
	else
		put_ipv4(bytes, whole, total_len);
	if (whole->header_captured_len == whole->header_len)
		len = put_pieces(bytes, whole, len);
	decode_replaced(packet, bytes, len, total_len);
	packet->head_len = (uint16_t)(kept_header_len(whole) + (whole->n_pieces ? whole->pieces[0].len : 0));
}
