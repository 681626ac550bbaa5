/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/vantage.h"

#include <inttypes.h>
#include <string.h>

#include "conntrack/binding.h"
#include "host/fib.h"
#include "nat/apply.h"
#include "packet/ends.h"
#include "packet/rewrite.h"
#include "rules/origin.h"

static const char loopback[] = "lo";

static bool is_captured(const struct vantage_plan *plan, const char *interface)
{
	for (size_t i = 0; i < plan->n_names; i++)
		if (strcmp(plan->names[i], interface) == 0)
			return true;
	return false;
}

void vantage_plan_add(struct vantage_plan *plan, const char *name)
{
	if (!is_captured(plan, name) && plan->n_names < VANTAGE_MOST)
		plan->names[plan->n_names++] = name;
}

void vantage_plan_print(const struct vantage_plan *plan, struct text *out)
{
	for (size_t i = 0; i < plan->n_names; i++)
		text_printf(out, "%s%s", i ? ", " : "", plan->names[i]);
}

void vantage_init(struct vantage *vantage, const struct vantage_plan *plan, const struct topology *topology,
		  struct conntrack *conntrack, const struct ruleset *ruleset)
{
	memset(vantage, 0, sizeof(*vantage));
	vantage->plan = plan;
	vantage->topology = topology;
	vantage->conntrack = conntrack;
	vantage->ruleset = ruleset;
	vantage->may_speak_for_others = ruleset_has_target(ruleset, "TPROXY");
	text_init(&vantage->difference);
}

void vantage_clear(struct vantage *vantage)
{
	text_clear(&vantage->difference);
}

/* Where this frame was captured; NULL: on one of several, and nothing says on which. */
static const char *place_of(const struct vantage *vantage, const struct packet *packet)
{
	const struct vantage_plan *plan = vantage->plan;
	const struct interface *named;

	if (packet->link.interface_name) {
		named = topology_find_interface(vantage->topology, packet->link.interface_name);
		if (named)
			return named->name;
	}
	for (size_t i = 0; i < plan->n_indices && packet->link.interface_index; i++)
		if (plan->indices[i].index == packet->link.interface_index)
			return plan->indices[i].name;
	if (plan->captures && plan->captures[packet->link.capture])
		return plan->captures[packet->link.capture];
	return plan->n_names == 1 ? plan->names[0] : NULL;
}

/* Which way it went: the link layer knows, or the interface's own MAC address tells. */
static enum link_direction direction_of(const struct vantage *vantage, const struct packet *packet, const char *place)
{
	const struct link_info *link = &packet->link;
	const struct interface *interface = place ? topology_find_interface(vantage->topology, place) : NULL;

	if (link->direction == LINK_IN || link->direction == LINK_OUT)
		return link->direction;
	if (!interface || !interface->has_mac)
		return LINK_UNKNOWN;
	if (link->has_source_mac && memcmp(link->source_mac, interface->mac, sizeof(interface->mac)) == 0)
		return LINK_OUT;
	if (link->has_destination_mac && memcmp(link->destination_mac, interface->mac, sizeof(interface->mac)) == 0)
		return LINK_IN;
	return LINK_UNKNOWN;
}

static bool is_own(const struct vantage *vantage, const struct packet *packet)
{
	return topology_is_local(vantage->topology, (enum family)packet->family, &packet->source);
}

static const char *way_back(const struct vantage *vantage, const struct packet *packet)
{
	return fib_interface_towards(vantage->topology, (enum family)packet->family, &packet->source);
}

/* Nobody but the host sends from an address that its SNAT or NETMAP makes for packets that leave here. */
static bool is_made_here(const struct vantage *vantage, const struct packet *packet, const char *place)
{
	struct origin_question question = {
		.packet = packet, .hook = HOOK_POSTROUTING, .side = NAT_SOURCE, .out = place,
	};

	return place && origin_may_be_made(vantage->ruleset, &question);
}

/* Where nobody says which way it went: it came in when its source lies where it was captured. */
static bool has_come_in(const struct vantage *vantage, const struct packet *packet, const char *place)
{
	enum family family = (enum family)packet->family;

	if (is_own(vantage, packet) || is_made_here(vantage, packet, place))
		return false;
	if (topology_is_local(vantage->topology, family, &packet->destination) ||
	    topology_is_broadcast(vantage->topology, family, &packet->destination) ||
	    address_is_multicast(family, &packet->destination))
		return true;
	return place ? fib_is_behind(vantage->topology, family, &packet->source, place)
		     : is_captured(vantage->plan, way_back(vantage, packet));
}

/* A port and the bridge that it belongs to, an interface and its VLAN: each shows the packet once. */
static bool is_seen_before(struct vantage *vantage, const struct packet *packet, const char *place, bool is_leaving,
			   struct sighting *sighting)
{
	sighting->of_packet = sightings_find_twin(&vantage->sightings, packet, place ? place : "", is_leaving);
	if (sighting->of_packet)
		sighting->kind = SIGHTED_AGAIN;
	return sighting->of_packet != 0;
}

static void sight_arriving(struct vantage *vantage, const struct packet *packet, const char *place,
			   struct sighting *sighting)
{
	sighting->in = place ? place : way_back(vantage, packet);
	is_seen_before(vantage, packet, sighting->in, false, sighting);
}

/*
 * By lo comes in what the host has sent to itself. libpcap shows it once, there; where its copy on the way out is in the
 * capture too, that was replayed, through lo and back in.
 */
static bool is_back_from_loopback(struct vantage *vantage, const struct packet *packet, struct sighting *sighting)
{
	sighting->of_packet = sightings_find_departure(&vantage->sightings, packet, loopback);
	if (sighting->of_packet)
		sighting->kind = SIGHTED_AGAIN;
	return sighting->of_packet != 0;
}

/* Captured by lo; where no interface has a name, both ends of what came in are the host's. */
static bool is_on_loopback(const struct vantage *vantage, const struct packet *packet, const char *place)
{
	if (place)
		return strcmp(place, loopback) == 0;
	return is_own(vantage, packet) &&
	       topology_is_local(vantage->topology, (enum family)packet->family, &packet->destination);
}

static void print_end(enum family family, const struct address *address, uint16_t port, struct text *out)
{
	if (family == FAMILY_IPV6)
		text_append_char(out, '[');
	address_print(family, address, out);
	text_printf(out, family == FAMILY_IPV6 ? "]:%u" : ":%u", (unsigned)port);
}

static void begin_difference(struct text *out)
{
	text_append(out, out->len ? ", " : "predicted ");
}

static void compare_ends(const struct tuple *predicted, const struct tuple *captured, struct text *out)
{
	enum family family = (enum family)captured->family;
	bool has_type = captured->protocol == PROTOCOL_ICMP || captured->protocol == PROTOCOL_ICMPV6;

	if (tuple_is_equal(predicted, captured))
		return;
	begin_difference(out);
	if (has_type) {
		address_print(family, &predicted->source, out);
		text_append(out, " > ");
		address_print(family, &predicted->destination, out);
		text_printf(out, " id %u", (unsigned)predicted->source_port);
		return;
	}
	print_end(family, &predicted->source, predicted->source_port, out);
	text_append(out, " > ");
	print_end(family, &predicted->destination, predicted->destination_port, out);
}

static void compare_number(const char *name, unsigned predicted, unsigned captured, struct text *out)
{
	if (predicted == captured)
		return;
	begin_difference(out);
	text_printf(out, "%s %u, not %u", name, predicted, captured);
}

/* NULL: the packet left as it was captured. */
static const char *compare(struct vantage *vantage, const struct predicted *predicted, const struct packet *captured,
			   const char *place)
{
	struct text *out = &vantage->difference;
	struct tuple ends = ends_of(captured);

	text_reset(out);
	if (predicted->is_lost || !*predicted->out) {
		text_append(out, predicted->is_lost ? "predicted not to leave" : "predicted to stay with the host");
		return text_string(out);
	}
	compare_ends(&predicted->ends, &ends, out);
	if (place && strcmp(predicted->out, place) != 0) {
		begin_difference(out);
		text_printf(out, "by %s, not by %s", predicted->out, place);
	}
	compare_number("TTL", predicted->ttl, captured->ttl, out);
	compare_number("TOS", predicted->tos, captured->tos, out);
	compare_number("length", predicted->total_len, captured->total_len, out);
	return out->len ? text_string(out) : NULL;
}

/* Captured on one of several links, and nobody knows on which: only what is exactly as predicted is taken for a copy. */
static bool is_predicted(struct vantage *vantage, const struct packet *packet)
{
	const struct predicted *predicted = sightings_find(&vantage->sightings, packet, NULL);

	return predicted && !predicted->is_lost && !compare(vantage, predicted, packet, NULL);
}

/* A copy, further on, of a packet that was replayed. */
static bool is_copy(struct vantage *vantage, const struct packet *packet, const char *place, struct sighting *sighting)
{
	struct predicted *predicted = sightings_find(&vantage->sightings, packet, place);

	if (!predicted)
		return false;
	predicted->is_seen = true;
	sighting->kind = SIGHTED_LEAVING;
	sighting->of_packet = predicted->packet;
	sighting->is_of_lost = predicted->is_lost;
	sighting->difference = compare(vantage, predicted, packet, place);
	return true;
}

/* Who sends to one of many addresses, or to none that a rule names, sent to the host's own on his side. */
static struct address destination_before(const struct vantage *vantage, const struct packet *packet,
					 const struct origin *origin)
{
	enum family family = (enum family)packet->family;
	struct address address = origin->first, bits;
	const char *way;

	for (unsigned i = 0; i < 4; i++)
		bits.word[i] = origin->first.word[i] ^ origin->last.word[i];
	if (!address_is_unspecified(&origin->first)) {
		for (unsigned i = 0; i < 4; i++)	/* NETMAP's: the bits of the host stay */
			address.word[i] |= packet->destination.word[i] & bits.word[i];
		return address;
	}
	way = way_back(vantage, packet);
	for (size_t i = 0; i < vantage->topology->n_addresses; i++)
		if (vantage->topology->addresses[i].family == family &&
		    strcmp(vantage->topology->addresses[i].interface, way) == 0)
			return vantage->topology->addresses[i].address;
	return packet->destination;
}

/*
 * A host behind another interface than the one by which the packet left: nobody can tell which. One that has no such
 * connection yet.
 */
static bool stand_in(struct vantage *vantage, struct packet *packet, const char *place)
{
	enum { FIRST_HOST = 2, LAST_HOST = 250 };

	for (size_t i = 0; i < vantage->topology->n_addresses; i++) {
		const struct topology_address *own = &vantage->topology->addresses[i];

		if (!own->has_broadcast || (place && strcmp(own->interface, place) == 0))
			continue;
		for (uint32_t k = FIRST_HOST; k <= LAST_HOST; k++) {
			struct address host = address_from_ipv4(address_ipv4(&own->subnet.address) + k);

			rewrite_source(packet, &host);
			if (address_is_in(&host, &own->subnet) && !is_own(vantage, packet) &&
			    !binding_is_known(vantage->conntrack, packet))
				return true;
		}
	}
	return false;
}

/* False, and nothing changed: no rule tells where it came from. *is_stand_in: somebody takes the place of who sent it. */
static bool undo_source(struct vantage *vantage, struct packet *packet, const char *place, bool *is_stand_in)
{
	struct origin_question question = {
		.packet = packet, .hook = HOOK_POSTROUTING, .side = NAT_SOURCE, .out = place,
		.is_own = is_own(vantage, packet),
	};
	struct address captured = packet->source, source;
	struct origin origin;

	if (!origin_find(vantage->ruleset, &question, &origin))
		return false;
	source = origin.first;
	for (unsigned i = 0; i < 4; i++)	/* of a network that NETMAP maps: the bits of the host stay */
		source.word[i] |= captured.word[i] & (origin.first.word[i] ^ origin.last.word[i]);
	rewrite_source(packet, &source);
	if (!address_is_unspecified(&origin.first) && !is_own(vantage, packet))
		return true;
	*is_stand_in = packet->family == FAMILY_IPV4 && stand_in(vantage, packet, place);
	if (!*is_stand_in)
		rewrite_source(packet, &captured);
	return *is_stand_in;
}

/* A router's own packets begin with one of these; those that it forwards have lost one. */
static bool has_fresh_ttl(const struct packet *packet)
{
	return packet->ttl == 64 || packet->ttl == 128 || packet->ttl == 255;
}

/* The first packet of a connection, seen behind its translation: the rules tell where it can come from. */
static void turn_back_by_rules(struct vantage *vantage, struct packet *packet, const char *place, bool *is_stand_in)
{
	struct origin_question question = { .packet = packet, .side = NAT_DESTINATION };
	bool is_forwarded = !is_own(vantage, packet);
	struct address destination;
	struct origin origin;

	if (!has_fresh_ttl(packet) && undo_source(vantage, packet, place, is_stand_in))
		is_forwarded = true;
	question.hook = is_forwarded ? HOOK_PREROUTING : HOOK_OUTPUT;
	if (!origin_find(vantage->ruleset, &question, &origin))
		return;
	destination = destination_before(vantage, packet, &origin);
	rewrite_destination(packet, &destination);
	if (origin.port)
		rewrite_destination_port(packet, origin.port);
}

static void turn_back(struct vantage *vantage, struct packet *packet, const char *place, struct sighting *sighting)
{
	struct tuple before = ends_of(packet), after;
	enum direction direction;
	bool is_error;
	struct connection *connection = binding_find_leaving(vantage->conntrack, packet, &direction, &is_error);

	if (connection)
		apply_undo(packet, connection, direction, is_error);
	else
		turn_back_by_rules(vantage, packet, place, &sighting->is_stand_in);
	after = ends_of(packet);
	sighting->kind = is_own(vantage, packet) ? SIGHTED_SENT : SIGHTED_ARRIVING;
	sighting->is_turned_back = sighting->kind == SIGHTED_ARRIVING || !tuple_is_equal(&before, &after);
	if (sighting->kind == SIGHTED_SENT)
		return;
	sighting->in = way_back(vantage, packet);
	if (packet->ttl < UINT8_MAX)
		rewrite_ttl(packet, (uint8_t)(packet->ttl + 1));
	/* It was good enough to be forwarded: what is wrong with it was left to the network card. */
	rewrite_checksum(packet);
}

/* Who sent it, where no plan says more: the link layer knows best, then the source address. */
static void sight_plainly(const struct vantage *vantage, const struct packet *packet, struct sighting *sighting)
{
	enum link_direction direction = packet->link.direction;

	if (direction == LINK_OUT || (direction != LINK_IN && is_own(vantage, packet)) || is_on_loopback(vantage, packet, NULL))
		sighting->kind = SIGHTED_SENT;
	else
		sighting->in = way_back(vantage, packet);
}

void vantage_judge(struct vantage *vantage, struct packet *packet, struct sighting *sighting)
{
	enum link_direction direction;
	const char *place;

	*sighting = (struct sighting){ .kind = SIGHTED_ARRIVING, .in = "" };
	if (packet->family == FAMILY_NONE || packet->total_len == 0)
		return;
	/* Linux 6.18, ip_rcv_core(): dropped at once. A bridge's port sees such of what the bridge itself is given. */
	if (packet->link.direction == LINK_OTHER_HOST) {
		sighting->kind = SIGHTED_ELSEWHERE;
		return;
	}
	if (!vantage->plan->is_on) {
		sight_plainly(vantage, packet, sighting);
		return;
	}
	place = place_of(vantage, packet);
	direction = direction_of(vantage, packet, place);
	if (direction == LINK_UNKNOWN && has_come_in(vantage, packet, place))
		direction = place || !is_predicted(vantage, packet) ? LINK_IN : LINK_OUT;
	if (direction == LINK_IN && is_on_loopback(vantage, packet, place)) {
		if (is_back_from_loopback(vantage, packet, sighting))
			return;
		direction = LINK_OUT;
	}
	if (direction == LINK_IN)
		sight_arriving(vantage, packet, place, sighting);
	else if (is_seen_before(vantage, packet, place, true, sighting))
		return;
	else if (is_copy(vantage, packet, place, sighting))
		return;
	else if (vantage->may_speak_for_others && has_fresh_ttl(packet) && !is_own(vantage, packet))
		sighting->kind = SIGHTED_SENT;
	else if (packet->is_fragment && !is_own(vantage, packet))
		sighting->kind = SIGHTED_LEAVING;	/* a router's datagrams are compared whole, or not at all */
	else
		turn_back(vantage, packet, place, sighting);
}

void vantage_note(struct vantage *vantage, const struct packet *packet, const char *out, bool is_lost)
{
	struct predicted *predicted;

	if (!vantage->plan->is_on || (!is_lost && !is_captured(vantage->plan, out)))
		return;
	predicted = sightings_predict(&vantage->sightings, packet);
	predicted->out = out;
	predicted->is_lost = is_lost;
}

void vantage_compare(struct vantage *vantage, const struct packet *captured, const struct packet *packet, const char *out,
		     bool is_lost, struct sighting *sighting)
{
	struct predicted predicted = {
		.ends = ends_of(packet), .out = out, .total_len = packet->total_len, .ttl = packet->ttl,
		.tos = packet->tos, .is_lost = is_lost,
	};

	sighting->difference = compare(vantage, &predicted, captured, place_of(vantage, captured));
}

bool vantage_foresee(const struct vantage *vantage, const struct packet *packet, const struct packet *next, size_t n_next,
		     struct tuple *ends)
{
	uint64_t key = sightings_key_of(packet);

	for (size_t i = 0; i < n_next; i++) {
		const char *place;

		if (next[i].family == FAMILY_NONE || sightings_key_of(&next[i]) != key)
			continue;
		place = place_of(vantage, &next[i]);
		if (direction_of(vantage, &next[i], place) == LINK_IN)
			continue;
		*ends = ends_of(&next[i]);
		return true;
	}
	return false;
}

void vantage_visit_unseen(const struct vantage *vantage, vantage_visitor *visit, void *owner)
{
	uint64_t n = vantage->sightings.n_predicted;
	uint64_t first = n < SIGHTINGS_KEPT ? 0 : n - SIGHTINGS_KEPT;

	for (uint64_t i = first; i < n; i++) {
		const struct predicted *predicted = &vantage->sightings.predicted[i % SIGHTINGS_KEPT];

		if (!predicted->is_seen && !predicted->is_lost)
			visit(owner, predicted);
	}
}
