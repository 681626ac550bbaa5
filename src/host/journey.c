/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/journey.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/alloc.h"
#include "host/walk.h"

void journey_start(struct journey *journey, const struct walk *walk, struct packet *packet, struct eval_trace *trace)
{
	struct subject *subject = &journey->subject;

	alloc_clear(journey, offsetof(struct journey, hooks));
	journey->packet = packet;
	journey->trace = trace;
	journey->in = journey->out = "";
	subject->packet = packet;
	subject->tracking = &journey->tracking;
	subject->in = subject->out = subject->received_by = "";
	subject->now = packet->time;
	subject->hz = walk->hz;
	subject->profile = walk->profile;
	subject->origin_ns = walk->origin_ns;
	subject->connections = &walk->connections;
	subject->surroundings = &walk->topology->surroundings;
	subject->annotations = walk->annotations;
	subject->stream = walk->stream;
}

/* What rules see of the way. */
static void show_way(struct journey *journey)
{
	const struct route *route = journey->routing.route;

	journey->subject.next_hop =
		route && route->has_via && route->family == FAMILY_IPV4 ? &route->via : &journey->packet->destination;
	journey->subject.mtu = fib_mtu(route);
}

/* What is for the host itself, or for all of a link, needed no route. */
static bool is_route_wanted(const struct journey *journey, const struct walk *walk)
{
	return stream_wants(walk->stream, EVENT_ROUTE) && (journey->routing.route || journey->routing.reason);
}

/* "default via 192.0.2.1 dev wan, by rule 100", or why nowhere. */
static void tell_route(const struct journey *journey, const struct walk *walk)
{
	const struct routing *routing = &journey->routing;
	struct event event = { .kind = EVENT_ROUTE, .route = { .depth = journey->depth } };
	struct text words;

	text_init(&words);
	if (routing->reason)
		text_append(&words, routing->reason);
	if (routing->route) {
		text_append(&words, routing->reason ? ": " : "");
		fib_print_route(routing->route, &words);
	}
	if (routing->rule && !topology_is_usual_rule(routing->rule))
		text_printf(&words, ", by policy rule %" PRIu32, routing->rule->priority);
	event.route.words = text_string(&words);
	stream_emit(walk->stream, &event);
	text_clear(&words);
}

void journey_route_input(struct journey *journey, const struct walk *walk)
{
	routing_input(walk->topology, journey->packet, journey->subject.in, journey->subject.mark, &journey->routing);
	show_way(journey);
	if (is_route_wanted(journey, walk))
		tell_route(journey, walk);
}

bool journey_route_output(struct journey *journey, const struct walk *walk)
{
	routing_output(walk->topology, journey->packet, journey->subject.mark, &journey->routing);
	if (is_route_wanted(journey, walk))
		tell_route(journey, walk);
	if (journey->routing.result == ROUTING_DROP)
		return journey_drop(journey, journey->routing.reason);
	show_way(journey);
	return true;
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
