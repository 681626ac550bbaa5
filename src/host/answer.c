/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/answer.h"

#include "host/address_choice.h"
#include "host/walk.h"
#include "packet/reply.h"

enum {
	ICMP_UNREACHABLE = 3, ICMP_TIME_EXCEEDED = 11, ICMP_PARAMETER_PROBLEM = 12, ICMP_FRAGMENTATION_NEEDED = 4,
	ICMPV6_UNREACHABLE = 1, ICMPV6_PACKET_TOO_BIG = 2, ICMPV6_TIME_EXCEEDED = 3,
	ICMPV6_PARAMETER_PROBLEM = 4,
	IPV6_LEAST_MTU = 1280,
};

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
	return address_choice_towards(walk->topology, family, &offending->source);
}

/* Linux 6.18, __icmp_send() and nf_send_reset(): nobody answers what was said to everybody on a subnet (RTCF_BROADCAST). */
static bool is_for_everybody(const struct walk *walk, const struct packet *offending)
{
	return topology_is_broadcast(walk->topology, offending->family, &offending->destination);
}

static void emit_reply(struct walk *walk, const struct journey *journey, const char *reason)
{
	struct event event = { .kind = EVENT_REPLY };

	if (!stream_wants(walk->stream, EVENT_REPLY))
		return;
	event.reply = (struct event_reply){
		.packet = journey->packet,
		.reason = reason,
		.verdict = journey->verdict,
		.decided_by = journey->decided_by,
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
	bool comes_back;

	eval_trace_reset(trace);
	journey_start(&journey, walk, reply, trace);
	journey.depth = cause->depth + 1;
	journey.subject.answers_untracked = cause->tracking.ctstate == CTSTATE_UNTRACKED;
	conntrack_attach(&journey.tracking, &cause->tracking);
	journey.verdict = VERDICT_ACCEPT;
	comes_back = walk_out(walk, &journey);
	if (journey.n_hooks)		/* else it had no way to the sender, and was not made */
		emit_reply(walk, &journey, reason);
	if (journey.has_left)
		vantage_note(walk->vantage, reply, comes_back ? "" : journey.out, false);
	if (comes_back)			/* told as it left: what comes in again may be changed again */
		walk_back_in(walk, &journey);
	conntrack_release(walk->conntrack, &journey.tracking);
}

static bool make_answer(const struct walk *walk, const struct packet *offending, const struct request *request, struct packet *reply)
{
	const struct address *source = answer_source(walk, offending);
	struct reply_error problem = { .type = ICMPV6_PARAMETER_PROBLEM, .rest = request->reject_code };

	switch (request->reject) {
	case REJECT_TCP_RESET:
		return reply_tcp_reset(offending, reply);
	case REJECT_PARAMETER_PROBLEM:
		return source && reply_icmp_error(offending, &problem, source, reply);
	default:
		return source && reply_unreachable(offending, request->reject_code, source,
						   profile_value(walk->profile, PROFILE_TRACKS_DCCP) != 0, reply);
	}
}

void answer_reject(struct walk *walk, struct journey *journey)
{
	const struct request *request = &journey->subject.request;
	struct packet reply;

	if (journey->depth == WALK_MOST_REPLIES || is_for_everybody(walk, journey->packet))
		return;
	packet_init(&reply);
	if (make_answer(walk, journey->packet, request, &reply)) {
		if (request->reject == REJECT_TCP_RESET && journey->tracking.connection)
			conntrack_close_tcp(walk->conntrack, journey->tracking.connection, journey->subject.now);
		send_reply(walk, journey, &reply, request->reject_name);
	}
	packet_clear(&reply);
}

/* An ICMP error of the host's IP layer about a packet that ends here. */
static void send_error(struct walk *walk, struct journey *journey, const struct reply_error *error, const char *name)
{
	const struct address *source = answer_source(walk, journey->packet);
	struct packet reply;

	packet_init(&reply);
	if (source && journey->depth < WALK_MOST_REPLIES && !is_for_everybody(walk, journey->packet) &&
	    reply_icmp_error(journey->packet, error, source, &reply))
		send_reply(walk, journey, &reply, name);
	packet_clear(&reply);
}

void answer_time_exceeded(struct walk *walk, struct journey *journey)
{
	bool is_ipv4 = journey->packet->family == FAMILY_IPV4;

	send_error(walk, journey, &(struct reply_error){ .type = is_ipv4 ? ICMP_TIME_EXCEEDED : ICMPV6_TIME_EXCEEDED },
		   "time exceeded");
	journey_drop(journey, "TTL exceeded: the host does not forward it");
}

void answer_lost_pieces(struct walk *walk, struct packet *first)
{
	enum { PIECES_ARE_MISSING = 1 };
	bool is_ipv4 = first->family == FAMILY_IPV4;
	struct journey journey = { .packet = first };
	struct stream *stream = walk->stream;
	struct vtime resume = stream->time;
	uint64_t packet = stream->packet;

	if (is_ipv4 && !topology_is_local(walk->topology, FAMILY_IPV4, &first->destination))
		return;
	stream->time = first->time;
	stream->packet = 0;
	send_error(walk, &journey,
		   &(struct reply_error){
			   .type = is_ipv4 ? ICMP_TIME_EXCEEDED : ICMPV6_TIME_EXCEEDED, .code = PIECES_ARE_MISSING,
		   }, "reassembly time exceeded");
	stream->time = resume;
	stream->packet = packet;
}

void answer_bad_option(struct walk *walk, struct journey *journey, uint8_t pointer)
{
	send_error(walk, journey, &(struct reply_error){ .type = ICMP_PARAMETER_PROBLEM, .rest = (uint32_t)pointer << 24 },
		   "parameter problem");
	journey_drop(journey, "an option of the IP header is malformed");
}

void answer_unrouted(struct walk *walk, struct journey *journey, uint8_t code, const char *reason)
{
	bool is_ipv4 = journey->packet->family == FAMILY_IPV4;

	send_error(walk, journey,
		   &(struct reply_error){ .type = is_ipv4 ? ICMP_UNREACHABLE : ICMPV6_UNREACHABLE, .code = code },
		   "unreachable");
	journey_drop(journey, reason);
}

void answer_too_long(struct walk *walk, struct journey *journey)
{
	uint32_t mtu = fib_forwarding_mtu(journey->routing.route);
	struct reply_error error = { .type = ICMP_UNREACHABLE, .code = ICMP_FRAGMENTATION_NEEDED, .rest = mtu };

	if (journey->packet->family == FAMILY_IPV6)
		error = (struct reply_error){
			.type = ICMPV6_PACKET_TOO_BIG, .rest = mtu < IPV6_LEAST_MTU ? IPV6_LEAST_MTU : mtu,
		};
	send_error(walk, journey, &error, "too long for the MTU");
	journey_drop(journey, "longer than the MTU of its way, and not to be fragmented");
}
