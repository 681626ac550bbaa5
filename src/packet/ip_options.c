/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/ip_options.h"

#include <stddef.h>

#include "base/cursor.h"

enum { IPV4_HEADER_LEN = 20, OPTION_HEADER_LEN = 2, ADDRESS_LEN = 4 };
enum { END = 0, NO_OPERATION = 1, RECORD_ROUTE = 7, TIME_STAMP = 68, LOOSE_ROUTE = 131, STRICT_ROUTE = 137, ROUTER_ALERT = 148 };
enum { STAMP_ONLY = 0, STAMP_AND_ADDRESS = 1, STAMP_PRESPECIFIED = 3, MOST_OVERFLOWS = 15 };

/* One option: its bytes, and which of the kinds that may come once have come before. */
struct option {
	const uint8_t *bytes;
	uint8_t len;
};

struct seen {
	bool has_route, has_record, has_stamp;
};

enum { GOOD = -1 };

/* Each answers with the byte of the option that is wrong, or GOOD. */
static int check_source_route(const struct option *option, struct seen *seen)
{
	if (option->len < 3)
		return 1;
	if (option->bytes[2] < 4)
		return 2;
	if (seen->has_route)
		return 0;
	seen->has_route = true;
	return GOOD;
}

static int check_record_route(const struct option *option, struct seen *seen)
{
	if (seen->has_record)
		return 0;
	if (option->len < 3)
		return 1;
	if (option->bytes[2] < 4 || (option->bytes[2] <= option->len && option->bytes[2] + ADDRESS_LEN - 1 > option->len))
		return 2;
	seen->has_record = true;
	return GOOD;
}

static int check_time_stamp(const struct option *option, struct seen *seen)
{
	uint8_t kind, place;

	if (seen->has_stamp)
		return 0;
	if (option->len < 4)
		return 1;
	place = option->bytes[2];
	kind = option->bytes[3] & 15;
	if (place < 5)
		return 2;
	if (place <= option->len) {
		bool has_address = kind == STAMP_AND_ADDRESS || kind == STAMP_PRESPECIFIED;

		if (place + 3 > option->len || (has_address && place + 7 > option->len))
			return 2;
	} else if (kind != STAMP_PRESPECIFIED && option->bytes[3] >> 4 == MOST_OVERFLOWS) {
		return 3;
	}
	seen->has_stamp = true;
	return GOOD;
}

static int check_option(const struct option *option, struct seen *seen)
{
	switch (option->bytes[0]) {
	case LOOSE_ROUTE:
	case STRICT_ROUTE:
		return check_source_route(option, seen);
	case RECORD_ROUTE:
		return check_record_route(option, seen);
	case TIME_STAMP:
		return check_time_stamp(option, seen);
	case ROUTER_ALERT:
		return option->len < 4 ? 1 : GOOD;
	default:
		return GOOD;
	}
}

enum ip_options_result ip_options_check(const struct packet *packet, uint8_t *pointer)
{
	size_t end = packet->bytes && packet->len ? (size_t)(packet->bytes[0] & 15) * 4 : 0;
	struct cursor cursor = cursor_at(packet->bytes, end < packet->len ? end : packet->len, IPV4_HEADER_LEN);
	struct seen seen = { .has_route = false };

	while (cursor_left(&cursor)) {
		size_t start = cursor.offset, left = cursor_left(&cursor);
		uint8_t kind = cursor.bytes[start];
		struct option option;
		int wrong = GOOD;

		if (kind == END)
			break;
		if (kind == NO_OPERATION) {
			cursor_skip(&cursor, 1);
			continue;
		}
		option.bytes = cursor.bytes + start;
		option.len = left < OPTION_HEADER_LEN ? 0 : option.bytes[1];
		wrong = option.len < OPTION_HEADER_LEN || option.len > left ? 0 : check_option(&option, &seen);
		if (wrong != GOOD) {
			*pointer = (uint8_t)(start + (size_t)wrong);
			return IP_OPTIONS_MISTAKE;
		}
		cursor_skip(&cursor, option.len);
	}
	return seen.has_route ? IP_OPTIONS_SOURCE_ROUTE : IP_OPTIONS_FINE;
}
