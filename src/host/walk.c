/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/walk.h"

#include <assert.h>
#include <string.h>

#include "nat/apply.h"
#include "packet/fragment.h"
#include "packet/decode.h"
#include "packet/reply.h"
#include "packet/rewrite.h"

static const char loopback[] = "lo";

static size_t family_index(enum family family)
{
	return family == FAMILY_IPV4 ? 0 : 1;
}

static bool is_needed(const struct hook_stage *stage, const struct ruleset *ruleset, enum family family,
		      bool is_tracking)
{
	switch (stage->stage) {
	case STAGE_TABLE:
	case STAGE_NAT:
		return ruleset_has_table(ruleset, family, stage->table);
	case STAGE_CONNTRACK:
	case STAGE_CONFIRM:
	case STAGE_DEFRAG:
		return is_tracking;
	}
	return false;
}

static const struct connection *find_connection(const struct connections *connections, const struct tuple *tuple)
{
	const struct walk *walk = (const struct walk *)connections;
	enum direction direction;

	return conntrack_find(walk->conntrack, tuple, &direction);
}

static void change_mark(const struct connections *connections, const struct tracking *tracking, uint32_t mark)
{
	const struct walk *walk = (const struct walk *)connections;

	conntrack_change_mark(walk->conntrack, tracking->connection, mark);
}

void walk_init(struct walk *walk, const struct ruleset *ruleset, bool tracks_always)
{
	static const enum family families[WALK_FAMILIES] = { FAMILY_IPV4, FAMILY_IPV6 };
	size_t n_stages;
	const struct hook_stage *stages = hooks_stages(&n_stages);

	walk->connections = (struct connections){ .find = find_connection, .change_mark = change_mark };
	for (size_t f = 0; f < WALK_FAMILIES; f++) {
		size_t n_used[HOOK_COUNT] = { 0 };

		walk->is_tracking[f] = tracks_always || ruleset_needs_tracking(ruleset, families[f]);
		for (size_t i = 0; i < n_stages; i++) {
			size_t *n = &n_used[stages[i].hook];

			if (!is_needed(&stages[i], ruleset, families[f], walk->is_tracking[f]))
				continue;
			assert(*n + 1 < WALK_MOST_STAGES);
			walk->stages[f][stages[i].hook][(*n)++] = &stages[i];
		}
	}
	for (size_t i = 0; i < WALK_MOST_REPLIES; i++)
		eval_trace_init(&walk->reply_traces[i]);
}

void walk_clear(struct walk *walk)
{
	for (size_t i = 0; i < WALK_MOST_REPLIES; i++)
		eval_trace_clear(&walk->reply_traces[i]);
}

static bool end_journey(struct journey *journey, enum verdict verdict, const char *reason)
{
	journey->verdict = verdict;
	journey->reason = reason;
	return false;
}

/*
 * Whose word counts as "the rule that decided": for a packet that is lost, the rule that lost it; for one that gets
 * through, the filter table's last word, else the last explicit rule of any other table.
 */
static void note_decision(struct journey *journey, enum table table, const struct eval_result *result)
{
	bool is_policy = !result->decided_by || result->decided_by->number == 0;

	if (result->verdict == EVAL_ACCEPT && table != TABLE_FILTER && (is_policy || journey->decided_by_filter))
		return;
	journey->decided_by = result->is_default ? NULL : result->decided_by;
	journey->decided_by_filter = table == TABLE_FILTER;
}

static void start_journey(const struct walk *walk, struct packet *packet, struct eval_trace *trace,
			  struct journey *journey)
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
		.origin_ns = walk->origin_ns,
		.connections = &walk->connections,
		.surroundings = &walk->topology->surroundings,
		.stream = walk->stream,
	};
}

static const char *interface_towards(const struct topology *topology, enum family family, const struct address *address)
{
	const struct route *route = topology_find_route(topology, family, address);

	if (route)
		return route->interface;
	return topology->n_addresses ? topology->addresses[0].interface : "eth0";
}

static void walk_out(struct walk *walk, struct journey *journey);

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
							    interface_towards(walk->topology, family, &offending->source),
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
	start_journey(walk, reply, trace, &journey);
	journey.depth = cause->depth + 1;
	conntrack_attach(&journey.tracking, &cause->tracking);
	journey.verdict = VERDICT_ACCEPT;
	walk_out(walk, &journey);
	emit_reply(walk, &journey, reason);
	conntrack_release(walk->conntrack, &journey.tracking);
}

/* Linux 6.18: nf_send_unreach(), nf_send_reset() and their IPv6 twins. */
static void reject(struct walk *walk, struct journey *journey)
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

static bool run_table(struct walk *walk, struct journey *journey, enum table table)
{
	struct request *request = &journey->subject.request;
	struct eval_result result;

	eval_table(walk->evaluation, table, &journey->subject, journey->trace, &result);
	note_decision(journey, table, &result);
	if (request->notrack && journey->tracking.ctstate == CTSTATE_NONE)
		journey->tracking.ctstate = CTSTATE_UNTRACKED;
	if (result.verdict == EVAL_ACCEPT)
		return true;
	if (result.verdict == EVAL_QUEUE)
		return end_journey(journey, VERDICT_QUEUE, "nobody listens to the queue: the kernel drops it");
	if (request->reject != REJECT_NONE) {
		reject(walk, journey);
		return end_journey(journey, VERDICT_REJECT, NULL);
	}
	return end_journey(journey, VERDICT_DROP, result.hotdrop);
}

/*
 * The nat chains see a connection once for each side, when its first packet comes by, and ICMP errors never. REJECT's
 * reset of such a packet can be the first to come to POSTROUTING. Linux 6.18, nf_nat_ipv4_fn(), nf_nat_inet_fn().
 */
static bool needs_binding(const struct journey *journey, enum nat_side side)
{
	const struct tracking *tracking = &journey->tracking;

	return (tracking->ctstate == CTSTATE_NEW || tracking->ctstate == CTSTATE_RELATED) &&
	       !bind_is_done(tracking->connection, side);
}

static bool run_nat(struct walk *walk, struct journey *journey, enum hook hook)
{
	struct tracking *tracking = &journey->tracking;
	struct request *request = &journey->subject.request;
	enum nat_side side = apply_side_of(hook);
	const char *problem;

	if (!tracking->connection)
		return true;
	if (!apply_is_error(journey->packet, tracking) && needs_binding(journey, side)) {
		request->has_mapping = false;
		if (!run_table(walk, journey, TABLE_NAT))
			return false;
		if (request->has_mapping)
			bind_range(&walk->binder, tracking->connection, side, &request->mapping, journey->subject.now);
		else
			bind_null(&walk->binder, tracking->connection, side, journey->subject.now);
	}
	problem = apply_mapping(journey->packet, tracking, side);
	if (!problem)
		return true;
	journey->decided_by = NULL;
	return end_journey(journey, VERDICT_DROP, problem);
}

/*
 * Linux 6.18, ipv4_conntrack_defrag(), ipv6_defrag(): what came back through lo with its entry, or without being
 * tracked, is left as it is.
 */
static bool run_defrag(struct walk *walk, struct journey *journey, enum hook hook)
{
	struct packet *packet = journey->packet;
	const char *interface = hook == HOOK_OUTPUT ? journey->subject.out : journey->subject.in;
	struct defrag_answer answer;

	if (!fragment_may_be(packet) || journey->tracking.ctstate != CTSTATE_NONE)
		return true;
	switch (defrag_add(walk->defrag, packet, hook, interface, &answer)) {
	case DEFRAG_NONE:
		return true;
	case DEFRAG_HELD:
		return end_journey(journey, VERDICT_HELD, answer.reason);
	case DEFRAG_DROPPED:
		return end_journey(journey, VERDICT_DROP, answer.reason);
	case DEFRAG_WHOLE:
		break;
	}
	journey->fragments = answer.packets;
	journey->n_fragments = answer.n_packets;
	packet->is_checksum_trusted = false;
	walk->whole = *packet;
	return true;
}

static bool run_conntrack(struct walk *walk, struct journey *journey, enum hook hook)
{
	struct tracking *tracking = &journey->tracking;

	if (tracking->ctstate != CTSTATE_NONE)
		return true;	/* attached already: came back through lo, made by REJECT, or NOTRACK */
	if (conntrack_track(walk->conntrack, journey->packet, hook, journey->subject.now, tracking) == CONNTRACK_DROP)
		return end_journey(journey, VERDICT_DROP, "conntrack: table full");
	journey->was_unconfirmed = tracking->connection && connection_is_unconfirmed(tracking->connection);
	return true;
}

static bool run_stage(struct walk *walk, struct journey *journey, const struct hook_stage *stage)
{
	switch (stage->stage) {
	case STAGE_TABLE:
		return run_table(walk, journey, stage->table);
	case STAGE_NAT:
		return run_nat(walk, journey, stage->hook);
	case STAGE_CONNTRACK:
		return run_conntrack(walk, journey, stage->hook);
	case STAGE_CONFIRM:
		if (conntrack_confirm(walk->conntrack, &journey->tracking, journey->subject.now))
			return true;
		journey->decided_by = NULL;
		return end_journey(journey, VERDICT_DROP, "conntrack: another entry owns this tuple");
	case STAGE_DEFRAG:
		return run_defrag(walk, journey, stage->hook);
	}
	return true;
}

/* False when the packet is gone. */
static bool traverse(struct walk *walk, struct journey *journey, enum hook hook)
{
	const struct hook_stage *const *stage = walk->stages[family_index(journey->packet->family)][hook];

	journey->subject.hook = hook;
	assert(journey->n_hooks < sizeof(journey->hooks) / sizeof(journey->hooks[0]));
	journey->hooks[journey->n_hooks++] = hook;
	if (stream_wants(walk->stream, EVENT_HOOK)) {
		struct event event = {
			.kind = EVENT_HOOK,
			.hook = { hook, journey->depth, journey->subject.in, journey->subject.out },
		};

		stream_emit(walk->stream, &event);
	}
	for (; *stage; stage++)
		if (!run_stage(walk, journey, *stage))
			return false;
	return true;
}

/* Linux 6.18, ip_local_deliver(): IPv4 is whole before INPUT, tracked or not; IPv6 is put together behind it. */
static void deliver(struct walk *walk, struct journey *journey)
{
	journey->subject.out = "";
	if (journey->packet->family == FAMILY_IPV4 && !run_defrag(walk, journey, HOOK_INPUT))
		return;
	if (traverse(walk, journey, HOOK_INPUT))
		end_journey(journey, VERDICT_ACCEPT, NULL);
}

static void exceed_ttl(struct walk *walk, struct journey *journey)
{
	const struct address *source = answer_source(walk, journey->packet);
	struct packet reply;

	packet_init(&reply);
	if (source && journey->depth < WALK_MOST_REPLIES && reply_time_exceeded(journey->packet, source, &reply))
		send_reply(walk, journey, &reply, "time exceeded");
	packet_clear(&reply);
	journey->decided_by = NULL;
	end_journey(journey, VERDICT_DROP, "TTL exceeded: the host does not forward it");
}

static void refuse_no_route(struct walk *walk, struct journey *journey)
{
	const struct address *source = answer_source(walk, journey->packet);
	struct packet reply;

	packet_init(&reply);
	if (source && journey->depth < WALK_MOST_REPLIES && reply_unreachable(journey->packet, 0, source, &reply))
		send_reply(walk, journey, &reply, "no route");
	packet_clear(&reply);
	journey->decided_by = NULL;
	end_journey(journey, VERDICT_DROP, "no route to the destination");
}

/* Linux 6.18: ip_forward(). */
static void forward(struct walk *walk, struct journey *journey)
{
	struct packet *packet = journey->packet;
	const struct route *route = topology_find_route(walk->topology, packet->family, &packet->destination);

	if (!route) {
		refuse_no_route(walk, journey);
		return;
	}
	if (packet->ttl <= 1) {
		exceed_ttl(walk, journey);
		return;
	}
	if (packet->link.destination_class == PACKET_BROADCAST || packet->link.destination_class == PACKET_MULTICAST) {
		journey->decided_by = NULL;
		end_journey(journey, VERDICT_DROP, "link-layer broadcasts are not forwarded");
		return;
	}
	rewrite_ttl(packet, (uint8_t)(packet->ttl - 1));
	journey->subject.out = journey->out = route->interface;
	if (!traverse(walk, journey, HOOK_FORWARD))
		return;
	journey->subject.in = "";
	if (traverse(walk, journey, HOOK_POSTROUTING))
		end_journey(journey, VERDICT_ACCEPT, NULL);
}

/*
 * Linux 6.18: ip_route_input_slow(), ip_mc_validate_source(). IPv6 sources that cannot be are refused earlier, by
 * ip6_rcv_core().
 */
static bool is_martian(const struct packet *packet)
{
	uint32_t source = address_ipv4(&packet->source), destination = address_ipv4(&packet->destination);
	bool is_to_all = destination == UINT32_MAX;

	if (packet->family != FAMILY_IPV4)
		return false;
	if (address_is_multicast(FAMILY_IPV4, &packet->source) || source == UINT32_MAX)
		return true;
	if (source >> 24 != 0)
		return false;
	if (address_is_multicast(FAMILY_IPV4, &packet->destination))	/* 224.0.0.0/24, and IGMP, may come from 0.0.0.0 */
		return destination >> 8 != 0xe00000 && packet->protocol != PROTOCOL_IGMP;
	return !is_to_all && (source != 0 || destination != 0);
}

/*
 * Only DNAT leads to ::1 from outside. Linux 6.18, rt6_need_strict(): a route must then be one of the interface where the
 * packet came in. ::1 is on lo; what is left is a default route that leads back.
 */
static void forward_loopback(struct walk *walk, struct journey *journey)
{
	const struct packet *packet = journey->packet;
	const struct route *route = topology_find_route(walk->topology, packet->family, &packet->destination);

	if (route && strcmp(route->interface, journey->subject.in) == 0) {
		forward(walk, journey);
		return;
	}
	journey->decided_by = NULL;
	end_journey(journey, VERDICT_DROP, "no route to ::1 from this interface");
}

/* From outside, or back in through lo. */
static void walk_in(struct walk *walk, struct journey *journey)
{
	const struct packet *packet = journey->packet;
	enum family family = packet->family;

	if (!traverse(walk, journey, HOOK_PREROUTING))
		return;
	if (journey->subject.in != loopback && is_martian(packet)) {
		journey->decided_by = NULL;
		end_journey(journey, VERDICT_DROP, "martian source: nobody can send from this address");
		return;
	}
	if (family == FAMILY_IPV6 && journey->subject.in != loopback && address_is_loopback(family, &packet->destination)) {
		forward_loopback(walk, journey);
		return;
	}
	if (topology_is_local(walk->topology, family, &packet->destination) ||
	    topology_is_broadcast(walk->topology, family, &packet->destination) ||
	    address_is_multicast(family, &packet->destination))
		deliver(walk, journey);
	else
		forward(walk, journey);
}

/* From the host itself. */
static void walk_out(struct walk *walk, struct journey *journey)
{
	struct packet *packet = journey->packet;
	const struct address destination = packet->destination;
	bool is_to_self = topology_is_local(walk->topology, packet->family, &destination);

	journey->subject.out = is_to_self ? loopback
					  : interface_towards(walk->topology, packet->family, &packet->destination);
	journey->out = journey->subject.out;
	/* The host's own: often finished by the network card only, but never for what is sent in fragments. */
	packet->is_checksum_trusted = !packet->is_fragment;
	if (!traverse(walk, journey, HOOK_OUTPUT))
		return;
	if (!address_is_equal(&packet->destination, &destination)) {
		/* Linux 6.18, ip_route_me_harder(): the way out follows the translated destination. */
		is_to_self = topology_is_local(walk->topology, packet->family, &packet->destination);
		journey->subject.out = journey->out =
			is_to_self ? loopback : interface_towards(walk->topology, packet->family, &packet->destination);
	}
	if (!traverse(walk, journey, HOOK_POSTROUTING))
		return;
	journey->has_left = true;
	journey->sent_by = journey->decided_by;
	if (!is_to_self) {
		end_journey(journey, VERDICT_ACCEPT, NULL);
		return;
	}
	journey->subject.in = journey->in = loopback;
	journey->subject.out = "";
	walk_in(walk, journey);
}

/* Who sent it: the link layer knows best, then the source address. */
static bool is_from_host(const struct walk *walk, const struct packet *packet)
{
	if (packet->link.direction == LINK_OUT)
		return true;
	if (packet->link.direction == LINK_IN)
		return false;
	return topology_is_local(walk->topology, packet->family, &packet->source);
}

void walk_packet(struct walk *walk, struct packet *packet, struct eval_trace *trace, struct journey *journey)
{
	start_journey(walk, packet, trace, journey);
	if (packet->family != FAMILY_NONE && is_from_host(walk, packet))
		decode_accept_ip_checksum(packet);
	if (packet->status == DECODE_MALFORMED) {
		end_journey(journey, VERDICT_DROP, packet->problem);	/* ip_rcv_core() drops it before netfilter */
		return;
	}
	if (packet->family == FAMILY_NONE || packet->total_len == 0) {
		/* Not IP, or its IP header was not captured: nobody can judge it. */
		end_journey(journey, VERDICT_NONE, packet->status == DECODE_NOT_IP ? NULL : packet->problem);
		return;
	}
	if (is_from_host(walk, packet)) {
		journey->subject.is_from_process = true;
		walk_out(walk, journey);
		return;
	}
	journey->in = interface_towards(walk->topology, packet->family, &packet->source);
	journey->subject.in = journey->in;
	walk_in(walk, journey);
}
