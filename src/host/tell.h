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

static inline void tell_packet(struct stream *stream, const struct conntrack *conntrack, const struct journey *journey,
			       const struct sighting *sighting, const struct packet *captured)
{
	if (stream_wants(stream, EVENT_PACKET))
		tell_wanted_packet(stream, conntrack, journey, sighting, captured);
}

#endif
