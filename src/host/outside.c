/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/outside.h"

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
	return (uint32_t)(random_u64(&self(outside)->binder->random) >> 32) % n;
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

void outside_init(struct host_outside *outside, struct binder *binder, const struct topology *topology)
{
	*outside = (struct host_outside){
		.outside = {
			.map_expected = map_expected, .draw = draw, .find_broadcast_mask = find_broadcast_mask,
		},
		.binder = binder,
		.topology = topology,
	};
}
