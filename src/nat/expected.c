/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nat/expected.h"

static void map(struct binder *binder, struct connection *connection, enum nat_side side, const struct address *address,
		const uint16_t *port, struct vtime now)
{
	struct nat_range range = { .flags = NAT_MAP_ADDRESS, .first = *address, .last = *address };

	if (port) {
		range.flags |= NAT_MAP_PORT;
		range.first_port = range.last_port = *port;
	}
	bind_range(binder, connection, side, &range, now);
}

/* Which side gets the port that was named before the translation: NULL or the port. */
static const uint16_t *port_of(const struct expectation *met, enum nat_side side)
{
	if (met->mapping == EXPECTATION_FOLLOWS_CALL)
		return (side == NAT_SOURCE) == (met->direction == DIRECTION_ORIGINAL) ? &met->saved_port : NULL;
	return side == NAT_DESTINATION ? &met->saved_port : NULL;
}

void expected_map(struct binder *binder, struct connection *connection, const struct expectation *met, struct vtime now)
{
	const struct tuple *answer = &met->master->tuple[direction_other(met->direction)];

	map(binder, connection, NAT_SOURCE, &answer->destination, port_of(met, NAT_SOURCE), now);
	map(binder, connection, NAT_DESTINATION, &answer->source, port_of(met, NAT_DESTINATION), now);
}
