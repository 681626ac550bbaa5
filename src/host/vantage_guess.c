/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/vantage_guess.h"

#include <string.h>

#include "host/fib.h"
#include "rules/origin.h"

/* Whose packets may leave with a TTL like that of one that nobody has forwarded? The host may answer in their name, or sets TTLs. */
static enum vantage_freshness freshness_of(const struct ruleset *ruleset)
{
	static const char *const targets[] = { "REDIRECT", "TPROXY", "TTL", "HL" };

	for (size_t i = 0; i < sizeof(targets) / sizeof(targets[0]); i++)
		if (ruleset_has_target(ruleset, targets[i]))
			return VANTAGE_FRESH_OF_ANYBODY;
	return ruleset_has_target(ruleset, "DNAT") ? VANTAGE_FRESH_OF_DISTANT : VANTAGE_FRESH_OF_NOBODY;
}

void vantage_guess_init(struct vantage_guess *guess, const struct topology *topology, const struct ruleset *ruleset)
{
	memset(guess, 0, sizeof(*guess));
	guess->topology = topology;
	guess->ruleset = ruleset;
	guess->freshness = freshness_of(ruleset);
}

/* The place of an interface among the topology's, or VANTAGE_MOST. */
static size_t place_of(const struct topology *topology, const char *name)
{
	for (size_t i = 0; i < topology->n_interfaces && i < VANTAGE_MOST; i++)
		if (strcmp(topology->interfaces[i]->name, name) == 0)
			return i;
	return VANTAGE_MOST;
}

static struct vantage_votes *find_index(struct vantage_guess *guess, uint32_t index)
{
	for (size_t i = 0; i < guess->n_indices; i++)
		if (guess->indices[i].index == index)
			return &guess->indices[i];
	if (guess->n_indices == VANTAGE_MOST)
		return NULL;
	guess->indices[guess->n_indices].index = index;
	return &guess->indices[guess->n_indices++];
}

/* Which interface has this number? What came in lies behind it, and so does what leaves for somewhere. */
static void vote_for_index(struct vantage_guess *guess, const struct packet *packet)
{
	const struct topology *topology = guess->topology;
	struct vantage_votes *votes = find_index(guess, packet->link.interface_index);
	enum family family = (enum family)packet->family;
	bool is_in = packet->link.direction == LINK_IN;
	const struct address *far = is_in ? &packet->source : &packet->destination;
	size_t place;

	if (!votes || packet->link.direction == LINK_UNKNOWN || address_is_multicast(family, far))
		return;
	if (topology_is_local(topology, family, far))
		place = place_of(topology, "lo");
	else
		place = place_of(topology, fib_interface_towards(topology, family, far));
	if (place < VANTAGE_MOST)
		votes->votes[place]++;
}

static bool is_on_link(const struct topology *topology, size_t place, enum family family, const struct address *address)
{
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];

		if (own->family == family && strcmp(own->interface, topology->interfaces[place]->name) == 0 &&
		    address_is_in(address, &own->subnet))
			return true;
	}
	return false;
}

/* What hosts begin with; who forwards takes one away. */
static bool is_first_ttl(unsigned ttl)
{
	return ttl == 64 || ttl == 128 || ttl == 255;
}

static bool is_neighbour(const struct topology *topology, enum family family, const struct address *address)
{
	for (size_t i = 1; i < topology->n_interfaces; i++)
		if (is_on_link(topology, i, family, address))
			return true;
	return false;
}

/* Sent by somebody else, and nobody has forwarded it yet. */
static bool is_fresh(const struct vantage_guess *guess, const struct packet *packet)
{
	if (!is_first_ttl(packet->ttl) || guess->freshness == VANTAGE_FRESH_OF_ANYBODY)
		return false;
	return guess->freshness == VANTAGE_FRESH_OF_NOBODY ||
	       is_neighbour(guess->topology, (enum family)packet->family, &packet->source);
}

/* Can the host's own rules make this source, of packets that leave by this interface? MASQUERADE's too, where `is_own`. */
static bool is_made_at(const struct vantage_guess *guess, size_t place, const struct packet *packet,
		       const struct address *address, bool is_own)
{
	struct packet from_there = *packet;
	struct origin_question question = {
		.packet = &from_there, .hook = HOOK_POSTROUTING, .side = NAT_SOURCE, .is_own = is_own,
		.out = guess->topology->interfaces[place]->name,
	};

	from_there.source = *address;
	return origin_may_be_made(guess->ruleset, &question);
}

/* An end of a packet, seen from an interface. */
struct guessed_end {
	bool is_on_link, is_local;
	bool is_made;		/* no address of the host, but one that its SNAT or NETMAP makes there */
};

static struct guessed_end look_at_end(const struct vantage_guess *guess, size_t place, const struct packet *packet,
				      const struct address *address)
{
	enum family family = (enum family)packet->family;
	bool is_local = topology_is_local(guess->topology, family, address);

	return (struct guessed_end){
		.is_on_link = is_on_link(guess->topology, place, family, address),
		.is_local = is_local,
		.is_made = !is_local && is_made_at(guess, place, packet, address, false),
	};
}

/* From an address of the host: it was forwarded, or a rule could have made it. What is left is plainly the host's own. */
static bool may_be_translated(const struct vantage_guess *guess, size_t place, const struct packet *packet)
{
	return !is_first_ttl(packet->ttl) || is_made_at(guess, place, packet, &packet->source, true);
}

static void vote_for_interface(struct vantage_guess *guess, size_t place, const struct packet *packet)
{
	struct guessed_end source = look_at_end(guess, place, packet, &packet->source);
	struct guessed_end destination = look_at_end(guess, place, packet, &packet->destination);
	bool is_elsewhere = !source.is_local && !fib_is_behind(guess->topology, (enum family)packet->family, &packet->source,
							       guess->topology->interfaces[place]->name);

	if (!source.is_on_link && !destination.is_on_link && !source.is_made && !destination.is_made)
		return;
	guess->n_beside[place]++;
	guess->n_leaving[place] += is_elsewhere || source.is_made || (source.is_local && may_be_translated(guess, place, packet));
	guess->n_fresh[place] += is_elsewhere && !source.is_made && is_fresh(guess, packet);
	guess->n_forwarded[place] += source.is_on_link && !source.is_local && !source.is_made && is_first_ttl(packet->ttl + 1u);
}

static void vote_by_address(struct vantage_guess *guess, const struct packet *packet)
{
	for (size_t i = 1; i < guess->topology->n_interfaces && i < VANTAGE_MOST; i++)
		vote_for_interface(guess, i, packet);
}

void vantage_guess_add(struct vantage_guess *guess, const struct packet *packet)
{
	enum family family = (enum family)packet->family;
	size_t place = VANTAGE_MOST;

	if (packet->family == FAMILY_NONE || packet->status == DECODE_MALFORMED ||
	    address_is_multicast(family, &packet->destination) ||
	    topology_is_broadcast(guess->topology, family, &packet->destination))
		return;
	if (packet->link.direction == LINK_OTHER_HOST)
		return;
	guess->n_packets++;
	if (packet->link.interface_name)
		place = place_of(guess->topology, packet->link.interface_name);
	if (place < VANTAGE_MOST) {
		guess->is_named[place] = true;
		guess->n_named++;
	}
	guess->n_directed += packet->link.direction == LINK_IN || packet->link.direction == LINK_OUT;
	if (packet->link.interface_index)
		vote_for_index(guess, packet);
	vote_by_address(guess, packet);
}

static bool apply_names(const struct vantage_guess *guess, struct vantage_plan *plan, struct text *why)
{
	if (guess->n_named < guess->n_packets)
		return false;
	for (size_t i = 0; i < VANTAGE_MOST; i++)
		if (guess->is_named[i])
			vantage_plan_add(plan, guess->topology->interfaces[i]->name);
	vantage_plan_print(plan, why);
	text_append(why, " (as the capture says)");
	return true;
}

static size_t most_voted(const struct vantage_votes *votes)
{
	size_t best = 0;

	for (size_t i = 1; i < VANTAGE_MOST; i++)
		if (votes->votes[i] > votes->votes[best])
			best = i;
	return best;
}

/* Captured on "any": each packet has a direction, and with SLL2 the number of its interface. */
static bool apply_directions(const struct vantage_guess *guess, struct vantage_plan *plan, struct text *why)
{
	const struct topology *topology = guess->topology;

	if (guess->n_directed < guess->n_packets)
		return false;
	for (size_t i = 0; i < guess->n_indices; i++) {
		size_t place = most_voted(&guess->indices[i]);

		if (!guess->indices[i].votes[place])
			continue;
		plan->indices[plan->n_indices].index = guess->indices[i].index;
		plan->indices[plan->n_indices++].name = topology->interfaces[place]->name;
		vantage_plan_add(plan, topology->interfaces[place]->name);
	}
	for (size_t i = 0; i < topology->n_interfaces && !plan->n_indices; i++)
		vantage_plan_add(plan, topology->interfaces[i]->name);
	vantage_plan_print(plan, why);
	text_append(why, " (the link layer says which way each packet went)");
	return true;
}

/*
 * One interface: each packet has an address of its link; what leaves was forwarded, what is of that link was not. Where all may
 * have come in by another interface, nothing is known.
 */
static bool apply_addresses(const struct vantage_guess *guess, struct vantage_plan *plan, struct text *why)
{
	const struct topology *topology = guess->topology;
	const char *found = NULL;

	for (size_t i = 1; i < topology->n_interfaces && i < VANTAGE_MOST; i++) {
		if (guess->n_beside[i] < guess->n_packets || guess->n_forwarded[i] || guess->n_fresh[i])
			continue;
		if (found || !guess->n_leaving[i])
			return false;
		found = topology->interfaces[i]->name;
	}
	if (!found)
		return false;
	vantage_plan_add(plan, found);
	text_printf(why, "%s (found from the capture: each packet has an address of its link; --captured-on says otherwise)",
		    found);
	return true;
}

static size_t count_links(const struct topology *topology)
{
	bool has_address[VANTAGE_MOST] = { false };
	size_t n = 0;

	for (size_t i = 0; i < topology->n_addresses; i++) {
		size_t place = place_of(topology, topology->addresses[i].interface);

		if (place && place < VANTAGE_MOST && !has_address[place]) {
			has_address[place] = true;
			n++;
		}
	}
	return n;
}

void vantage_guess_apply(const struct vantage_guess *guess, struct vantage_plan *plan, struct text *why)
{
	if (!guess->n_packets)
		return;
	if (count_links(guess->topology) > 1)
		plan->is_on = apply_names(guess, plan, why) || apply_directions(guess, plan, why) ||
			      apply_addresses(guess, plan, why);
	else if (guess->n_indices > 1)		/* lo, a bridge and its ports: what one shows the other may show again */
		plan->is_on = apply_directions(guess, plan, why);
}
