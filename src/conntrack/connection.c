/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/connection.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct connection_key) == 16, "keys are compared in two words");
static_assert(sizeof(struct tcp_memory) == 56, "flows are many");

/* What IPv6 addresses have beyond their first words. */
static void read_tails(const struct connection *connection, struct address *source, struct address *destination)
{
	const struct connection_tail *tail = connection_tail(connection);

	memcpy(&source->word[1], tail->source, sizeof(tail->source));
	memcpy(&destination->word[1], tail->destination, sizeof(tail->destination));
}

/* The original tuple, or with the ends in each other's place. All is read before anything is written: a packet costs one. */
static void read_ends(const struct connection *connection, bool is_reversed, struct tuple *tuple)
{
	const struct connection_key key = connection->key;

	*tuple = (struct tuple){
		.source = { .word = { is_reversed ? key.destination : key.source } },
		.destination = { .word = { is_reversed ? key.source : key.destination } },
		.source_port = is_reversed ? key.destination_port : key.source_port,
		.destination_port = is_reversed ? key.source_port : key.destination_port,
		.zone = key.zone,
		.protocol = key.protocol,
		.family = key.family,
	};
	if (key.family == FAMILY_IPV6)
		read_tails(connection, is_reversed ? &tuple->destination : &tuple->source, is_reversed ? &tuple->source : &tuple->destination);
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

uint16_t connection_zone(const struct connection *connection)
{
	return connection->key.zone ? connection->key.zone : connection_tuple(connection, DIRECTION_REPLY).zone;
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
