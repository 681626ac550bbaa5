/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes by table and prefix: a rule asks its table without passing the others, nor the routes of other prefixes. For hosts with
 * policy rules; host/fib_rows answers for the rest.
 */
#ifndef HOST_FIB_INDEX_H
#define HOST_FIB_INDEX_H

#include "host/topology.h"

/* Of a topology whose routes are sorted, and stay where they are. */
struct fib_index *fib_index_create(const struct topology *topology);
void fib_index_destroy(struct fib_index *index);

/* The route of the longest prefix; among equal ones the first. NULL: none. `takes_dead`: those of links that are down, too. */
const struct route *fib_index_find(const struct fib_index *index, uint32_t table, enum family family,
				   const struct address *destination, bool takes_dead);

#endif
