/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which source key belongs to a GRE packet of PPTP: the packet holds the destination's call id alone, the helper of the
 * control connection has read the other one. Linux 6.18 nf_conntrack_proto_gre.c: nf_ct_gre_keymap. Private to conntrack/.
 */
#ifndef CONNTRACK_GRE_KEYS_H
#define CONNTRACK_GRE_KEYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "packet/tuple.h"

struct gre_key {
	struct tuple tuple;		/* of the packets, both keys set */
	uint64_t master_id;		/* the control connection */
	struct gre_key **own;		/* where that remembers it */
	struct gre_key *older, *newer;
};

struct gre_keys {
	struct pool pool;
	struct gre_key *oldest, *newest;
};

void gre_keys_init(struct gre_keys *keys);
void gre_keys_clear(struct gre_keys *keys);

/*
 * Remembers both keys of `tuple` in *own, the one that the control connection `master_id` may have for a direction. False:
 * it has another one.
 */
bool gre_keys_add(struct gre_keys *keys, const struct tuple *tuple, uint64_t master_id, struct gre_key **own);

/* Forgets those of a control connection. */
void gre_keys_forget(struct gre_keys *keys, uint64_t master_id);

/* The source key of packets of `tuple`, whose own source key is not looked at; 0: not known. */
uint16_t gre_keys_find(const struct gre_keys *keys, const struct tuple *tuple);

#endif
