/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Confirmed connections whose source mapping is decided, by their original source: who else is it that
 * sends from this address and port? NAT asks, so that a source keeps its mapping towards every destination.
 * Linux 6.18, nf_nat_bysource. Chains run through the connections, newest first; private to conntrack/.
 */
#ifndef CONNTRACK_SOURCES_H
#define CONNTRACK_SOURCES_H

#include <stddef.h>

#include "base/store.h"
#include "conntrack/connection.h"

struct sources {
	const struct store *store;	/* of the connections; borrowed */
	uint32_t *chains;		/* owned; the newest one's number; NULL until the first one is added */
	size_t n_chains;		/* a power of two, or 0 */
	size_t n_connections;
};

void sources_init(struct sources *sources, const struct store *store);
void sources_clear(struct sources *sources);

/* A connection that has an annex. */
void sources_add(struct sources *sources, struct connection *connection);
void sources_remove(struct sources *sources, struct connection *connection);

/*
 * The newest connection with the source address, source port, protocol and zone of `original`, or NULL. One whose zone has
 * the original direction alone is of another source than one whose zone has both. Linux 6.18, hash_by_src().
 */
struct connection *sources_find(const struct sources *sources, const struct tuple *original, uint16_t reply_zone);

/* The next older one of the same source, or NULL. */
struct connection *sources_find_older(const struct sources *sources, const struct connection *connection);

#endif
