/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/vantage_guess.h"

#include <string.h>

#include "host/fib.h"
#include "rules/origin.h"

void vantage_guess_init(struct vantage_guess *guess, const struct topology *topology, const struct ruleset *ruleset)
{
	memset(guess, 0, sizeof(*guess));
	guess->topology = topology;
	guess->ruleset = ruleset;
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

/* Of the host, or made by its SNAT or NETMAP for packets that leave by this interface. */
static bool is_own_at(const struct vantage_guess *guess, size_t place, const struct packet *packet,
		      const struct address *address)
{
	struct packet from_there = *packet;
	struct origin_question question = {
		.packet = &from_there, .hook = HOOK_POSTROUTING, .side = NAT_SOURCE,
		.out = guess->topology->interfaces[place]->name,
	};

	from_there.source = *address;
	return topology_is_local(guess->topology, (enum family)packet->family, address) ||
	       origin_may_be_made(guess->ruleset, &question);
}

static void vote_by_address(struct vantage_guess *guess, const struct packet *packet)
{
	const struct topology *topology = guess->topology;
	enum family family = (enum family)packet->family;
	const char *way = fib_interface_towards(topology, family, &packet->source);
	uint8_t fresh = (uint8_t)(packet->ttl + 1);

	for (size_t i = 1; i < topology->n_interfaces && i < VANTAGE_MOST; i++) {
		bool is_from = is_on_link(topology, i, family, &packet->source);
		bool is_own_source = is_own_at(guess, i, packet, &packet->source);
		bool is_own_destination = is_own_at(guess, i, packet, &packet->destination);

		if (!is_from && !is_on_link(topology, i, family, &packet->destination) &&
		    (!is_own_source || topology_is_local(topology, family, &packet->source)) &&
		    (!is_own_destination || topology_is_local(topology, family, &packet->destination)))
			continue;
		guess->n_beside[i]++;
		guess->n_leaving[i] += is_own_source || strcmp(way, topology->interfaces[i]->name) != 0;
		guess->n_forwarded[i] += is_from && !is_own_source && (fresh == 64 || fresh == 128 || fresh == 255);
	}
}

void vantage_guess_add(struct vantage_guess *guess, const struct packet *packet)
{
	enum family family = (enum family)packet->family;
	size_t place = VANTAGE_MOST;

	if (packet->family == FAMILY_NONE || packet->status == DECODE_MALFORMED ||
	    address_is_multicast(family, &packet->destination) ||
	    topology_is_broadcast(guess->topology, family, &packet->destination))
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

static void add_name(struct vantage_plan *plan, const char *name)
{
	for (size_t i = 0; i < plan->n_names; i++)
		if (strcmp(plan->names[i], name) == 0)
			return;
	if (plan->n_names < VANTAGE_MOST)
		plan->names[plan->n_names++] = name;
}

static void print_names(const struct vantage_plan *plan, struct text *out)
{
	for (size_t i = 0; i < plan->n_names; i++)
		text_printf(out, "%s%s", i ? ", " : "", plan->names[i]);
}

static bool apply_names(const struct vantage_guess *guess, struct vantage_plan *plan, struct text *why)
{
	if (guess->n_named < guess->n_packets)
		return false;
	for (size_t i = 0; i < VANTAGE_MOST; i++)
		if (guess->is_named[i])
			add_name(plan, guess->topology->interfaces[i]->name);
	print_names(plan, why);
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
		add_name(plan, topology->interfaces[place]->name);
	}
	for (size_t i = 0; i < topology->n_interfaces && !plan->n_indices; i++)
		add_name(plan, topology->interfaces[i]->name);
	print_names(plan, why);
	text_append(why, " (the link layer says which way each packet went)");
	return true;
}

/* One interface: each packet has an address of its link, and nobody on that link had to be forwarded to it. */
static bool apply_addresses(const struct vantage_guess *guess, struct vantage_plan *plan, struct text *why)
{
	const struct topology *topology = guess->topology;
	const char *found = NULL;

	for (size_t i = 1; i < topology->n_interfaces && i < VANTAGE_MOST; i++) {
		if (guess->n_beside[i] < guess->n_packets || !guess->n_leaving[i] || guess->n_forwarded[i])
			continue;
		if (found)
			return false;
		found = topology->interfaces[i]->name;
	}
	if (!found)
		return false;
	add_name(plan, found);
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
	if (!guess->n_packets || count_links(guess->topology) < 2)
		return;
	plan->is_on = apply_names(guess, plan, why) || apply_directions(guess, plan, why) ||
		      apply_addresses(guess, plan, why);
}
