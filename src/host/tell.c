/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/tell.h"

#include <string.h>

#include "host/walk.h"
#include "packet/ends.h"

/* An entry that its packet made is none unless it was confirmed, or has ended since. */
static bool has_entry(const struct tracking *tracking, bool was_unconfirmed)
{
	const struct connection *connection = tracking->connection;

	return connection && (!was_unconfirmed || connection->status & (STATUS_CONFIRMED | STATUS_DYING));
}

static enum entry_change find_change(const struct tracking *tracking, bool was_unconfirmed)
{
	const struct connection *connection = tracking->connection;
	const char *state;

	if (!has_entry(tracking, was_unconfirmed))
		return ENTRY_NONE;
	if (connection->status & STATUS_DYING)
		return ENTRY_DESTROYED;
	if (was_unconfirmed)
		return ENTRY_NEW;
	state = connection_state_name(connection);
	/* That sequence numbers are adjusted from now on is no event. */
	if ((connection->status ^ tracking->status_before) & ~(uint32_t)STATUS_SEQ_ADJUST || state != tracking->state_before)
		return ENTRY_CHANGED;
	return tracking->is_refreshed ? ENTRY_REFRESHED : ENTRY_UNCHANGED;
}

static void tell_of_entry(const struct conntrack *conntrack, const struct tracking *tracking, struct event_packet *told)
{
	if (told->change == ENTRY_NONE)
		return;
	told->has_entry = true;
	conntrack_view(conntrack, tracking->connection, &told->entry);
	if (told->change == ENTRY_CHANGED && told->entry.state != tracking->state_before)
		told->state_before = tracking->state_before;
}

static void tell_of_translation(const struct journey *journey, struct event_packet *told)
{
	struct tuple captured, sent;

	if (journey->verdict != VERDICT_ACCEPT)
		return;
	told->as_left = journey->packet;
	if (journey->n_hooks && journey->hooks[journey->n_hooks - 1] == HOOK_POSTROUTING)
		told->split = &journey->split;
	captured = ends_of(told->packet);
	sent = ends_of(journey->packet);
	if (!tuple_is_equal(&captured, &sent)) {
		told->was_rewritten = true;
		told->sent = sent;
	}
	told->payload_was_changed = journey->tracking.is_payload_changed;
}

void tell_wanted_packet(struct stream *stream, const struct conntrack *conntrack, const struct journey *journey,
			const struct sighting *sighting, const struct packet *captured)
{
	struct event event;
	struct event_packet *told = &event.journey;

	/* Set to zeros once: this is the largest event, and there is one a packet. */
	event.kind = EVENT_PACKET;
	*told = (struct event_packet){
		.packet = captured,
		.n_hooks = (uint8_t)journey->n_hooks,
		.in = journey->in,
		.out = journey->out,
		.ctstate = journey->tracking.ctstate,
		.direction = journey->tracking.direction,
		.verdict = journey->verdict,
		.decided_by = journey->decided_by,
		.reason = journey->reason,
		.invalid = journey->tracking.invalid,
		.matched = journey->trace->matched,
		.n_matched = journey->trace->n_matched,
		.unsimulated = journey->trace->unsimulated,
		.change = find_change(&journey->tracking, journey->was_unconfirmed),
		.mark = journey->subject.mark,
		.sighting = sighting->kind,
		.is_turned_back = sighting->is_turned_back,
		.is_stand_in = sighting->is_stand_in,
		.arrived_as = sighting->arrived_as,
		.copy_of = sighting->of_packet,
		.difference = sighting->difference,
		.phantom_of = sighting->phantom_of,
		.is_left_out = sighting->is_left_out,
	};
	for (size_t i = 0; i < journey->n_hooks; i++)
		told->hooks[i] = (uint8_t)journey->hooks[i];
	told->fragments = journey->fragments;
	told->n_fragments = journey->n_fragments;
	tell_of_translation(journey, told);
	tell_of_entry(conntrack, &journey->tracking, told);
	stream_emit(stream, &event);
}

void tell_followed_packet(struct stream *stream, const struct conntrack *conntrack, const struct followed *followed, struct event *event)
{
	static const struct split whole;
	const struct tracking *tracking = &followed->outcome->tracking;
	struct event_packet *told = &event->journey;
	bool is_left;

	event->kind = EVENT_PACKET;
	told->packet = followed->captured;
	told->ctstate = tracking->ctstate;
	told->direction = tracking->direction;
	told->matched = followed->trace->matched;
	told->n_matched = followed->trace->n_matched;
	told->unsimulated = followed->trace->unsimulated;
	told->change = find_change(tracking, false);
	ways_describe(followed->outcome->way, told);
	is_left = told->verdict == VERDICT_ACCEPT && followed->left;
	told->as_left = is_left ? followed->left : NULL;
	told->split = is_left && told->n_hooks && told->hooks[told->n_hooks - 1] == HOOK_POSTROUTING ? &whole : NULL;
	/* `sent` is of those alone that were translated, and those walk. */
	told->state_before = NULL;
	tell_of_entry(conntrack, tracking, told);
	told->is_usual = told->entry.is_usual && !told->unsimulated;
	stream_emit(stream, event);
}

void tell_wanted_outcome(struct stream *stream, const struct journey *journey, const struct packet *captured)
{
	const struct eval_trace *trace = journey->trace;
	struct event event;
	struct event_outcome *told = &event.outcome;
	struct tuple before;

	event.kind = EVENT_OUTCOME;
	*told = (struct event_outcome){
		.ctstate = journey->tracking.ctstate,
		.verdict = journey->verdict,
		.decided_by = journey->decided_by,
		.reason = journey->reason,
		.unsimulated = trace->unsimulated,
		.matched = trace->matched,
		.n_matched = trace->n_matched,
		.entry = has_entry(&journey->tracking, journey->was_unconfirmed) ? connection_id(journey->tracking.connection) : 0,
	};
	if (journey->verdict == VERDICT_ACCEPT) {
		before = ends_of(captured);
		told->sent = ends_of(journey->packet);
		told->was_rewritten = !tuple_is_equal(&before, &told->sent);
	}
	stream_emit(stream, &event);
}

bool tell_knows_repeat(const struct packet *packet)
{
	return packet->has_ports && (packet->protocol == PROTOCOL_TCP || packet->protocol == PROTOCOL_UDP);
}

/* What has arrived in one direction has become what the other direction's tuple answers. */
static void find_sent(const struct packet *packet, const struct tracking *tracking, struct event_outcome *told)
{
	const struct tuple back = connection_tuple(tracking->connection, !tracking->direction), before = ends_of(packet);

	told->sent = (struct tuple){
		.source = back.destination, .destination = back.source, .source_port = back.destination_port,
		.destination_port = back.source_port, .protocol = back.protocol, .family = back.family,
	};
	told->was_rewritten = !tuple_is_equal(&before, &told->sent);
}

void tell_wanted_repeat(struct stream *stream, const struct walk *walk, const struct packet *packet, const struct way_outcome *outcome,
			struct eval_trace *trace)
{
	const struct tracking *tracking = &outcome->tracking;
	struct event event;
	struct event_outcome *told = &event.outcome;

	eval_trace_reset(trace);
	if (stream_wants_matched(stream))
		ways_trace(walk, packet, outcome, trace);
	event.kind = EVENT_OUTCOME;
	told->ctstate = tracking->ctstate;
	told->verdict = outcome->verdict;
	told->decided_by = ways_decided_by(outcome);
	told->reason = NULL;
	told->unsimulated = NULL;
	told->matched = trace->matched;
	told->n_matched = trace->n_matched;
	told->entry = connection_id(tracking->connection);
	told->is_repeat = true;
	told->was_rewritten = false;
	if (outcome->verdict == VERDICT_ACCEPT && tracking->connection->status & (STATUS_SRC_NAT | STATUS_DST_NAT))
		find_sent(packet, tracking, told);
	stream_emit(stream, &event);
}
