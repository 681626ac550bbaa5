/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The search for a port (or ICMP identifier) that makes a connection's tuple unique.
 * Linux 6.18, nf_nat_core.c: nf_nat_l4proto_unique_tuple(), nf_nat_used_tuple_harder(), l4proto_in_range().
 */
#ifndef NAT_PORTS_H
#define NAT_PORTS_H

#include <stdbool.h>

#include "base/random.h"
#include "clock/vtime.h"
#include "conntrack/conntrack.h"
#include "nat/range.h"

/* Whom to ask while the mapping of one unconfirmed connection is chosen. */
struct ports_search {
	struct conntrack *conntrack;
	struct random *random;		/* where the kernel draws a number */
	uint64_t *n_drawn;		/* how often that mattered */
	bool wants_address;
	const struct tuple *wanted;	/* it is known what it drew, if it drew: a packet left so; or NULL */
	const struct connection *connection;
	struct vtime now;
	struct event_binding *told;	/* what somebody wants to know of the search; NULL: nobody does */
};

/* `tuple` runs in the original direction: is a confirmed entry in the way of its answers? */
bool ports_is_taken(const struct ports_search *search, const struct tuple *tuple);

/* May a source that the range allows stay as it is? */
bool ports_may_stay(const struct ports_search *search, const struct tuple *tuple);

/* Can `tuple` keep its port? Where it cannot, that is told as the first port that was asked for. */
bool ports_keep(const struct ports_search *search, const struct tuple *tuple, enum nat_side side);

/* Is the port at `side` of `tuple` within the range? True for protocols without ports. */
bool ports_is_in_range(const struct tuple *tuple, enum nat_side side, const struct nat_range *range);

/* Where in the range a search begins. */
enum ports_start {
	PORTS_SHIFTED,		/* as far from its first port as the packet's is from the port that the rule names */
	PORTS_DRAWN,		/* at random */
	PORTS_LOWEST,		/* at the first */
};

enum ports_start ports_start_of(const struct ports_search *search, enum nat_side side, const struct nat_range *range);

/*
 * Changes the port at `side` of `tuple` until it is free. When the kernel would give up, the last one that was tried
 * stays, taken as it is: confirmation will find out and drop the packet.
 */
void ports_choose(const struct ports_search *search, struct tuple *tuple, enum nat_side side,
		  const struct nat_range *range);

#endif
