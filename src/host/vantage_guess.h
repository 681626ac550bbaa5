/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where was this capture taken? For captures whose user did not say: by the interfaces that the capture names, by what the
 * link layer says of directions, or by the addresses that every packet has.
 *
 * A host with one interface needs no answer, unless its capture tells several apart: lo, a bridge and its ports. A router's
 * capture whose packets lie on both sides without a sign of where each was captured gets none: every packet counts as one
 * that came in.
 */
#ifndef HOST_VANTAGE_GUESS_H
#define HOST_VANTAGE_GUESS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "host/topology.h"
#include "host/vantage.h"
#include "packet/packet.h"

struct vantage_votes {
	const char *interface;		/* the topology's; NULL: all packets that have no other place */
	uint32_t index;			/* SLL2's interface index; 0: none */
	uint64_t votes[VANTAGE_MOST];	/* by place among the topology's interfaces */
};

/* Whose packets may leave with a first TTL: of DISTANT: of who is no neighbour. */
enum vantage_freshness { VANTAGE_FRESH_OF_NOBODY, VANTAGE_FRESH_OF_DISTANT, VANTAGE_FRESH_OF_ANYBODY };

struct vantage_guess {
	const struct topology *topology;	/* borrowed; finished */
	const struct ruleset *ruleset;		/* borrowed */
	enum vantage_freshness freshness;
	struct vantage_votes indices[VANTAGE_MOST];
	size_t n_indices;
	bool is_named[VANTAGE_MOST];		/* an interface of the topology of which the capture names frames */
	uint64_t n_packets, n_named, n_directed;
	uint64_t n_beside[VANTAGE_MOST];	/* packets with an address of the interface's link, or that NAT makes there */
	uint64_t n_leaving[VANTAGE_MOST];	/* of them: whose source lies elsewhere, or may be translated */
	uint64_t n_fresh[VANTAGE_MOST];		/* of those: that nobody has forwarded yet */
	uint64_t n_forwarded[VANTAGE_MOST];	/* of them: from a host on that link, and forwarded since */
};

void vantage_guess_init(struct vantage_guess *guess, const struct topology *topology, const struct ruleset *ruleset);
void vantage_guess_add(struct vantage_guess *guess, const struct packet *packet);

/* Fills the plan; `why` gets words: "on lan: every packet has an address of its link". Empty: no plan. */
void vantage_guess_apply(const struct vantage_guess *guess, struct vantage_plan *plan, struct text *why);

#endif
