/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/journey.h"

#include <string.h>

#include "host/walk.h"

void journey_start(struct journey *journey, const struct walk *walk, struct packet *packet, struct eval_trace *trace)
{
	memset(journey, 0, sizeof(*journey));
	journey->packet = packet;
	journey->trace = trace;
	journey->in = journey->out = "";
	journey->subject = (struct subject){
		.packet = packet,
		.tracking = &journey->tracking,
		.in = "",
		.out = "",
		.now = packet->time,
		.hz = walk->hz,
		.profile = walk->profile,
		.origin_ns = walk->origin_ns,
		.connections = &walk->connections,
		.surroundings = &walk->topology->surroundings,
		.stream = walk->stream,
	};
}

bool journey_end(struct journey *journey, enum verdict verdict, const char *reason)
{
	journey->verdict = verdict;
	journey->reason = reason;
	return false;
}

bool journey_drop(struct journey *journey, const char *reason)
{
	journey->decided_by = NULL;
	return journey_end(journey, VERDICT_DROP, reason);
}

void journey_note_decision(struct journey *journey, enum table table, const struct eval_result *result)
{
	bool is_policy = !result->decided_by || result->decided_by->number == 0;

	if (result->verdict == EVAL_ACCEPT && table != TABLE_FILTER && (is_policy || journey->decided_by_filter))
		return;
	journey->decided_by = result->is_default ? NULL : result->decided_by;
	journey->decided_by_filter = table == TABLE_FILTER;
}
