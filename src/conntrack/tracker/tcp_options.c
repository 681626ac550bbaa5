/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/tracker/tcp_options.h"

#include <string.h>

#include "base/cursor.h"

enum { TCP_HEADER_LEN = 20, MOST_SCALE = 14 };

enum { OPTION_END = 0, OPTION_NOP = 1, OPTION_SCALE = 3, OPTION_SACK_PERMITTED = 4, OPTION_SACK = 5 };

/* Over the options alone; shorter than they say when the snap length cut them. */
static struct cursor options_of(const struct packet *packet)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)packet->l4_offset + TCP_HEADER_LEN);
	size_t left = cursor_left(&cursor), wanted = packet->tcp_header_len;

	wanted -= wanted > TCP_HEADER_LEN ? TCP_HEADER_LEN : wanted;
	return cursor_over(packet->bytes + cursor.offset, wanted < left ? wanted : left);
}

/* The next option other than NOP: kind, and a cursor over its data. False at the end or at a malformed one. */
static bool next_option(struct cursor *cursor, uint8_t *kind, struct cursor *data)
{
	uint8_t len;
	const uint8_t *bytes;

	do {
		*kind = cursor_u8(cursor);
	} while (*kind == OPTION_NOP);
	if (cursor->failed || *kind == OPTION_END)
		return false;
	len = cursor_u8(cursor);
	if (len < 2)
		return false;
	bytes = cursor_take(cursor, len - 2u);
	if (!bytes)
		return false;
	*data = cursor_over(bytes, len - 2u);
	return true;
}

void tcp_options_parse(const struct packet *packet, struct tcp_options *options)
{
	struct cursor cursor = options_of(packet), data;
	uint8_t kind;

	*options = (struct tcp_options){ .is_present = packet->tcp_header_len > TCP_HEADER_LEN };
	while (next_option(&cursor, &kind, &data)) {
		if (kind == OPTION_SACK_PERMITTED && data.len == 0) {
			options->has_sack_permitted = true;
		} else if (kind == OPTION_SCALE && data.len == 1) {
			options->has_scale = true;
			options->scale = cursor_u8(&data);
			if (options->scale > MOST_SCALE)
				options->scale = MOST_SCALE;
		}
	}
}

uint32_t tcp_options_highest_sack(const struct packet *packet, uint32_t ack)
{
	static const uint8_t aligned_timestamp[4] = { OPTION_NOP, OPTION_NOP, 8, 10 };
	enum { ALIGNED_TIMESTAMP_LEN = 12, BLOCK_LEN = 8 };
	struct cursor cursor = options_of(packet), data;
	uint32_t highest = ack;
	uint8_t kind;

	if (cursor.len == ALIGNED_TIMESTAMP_LEN && memcmp(cursor.bytes, aligned_timestamp, 4) == 0)
		return ack;
	while (next_option(&cursor, &kind, &data)) {
		if (kind != OPTION_SACK || data.len == 0 || data.len % BLOCK_LEN)
			continue;
		while (cursor_left(&data)) {
			uint32_t right;

			cursor_skip(&data, 4);
			right = cursor_u32(&data);
			if ((int32_t)(highest - right) < 0)
				highest = right;
		}
		break;
	}
	return highest;
}
