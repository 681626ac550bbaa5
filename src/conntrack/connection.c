/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/connection.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct connection_key) == 16, "keys are compared in two words");
static_assert(sizeof(struct tcp_memory) == 56, "flows are many");

/* An end of the original tuple; `tail`: what an IPv6 address has beyond its first word. */
static struct address end_of(uint32_t first, const uint32_t *tail)
{
	struct address address = { .word = { first } };

	if (tail)
		memcpy(&address.word[1], tail, 3 * sizeof(*tail));
	return address;
}

/* The original tuple, or with the ends in each other's place. All is read before anything is written: a packet costs one. */
static void read_ends(const struct connection *connection, bool is_reversed, struct tuple *tuple)
{
	const struct connection_key key = connection->key;
	const struct connection_tail *tail = key.family == FAMILY_IPV6 ? connection_tail(connection) : NULL;
	const struct address source = end_of(key.source, tail ? tail->source : NULL);
	const struct address destination = end_of(key.destination, tail ? tail->destination : NULL);

	tuple->source = is_reversed ? destination : source;
	tuple->destination = is_reversed ? source : destination;
	tuple->source_port = is_reversed ? key.destination_port : key.source_port;
	tuple->destination_port = is_reversed ? key.source_port : key.destination_port;
	tuple->zone = key.zone;
	tuple->protocol = key.protocol;
	tuple->family = key.family;
}

void connection_read_tuple(const struct connection *connection, enum direction direction, struct tuple *tuple)
{
	bool is_query = connection->key.protocol == PROTOCOL_ICMP || connection->key.protocol == PROTOCOL_ICMPV6;

	if (direction == DIRECTION_REPLY && connection->has_reply) {
		*tuple = connection->annex->reply;
		return;
	}
	read_ends(connection, direction == DIRECTION_REPLY && !is_query, tuple);
	if (direction == DIRECTION_REPLY && is_query && !tuple_invert(tuple, tuple))
		assert(!"an entry whose packets nothing answers");
}

struct tuple connection_tuple(const struct connection *connection, enum direction direction)
{
	struct tuple tuple;

	connection_read_tuple(connection, direction, &tuple);
	return tuple;
}

void connection_set_original(struct connection *connection, const struct tuple *original)
{
	struct connection_tail *tail = (struct connection_tail *)connection_tail(connection);

	connection->key = connection_key_of(original);
	connection->has_reply = false;
	if (original->family != FAMILY_IPV6)
		return;
	memcpy(tail->source, &original->source.word[1], sizeof(tail->source));
	memcpy(tail->destination, &original->destination.word[1], sizeof(tail->destination));
}

void connection_set_reply(struct connection *connection, const struct tuple *reply)
{
	connection->annex->reply = *reply;
	connection->has_reply = true;
}
