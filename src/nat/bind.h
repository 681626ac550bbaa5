/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which mapping does a new connection get? Decided once for its source and once for its destination, while it is
 * unconfirmed; the decision is its reply tuple and its NAT bits, nothing else.
 * Linux 6.18, nf_nat_core.c: nf_nat_setup_info(), get_unique_tuple(), find_best_ips_proto().
 */
#ifndef NAT_BIND_H
#define NAT_BIND_H

#include <stdbool.h>
#include <stdint.h>

#include "base/random.h"
#include "clock/vtime.h"
#include "conntrack/conntrack.h"
#include "event/stream.h"
#include "nat/range.h"

struct binder {
	struct conntrack *conntrack;	/* borrowed */
	struct random random;
	uint64_t n_drawn;		/* choices so far that another run of the kernel would have made otherwise */
	struct stream *stream;		/* hears of every binding; borrowed; NULL: nobody does */
	const struct rule_place *rule;	/* whose mapping is decided; NULL: nobody's */
	bool has_wanted;		/* the capture shows how the packet at hand leaves: */
	bool wants_address;		/* the address too: the kernel chose it by a client that is not known */
	struct tuple wanted;		/* numbers are drawn so that it does, where the kernel may have drawn them so */
};

/* Two binders with the same seed choose the same for the same connections. */
void bind_init(struct binder *binder, struct conntrack *conntrack, uint64_t seed);

/* Has this side been decided, by a rule or for "nothing"? */
bool bind_is_done(const struct connection *connection, enum nat_side side);

/* Decides a side within a range. An entry that is not unconfirmed stays as it is. */
void bind_range(struct binder *binder, struct connection *connection, enum nat_side side, const struct nat_range *range,
		struct vtime now);

/* No rule wants a mapping: the address stays, a source port may have to change all the same. */
void bind_null(struct binder *binder, struct connection *connection, enum nat_side side, struct vtime now);

/* The address in a range for a tuple of the original direction; `zone` is the connection's, whichever directions are in it. */
struct address bind_choose_address(const struct tuple *tuple, uint16_t zone, enum nat_side side, const struct nat_range *range);

#endif
