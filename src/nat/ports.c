/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nat/ports.h"

#include "conntrack/binding.h"
#include "conntrack/tracker.h"
#include "conntrack/tracker/tcp_states.h"

enum {
	MOST_ATTEMPTS = 128,
	FEWEST_ATTEMPTS = 16,
	HARD_ATTEMPTS = 32,		/* the last so many of a round may end an old connection */
	ALL_IDS = 65536,
	LOWEST_USER_PORT = 1024,
};

/* Ports first .. first + n - 1. */
struct ports_class { uint32_t first, n; };

static bool has_trait(const struct ports_search *search, enum profile_trait trait)
{
	return profile_value(conntrack_settings_of(search->conntrack)->profile, trait) != 0;
}

bool ports_is_taken(const struct ports_search *search, const struct tuple *tuple)
{
	enum direction unused;
	struct tuple reply;

	binding_invert(search->connection, tuple, DIRECTION_REPLY, &reply);
	return binding_find_taker(search->conntrack, search->connection, &reply, &unused) != NULL;
}

static bool has_same_ends(const struct connection *one, enum direction direction, const struct connection *other)
{
	struct tuple tuple = connection_tuple(one, direction), its = connection_tuple(other, direction_other(direction));

	tuple.zone = its.zone = 0;
	return tuple_is_equal(&tuple, &its);
}

/*
 * Linux 6.18, nf_nat_used_tuple_new(): an entry that only its own mirror is in the way of stays as it is, though confirmation
 * will find out: two packets that crossed, or an answer that a zone of one direction keeps from its entry.
 */
bool ports_may_stay(const struct ports_search *search, const struct tuple *tuple)
{
	const struct connection *other;
	enum direction direction;
	struct tuple reply;

	if (!ports_is_taken(search, tuple))
		return true;
	if (tuple->protocol == PROTOCOL_TCP || tuple->protocol == PROTOCOL_SCTP ||
	    !has_trait(search, PROFILE_KEEPS_MIRRORED_PORT))
		return false;
	binding_invert(search->connection, tuple, DIRECTION_REPLY, &reply);
	other = conntrack_find(search->conntrack, tuple, &direction);
	if (!other)
		other = binding_find_taker(search->conntrack, search->connection, &reply, &direction);
	return !(other->status & (STATUS_SRC_NAT | STATUS_DST_NAT | STATUS_SEQ_ADJUST)) &&
	       has_same_ends(other, DIRECTION_ORIGINAL, search->connection) &&
	       has_same_ends(other, DIRECTION_REPLY, search->connection);
}

/* An old entry that a new connection may push aside: translated, over, and its numbers lie behind. */
static bool may_be_ended(const struct connection *old, const struct connection *connection)
{
	uint32_t advance = connection->memory.tcp.side[DIRECTION_ORIGINAL].end -
			   old->memory.tcp.side[DIRECTION_ORIGINAL].end;

	if (old->memory.tcp.state < TCP_STATE_TIME_WAIT || !(old->status & STATUS_SRC_NAT) ||
	    old->status & (STATUS_FIXED_TIMEOUT | STATUS_DYING))
		return false;
	return advance != 0 && advance < 0x80000000u;
}

static bool is_taken_to_the_last(const struct ports_search *search, const struct tuple *tuple, uint32_t n_left)
{
	const struct connection *connection = search->connection;
	struct connection *old;
	enum direction direction;
	struct tuple reply;

	if (n_left > HARD_ATTEMPTS || tuple->protocol != PROTOCOL_TCP || !has_trait(search, PROFILE_ENDS_OLD_TCP) ||
	    connection->memory.tcp.state != TCP_STATE_SYN_SENT)
		return ports_is_taken(search, tuple);
	binding_invert(connection, tuple, DIRECTION_REPLY, &reply);
	old = binding_find_taker(search->conntrack, connection, &reply, &direction);
	if (!old)
		return false;
	if (direction == DIRECTION_ORIGINAL || !may_be_ended(old, connection))
		return true;
	if (search->told)
		search->told->ended = connection_id(old);
	conntrack_remove(search->conntrack, old, search->now);
	return false;
}

bool ports_is_in_range(const struct tuple *tuple, enum nat_side side, const struct nat_range *range)
{
	uint16_t port = side == NAT_SOURCE ? tuple->source_port : tuple->destination_port;

	switch (tuple->protocol) {
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		port = tuple->source_port;
		break;
	case PROTOCOL_GRE:
	case PROTOCOL_TCP:
	case PROTOCOL_UDP:
	case PROTOCOL_UDPLITE:
	case PROTOCOL_SCTP:
	case PROTOCOL_DCCP:
		break;
	default:
		return true;
	}
	return port >= range->first_port && port <= range->last_port;
}

/* Linux 6.18, nf_nat_l4proto_unique_tuple(): GRE without a PPTP master and protocols without ports are left alone. */
static bool is_searchable(const struct connection *connection)
{
	uint8_t protocol = connection_tracker(connection)->protocol;

	return protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6 || protocol == PROTOCOL_TCP ||
	       protocol == PROTOCOL_UDP || protocol == PROTOCOL_UDPLITE || protocol == PROTOCOL_SCTP ||
	       protocol == PROTOCOL_DCCP || (protocol == PROTOCOL_GRE && connection->status & STATUS_EXPECTED);
}

/* Numbers that are no ports: any is as good as another. */
static bool has_ids(uint8_t protocol)
{
	return protocol == PROTOCOL_ICMP || protocol == PROTOCOL_ICMPV6 || protocol == PROTOCOL_GRE;
}

/* Privileged ports stay privileged: whoever trusts them goes on to. */
static struct ports_class class_of(uint16_t port)
{
	if (port >= LOWEST_USER_PORT)
		return (struct ports_class){ LOWEST_USER_PORT, ALL_IDS - LOWEST_USER_PORT };
	return port < 512 ? (struct ports_class){ 1, 511 } : (struct ports_class){ 600, LOWEST_USER_PORT - 600 };
}

/* False: without a range, a destination keeps its port. */
static bool find_class(uint16_t port, uint8_t protocol, enum nat_side side, const struct nat_range *range,
		       struct ports_class *class)
{
	uint32_t lowest_id = protocol == PROTOCOL_GRE ? 1 : 0;

	if (range->flags & NAT_MAP_PORT) {
		uint16_t low = range->first_port, high = range->last_port;

		/* Linux 6.18 turns a range of ports round, but not one of identifiers. */
		if (high < low && !has_ids(protocol)) {
			low = range->last_port;
			high = range->first_port;
		}
		*class = (struct ports_class){ low, (uint32_t)high - low + 1 };
		return class->n != 0;
	}
	*class = has_ids(protocol) ? (struct ports_class){ lowest_id, ALL_IDS - lowest_id } : class_of(port);
	return has_ids(protocol) || side == NAT_SOURCE;
}

/* Where in a class to begin: of one port there is nothing to choose. */
static uint16_t draw(const struct ports_search *search, const struct ports_class *class)
{
	*search->n_drawn += class->n > 1;
	return (uint16_t)(random_u64(search->random) >> 48);
}

/* Where the search begins: at a number drawn at random; when it is known which one came of it, there. */
static uint16_t draw_first(const struct ports_search *search, enum nat_side side, bool is_icmp,
			   const struct ports_class *class)
{
	uint16_t drawn = draw(search, class), wanted;

	if (!search->wanted)
		return drawn;
	wanted = is_icmp || side == NAT_SOURCE ? search->wanted->source_port : search->wanted->destination_port;
	return wanted >= class->first && wanted - class->first < class->n ? (uint16_t)(wanted - class->first) : drawn;
}

static void tell_try(const struct ports_search *search, const struct tuple *tuple, uint16_t port)
{
	struct event_binding *told = search->told;
	const struct connection *other;
	enum direction unused;
	struct tuple reply;

	if (!told)
		return;
	if (told->n_tried < BINDING_MOST_TOLD) {
		binding_invert(search->connection, tuple, DIRECTION_REPLY, &reply);
		other = conntrack_find(search->conntrack, &reply, &unused);
		told->tried[told->n_tried].port = port;
		told->tried[told->n_tried].taken_by = other ? connection_id(other) : 0;
	}
	told->n_tried++;
}

/* ICMP has its identifier where others have the source port. */
static bool has_identifier(const struct tuple *tuple)
{
	return tuple->protocol == PROTOCOL_ICMP || tuple->protocol == PROTOCOL_ICMPV6;
}

bool ports_keep(const struct ports_search *search, const struct tuple *tuple, enum nat_side side)
{
	if (!ports_is_taken(search, tuple))
		return true;
	if (is_searchable(search->connection))
		tell_try(search, tuple, has_identifier(tuple) || side == NAT_SOURCE ? tuple->source_port : tuple->destination_port);
	return false;
}

enum ports_start ports_start_of(const struct ports_search *search, enum nat_side side, const struct nat_range *range)
{
	if (range->flags & NAT_SHIFT_PORT)
		return PORTS_SHIFTED;
	if (range->flags & (NAT_RANDOM | NAT_RANDOM_FULLY) || side == NAT_SOURCE || has_trait(search, PROFILE_DRAWS_DNAT_PORT))
		return PORTS_DRAWN;
	return PORTS_LOWEST;
}

void ports_choose(const struct ports_search *search, struct tuple *tuple, enum nat_side side,
		  const struct nat_range *range)
{
	bool is_icmp = has_identifier(tuple);
	uint16_t *port = is_icmp || side == NAT_SOURCE ? &tuple->source_port : &tuple->destination_port;
	uint16_t offset = 0;
	uint32_t n_attempts;
	struct ports_class class;

	if (!is_searchable(search->connection) || !find_class(*port, tuple->protocol, side, range, &class))
		return;
	switch (ports_start_of(search, side, range)) {
	case PORTS_SHIFTED: offset = (uint16_t)(*port - range->base_port); break;
	case PORTS_DRAWN: offset = draw_first(search, side, is_icmp, &class); break;
	case PORTS_LOWEST: break;
	}
	n_attempts = class.n < MOST_ATTEMPTS ? class.n : MOST_ATTEMPTS;
	for (;;) {
		for (uint32_t i = 0; i < n_attempts; i++, offset++) {
			*port = (uint16_t)(class.first + offset % class.n);
			tell_try(search, tuple, *port);
			if (!is_taken_to_the_last(search, tuple, n_attempts - i))
				return;
		}
		if (n_attempts >= class.n || n_attempts < FEWEST_ATTEMPTS)
			return;
		n_attempts /= 2;
		offset = draw(search, &class);
	}
}
