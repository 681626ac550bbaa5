/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What became of a packet, as the event that sums it up. */
#ifndef HOST_TELL_H
#define HOST_TELL_H

#include "conntrack/conntrack.h"
#include "event/stream.h"
#include "host/journey.h"
#include "host/vantage.h"

/* `captured` is the packet as it was before its journey, or when its fragments were put together. */
void tell_wanted_packet(struct stream *stream, const struct conntrack *conntrack, const struct journey *journey,
			const struct sighting *sighting, const struct packet *captured);

/* A packet that took the way of one before it. */
struct followed {
	const struct way_outcome *outcome;
	const struct eval_trace *trace;		/* the rules of its way */
	const struct packet *captured;
	const struct packet *left;		/* as it left; NULL: nobody looks at it */
};

/*
 * `event` was all zero when it was used for the first time, and is used for nothing else: so what no such packet has need not be set
 * to zero for each.
 */
void tell_followed_packet(struct stream *stream, const struct conntrack *conntrack, const struct followed *followed, struct event *event);

static inline void tell_packet(struct stream *stream, const struct conntrack *conntrack, const struct journey *journey,
			       const struct sighting *sighting, const struct packet *captured)
{
	if (stream_wants(stream, EVENT_PACKET))
		tell_wanted_packet(stream, conntrack, journey, sighting, captured);
}

/* The same in short. */
void tell_wanted_outcome(struct stream *stream, const struct journey *journey, const struct packet *captured);

static inline void tell_outcome(struct stream *stream, const struct journey *journey, const struct packet *captured)
{
	if (stream_wants(stream, EVENT_OUTCOME))
		tell_wanted_outcome(stream, journey, captured);
}

/* Of a packet that followed its connection's way. Resets and fills the trace. */
void tell_wanted_repeat(struct stream *stream, const struct walk *walk, const struct packet *packet, const struct way_outcome *outcome,
			struct eval_trace *trace);

/* Can the repeat be told while the packet's bytes are as they were? Else what is translated has to walk. */
bool tell_knows_repeat(const struct packet *packet);

#endif
