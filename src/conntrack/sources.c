/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/sources.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { SOURCES_FIRST_CHAINS = 256 };

void sources_init(struct sources *sources, const struct store *store)
{
	memset(sources, 0, sizeof(*sources));
	sources->store = store;
}

void sources_clear(struct sources *sources)
{
	free(sources->chains);
	sources_init(sources, sources->store);
}

/* NULL for 0. */
static struct connection *at(const struct sources *sources, uint32_t number)
{
	return number ? store_at(sources->store, number) : NULL;
}

static struct tuple original_of(const struct connection *connection)
{
	return connection_tuple(connection, DIRECTION_ORIGINAL);
}

static size_t chain_of(const struct sources *sources, const struct tuple *original)
{
	uint64_t hash = (uint64_t)original->zone << 48 | (uint64_t)original->family << 40 |
			(uint64_t)original->protocol << 32 | original->source_port;

	for (int i = 0; i < 4; i++)
		hash = (hash ^ original->source.word[i]) * 0x9e3779b97f4a7c15u;
	return (hash >> 32 ^ hash >> 13) & (sources->n_chains - 1);
}

static uint16_t reply_zone_of(const struct connection *connection)
{
	return connection_tuple(connection, DIRECTION_REPLY).zone;
}

static bool is_same_source(const struct tuple *a, const struct tuple *b)
{
	return a->source_port == b->source_port && a->protocol == b->protocol && a->zone == b->zone &&
	       a->family == b->family && address_is_equal(&a->source, &b->source);
}

static void push(struct sources *sources, struct connection *connection)
{
	const struct tuple original = original_of(connection);
	uint32_t *chain = &sources->chains[chain_of(sources, &original)];

	connection->annex->source_newer = 0;
	connection->annex->source_older = *chain;
	if (*chain)
		at(sources, *chain)->annex->source_newer = connection->timer.number;
	*chain = connection->timer.number;
}

/* From the oldest of each chain on, so that the newest are first again. */
static void grow(struct sources *sources)
{
	uint32_t *old = sources->chains;
	size_t n_old = sources->n_chains;

	sources->n_chains = n_old ? n_old * 2 : SOURCES_FIRST_CHAINS;
	sources->chains = alloc_zeroed(sources->n_chains, sizeof(*sources->chains));
	for (size_t i = 0; i < n_old; i++) {
		struct connection *connection = at(sources, old[i]);

		while (connection && connection->annex->source_older)
			connection = at(sources, connection->annex->source_older);
		while (connection) {
			struct connection *newer = at(sources, connection->annex->source_newer);

			push(sources, connection);
			connection = newer;
		}
	}
	free(old);
}

void sources_add(struct sources *sources, struct connection *connection)
{
	if (sources->n_connections == sources->n_chains)
		grow(sources);
	push(sources, connection);
	sources->n_connections++;
}

void sources_remove(struct sources *sources, struct connection *connection)
{
	const struct tuple original = original_of(connection);
	struct connection_annex *annex = connection->annex;

	if (annex->source_newer)
		at(sources, annex->source_newer)->annex->source_older = annex->source_older;
	else
		sources->chains[chain_of(sources, &original)] = annex->source_older;
	if (annex->source_older)
		at(sources, annex->source_older)->annex->source_newer = annex->source_newer;
	annex->source_newer = annex->source_older = 0;
	sources->n_connections--;
}

/* The first of a chain, from `connection` on, that has the source. */
static struct connection *find(const struct sources *sources, struct connection *connection, const struct tuple *original,
			       uint16_t reply_zone)
{
	for (; connection; connection = at(sources, connection->annex->source_older)) {
		const struct tuple own = original_of(connection);

		if (is_same_source(&own, original) && (!own.zone || reply_zone_of(connection) == reply_zone))
			return connection;
	}
	return NULL;
}

struct connection *sources_find(const struct sources *sources, const struct tuple *original, uint16_t reply_zone)
{
	if (!sources->n_chains)
		return NULL;
	return find(sources, at(sources, sources->chains[chain_of(sources, original)]), original, reply_zone);
}

struct connection *sources_find_older(const struct sources *sources, const struct connection *connection)
{
	const struct tuple original = original_of(connection);

	return find(sources, at(sources, connection->annex->source_older), &original, reply_zone_of(connection));
}
