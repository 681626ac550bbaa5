/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/lookahead.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/decode.h"

enum { LOOKAHEAD_MOST_BYTES = 16 * 1024 * 1024 };

void lookahead_init(struct lookahead *lookahead, struct packet_source *source)
{
	memset(lookahead, 0, sizeof(*lookahead));
	lookahead->source = source;
	lookahead->last_result = PACKET_SOURCE_PACKET;
}

static void release_held(struct lookahead *lookahead, size_t index)
{
	free((void *)(uintptr_t)lookahead->held[index].frame);
	lookahead->held[index].frame = NULL;
}

void lookahead_clear(struct lookahead *lookahead)
{
	for (size_t i = 0; i < lookahead->n_held; i++)
		release_held(lookahead, i);
	free(lookahead->held);
	memset(lookahead, 0, sizeof(*lookahead));
}

/* Keeps what the source said of the packet; what decode says is found again from the copied frame. */
static void hold(struct lookahead *lookahead, const struct packet *packet)
{
	struct packet *held = &lookahead->held[lookahead->n_held++];

	packet_init(held);
	held->number = packet->number;
	held->time = packet->time;
	held->captured_len = packet->captured_len;
	held->original_len = packet->original_len;
	held->link = packet->link;
	held->frame = (const uint8_t *)alloc_copy((const char *)packet->frame, packet->captured_len);
	lookahead->n_bytes += packet->captured_len;
}

void lookahead_read(struct lookahead *lookahead, size_t most_packets, struct guess *guess)
{
	struct packet packet;
	size_t capacity = 0;

	packet_init(&packet);
	while (lookahead->n_held < most_packets && lookahead->n_bytes < LOOKAHEAD_MOST_BYTES) {
		lookahead->last_result = packet_source_next(lookahead->source, &packet);
		if (lookahead->last_result != PACKET_SOURCE_PACKET)
			break;
		if (lookahead->n_held == capacity) {
			capacity = alloc_grown_capacity(capacity, capacity + 1);
			lookahead->held = alloc_resize(lookahead->held, capacity, sizeof(*lookahead->held));
		}
		hold(lookahead, &packet);
		if (!guess)
			continue;
		decode_frame(&packet, lookahead->source->link_type);
		guess_add(guess, &packet);
	}
	packet_clear(&packet);
}

enum packet_source_result lookahead_next(struct lookahead *lookahead, struct packet *packet)
{
	if (lookahead->next < lookahead->n_held) {
		const struct packet *held = &lookahead->held[lookahead->next];

		if (lookahead->next)
			release_held(lookahead, lookahead->next - 1);
		lookahead->next++;
		packet->number = held->number;
		packet->time = held->time;
		packet->captured_len = held->captured_len;
		packet->original_len = held->original_len;
		packet->link = held->link;
		packet->frame = held->frame;
		packet->is_checksum_trusted = false;
	} else {
		if (lookahead->last_result == PACKET_SOURCE_PACKET)
			lookahead->last_result = packet_source_next(lookahead->source, packet);
		if (lookahead->last_result != PACKET_SOURCE_PACKET)
			return lookahead->last_result;
	}
	return PACKET_SOURCE_PACKET;
}
