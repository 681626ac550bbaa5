/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What tracking has to say about one packet: EVENT_TRANSITION at once, and to whoever wants to know why EVENT_LOOKUP,
 * noted in the packet's tracker_packet.told while the packet is tracked and said at the end. Private to conntrack/.
 */
#ifndef CONNTRACK_TELL_H
#define CONNTRACK_TELL_H

#include "conntrack/lifecycle.h"
#include "conntrack/tracker.h"

/* The cell of the protocol's state table: "reply syn/ack in SYN_SENT". */
void tell_print_cell(const struct tracker *tracker, const struct tracker_packet *seen, const char *from,
		     char cell[LOOKUP_LONGEST_CELL + 1]);

/* Notes what was looked for, and found; NULL: nothing. seen->told is not NULL. */
void tell_lookup(const struct conntrack *conntrack, const struct tracker_packet *seen, const struct tuple *tuple,
		 const struct connection *found, enum direction direction);

/* Says what was noted, and begins a new page. */
void tell_emit(struct conntrack *conntrack, struct event_lookup *told);

/*
 * Emits EVENT_TRANSITION: from `from` (NULL: no states) to the state that the entry has now. `connection` NULL: the
 * packet has none.
 */
void tell_transition(struct conntrack *conntrack, const struct tracker_packet *seen,
		     const struct connection *connection, const char *from, const struct complaint *reason);

#endif
