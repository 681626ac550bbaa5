/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Events that are kept until somebody reads them, with all that they borrow: packets and their bytes, lists, sentences. What an event
 * holds besides are plain values and strings that outlive the replay, which stay where they are. What most packets have in common, that
 * much of their event is zero, and what no reader looks at takes no room.
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

/* What readers of EVENT_PACKET look at besides; it is NULL in what they read, where they do not. */
struct parcel_wants {
	bool left;		/* the packet as it left */
	bool frames;		/* bytes of packets whose line summary_print() makes without them */
};

/* Where one reads. All zero: at the beginning. */
struct parcel_reader {
	size_t place;
	struct event event;	/* private: the one at hand, where it is put together; and its packet */
	struct packet packet;
};

/*
 * Kinds that can be put into a parcel: all but those that tell in detail how a packet was treated, which explanations are made of, and
 * outcomes, which no format is made of.
 */
#define PARCEL_KINDS \
	(((EVENT_BIT(EVENT_KIND_COUNT) - 1) | EVENT_PACKET_LEFT | EVENT_PACKET_PHANTOM) & \
	 ~(EVENT_BIT(EVENT_LOOKUP) | EVENT_BIT(EVENT_MISS) | EVENT_BIT(EVENT_STEP) | EVENT_BIT(EVENT_ROUTE) | EVENT_BIT(EVENT_PROBE) | \
	   EVENT_BIT(EVENT_BUCKET) | EVENT_BIT(EVENT_OUTCOME)))

void parcel_init(struct parcel *parcel);
void parcel_clear(struct parcel *parcel);

/* Takes everything out, and keeps the memory. */
void parcel_empty(struct parcel *parcel);

/* Puts an event of PARCEL_KINDS in. False: there is no room left, and nothing happened. An empty parcel has room for any event. */
bool parcel_put(struct parcel *parcel, const struct event *event, bool is_shown, const struct parcel_wants *wants);

/* The next one; NULL: that was all. It is valid until the next call. */
const struct event *parcel_next(const struct parcel *parcel, struct parcel_reader *reader, bool *is_shown);

#endif
