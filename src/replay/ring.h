/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A few slots that go round between two threads: one fills them, the other empties them, in order; who is faster waits. Slots are numbers:
 * what is in them is the users'. A slot belongs to one of both at any time, so that there is nothing else to be locked.
 */
#ifndef REPLAY_RING_H
#define REPLAY_RING_H

#include <stdbool.h>

#include "replay/worker.h"

/* Who has filled all is woken when so few are left: a thread that sleeps is dear to wake. */
enum { RING_SLOTS = 6, RING_LOW = 2, RING_NONE = RING_SLOTS };

struct ring {
	struct worker *worker;		/* borrowed: one of both threads; its lock guards what follows */
	unsigned first, n_filled;	/* slots that are filled, or are being emptied */
	unsigned n_worth;		/* who empties, and waits, is woken when so many are filled */
	bool is_ended, is_stopped;
};

/* `n_worth`, from 1 on: a thread that sleeps is dear to wake, and so is one that is fast and waits after each slot. */
void ring_init(struct ring *ring, struct worker *worker, unsigned n_worth);

/* For who fills: waits for an empty slot, and hands over what is filled. RING_NONE: nobody wants more. */
unsigned ring_to_fill(struct ring *ring);
void ring_filled(struct ring *ring);

/* That was all. */
void ring_end(struct ring *ring);

/* For who empties: waits for a filled slot, the same until it is given back. RING_NONE: that was all. */
unsigned ring_to_empty(struct ring *ring);
void ring_emptied(struct ring *ring);

/* Nobody wants more. */
void ring_stop(struct ring *ring);

#endif
