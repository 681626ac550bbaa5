/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Words of a packet that is rewritten, wherever they stand. Private to packet/rewrite*.c. */
#ifndef PACKET_REWRITE_WORDS_H
#define PACKET_REWRITE_WORDS_H

#include <stdint.h>

#include "base/cursor.h"
#include "packet/packet.h"

/* The packet's bytes, writable: a copy of its own from the first change on. */
uint8_t *rewrite_writable(struct packet *packet);

static inline uint16_t read_u16(const struct packet *packet, int offset)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, (size_t)offset);

	return cursor_u16(&cursor);
}

/* The word must be there. */
static inline void write_u16(struct packet *packet, int offset, uint16_t value)
{
	uint8_t *at = rewrite_writable(packet) + offset;

	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

#endif
