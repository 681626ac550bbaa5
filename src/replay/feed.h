/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets read and decoded in a thread of their own, some batches ahead of the replay. For sources that never keep anybody waiting: files.
 * From feed_begin() to feed_destroy() lookahead and source are its own.
 */
#ifndef REPLAY_FEED_H
#define REPLAY_FEED_H

#include <stddef.h>

#include "host/simulator.h"
#include "replay/batch.h"
#include "replay/lookahead.h"

struct feed;

/* Starts the thread; it runs when this returns. NULL: the system gives none. */
struct feed *feed_create(struct lookahead *lookahead);

/* It may read now, for this simulator, which must outlive it. */
void feed_begin(struct feed *feed, const struct simulator *simulator);

/* The next batch, and how many packets it has: none at the end, or after an error of the source. The one before it is given back. */
struct batch *feed_next(struct feed *feed, size_t *n_packets);

/* Ends the thread, wherever it is: the lookahead says how far it came. NULL is allowed. */
void feed_destroy(struct feed *feed);

#endif
