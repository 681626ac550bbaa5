/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/binding.h"

#include <assert.h>

#include "conntrack/help.h"
#include "conntrack/lifecycle.h"
#include "conntrack/tracker.h"
#include "packet/decode.h"

void binding_invert(const struct connection *connection, const struct tuple *tuple, enum direction direction,
		    struct tuple *inverse)
{
	/* An entry exists, so its kind of packet has an answer. */
	if (!tuple_invert(tuple, inverse))
		assert(!"a tuple of an entry that cannot be inverted");
	inverse->zone = connection_tuple(connection, direction).zone;
}

struct connection *binding_find_taker(struct conntrack *conntrack, const struct connection *connection,
				      const struct tuple *reply, enum direction *direction)
{
	if (connection_tuple(connection, DIRECTION_ORIGINAL).zone == reply->zone)
		return table_find(&conntrack->table, reply, direction);
	*direction = DIRECTION_REPLY;
	return table_find_in(&conntrack->table, reply, DIRECTION_REPLY);
}

void binding_change_reply(struct conntrack *conntrack, struct connection *connection, const struct tuple *reply)
{
	assert(connection_is_unconfirmed(connection));
	lifecycle_set_reply(conntrack, connection, reply);
	help_follow_port(conntrack, connection);
}

void binding_set_status(struct connection *connection, uint32_t bits)
{
	assert(connection_is_unconfirmed(connection));
	connection->status |= bits;
}

const struct connection *binding_find_source(const struct conntrack *conntrack, const struct connection *connection)
{
	const struct tuple original = connection_tuple(connection, DIRECTION_ORIGINAL);

	return sources_find(&conntrack->sources, &original, connection_tuple(connection, DIRECTION_REPLY).zone);
}

const struct connection *binding_find_older_source(const struct conntrack *conntrack, const struct connection *connection)
{
	return sources_find_older(&conntrack->sources, connection);
}

/* The tuple that conntrack_track() would look for, zone 0. */
static bool tuple_of(const struct conntrack *conntrack, const struct packet *packet, struct tuple *tuple)
{
	*tuple = (struct tuple){
		.source = packet->source, .destination = packet->destination,
		.protocol = packet->protocol, .family = packet->family,
	};
	return conntrack->trackers[packet->protocol]->packet_to_tuple(packet, tuple);
}

bool binding_is_known(struct conntrack *conntrack, const struct packet *packet)
{
	enum direction unused;
	struct tuple tuple;

	return tuple_of(conntrack, packet, &tuple) && conntrack_find(conntrack, &tuple, &unused);
}

struct connection *binding_find_leaving(struct conntrack *conntrack, const struct packet *packet,
					enum direction *direction, bool *is_error)
{
	struct packet inner;
	struct tuple tuple, answer;
	struct connection *connection;

	*is_error = packet_is_icmp(packet) && decode_embedded(packet, &inner);
	if (!tuple_of(conntrack, *is_error ? &inner : packet, &tuple))
		return NULL;
	answer = tuple;
	if (!*is_error && !tuple_invert(&tuple, &answer))
		return NULL;
	/* What answers it comes in as the other direction's tuple; what an error quotes came in so. */
	connection = conntrack_find(conntrack, &answer, direction);
	*direction = direction_other(*direction);
	return connection;
}
