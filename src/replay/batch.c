/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/decode.h"

void batch_init(struct batch *batch)
{
	memset(batch, 0, sizeof(*batch));
	for (size_t i = 0; i < BATCH_MOST; i++)
		packet_init(&batch->packets[i]);
}

void batch_clear(struct batch *batch)
{
	for (size_t i = 0; i < BATCH_MOST; i++) {
		packet_clear(&batch->packets[i]);
		free(batch->frames[i]);
	}
	memset(batch, 0, sizeof(*batch));
}

static void keep_frame(struct batch *batch, size_t i)
{
	struct packet *packet = &batch->packets[i];

	if (packet->captured_len > batch->capacities[i]) {
		batch->capacities[i] = alloc_grown_capacity(batch->capacities[i], packet->captured_len);
		batch->frames[i] = alloc_resize(batch->frames[i], batch->capacities[i], 1);
	}
	if (packet->captured_len)
		memcpy(batch->frames[i], packet->frame, packet->captured_len);
	packet->frame = batch->frames[i];
}

size_t batch_fill(struct batch *batch, struct lookahead *lookahead, size_t most)
{
	size_t n = 0;

	while (n < most && n < BATCH_MOST && lookahead_next(lookahead, &batch->packets[n]) == PACKET_SOURCE_PACKET) {
		keep_frame(batch, n);
		decode_frame(&batch->packets[n], lookahead->source->link_type);
		n++;
	}
	return n;
}
