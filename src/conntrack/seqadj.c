/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/seqadj.h"

#include "base/cursor.h"
#include "packet/rewrite.h"

enum {
	SEQUENCE_OFFSET = 4, ACKNOWLEDGMENT_OFFSET = 8, OPTIONS_OFFSET = 20,
	OPTION_END = 0, OPTION_NOP = 1, OPTION_SACK = 5, SACK_BLOCK_LEN = 8,
};

static bool is_after(uint32_t a, uint32_t b)
{
	return (int32_t)(b - a) < 0;
}

void seqadj_note(struct connection *connection, enum direction direction, uint32_t sequence, int32_t change)
{
	struct seqadj_side *side = &connection_extra(connection)->seqadj[direction];

	if (change == 0)
		return;
	connection->status |= STATUS_SEQ_ADJUST;
	/* A retransmission of what was changed last changes nothing. */
	if (side->before != side->after && !is_after(sequence, side->position))
		return;
	side->position = sequence;
	side->before = side->after;
	side->after += change;
}

static int32_t offset_of(const struct seqadj_side *side, uint32_t sequence)
{
	return is_after(sequence, side->position) ? side->after : side->before;
}

int32_t seqadj_offset(const struct connection *connection, enum direction direction, uint32_t sequence)
{
	return connection->status & STATUS_SEQ_ADJUST ? offset_of(&connection_extra(connection)->seqadj[direction], sequence) : 0;
}

static void change_number(struct packet *packet, uint32_t offset, uint32_t value)
{
	uint8_t bytes[4] = { (uint8_t)(value >> 24), (uint8_t)(value >> 16), (uint8_t)(value >> 8), (uint8_t)value };

	rewrite_l4_bytes(packet, offset, bytes, sizeof(bytes));
}

/* What the receiver acknowledges, in the sender's own count. */
static uint32_t undo(const struct seqadj_side *side, uint32_t acknowledged)
{
	return acknowledged - (uint32_t)offset_of(side, acknowledged - (uint32_t)side->before);
}

static void undo_blocks(const struct seqadj_side *side, struct packet *packet, uint32_t offset, uint32_t len)
{
	for (uint32_t at = 0; at < len; at += 4) {
		struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset + offset + at);
		uint32_t edge = cursor_u32(&cursor);

		if (!cursor.failed)
			change_number(packet, offset + at, undo(side, edge));
	}
}

/* Linux 6.18, nf_ct_sack_adjust(). */
static bool apply_to_blocks(const struct seqadj_side *side, struct packet *packet)
{
	uint32_t offset = OPTIONS_OFFSET, end = packet->tcp_header_len;

	while (offset < end) {
		struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset + offset);
		uint8_t kind = cursor_u8(&cursor), len;

		if (kind == OPTION_END || cursor.failed)
			return true;
		if (kind == OPTION_NOP) {
			offset++;
			continue;
		}
		len = cursor_u8(&cursor);
		if (cursor.failed)
			return offset + 1 != end;	/* cut by the snap length, or a partial option */
		if (offset + 1 == end || offset + len > end || len < 2)
			return false;
		if (kind == OPTION_SACK && len >= 2 + SACK_BLOCK_LEN && (len - 2) % SACK_BLOCK_LEN == 0)
			undo_blocks(side, packet, offset + 2, len - 2u);
		offset += len;
	}
	return true;
}

bool seqadj_apply(const struct connection *connection, enum direction direction, struct packet *packet)
{
	const struct seqadj_side *own = &connection_extra(connection)->seqadj[direction];
	const struct seqadj_side *other = &connection_extra(connection)->seqadj[direction_other(direction)];
	uint32_t sequence = packet->tcp_sequence, acknowledgment = packet->tcp_acknowledgment;

	if (!packet->has_l4)
		return true;
	change_number(packet, SEQUENCE_OFFSET, sequence + (uint32_t)offset_of(own, sequence));
	if (!(packet->tcp_flags & TCP_ACK))
		return true;
	change_number(packet, ACKNOWLEDGMENT_OFFSET, undo(other, acknowledgment));
	return apply_to_blocks(other, packet);
}
