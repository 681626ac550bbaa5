/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/topology.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static const char default_interface[] = "eth0";
static const char loopback_interface[] = "lo";

static enum address_type classify(const struct surroundings *surroundings, enum family family,
				  const struct address *address, const char *interface);
static const struct address *leaving_address(const struct surroundings *surroundings, enum family family,
					     const char *interface, const struct address *destination);
static const struct address *arriving_address(const struct surroundings *surroundings, enum family family,
					      const char *interface, const struct address *destination);

void topology_init(struct topology *topology)
{
	memset(topology, 0, sizeof(*topology));
	arena_init(&topology->arena);
	topology->surroundings.classify = classify;
	topology->surroundings.leaving_address = leaving_address;
	topology->surroundings.arriving_address = arriving_address;
}

void topology_clear(struct topology *topology)
{
	arena_clear(&topology->arena);
	free(topology->addresses);
	free(topology->routes);
	memset(topology, 0, sizeof(*topology));
}

static unsigned family_bits(enum family family)
{
	return family == FAMILY_IPV4 ? 32 : 128;
}

static struct masked_address mask_address(enum family family, const struct address *address, unsigned prefix_len)
{
	struct masked_address masked = { .address = *address, .mask = address_prefix_mask(family, prefix_len) };

	for (int i = 0; i < 4; i++)
		masked.address.word[i] &= masked.mask.word[i];
	return masked;
}

void topology_add_address(struct topology *topology, enum family family, const struct address *address,
			  unsigned prefix_len, const char *interface)
{
	struct topology_address *added;

	topology->addresses = alloc_resize(topology->addresses, topology->n_addresses + 1, sizeof(*added));
	added = &topology->addresses[topology->n_addresses++];
	*added = (struct topology_address){
		.family = family,
		.address = *address,
		.subnet = mask_address(family, address, prefix_len),
		.interface = arena_copy_string(&topology->arena, interface),
	};
	if (family == FAMILY_IPV4 && prefix_len <= 30) {
		added->has_broadcast = true;
		added->broadcast = added->subnet.address;
		added->broadcast.word[0] |= ~added->subnet.mask.word[0];
	}
}

static void add_route(struct topology *topology, const struct route *route)
{
	topology->routes = alloc_resize(topology->routes, topology->n_routes + 1, sizeof(*route));
	topology->routes[topology->n_routes++] = *route;
}

static bool refuse(struct diagnostics *diagnostics, const char *option, const char *text, const char *why)
{
	diag_error_plain(diagnostics, "%s '%s': %s", option, text, why);
	return false;
}

/* The text behind `separator`, or NULL; *len becomes the length before it. */
static const char *split_at(const char *text, char separator, size_t *len)
{
	const char *at = strchr(text, separator);

	*len = at ? (size_t)(at - text) : strlen(text);
	return at ? at + 1 : NULL;
}

bool topology_parse_local(struct topology *topology, const char *text, struct diagnostics *diagnostics)
{
	static const char option[] = "--local";
	size_t len, address_len;
	const char *interface = split_at(text, '@', &len);
	char *masked_text = arena_copy(&topology->arena, text, len);
	const char *prefix_text = split_at(masked_text, '/', &address_len);
	struct masked_address masked;
	enum family family;
	struct address address;
	int prefix_len;

	if (!address_parse(masked_text, address_len, &family, &address))
		return refuse(diagnostics, option, text, "not an address; expected ADDR[/LEN][@IFACE], e.g. 192.168.1.2/24@eth0");
	if (interface && (!*interface || strlen(interface) > TOPOLOGY_NAME_LEN))
		return refuse(diagnostics, option, text, "an interface name has 1 to 15 characters");
	prefix_len = (int)family_bits(family);
	if (prefix_text) {
		if (!address_parse_masked(masked_text, len, &family, &masked))
			return refuse(diagnostics, option, text, "bad prefix length");
		prefix_len = address_mask_prefix_len(family, &masked.mask);
		if (prefix_len < 0)
			return refuse(diagnostics, option, text, "the mask of an interface must be contiguous");
	}
	if (!interface)
		interface = address_is_loopback(family, &address) ? loopback_interface : default_interface;
	topology_add_address(topology, family, &address, (unsigned)prefix_len, interface);
	return true;
}

static bool parse_via(const char *text, struct route *route)
{
	enum family family;

	if (strncmp(text, "via=", 4) != 0 || !address_parse(text + 4, strlen(text + 4), &family, &route->via))
		return false;
	route->has_via = true;
	return route->family == FAMILY_NONE || route->family == family;
}

bool topology_parse_route(struct topology *topology, const char *text, struct diagnostics *diagnostics)
{
	static const char option[] = "--route";
	struct route route = { .family = FAMILY_NONE };
	size_t len, interface_len;
	const char *rest = split_at(text, '@', &len), *via;
	bool is_default = len == strlen("default") && strncmp(text, "default", len) == 0;

	if (!rest || !*rest)
		return refuse(diagnostics, option, text, "expected PREFIX@IFACE[,via=ADDR], e.g. 10.1.0.0/16@eth1");
	if (!is_default && !address_parse_masked(text, len, &route.family, &route.destination))
		return refuse(diagnostics, option, text, "not a prefix");
	if (!is_default)
		route.prefix_len = address_mask_prefix_len(route.family, &route.destination.mask);
	if (route.prefix_len < 0)
		return refuse(diagnostics, option, text, "the mask of a route must be contiguous");
	via = split_at(rest, ',', &interface_len);
	if (interface_len == 0 || interface_len > TOPOLOGY_NAME_LEN)
		return refuse(diagnostics, option, text, "an interface name has 1 to 15 characters");
	route.interface = arena_copy(&topology->arena, rest, interface_len);
	if (via && !parse_via(via, &route))
		return refuse(diagnostics, option, text, "expected ,via=ADDR of the same family behind the interface");
	if (!is_default) {
		add_route(topology, &route);
		return true;
	}
	route.family = FAMILY_IPV4;
	add_route(topology, &route);
	route.family = FAMILY_IPV6;
	add_route(topology, &route);
	return true;
}

static int compare_routes(const void *left, const void *right)
{
	const struct route *a = left, *b = right;

	return (b->prefix_len > a->prefix_len) - (b->prefix_len < a->prefix_len);
}

/* Insertion keeps the given order among equals, so that the first of two equal routes wins. */
static void sort_routes(struct topology *topology)
{
	for (size_t i = 1; i < topology->n_routes; i++) {
		struct route route = topology->routes[i];
		size_t j = i;

		for (; j > 0 && compare_routes(&topology->routes[j - 1], &route) > 0; j--)
			topology->routes[j] = topology->routes[j - 1];
		topology->routes[j] = route;
	}
}

void topology_finish(struct topology *topology)
{
	bool has_routes = topology->n_routes > 0;
	const char *first = default_interface;

	for (size_t i = topology->n_addresses; i-- > 0;)
		if (strcmp(topology->addresses[i].interface, loopback_interface) != 0)
			first = topology->addresses[i].interface;
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];
		struct route connected = {
			.family = own->family,
			.destination = own->subnet,
			.prefix_len = address_mask_prefix_len(own->family, &own->subnet.mask),
			.interface = own->interface,
		};

		if ((unsigned)connected.prefix_len < family_bits(own->family))
			add_route(topology, &connected);
	}
	if (!has_routes) {
		topology->has_assumed_default = true;
		add_route(topology, &(struct route){ .family = FAMILY_IPV4, .interface = first });
		add_route(topology, &(struct route){ .family = FAMILY_IPV6, .interface = first });
	}
	sort_routes(topology);
}

bool topology_is_local(const struct topology *topology, enum family family, const struct address *address)
{
	for (size_t i = 0; i < topology->n_addresses; i++)
		if (topology->addresses[i].family == family && address_is_equal(&topology->addresses[i].address, address))
			return true;
	return address_is_loopback(family, address);
}

static bool is_subnet_broadcast(const struct topology *topology, const struct address *address, const char *interface)
{
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];

		if (own->has_broadcast && address_is_equal(&own->broadcast, address) &&
		    (!interface || !*interface || strcmp(interface, own->interface) == 0))
			return true;
	}
	return false;
}

bool topology_is_broadcast(const struct topology *topology, enum family family, const struct address *address)
{
	if (family != FAMILY_IPV4)
		return false;
	return address->word[0] == 0xffffffffu || is_subnet_broadcast(topology, address, NULL);
}

const struct route *topology_find_route(const struct topology *topology, enum family family,
					const struct address *address)
{
	for (size_t i = 0; i < topology->n_routes; i++)
		if (topology->routes[i].family == family && address_is_in(address, &topology->routes[i].destination))
			return &topology->routes[i];
	return NULL;
}

const char *topology_interface_towards(const struct topology *topology, enum family family,
				       const struct address *address)
{
	const struct route *route = topology_find_route(topology, family, address);

	if (route)
		return route->interface;
	return topology->n_addresses ? topology->addresses[0].interface : default_interface;
}

const struct address *topology_source_address(const struct topology *topology, enum family family,
					      const char *interface)
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

static bool is_local_on(const struct topology *topology, enum family family, const struct address *address,
			const char *interface)
{
	bool any = !interface || !*interface;

	if (address_is_loopback(family, address))
		return any || strcmp(interface, loopback_interface) == 0;
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

		if (value == 0xffffffffu || value >> 24 == 0)
			return ADDRESS_BROADCAST;
	} else if (address_is_unspecified(address)) {
		return ADDRESS_UNSPEC;
	}
	if (address_is_multicast(family, address))
		return ADDRESS_MULTICAST;
	if (is_local_on(topology, family, address, interface))
		return ADDRESS_LOCAL;
	if (family == FAMILY_IPV4 && is_subnet_broadcast(topology, address, interface))
		return ADDRESS_BROADCAST;
	return ADDRESS_UNICAST;
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

/*
 * Linux 6.18, inet_select_addr() towards the next hop: the first address whose subnet holds it, else the first of the
 * interface, else one of another interface.
 */
static const struct address *leaving_address(const struct surroundings *surroundings, enum family family,
					     const char *interface, const struct address *destination)
{
	const struct topology *topology = (const struct topology *)surroundings;
	const struct route *route = topology_find_route(topology, family, destination);
	const struct address *next_hop = route && route->has_via ? &route->via : destination;

	if (family == FAMILY_IPV6)
		return select_ipv6_address(topology, interface, destination);
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];

		if (own->family == family && strcmp(own->interface, interface) == 0 &&
		    !address_is_loopback(family, &own->address) && address_is_in(next_hop, &own->subnet))
			return &own->address;
	}
	return topology_source_address(topology, family, interface);
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

void topology_print(const struct topology *topology, struct text *out)
{
	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *own = &topology->addresses[i];
		int prefix_len = address_mask_prefix_len(own->family, &own->subnet.mask);

		if (i)
			text_append(out, ", ");
		address_print(own->family, &own->address, out);
		if ((unsigned)prefix_len < family_bits(own->family))
			text_printf(out, "/%d", prefix_len);
		text_printf(out, " on %s", own->interface);
	}
	if (!topology->n_addresses)
		text_append(out, "no address of its own");
}
