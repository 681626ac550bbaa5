/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/outside.h"

#include <string.h>

#include "host/fib.h"
#include "nat/expected.h"

static const struct host_outside *self(const struct outside *outside)
{
	return (const struct host_outside *)outside;
}

static void map_expected(const struct outside *outside, struct connection *connection, const struct expectation *met,
			 struct vtime now)
{
	expected_map(self(outside)->binder, connection, met, now);
}

static uint32_t draw(const struct outside *outside, uint32_t n)
{
	struct binder *binder = self(outside)->binder;

	binder->n_drawn += n > 1;
	return (uint32_t)(random_u64(&binder->random) >> 32) % n;
}

/* Linux 6.18, nf_conntrack_broadcast_help(). */
static bool find_broadcast_mask(const struct outside *outside, const struct address *destination, struct address *mask)
{
	const struct topology *topology = self(outside)->topology;

	for (size_t i = 0; i < topology->n_addresses; i++) {
		const struct topology_address *address = &topology->addresses[i];

		if (address->has_broadcast && address_is_equal(&address->broadcast, destination)) {
			*mask = address->subnet.mask;
			return true;
		}
	}
	return false;
}

/* Where packets to an address go next; false: nowhere. */
static bool find_way(const struct topology *topology, enum family family, const struct address *address,
		     struct address *next_hop, const char **interface)
{
	struct fib_flow flow = { .family = family, .destination = address };
	struct fib_answer answer;

	fib_lookup(topology, &flow, &answer);
	if (!answer.is_found || (answer.type != ROUTE_UNICAST && answer.type != ROUTE_LOCAL))
		return false;
	*next_hop = answer.route && answer.route->has_via ? answer.route->via : *address;
	*interface = answer.type == ROUTE_LOCAL ? "lo" : answer.interface;
	return *interface != NULL;
}

/* Linux 6.18, callforward_do_filter(). */
static bool is_same_way(const struct outside *outside, enum family family, const struct address *a,
			const struct address *b)
{
	const struct topology *topology = self(outside)->topology;
	const char *interface_a, *interface_b;
	struct address hop_a, hop_b;

	return find_way(topology, family, a, &hop_a, &interface_a) && find_way(topology, family, b, &hop_b, &interface_b) &&
	       address_is_equal(&hop_a, &hop_b) && strcmp(interface_a, interface_b) == 0;
}

void outside_init(struct host_outside *outside, struct binder *binder, const struct topology *topology)
{
	*outside = (struct host_outside){
		.outside = {
			.map_expected = map_expected, .draw = draw, .find_broadcast_mask = find_broadcast_mask,
			.is_same_way = is_same_way,
		},
		.binder = binder,
		.topology = topology,
	};
}
