/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/connection.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct connection_key) == 16, "keys are compared in two words");
static_assert(sizeof(struct tcp_memory) == 56, "flows are many");

static struct tuple original_of(const struct connection *connection)
{
	const struct connection_key *key = &connection->key;
	const struct connection_tail *tail = connection_tail(connection);
	struct tuple tuple = {
		.source.word = { key->source }, .destination.word = { key->destination },
		.source_port = key->source_port, .destination_port = key->destination_port,
		.zone = key->zone, .protocol = key->protocol, .family = key->family,
	};

	if (key->family == FAMILY_IPV6) {
		memcpy(&tuple.source.word[1], tail->source, sizeof(tail->source));
		memcpy(&tuple.destination.word[1], tail->destination, sizeof(tail->destination));
	}
	return tuple;
}

struct tuple connection_tuple(const struct connection *connection, enum direction direction)
{
	struct tuple tuple;

	if (direction == DIRECTION_REPLY && connection->has_reply)
		return connection->annex->reply;
	tuple = original_of(connection);
	if (direction == DIRECTION_REPLY && !tuple_invert(&tuple, &tuple))
		assert(!"an entry whose packets nothing answers");
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
