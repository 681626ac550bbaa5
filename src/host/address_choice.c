/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/address_choice.h"

#include <string.h>

#include "host/fib.h"

static bool is_local_on(const struct topology *topology, enum family family, const struct address *address,
			const char *interface)
{
	bool any = !interface || !*interface;

	if (address_is_loopback(family, address) && !topology_is_loopback_broadcast(family, address))
		return any || strcmp(interface, "lo") == 0;
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];

		if (own->family == family && address_is_equal(&own->address, address) &&
		    (any || strcmp(own->interface, interface) == 0))
			return true;
	}
	return false;
}

/* Linux 6.18, __inet_dev_addr_type(): zero net and limited broadcast first, then the local table. */
static enum address_type classify(const struct surroundings *surroundings, enum family family,
				  const struct address *address, const char *interface)
{
	const struct topology *topology = (const struct topology *)surroundings;

	if (family == FAMILY_IPV4) {
		uint32_t value = address_ipv4(address);

		if (value == 0xffffffffu || value == 0)
			return ADDRESS_BROADCAST;
	} else if (address_is_unspecified(address)) {
		return ADDRESS_UNSPEC;
	}
	if (address_is_multicast(family, address))
		return ADDRESS_MULTICAST;
	if (is_local_on(topology, family, address, interface))
		return ADDRESS_LOCAL;
	if (family == FAMILY_IPV4 && topology_is_subnet_broadcast(topology, address, interface))
		return ADDRESS_BROADCAST;
	return ADDRESS_UNICAST;
}

/* Linux 6.18, rpfilter_lookup_reverse() and rpfilter_lookup_reverse6(); link-local addresses are looked for on their link. */
static enum way_back way_back(const struct surroundings *surroundings, const struct packet *packet, const char *in,
			      uint32_t mark)
{
	const struct topology *topology = (const struct topology *)surroundings;
	enum family family = (enum family)packet->family;
	struct fib_flow back = {
		.family = family, .source = &packet->destination, .destination = &packet->source, .tos = packet->tos, .mark = mark,
	};
	struct fib_answer answer;
	bool is_here;

	if (address_is_link_local(family, &packet->source))
		return WAY_BACK_SAME;
	if (classify(surroundings, family, &packet->destination, NULL) == ADDRESS_MULTICAST ||
	    address_is_unspecified(&packet->destination))
		back.source = NULL;
	fib_lookup(topology, &back, &answer);
	is_here = answer.is_found && fib_leads_by(topology, &answer, in);
	if (answer.is_found && answer.type == ROUTE_LOCAL)
		return is_here ? WAY_BACK_LOCAL : WAY_BACK_LOCAL_ELSEWHERE;
	if (!answer.is_found || answer.type != ROUTE_UNICAST)
		return WAY_BACK_NONE;
	return is_here ? WAY_BACK_SAME : WAY_BACK_OTHER;
}

/* How many leading bits two addresses share. */
static unsigned common_prefix_len(const struct address *a, const struct address *b)
{
	uint8_t left[16], right[16];
	unsigned n = 0;

	address_to_bytes(FAMILY_IPV6, a, left);
	address_to_bytes(FAMILY_IPV6, b, right);
	while (n < 128 && !((left[n / 8] ^ right[n / 8]) >> (7 - n % 8) & 1))
		n++;
	return n;
}

/*
 * RFC 6724, section 5, as far as a static host can tell: the destination itself, the scope that fits, the outgoing
 * interface, the longest prefix. Linux 6.18, ipv6_dev_get_saddr(); among equals it meets the newest first.
 */
static const struct address *select_ipv6_address(const struct topology *topology, const char *interface,
						 const struct address *destination)
{
	bool is_link_local = address_is_link_local(FAMILY_IPV6, destination);
	const struct address *best = NULL;
	unsigned best_score = 0;

	if (topology_is_local(topology, FAMILY_IPV6, destination))
		return destination;
	for (size_t i = topology->n_addresses; i-- > 0;) {
		const struct topology_address *own = &topology->addresses[i];
		unsigned score;

		if (own->family != FAMILY_IPV6 || address_is_loopback(FAMILY_IPV6, &own->address))
			continue;
		score = 1 + common_prefix_len(&own->address, destination);
		if (strcmp(own->interface, interface) == 0)
			score += 256;
		if (address_is_link_local(FAMILY_IPV6, &own->address) == is_link_local)
			score += 512;
		if (score > best_score) {
			best = &own->address;
			best_score = score;
		}
	}
	return best;
}

static const struct address *first_address(const struct topology *topology, enum family family, const char *interface)
{
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];

		if (own->family == family && strcmp(own->interface, interface) == 0)
			return &own->address;
	}
	/* An interface without an address borrows one of another (inet_select_addr()). */
	for (size_t i = 0; i < topology->n_addresses; i++)
		if (topology->addresses[i].family == family)
			return &topology->addresses[i].address;
	return NULL;
}

/*
 * Linux 6.18, inet_select_addr() towards the next hop: the first address whose subnet holds it, else the first of the
 * interface, else one of another interface.
 */
static const struct address *leaving_address(const struct surroundings *surroundings, enum family family,
					     const char *interface, const struct address *next_hop)
{
	const struct topology *topology = (const struct topology *)surroundings;

	if (family == FAMILY_IPV6)
		return select_ipv6_address(topology, interface, next_hop);
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];

		if (own->family == family && strcmp(own->interface, interface) == 0 &&
		    !address_is_loopback(family, &own->address) && address_is_in(next_hop, &own->subnet))
			return &own->address;
	}
	return first_address(topology, family, interface);
}

/* Linux 6.18, nf_nat_redirect_ipv4(): the first address; nf_nat_redirect_ipv6(): the newest, of the packet's scope. */
static const struct address *arriving_address(const struct surroundings *surroundings, enum family family,
					      const char *interface, const struct address *destination)
{
	const struct topology *topology = (const struct topology *)surroundings;
	const struct address *found = NULL;

	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];

		if (own->family != family || strcmp(own->interface, interface) != 0)
			continue;
		if (family == FAMILY_IPV4)
			return &own->address;
		if (!address_is_link_local(family, destination) || address_is_link_local(family, &own->address))
			found = &own->address;
	}
	return found;
}

static uint32_t mtu_towards(const struct surroundings *surroundings, enum family family,
			    const struct address *destination)
{
	const struct topology *topology = (const struct topology *)surroundings;

	return fib_mtu(fib_route_towards(topology, family, destination));
}

void address_choice_init(struct surroundings *surroundings)
{
	surroundings->classify = classify;
	surroundings->way_back = way_back;
	surroundings->leaving_address = leaving_address;
	surroundings->arriving_address = arriving_address;
	surroundings->mtu_towards = mtu_towards;
}

const struct address *address_choice_towards(const struct topology *topology, enum family family,
					     const struct address *destination)
{
	const struct route *route = fib_route_towards(topology, family, destination);
	const char *interface = route && route->interface ? route->interface : topology_first_interface(topology);

	if (route && route->has_source)
		return &route->source;
	/* IPv6 chooses by the destination itself, whatever the next hop. */
	return leaving_address(&topology->surroundings, family, interface,
			       route && route->has_via && family == FAMILY_IPV4 ? &route->via : destination);
}
