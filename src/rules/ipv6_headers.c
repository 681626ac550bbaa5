/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/ipv6_headers.h"

#include "base/cursor.h"

enum { IPV6_HEADER_LEN = 40, NEXT_HEADER_AT = 6, FRAGMENT_HEADER_LEN = 8 };

static bool is_extension(uint8_t kind)
{
	return kind == IPV6_HOP_BY_HOP || kind == IPV6_ROUTING || kind == IPV6_FRAGMENT || kind == IPV6_AUTHENTICATION ||
	       kind == IPV6_DESTINATION;
}

static uint32_t len_of(uint8_t kind, uint8_t units)
{
	if (kind == IPV6_FRAGMENT)
		return FRAGMENT_HEADER_LEN;
	return kind == IPV6_AUTHENTICATION ? (units + 2u) * 4 : (units + 1u) * 8;
}

enum ipv6_headers_result ipv6_headers_find(const struct packet *packet, uint8_t kind, uint32_t *offset)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, NEXT_HEADER_AT);
	uint8_t next = cursor_u8(&cursor);
	uint32_t at = IPV6_HEADER_LEN;

	while (next != kind) {
		uint8_t units, here = next;
		uint16_t fragment;

		if (!is_extension(here))
			return IPV6_HEADER_ABSENT;
		cursor = cursor_at(packet->bytes, packet->len, at);
		next = cursor_u8(&cursor);
		units = cursor_u8(&cursor);
		fragment = cursor_u16(&cursor);
		if (cursor.failed)
			return IPV6_HEADER_BROKEN;
		/* Behind the header of a later fragment stands payload. */
		if (here == IPV6_FRAGMENT && fragment >> 3)
			return IPV6_HEADER_ABSENT;
		at += len_of(here, units);
	}
	*offset = at;
	return IPV6_HEADER_FOUND;
}
