/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/tell.h"

#include <stdio.h>

void tell_print_cell(const struct tracker *tracker, const struct tracker_packet *seen, const char *from,
		     char cell[LOOKUP_LONGEST_CELL + 1])
{
	snprintf(cell, LOOKUP_LONGEST_CELL + 1, "%s %s in %s",
		 seen->direction == DIRECTION_ORIGINAL ? "original" : "reply", tracker->packet_name(seen->packet), from);
}

void tell_lookup(const struct conntrack *conntrack, const struct tracker_packet *seen, const struct tuple *tuple,
		 const struct connection *found, enum direction direction)
{
	struct event_lookup *told = seen->told;

	told->result = found ? LOOKUP_FOUND : LOOKUP_NOTHING;
	told->tuple = *tuple;
	told->direction = found ? direction : DIRECTION_ORIGINAL;
	if (found)
		conntrack_view(conntrack, found, &told->before);
}

void tell_emit(struct conntrack *conntrack, struct event_lookup *told)
{
	struct event event = { .kind = EVENT_LOOKUP, .lookup = told };

	stream_emit(conntrack->stream, &event);
	*told = (struct event_lookup){ .result = LOOKUP_IMPOSSIBLE };
}

void tell_transition(struct conntrack *conntrack, const struct tracker_packet *seen,
		     const struct connection *connection, const char *from, const struct complaint *reason)
{
	struct event event = { .kind = EVENT_TRANSITION };
	char cell[LOOKUP_LONGEST_CELL + 1];

	if (!stream_wants(conntrack->stream, EVENT_TRANSITION))
		return;
	event.transition.direction = seen->direction;
	event.transition.from = from;
	event.transition.reason = *reason;
	if (connection) {
		conntrack_view(conntrack, connection, &event.transition.entry);
		event.transition.to = event.transition.entry.state;
	}
	if (connection && from && connection_tracker(connection)->packet_name) {
		tell_print_cell(connection_tracker(connection), seen, from, cell);
		event.transition.cell = cell;
	}
	stream_emit(conntrack->stream, &event);
}
