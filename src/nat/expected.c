/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nat/expected.h"

#include "conntrack/help.h"

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

/* The other half of a media conversation, which leaves from where its own expectation is announced. */
static const struct expectation *find_pair(const struct connection *connection, const struct expectation *met)
{
	const struct tuple original = connection_tuple(connection, DIRECTION_ORIGINAL);
	const struct expectation *each = connection_extra(met->master)->help->newest;

	for (; each; each = each->older)
		if (each->tuple.protocol == original.protocol && each->tuple.family == original.family &&
		    each->saved_port == original.source_port &&
		    address_is_equal(&each->saved_address, &original.source))
			return each;
	return NULL;
}

/* Linux 6.18, nf_nat_sip_expected(): to where the message said; the source is left to the rules when it is a third host. */
static void map_sip(struct binder *binder, struct connection *connection, const struct expectation *met, struct vtime now)
{
	const struct tuple original = connection_tuple(connection, DIRECTION_ORIGINAL);
	const struct tuple there = connection_tuple(met->master, met->direction);
	const struct tuple answer = connection_tuple(met->master, direction_other(met->direction));
	const struct expectation *pair = NULL;

	map(binder, connection, NAT_DESTINATION, &met->saved_address, &met->saved_port, now);
	if (met->class != 0)	/* media */
		pair = find_pair(connection, met);
	if (pair)
		map(binder, connection, NAT_SOURCE, &pair->tuple.destination, &pair->tuple.destination_port, now);
	else if (address_is_equal(&original.source, &there.source))
		map(binder, connection, NAT_SOURCE, &answer.destination, NULL, now);
}

/* Linux 6.18, ip_nat_q931_expect(), ip_nat_callforwarding_expect(): whoever calls. */
static void map_call_signal(struct binder *binder, struct connection *connection, const struct expectation *met,
			    struct vtime now)
{
	struct address caller = connection_tuple(connection, direction_other(met->direction)).source;

	map(binder, connection, NAT_SOURCE, &caller, NULL, now);
	map(binder, connection, NAT_DESTINATION, &met->saved_address, &met->saved_port, now);
}

void expected_map(struct binder *binder, struct connection *connection, const struct expectation *met, struct vtime now)
{
	const struct tuple answer = connection_tuple(met->master, direction_other(met->direction));

	if (met->mapping == EXPECTATION_FOLLOWS_SIP) {
		map_sip(binder, connection, met, now);
		return;
	}
	if (met->mapping == EXPECTATION_FOLLOWS_CALL_SIGNAL) {
		map_call_signal(binder, connection, met, now);
		return;
	}
	map(binder, connection, NAT_SOURCE, &answer.destination, port_of(met, NAT_SOURCE), now);
	map(binder, connection, NAT_DESTINATION, &answer.source, port_of(met, NAT_DESTINATION), now);
}
