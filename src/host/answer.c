/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/answer.h"

#include "host/walk.h"
#include "packet/reply.h"

/*
 * The address that the host answers from: its own address when it was spoken to, else the one that it would use
 * towards the sender. Linux 6.18, icmp_send() and icmp_route_lookup(). NULL: it has none.
 */
static const struct address *answer_source(const struct walk *walk, const struct packet *offending)
{
	enum family family = offending->family;

	if (topology_is_local(walk->topology, family, &offending->destination))
		return &offending->destination;
	if (topology_is_local(walk->topology, family, &offending->source))
		return &offending->source;
	return walk->topology->surroundings.leaving_address(&walk->topology->surroundings, family,
							    topology_interface_towards(walk->topology, family, &offending->source),
							    &offending->source);
}

static void emit_reply(struct walk *walk, const struct journey *journey, const char *reason)
{
	struct event event = { .kind = EVENT_REPLY };

	if (!stream_wants(walk->stream, EVENT_REPLY))
		return;
	event.reply = (struct event_reply){
		.packet = journey->packet,
		.reason = reason,
		.verdict = journey->has_left ? VERDICT_ACCEPT : journey->verdict,
		.decided_by = journey->has_left ? journey->sent_by : journey->decided_by,
	};
	stream_emit(walk->stream, &event);
}

/*
 * A packet of the host's own, made because of `cause`, leaves through OUTPUT and POSTROUTING. It carries the entry
 * of its cause, RELATED, even when nobody has confirmed that one: REJECT's answers and other ICMP errors alike.
 */
static void send_reply(struct walk *walk, const struct journey *cause, struct packet *reply, const char *reason)
{
	struct eval_trace *trace = &walk->reply_traces[cause->depth];
	struct journey journey;

	eval_trace_reset(trace);
	journey_start(&journey, walk, reply, trace);
	journey.depth = cause->depth + 1;
	conntrack_attach(&journey.tracking, &cause->tracking);
	journey.verdict = VERDICT_ACCEPT;
	walk_out(walk, &journey);
	emit_reply(walk, &journey, reason);
	conntrack_release(walk->conntrack, &journey.tracking);
}

void answer_reject(struct walk *walk, struct journey *journey)
{
	const struct request *request = &journey->subject.request;
	const struct packet *offending = journey->packet;
	const struct address *source = answer_source(walk, offending);
	struct packet reply;
	bool is_made;

	if (journey->depth == WALK_MOST_REPLIES)
		return;
	packet_init(&reply);
	if (request->reject == REJECT_TCP_RESET)
		is_made = reply_tcp_reset(offending, &reply);
	else
		is_made = source && reply_unreachable(offending, request->reject_code, source, &reply);
	if (is_made) {
		if (request->reject == REJECT_TCP_RESET && journey->tracking.connection)
			conntrack_close_tcp(walk->conntrack, journey->tracking.connection, journey->subject.now);
		send_reply(walk, journey, &reply, request->reject_name);
	}
	packet_clear(&reply);
}

void answer_time_exceeded(struct walk *walk, struct journey *journey)
{
	const struct address *source = answer_source(walk, journey->packet);
	struct packet reply;

	packet_init(&reply);
	if (source && journey->depth < WALK_MOST_REPLIES && reply_time_exceeded(journey->packet, source, &reply))
		send_reply(walk, journey, &reply, "time exceeded");
	packet_clear(&reply);
	journey_drop(journey, "TTL exceeded: the host does not forward it");
}

void answer_no_route(struct walk *walk, struct journey *journey)
{
	const struct address *source = answer_source(walk, journey->packet);
	struct packet reply;

	packet_init(&reply);
	if (source && journey->depth < WALK_MOST_REPLIES && reply_unreachable(journey->packet, 0, source, &reply))
		send_reply(walk, journey, &reply, "no route");
	packet_clear(&reply);
	journey_drop(journey, "no route to the destination");
}
