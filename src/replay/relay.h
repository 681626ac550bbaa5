/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Formats at work in a thread of their own, beside the one that reads and replays.
 *
 * The replaying thread puts events into a parcel; a full one is handed over and read by the other thread, in order, so what is written does
 * not depend on how many threads there are. Few parcels go round: who is faster waits. The two share nothing else: an event in a
 * parcel borrows nothing from the engine (replay/parcel).
 */
#ifndef REPLAY_RELAY_H
#define REPLAY_RELAY_H

#include <stdbool.h>

#include "event/event.h"
#include "replay/parcel.h"

struct relay;

/* Who reads, in the thread of the relay. */
struct relay_reader {
	void (*read)(void *owner, const struct event *event, bool is_shown);
	void (*rest)(void *owner);	/* after each parcel */
	void *owner;
};

/* Starts the thread; it runs when this returns. NULL: the system gives none. */
struct relay *relay_create(const struct relay_reader *reader, const struct parcel_wants *wants);

/* Sends an event of PARCEL_KINDS. */
void relay_send(struct relay *relay, const struct event *event, bool is_shown);

/* Waits until all is read, and ends the thread. NULL is allowed. */
void relay_destroy(struct relay *relay);

#endif
