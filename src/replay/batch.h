/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A few packets at a time, decoded: so that the memory that each will need can be on its
 * way while the one before is replayed.
 */
#ifndef REPLAY_BATCH_H
#define REPLAY_BATCH_H

#include <stddef.h>
#include <stdint.h>

#include "packet/packet.h"
#include "replay/lookahead.h"

enum { BATCH_MOST = 32 };

struct batch {
	struct packet packets[BATCH_MOST];
	uint8_t *frames[BATCH_MOST];	/* owned copies: a source lends its frame for one call only */
	size_t capacities[BATCH_MOST];
};

void batch_init(struct batch *batch);
void batch_clear(struct batch *batch);

/* Takes up to `most` packets, at most BATCH_MOST, and decodes them. How many; 0 at the end, or after an error of the source. */
size_t batch_fill(struct batch *batch, struct lookahead *lookahead, size_t most);

#endif
