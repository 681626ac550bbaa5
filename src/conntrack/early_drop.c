/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/early_drop.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/jhash.h"
#include "conntrack/lifecycle.h"

enum {
	EVICTION_RANGE = 8,		/* NF_CT_EVICTION_RANGE */
	CHAINS_OF_A_PAGE = 512,		/* Linux 6.18, nf_ct_alloc_hashtable(): the table fills whole pages */
	MOST_PAGES = 8192,		/* 4 million chains: in more of them nobody is near either, and they would fill the memory */
	ADDRESS_WORDS = sizeof(struct address) / sizeof(uint32_t),
};

/* One of an entry's two places. */
struct early_drop_link {
	struct connection *connection;
	struct early_drop_link *next;
};

/* The same chain whatever the byte order of the machine. */
static uint32_t chain_of(const struct early_drop *early_drop, const struct tuple *tuple)
{
	uint32_t words[2 * ADDRESS_WORDS + 2];

	for (size_t i = 0; i < ADDRESS_WORDS; i++) {
		words[i] = jhash_little_endian((const uint8_t *)&tuple->source.word[i]);
		words[ADDRESS_WORDS + i] = jhash_little_endian((const uint8_t *)&tuple->destination.word[i]);
	}
	words[2 * ADDRESS_WORDS] = tuple->source_port | (uint32_t)tuple->destination_port << 16;
	words[2 * ADDRESS_WORDS + 1] = tuple->zone | (uint32_t)tuple->protocol << 16 | (uint32_t)tuple->family << 24;
	return jhash_scale(jhash(words, sizeof(words) / sizeof(words[0]), 0), early_drop->n_chains);
}

void early_drop_clear(struct early_drop *early_drop)
{
	if (!early_drop->chains)
		return;
	free(early_drop->chains);
	pool_clear(&early_drop->links);
	early_drop->chains = NULL;
}

void early_drop_add(struct early_drop *early_drop, struct connection *connection)
{
	if (!early_drop->chains)
		return;
	for (int direction = 0; direction < 2; direction++) {
		const struct tuple tuple = connection_tuple(connection, (enum direction)direction);
		struct early_drop_link **chain = &early_drop->chains[chain_of(early_drop, &tuple)];
		struct early_drop_link *link = pool_take(&early_drop->links);

		*link = (struct early_drop_link){ .connection = connection, .next = *chain };
		*chain = link;
	}
}

void early_drop_remove(struct early_drop *early_drop, const struct connection *connection)
{
	if (!early_drop->chains)
		return;
	for (int direction = 0; direction < 2; direction++) {
		const struct tuple tuple = connection_tuple(connection, (enum direction)direction);
		struct early_drop_link **at = &early_drop->chains[chain_of(early_drop, &tuple)], *link;

		while ((*at)->connection != connection)
			at = &(*at)->next;
		link = *at;
		*at = link->next;
		pool_give(&early_drop->links, link);
	}
}

static void begin(struct conntrack *conntrack)
{
	struct early_drop *early_drop = &conntrack->early_drop;
	uint32_t n_pages = (conntrack->settings.buckets - 1) / CHAINS_OF_A_PAGE + 1;

	early_drop->n_chains = (n_pages < MOST_PAGES ? n_pages : MOST_PAGES) * CHAINS_OF_A_PAGE;
	early_drop->chains = alloc_zeroed(early_drop->n_chains, sizeof(struct early_drop_link *));
	pool_init(&early_drop->links, sizeof(struct early_drop_link));
	for (struct connection *connection = lifecycle_oldest(conntrack); connection;
	     connection = lifecycle_newer(conntrack, connection))
		early_drop_add(early_drop, connection);
}

static struct connection *first_victim(const struct early_drop *early_drop, uint32_t chain)
{
	for (const struct early_drop_link *link = early_drop->chains[chain]; link; link = link->next)
		if (!(link->connection->status & STATUS_ASSURED))
			return link->connection;
	return NULL;
}

static bool empty_chain(struct conntrack *conntrack, uint32_t chain)
{
	struct connection *victim = first_victim(&conntrack->early_drop, chain);
	bool has_any = victim != NULL;

	for (; victim; victim = first_victim(&conntrack->early_drop, chain)) {
		conntrack->n_early_dropped++;
		lifecycle_end(conntrack, victim, LIFECYCLE_DESTROYED);
	}
	return has_any;
}

/* Of the first chain that has any, all go. */
bool early_drop(struct conntrack *conntrack, const struct tuple *original)
{
	struct early_drop *early_drop = &conntrack->early_drop;
	uint32_t chain;

	if (!early_drop->chains)
		begin(conntrack);
	chain = chain_of(early_drop, original);
	for (uint32_t i = 0; i < EVICTION_RANGE; i++)
		if (empty_chain(conntrack, (chain + i) % early_drop->n_chains))
			return true;
	return false;
}
