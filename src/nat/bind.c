/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "nat/bind.h"

#include "base/jhash.h"

#include "conntrack/binding.h"
#include "nat/ports.h"

enum { IPV4_WORDS = 1, IPV6_WORDS = 4 };

void bind_init(struct binder *binder, struct conntrack *conntrack, uint64_t seed)
{
	*binder = (struct binder){ .conntrack = conntrack };
	random_init(&binder->random, seed);
}

bool bind_is_done(const struct connection *connection, enum nat_side side)
{
	return (connection->status & (side == NAT_SOURCE ? STATUS_SRC_NAT_DONE : STATUS_DST_NAT_DONE)) != 0;
}

static uint32_t big_endian_word(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

/* An address in bytes; IPv4 fills the first four, the rest is zero. */
struct address_bytes { uint8_t byte[16]; };

static struct address_bytes bytes_of(enum family family, const struct address *address)
{
	struct address_bytes bytes = { { 0 } };

	address_to_bytes(family, address, bytes.byte);
	return bytes;
}

static uint32_t hash_of(const struct address_bytes *source, uint32_t initial)
{
	uint32_t word[4];

	for (unsigned i = 0; i < 4; i++)
		word[i] = jhash_little_endian(source->byte + 4 * i);
	return jhash(word, 4, initial);
}

struct address bind_choose_address(const struct tuple *tuple, uint16_t zone, enum nat_side side, const struct nat_range *range)
{
	enum family family = tuple->family;
	unsigned last = (family == FAMILY_IPV6 ? IPV6_WORDS : IPV4_WORDS) - 1;
	struct address_bytes source = bytes_of(family, &tuple->source), to = bytes_of(family, &tuple->destination);
	struct address_bytes low = bytes_of(family, &range->first), high = bytes_of(family, &range->last), chosen = to;
	bool is_persistent = (range->flags & NAT_PERSISTENT) != 0, is_below = false;
	uint32_t hash = hash_of(&source, is_persistent ? 0 : jhash_little_endian(to.byte + 4 * last) ^ zone);

	if (address_is_equal(&range->first, &range->last))
		return range->first;
	for (unsigned i = 0; i <= last; i++) {
		uint32_t lowest = is_below ? 0 : big_endian_word(low.byte + 4 * i);
		uint32_t distance = is_below ? UINT32_MAX : big_endian_word(high.byte + 4 * i) - lowest + 1;
		uint32_t value = lowest + (uint32_t)((uint64_t)hash * distance >> 32);

		for (unsigned k = 0; k < 4; k++)
			chosen.byte[4 * i + k] = (uint8_t)(value >> (24 - 8 * k));
		/* Once a word is below the highest, every value of the next ones lies in the range. */
		if (value != big_endian_word(high.byte + 4 * i))
			is_below = true;
		/* Linux 6.18, find_best_ips_proto(): of a destination it mixes in the word that it has just chosen. */
		if (!is_persistent)
			hash ^= jhash_little_endian((side == NAT_DESTINATION ? chosen.byte : to.byte) + 4 * i);
	}
	return address_from_bytes(family, chosen.byte);
}

static bool is_random(const struct nat_range *range)
{
	return (range->flags & (NAT_RANDOM | NAT_RANDOM_FULLY)) != 0;
}

/* Is the source of `tuple` one that the range allows? Linux 6.18, nf_in_range(). */
static bool is_source_in_range(const struct tuple *tuple, const struct nat_range *range)
{
	if (range->flags & NAT_MAP_ADDRESS && (address_compare(&tuple->source, &range->first) < 0 ||
					       address_compare(&tuple->source, &range->last) > 0))
		return false;
	return !(range->flags & NAT_MAP_PORT) || ports_is_in_range(tuple, NAT_SOURCE, range);
}

/* A source that is mapped already keeps its mapping towards other destinations. Linux 6.18, find_appropriate_src(). */
static bool find_current_mapping(const struct ports_search *search, const struct tuple *current,
				 const struct nat_range *range, struct tuple *mapped)
{
	const struct connection *other = binding_find_source(search->conntrack, search->connection);

	for (; other; other = binding_find_older_source(search->conntrack, other)) {
		const struct tuple reply = connection_tuple(other, DIRECTION_REPLY);

		binding_invert(other, &reply, DIRECTION_ORIGINAL, mapped);
		mapped->destination = current->destination;
		mapped->destination_port = current->destination_port;
		if (is_source_in_range(mapped, range))
			return true;
	}
	return false;
}

/* Does the port have to be searched for? Linux 6.18, the end of get_unique_tuple(). */
static bool needs_search(const struct ports_search *search, const struct tuple *tuple, enum nat_side side,
			 const struct nat_range *range)
{
	if (is_random(range))
		return true;
	if (!(range->flags & NAT_MAP_PORT))
		return !ports_keep(search, tuple, side);
	if (range->flags & NAT_SHIFT_PORT || !ports_is_in_range(tuple, side, range))
		return true;
	return range->first_port != range->last_port && ports_is_taken(search, tuple);
}

/* The kernel chose the address by a client that is not known: which one it chose is. */
static bool is_wanted(const struct ports_search *search, enum nat_side side, const struct nat_range *range)
{
	return search->wanted && search->wants_address && side == NAT_SOURCE &&
	       address_compare(&search->wanted->source, &range->first) >= 0 &&
	       address_compare(&search->wanted->source, &range->last) <= 0;
}

static void tell_how(const struct ports_search *search, const char *how)
{
	if (search->told)
		search->told->how = how;
}

static bool has_identifier(const struct tuple *tuple)
{
	return tuple->protocol == PROTOCOL_ICMP || tuple->protocol == PROTOCOL_ICMPV6;
}

static const char *how_found(const struct ports_search *search, enum nat_side side, const struct nat_range *range)
{
	switch (ports_start_of(search, side, range)) {
	case PORTS_SHIFTED: return "the first that is free, from the one that the rule shifts it to";
	case PORTS_LOWEST: return "the first that is free, from the lowest";
	case PORTS_DRAWN: break;
	}
	return search->wanted ? "the first that is free, from the one that the capture shows"
			      : "the first that is free, from a place drawn at random";
}

static void tell_search(const struct ports_search *search, const struct tuple *chosen, enum nat_side side,
			const struct nat_range *range, uint32_t n_tried_before)
{
	if (!search->told)
		return;
	if (search->told->n_tried == n_tried_before)
		search->told->how = "there is no other port to choose: it is taken as it is";
	else if (ports_is_taken(search, chosen))
		search->told->how = "none of those that were asked for is free: the last is taken as it is, and the packet dropped in the end";
	else if (search->told->ended)
		search->told->how = "the connection that had it is over, and what it sent lies behind: its entry gives way to this one";
	else if (range->flags & NAT_MAP_PORT && range->first_port == range->last_port)
		search->told->how = "the rule leaves no other choice, and it is free";
	else
		search->told->how = how_found(search, side, range);
}

/* Linux 6.18, get_unique_tuple(). `current` is what the connection would be without this mapping. */
static struct tuple choose(const struct ports_search *search, const struct tuple *current, enum nat_side side,
			   const struct nat_range *range)
{
	struct tuple tuple = *current;

	if (side == NAT_SOURCE && !is_random(range)) {
		if (is_source_in_range(current, range)) {
			if (ports_may_stay(search, current)) {
				tell_how(search, "it may stay as it is, and is free");
				return *current;
			}
		} else if (find_current_mapping(search, current, range, &tuple) && !ports_is_taken(search, &tuple)) {
			tell_how(search, "the same source has this mapping already, towards another destination");
			return tuple;
		}
		tuple = *current;
	}
	if (range->flags & NAT_MAP_ADDRESS) {
		struct address address = is_wanted(search, side, range) ? search->wanted->source
									: bind_choose_address(&tuple, connection_zone(search->connection), side, range);

		*(side == NAT_SOURCE ? &tuple.source : &tuple.destination) = address;
	}
	if (needs_search(search, &tuple, side, range)) {
		uint32_t n_tried = search->told ? search->told->n_tried : 0;

		ports_choose(search, &tuple, side, range);
		tell_search(search, &tuple, side, range, n_tried);
	} else {
		tell_how(search, range->flags & NAT_MAP_PORT ? "the port is one that the rule wants"
				 : has_identifier(&tuple)    ? "the identifier stays: it is free with that address"
							     : "the port stays: it is free with that address");
	}
	return tuple;
}

static void emit_binding(const struct binder *binder, const struct connection *connection, const struct nat_range *range,
			 struct event_binding *told)
{
	struct event event = { .kind = EVENT_BINDING, .binding = told };

	told->entry = connection_id(connection);
	told->rule = binder->rule;
	told->has_addresses = (range->flags & NAT_MAP_ADDRESS) != 0;
	told->has_ports = (range->flags & NAT_MAP_PORT) != 0;
	told->first = range->first;
	told->last = range->last;
	told->first_port = range->first_port;
	told->last_port = range->last_port;
	stream_emit(binder->stream, &event);
}

void bind_range(struct binder *binder, struct connection *connection, enum nat_side side, const struct nat_range *range,
		struct vtime now)
{
	struct ports_search search = {
		.conntrack = binder->conntrack, .random = &binder->random, .n_drawn = &binder->n_drawn,
		.connection = connection, .now = now,
		.wanted = binder->has_wanted ? &binder->wanted : NULL, .wants_address = binder->wants_address,
	};
	struct event_binding told = { .is_source = side == NAT_SOURCE };
	struct tuple current, chosen, reply;

	if (!connection_is_unconfirmed(connection))
		return;
	if (binder->stream && stream_wants(binder->stream, EVENT_BINDING))
		search.told = &told;
	reply = connection_tuple(connection, DIRECTION_REPLY);
	binding_invert(connection, &reply, DIRECTION_ORIGINAL, &current);
	chosen = choose(&search, &current, side, range);
	if (!tuple_is_equal(&chosen, &current)) {
		binding_invert(connection, &chosen, DIRECTION_REPLY, &reply);
		binding_change_reply(binder->conntrack, connection, &reply);
		binding_set_status(connection, side == NAT_SOURCE ? STATUS_SRC_NAT : STATUS_DST_NAT);
	}
	binding_set_status(connection, side == NAT_SOURCE ? STATUS_SRC_NAT_DONE : STATUS_DST_NAT_DONE);
	/* Where no rule wants anything, nothing is told but that something had to change. */
	if (search.told && (binder->rule || !tuple_is_equal(&chosen, &current))) {
		told.before = current;
		told.after = chosen;
		emit_binding(binder, connection, range, &told);
	}
}

/* Linux 6.18, __nf_nat_alloc_null_binding(). */
void bind_null(struct binder *binder, struct connection *connection, enum nat_side side, struct vtime now)
{
	const struct tuple reply = connection_tuple(connection, DIRECTION_REPLY);
	struct nat_range range = { .flags = NAT_MAP_ADDRESS };

	range.first = range.last = side == NAT_SOURCE ? reply.destination : reply.source;
	bind_range(binder, connection, side, &range, now);
}
