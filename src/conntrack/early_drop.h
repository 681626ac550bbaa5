/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel does where its table is full: entries near the new one that are not ASSURED give way. Near is what its hash
 * puts into one of eight chains. The kernel draws the hash's key when it boots; here it is always the same. Linux 6.18, early_drop().
 *
 * Nothing is kept of it before a table is full for the first time. Private to conntrack/.
 */
#ifndef CONNTRACK_EARLY_DROP_H
#define CONNTRACK_EARLY_DROP_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "conntrack/connection.h"

struct conntrack;
struct early_drop_link;

struct early_drop {
	struct early_drop_link **chains;	/* owned array, each chain's newest first; NULL before it is needed */
	uint32_t n_chains;
	struct pool links;
};

void early_drop_clear(struct early_drop *early_drop);

/* Confirmed entries come and go. */
void early_drop_add(struct early_drop *early_drop, struct connection *connection);
void early_drop_remove(struct early_drop *early_drop, const struct connection *connection);

/* Ends what gives way to an entry with this original tuple. False: nothing did. */
bool early_drop(struct conntrack *conntrack, const struct tuple *original);

#endif
