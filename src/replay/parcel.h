/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events that are kept until somebody reads them, with all that they borrow: packets and their bytes, lists, sentences. What an event
 * holds besides are plain values and strings that outlive the replay, which stay where they are.
 */
#ifndef REPLAY_PARCEL_H
#define REPLAY_PARCEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

struct parcel {
	uint8_t *bytes;		/* owned */
	size_t capacity, used;
};

/*
 * Kinds that can be put into a parcel: all but those that tell in detail how a packet was treated, which explanations are made of, and
 * outcomes, which no format is made of.
 */
#define PARCEL_KINDS \
	(((EVENT_BIT(EVENT_KIND_COUNT) - 1) | EVENT_PACKET_LEFT) & \
	 ~(EVENT_BIT(EVENT_LOOKUP) | EVENT_BIT(EVENT_MISS) | EVENT_BIT(EVENT_STEP) | EVENT_BIT(EVENT_ROUTE) | EVENT_BIT(EVENT_PROBE) | \
	   EVENT_BIT(EVENT_BUCKET) | EVENT_BIT(EVENT_OUTCOME)))

void parcel_init(struct parcel *parcel);
void parcel_clear(struct parcel *parcel);

/* Takes everything out, and keeps the memory. */
void parcel_empty(struct parcel *parcel);

/*
 * Puts an event of PARCEL_KINDS in. `has_left`: with the packet as it left, which few formats look at; else it has none. False: there is
 * no room left, and nothing happened. An empty parcel has room for any event.
 */
bool parcel_put(struct parcel *parcel, const struct event *event, bool is_shown, bool has_left);

/* Reads on from *place, which begins at 0. NULL: that was all. The event is the parcel's. */
const struct event *parcel_next(const struct parcel *parcel, size_t *place, bool *is_shown);

#endif
