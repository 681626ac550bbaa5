/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/ipv6_headers.h"

#include "packet/protocol.h"

enum { IPV6_HEADER_LEN = 40, NEXT_HEADER_AT = 6, FRAGMENT_HEADER_LEN = 8 };

uint32_t ipv6_headers_len(uint8_t kind, uint8_t units)
{
	if (kind == IPV6_FRAGMENT)
		return FRAGMENT_HEADER_LEN;
	return kind == IPV6_AUTHENTICATION ? (units + 2u) * 4 : (units + 1u) * 8;
}

/* What is not there: does the packet lack it, or what was captured of it? */
static enum match_result missing(const struct packet *packet)
{
	return packet_is_cut(packet) ? MATCH_UNKNOWN : MATCH_HOTDROP;
}

/* Does the header that begins at `at` end behind the packet, and does this kernel mind? */
static bool is_refused(const struct packet *packet, uint32_t at, uint32_t len, enum profile profile)
{
	return !packet_is_cut(packet) && packet->len - at < len && profile_value(profile, PROFILE_REFUSES_LONG_HEADERS);
}

enum match_result ipv6_headers_open(const struct packet *packet, uint8_t kind, uint32_t len, enum profile profile,
				    struct cursor *cursor)
{
	uint32_t at = IPV6_HEADER_LEN;
	uint8_t next;

	*cursor = cursor_at(packet->bytes, packet->len, NEXT_HEADER_AT);
	next = cursor_u8(cursor);
	while (next != kind) {
		uint8_t here = next;
		uint32_t here_len;
		uint16_t fragment = 0;

		if (!protocol_is_extension(here))
			return MATCH_NO;
		*cursor = cursor_at(packet->bytes, packet->len, at);
		next = cursor_u8(cursor);
		here_len = ipv6_headers_len(here, cursor_u8(cursor));
		if (here == IPV6_FRAGMENT || here == IPV6_ROUTING)
			fragment = cursor_u16(cursor);
		if (cursor->failed)
			return missing(packet);
		/* Behind the header of a later fragment stands payload. */
		if (here == IPV6_FRAGMENT && fragment >> 3)
			return MATCH_NO;
		if (is_refused(packet, at, here_len, profile))
			return MATCH_HOTDROP;
		at += here_len;
	}
	*cursor = cursor_at(packet->bytes, packet->len, at);
	return cursor_left(cursor) < len ? missing(packet) : MATCH_YES;
}

bool ipv6_headers_exceed(const struct packet *packet, enum profile profile)
{
	enum { NO_HEADER_OF_A_CHAIN = 255 };
	struct cursor cursor;

	return packet->has_ip_options && packet->family == FAMILY_IPV6 && profile_value(profile, PROFILE_REFUSES_LONG_HEADERS) &&
	       ipv6_headers_open(packet, NO_HEADER_OF_A_CHAIN, 0, profile, &cursor) == MATCH_HOTDROP;
}

bool ipv6_headers_explain(const struct subject *subject, uint8_t kind, const char *words, struct text *out)
{
	struct cursor cursor;

	switch (ipv6_headers_open(subject->packet, kind, 0, subject->profile, &cursor)) {
	case MATCH_NO:
		text_printf(out, "the packet has no %s", words);
		return true;
	case MATCH_HOTDROP:
		text_append(out, "the packet's chain of headers is broken");
		return true;
	case MATCH_UNKNOWN:
		text_printf(out, "the capture does not hold the %s", words);
		return true;
	case MATCH_YES:
	case MATCH_YES_HOTDROP:
		break;
	}
	return false;
}
