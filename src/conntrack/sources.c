/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/sources.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { SOURCES_FIRST_CHAINS = 256 };

void sources_init(struct sources *sources)
{
	memset(sources, 0, sizeof(*sources));
}

void sources_clear(struct sources *sources)
{
	free(sources->chains);
	sources_init(sources);
}

static size_t chain_of(const struct sources *sources, const struct tuple *original)
{
	uint64_t hash = (uint64_t)original->zone << 48 | (uint64_t)original->family << 40 |
			(uint64_t)original->protocol << 32 | original->source_port;

	for (int i = 0; i < 4; i++)
		hash = (hash ^ original->source.word[i]) * 0x9e3779b97f4a7c15u;
	return (hash >> 32 ^ hash >> 13) & (sources->n_chains - 1);
}

static bool is_same_source(const struct tuple *a, const struct tuple *b)
{
	return a->source_port == b->source_port && a->protocol == b->protocol && a->zone == b->zone &&
	       a->family == b->family && address_is_equal(&a->source, &b->source);
}

static void push(struct sources *sources, struct connection *connection)
{
	struct connection **chain = &sources->chains[chain_of(sources, &connection->tuple[DIRECTION_ORIGINAL])];

	connection->source_newer = NULL;
	connection->source_older = *chain;
	if (*chain)
		(*chain)->source_newer = connection;
	*chain = connection;
}

/* From the oldest of each chain on, so that the newest are first again. */
static void grow(struct sources *sources)
{
	struct connection **old = sources->chains;
	size_t n_old = sources->n_chains;

	sources->n_chains = n_old ? n_old * 2 : SOURCES_FIRST_CHAINS;
	sources->chains = alloc_zeroed(sources->n_chains, sizeof(struct connection *));
	for (size_t i = 0; i < n_old; i++) {
		struct connection *connection = old[i];

		while (connection && connection->source_older)
			connection = connection->source_older;
		while (connection) {
			struct connection *newer = connection->source_newer;

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
	if (connection->source_newer)
		connection->source_newer->source_older = connection->source_older;
	else
		sources->chains[chain_of(sources, &connection->tuple[DIRECTION_ORIGINAL])] = connection->source_older;
	if (connection->source_older)
		connection->source_older->source_newer = connection->source_newer;
	connection->source_newer = connection->source_older = NULL;
	sources->n_connections--;
}

struct connection *sources_find(const struct sources *sources, const struct tuple *original)
{
	struct connection *connection;

	if (!sources->n_chains)
		return NULL;
	connection = sources->chains[chain_of(sources, original)];
	while (connection && !is_same_source(&connection->tuple[DIRECTION_ORIGINAL], original))
		connection = connection->source_older;
	return connection;
}

struct connection *sources_find_older(const struct connection *connection)
{
	const struct tuple *original = &connection->tuple[DIRECTION_ORIGINAL];
	struct connection *older = connection->source_older;

	while (older && !is_same_source(&older->tuple[DIRECTION_ORIGINAL], original))
		older = older->source_older;
	return older;
}
