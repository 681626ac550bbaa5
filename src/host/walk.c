/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/walk.h"

#include <string.h>

#include "host/answer.h"
#include "host/fib.h"
#include "host/stages.h"
#include "packet/decode.h"
#include "packet/fragment.h"
#include "packet/ip_options.h"
#include "packet/rewrite.h"

const char walk_loopback[] = "lo";

enum { BEYOND_SCOPE = 2 };	/* ICMPv6 unreachable */

static const struct connection *find_connection(const struct connections *connections, const struct tuple *tuple,
						const uint16_t zone[2])
{
	const struct walk *walk = (const struct walk *)connections;
	enum direction direction;

	return conntrack_find_in_zones(walk->conntrack, tuple, zone, &direction);
}

static void set_label(const struct connections *connections, const struct tracking *tracking, unsigned bit)
{
	const struct walk *walk = (const struct walk *)connections;

	conntrack_set_label(walk->conntrack, tracking->connection, bit);
}

static void change_mark(const struct connections *connections, const struct tracking *tracking, uint32_t mark)
{
	const struct walk *walk = (const struct walk *)connections;

	conntrack_change_mark(walk->conntrack, tracking->connection, mark);
}

static const struct connections connections_of_walk = { .find = find_connection, .change_mark = change_mark, .set_label = set_label };

void walk_init(struct walk *walk, const struct ruleset *ruleset, bool tracks_always)
{
	walk->connections = connections_of_walk;
	ways_init(&walk->ways);
	stages_init(walk, ruleset, tracks_always);
	for (size_t i = 0; i < WALK_MOST_REPLIES; i++)
		eval_trace_init(&walk->reply_traces[i]);
}

void walk_clear(struct walk *walk)
{
	ways_clear(&walk->ways);
	for (size_t i = 0; i < WALK_MOST_REPLIES; i++)
		eval_trace_clear(&walk->reply_traces[i]);
}

/* Linux 6.18, ip_local_deliver(): IPv4 is whole before INPUT, tracked or not; IPv6 is put together behind it. */
static void deliver(struct walk *walk, struct journey *journey)
{
	journey->subject.out = "";
	if (journey->packet->family == FAMILY_IPV4 && !stages_defrag(walk, journey, HOOK_INPUT))
		return;
	if (!stages_run(walk, journey, HOOK_INPUT))
		return;
	if (journey->packet->family == FAMILY_IPV6 && fragment_may_be(journey->packet) && !journey->n_fragments)
		defrag_note_delivered(walk->defrag, journey->packet, journey->subject.in);
	journey_end(journey, VERDICT_ACCEPT, NULL);
}

/*
 * The longest piece in which a packet came: itself, what it was put together from, or for what is longer than its own link
 * takes, and was put together by a network card, as much as that link takes.
 */
static uint32_t longest_piece(const struct walk *walk, const struct journey *journey)
{
	const struct interface *in = topology_find_interface(walk->topology, journey->subject.in);
	uint32_t len = journey->packet->total_len;

	if (journey->n_fragments)
		return journey->split.longest;
	return in && in->mtu && len > in->mtu ? in->mtu : len;
}

/* Linux 6.18, ip_exceeds_mtu(), ip6_pkt_too_big(). */
static bool is_too_long(const struct walk *walk, const struct journey *journey)
{
	const struct packet *packet = journey->packet;
	uint32_t mtu = fib_forwarding_mtu(journey->routing.route);

	if (!mtu || packet->total_len <= mtu || (packet->family == FAMILY_IPV4 && !packet->dont_fragment))
		return false;
	return longest_piece(walk, journey) > mtu;
}

/* Linux 6.18: ip_forward(), ip6_forward(). */
static void forward(struct walk *walk, struct journey *journey)
{
	struct packet *packet = journey->packet;
	bool is_judged = packet->family == FAMILY_IPV6 && strcmp(journey->subject.in, journey->routing.interface) != 0;

	if (packet->link.destination_class == PACKET_BROADCAST || packet->link.destination_class == PACKET_MULTICAST) {
		journey_drop(journey, "link-layer broadcasts are not forwarded");
		return;
	}
	if (packet->ttl <= 1) {
		answer_time_exceeded(walk, journey);
		return;
	}
	/* Linux 6.18, ip6_forward(): of what leaves where it came in the source is not looked at. */
	if (is_judged && (address_is_unspecified(&packet->source) || address_is_loopback(FAMILY_IPV6, &packet->source))) {
		journey_drop(journey, "martian source: nobody can send from this address");
		return;
	}
	if (is_judged && address_is_link_local(FAMILY_IPV6, &packet->source)) {
		answer_unrouted(walk, journey, BEYOND_SCOPE, "a link-local source is not forwarded");
		return;
	}
	if (is_too_long(walk, journey)) {
		answer_too_long(walk, journey);
		return;
	}
	if (journey->n_fragments || longest_piece(walk, journey) == packet->total_len)
		journey->split.mtu = fib_forwarding_mtu(journey->routing.route);
	rewrite_ttl(packet, (uint8_t)(packet->ttl - 1));
	journey->subject.out = journey->out = journey->routing.interface;
	if (!stages_run(walk, journey, HOOK_FORWARD))
		return;
	journey->subject.in = "";
	if (stages_run(walk, journey, HOOK_POSTROUTING))
		journey_end(journey, VERDICT_ACCEPT, NULL);
}

/* False when the packet ended. Linux 6.18, ip_rcv_options(). */
static bool accept_options(struct walk *walk, struct journey *journey)
{
	uint8_t pointer;

	if (journey->packet->family != FAMILY_IPV4 || !journey->packet->has_ip_options)
		return true;
	switch (ip_options_check(journey->packet, &pointer)) {
	case IP_OPTIONS_MISTAKE:
		answer_bad_option(walk, journey, pointer);
		return false;
	case IP_OPTIONS_SOURCE_ROUTE:
		journey_drop(journey, "source routing is not accepted");
		return false;
	default:
		return true;
	}
}

/* Linux 6.18, __mkroute_output(): what the host says to a group by lo reaches it where it has joined the group. */
static bool is_for_nobody(const struct walk *walk, const struct packet *packet)
{
	return packet->family == FAMILY_IPV4 && address_is_multicast(FAMILY_IPV4, &packet->destination) &&
	       !topology_has_joined(walk->topology, FAMILY_IPV4, &packet->destination, walk_loopback);
}

/* From outside, or back in through lo: then the way is known already (the packet keeps its dst). */
static void walk_in(struct walk *walk, struct journey *journey)
{
	const struct routing *routing = &journey->routing;

	if (!stages_run(walk, journey, HOOK_PREROUTING))
		return;
	if (journey->subject.in == walk_loopback) {
		if (is_for_nobody(walk, journey->packet))
			journey_drop(journey, ROUTING_NOT_JOINED);
		else
			deliver(walk, journey);
		return;
	}
	journey_route_input(journey, walk);
	if ((routing->result != ROUTING_DROP || routing->is_unrouted) && !accept_options(walk, journey))
		return;
	switch (routing->result) {
	case ROUTING_DELIVER:
		deliver(walk, journey);
		return;
	case ROUTING_FORWARD:
		forward(walk, journey);
		return;
	case ROUTING_DROP:
		journey_drop(journey, routing->reason);
		return;
	case ROUTING_REFUSE:
		answer_unrouted(walk, journey, routing->code, routing->reason);
		return;
	}
}

bool walk_out(struct walk *walk, struct journey *journey)
{
	struct packet *packet = journey->packet;
	struct fragment piece;

	if (!journey_route_output(journey, walk))
		return false;
	journey->subject.out = journey->out = journey->routing.interface;
	/* What this host sends counts as unicast until it has left, whatever the frame says. Seen live. */
	packet->link.destination_class = PACKET_UNICAST;
	/* The host's own: often finished by the network card only, but never for what is sent in fragments, be it a single one. */
	packet->is_checksum_trusted = packet->has_l4 && (packet->protocol == PROTOCOL_TCP || packet->protocol == PROTOCOL_UDP) &&
				      fragment_find(packet, &piece) == FRAGMENT_NONE;
	if (!stages_run(walk, journey, HOOK_OUTPUT))
		return false;
	/* What OUTPUT changed may have changed the way out; its own chains still saw the old one. */
	journey->subject.out = journey->out = journey->routing.interface;
	if (!stages_run(walk, journey, HOOK_POSTROUTING))
		return false;
	journey->has_left = true;
	if (journey->routing.result != ROUTING_FORWARD)
		return true;
	journey_end(journey, VERDICT_ACCEPT, NULL);
	return false;
}

void walk_back_in(struct walk *walk, struct journey *journey)
{
	journey->subject.received_by = journey->subject.in = journey->in = walk_loopback;
	journey->subject.out = "";
	walk_in(walk, journey);
}

/* Linux 6.18, ip6_rcv_core(): what no other machine may send (RFC 4291, 2.5.3 and 2.7). NULL, or why it is dropped at once. */
static const char *find_stray_scope(const struct packet *packet, const char *in)
{
	enum { SCOPE_RESERVED = 0, SCOPE_INTERFACE = 1 };
	bool is_group = address_is_multicast(FAMILY_IPV6, &packet->destination);
	uint8_t destination[16], scope;

	address_to_bytes(FAMILY_IPV6, &packet->destination, destination);
	scope = destination[1] & 0xf;
	if (is_group && scope == SCOPE_RESERVED)
		return "multicast of the reserved scope 0";
	if (strcmp(in, walk_loopback) == 0)
		return NULL;
	if (address_is_loopback(FAMILY_IPV6, &packet->source) || address_is_loopback(FAMILY_IPV6, &packet->destination))
		return "::1 from outside";
	return is_group && scope == SCOPE_INTERFACE ? "multicast of the interface's own scope from outside" : NULL;
}

void walk_packet(struct walk *walk, struct packet *packet, const struct sighting *sighting, struct eval_trace *trace,
		 struct journey *journey)
{
	bool is_sent = sighting->kind == SIGHTED_SENT;
	const struct interface *interface;
	const char *problem;

	journey_start(journey, walk, packet, trace);
	journey->way.terms = ways_terms_of(packet);
	if (packet->family != FAMILY_NONE && is_sent)
		decode_accept_ip_checksum(packet);
	if (sighting->is_left_out || sighting_is_passed_over(sighting->kind)) {
		journey_end(journey, VERDICT_NONE, NULL);
		return;
	}
	if (packet->status == DECODE_MALFORMED) {
		journey_end(journey, VERDICT_DROP, packet->problem);	/* ip_rcv_core() drops it before netfilter */
		return;
	}
	if (packet->family == FAMILY_NONE || packet->total_len == 0) {
		/* Not IP, or its IP header was not captured: nobody can judge it. */
		journey_end(journey, VERDICT_NONE, packet->status == DECODE_NOT_IP ? NULL : packet->problem);
		return;
	}
	if (is_sent) {
		journey->subject.is_from_process = true;
		if (walk_out(walk, journey))
			walk_back_in(walk, journey);
		return;
	}
	problem = packet->family == FAMILY_IPV6 ? find_stray_scope(packet, sighting->in) : NULL;
	if (problem) {
		journey_end(journey, VERDICT_DROP, problem);
		return;
	}
	journey->in = sighting->in;
	journey->subject.received_by = journey->subject.in = journey->in;
	interface = topology_find_interface(walk->topology, journey->in);
	if (interface && interface->is_down) {
		journey_end(journey, VERDICT_DROP, "the interface is down: nothing arrives by it");
		return;
	}
	walk_in(walk, journey);
}
