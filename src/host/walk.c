/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/walk.h"

#include <string.h>

#include "host/answer.h"
#include "host/stages.h"
#include "packet/decode.h"
#include "packet/rewrite.h"

const char walk_loopback[] = "lo";

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
	walk->connections = (struct connections){ .find = find_connection, .change_mark = change_mark };
	stages_init(walk, ruleset, tracks_always);
	for (size_t i = 0; i < WALK_MOST_REPLIES; i++)
		eval_trace_init(&walk->reply_traces[i]);
}

void walk_clear(struct walk *walk)
{
	for (size_t i = 0; i < WALK_MOST_REPLIES; i++)
		eval_trace_clear(&walk->reply_traces[i]);
}

/* Linux 6.18, ip_local_deliver(): IPv4 is whole before INPUT, tracked or not; IPv6 is put together behind it. */
static void deliver(struct walk *walk, struct journey *journey)
{
	journey->subject.out = "";
	if (journey->packet->family == FAMILY_IPV4 && !stages_defrag(walk, journey, HOOK_INPUT))
		return;
	if (stages_run(walk, journey, HOOK_INPUT))
		journey_end(journey, VERDICT_ACCEPT, NULL);
}

/* Linux 6.18: ip_forward(). */
static void forward(struct walk *walk, struct journey *journey)
{
	struct packet *packet = journey->packet;
	const struct route *route = topology_find_route(walk->topology, packet->family, &packet->destination);

	if (!route) {
		answer_no_route(walk, journey);
		return;
	}
	if (packet->ttl <= 1) {
		answer_time_exceeded(walk, journey);
		return;
	}
	if (packet->link.destination_class == PACKET_BROADCAST || packet->link.destination_class == PACKET_MULTICAST) {
		journey_drop(journey, "link-layer broadcasts are not forwarded");
		return;
	}
	rewrite_ttl(packet, (uint8_t)(packet->ttl - 1));
	journey->subject.out = journey->out = route->interface;
	if (!stages_run(walk, journey, HOOK_FORWARD))
		return;
	journey->subject.in = "";
	if (stages_run(walk, journey, HOOK_POSTROUTING))
		journey_end(journey, VERDICT_ACCEPT, NULL);
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
	journey_drop(journey, "no route to ::1 from this interface");
}

/* From outside, or back in through lo. */
static void walk_in(struct walk *walk, struct journey *journey)
{
	const struct packet *packet = journey->packet;
	enum family family = packet->family;

	if (!stages_run(walk, journey, HOOK_PREROUTING))
		return;
	if (journey->subject.in != walk_loopback && is_martian(packet)) {
		journey_drop(journey, "martian source: nobody can send from this address");
		return;
	}
	if (family == FAMILY_IPV6 && journey->subject.in != walk_loopback && address_is_loopback(family, &packet->destination)) {
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
void walk_out(struct walk *walk, struct journey *journey)
{
	struct packet *packet = journey->packet;
	const struct address destination = packet->destination;
	bool is_to_self = topology_is_local(walk->topology, packet->family, &destination);

	journey->subject.out = is_to_self ? walk_loopback
					  : topology_interface_towards(walk->topology, packet->family, &packet->destination);
	journey->out = journey->subject.out;
	/* The host's own: often finished by the network card only, but never for what is sent in fragments. */
	packet->is_checksum_trusted = !packet->is_fragment;
	if (!stages_run(walk, journey, HOOK_OUTPUT))
		return;
	if (!address_is_equal(&packet->destination, &destination)) {
		/* Linux 6.18, ip_route_me_harder(): the way out follows the translated destination. */
		is_to_self = topology_is_local(walk->topology, packet->family, &packet->destination);
		journey->subject.out = journey->out =
			is_to_self ? walk_loopback : topology_interface_towards(walk->topology, packet->family, &packet->destination);
	}
	if (!stages_run(walk, journey, HOOK_POSTROUTING))
		return;
	journey->has_left = true;
	journey->sent_by = journey->decided_by;
	if (!is_to_self) {
		journey_end(journey, VERDICT_ACCEPT, NULL);
		return;
	}
	journey->subject.in = journey->in = walk_loopback;
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
	journey_start(journey, walk, packet, trace);
	if (packet->family != FAMILY_NONE && is_from_host(walk, packet))
		decode_accept_ip_checksum(packet);
	if (packet->status == DECODE_MALFORMED) {
		journey_end(journey, VERDICT_DROP, packet->problem);	/* ip_rcv_core() drops it before netfilter */
		return;
	}
	if (packet->family == FAMILY_NONE || packet->total_len == 0) {
		/* Not IP, or its IP header was not captured: nobody can judge it. */
		journey_end(journey, VERDICT_NONE, packet->status == DECODE_NOT_IP ? NULL : packet->problem);
		return;
	}
	if (is_from_host(walk, packet)) {
		journey->subject.is_from_process = true;
		walk_out(walk, journey);
		return;
	}
	journey->in = topology_interface_towards(walk->topology, packet->family, &packet->source);
	journey->subject.in = journey->in;
	walk_in(walk, journey);
}
