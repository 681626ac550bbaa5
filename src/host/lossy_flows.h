/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The flows that lost a packet, found by the ends of either direction; there is room for so many, then the oldest gives way.
 *
 * Slots of 32 bits are searched one after the other; fifteen bits of each are of the key's hash, so that another flow's memory is
 * hardly ever touched. The hash is keyed, by a seed that never shows: no capture can be made whose flows all meet.
 */
#ifndef HOST_LOSSY_FLOWS_H
#define HOST_LOSSY_FLOWS_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/tuple.h"

enum { LOSSY_FLOWS_PLACE_BITS = 17, LOSSY_FLOWS_TAG_BITS = 15 };
enum { LOSSY_FLOWS_SLOTS = 1 << LOSSY_FLOWS_PLACE_BITS, LOSSY_FLOWS_KEPT = LOSSY_FLOWS_SLOTS / 2, LOSSY_FLOWS_KEYS = sizeof(struct tuple) / 4 };

/* What one side of a flow sent and the other did not get. */
struct lossy_side {
	uint64_t lost;			/* number of the latest packet that was lost with nothing getting through since; 0: none */
	uint32_t from, to;		/* TCP: sequence numbers that were lost, [from, to) */
	bool has_range;
	bool is_owed;			/* not TCP: one that got through has had no answer yet */
};

struct lossy_flow {
	struct tuple key;		/* whichever of both directions the owner takes as key */
	struct lossy_side side[2];
	unsigned initiator;		/* which side began, as far as is known */
};

struct lossy_slot {
	uint32_t place : LOSSY_FLOWS_PLACE_BITS;	/* in flows, + 1; 0: empty */
	uint32_t tag : LOSSY_FLOWS_TAG_BITS;		/* of the key's hash */
};

/* All zero is empty, but for the keys of the hash. */
struct lossy_flows {
	struct lossy_flow flows[LOSSY_FLOWS_KEPT];
	struct lossy_slot slots[LOSSY_FLOWS_SLOTS];
	uint64_t n_added;		/* ever */
	uint64_t keys[LOSSY_FLOWS_KEYS];
};

/* Of memory that is all zero. */
void lossy_flows_init(struct lossy_flows *flows, uint64_t seed);

uint32_t lossy_flows_hash(const struct lossy_flows *flows, const struct tuple *key);

/* For lookups that will come: the first asks memory for the slot of a hash, the second for the flow that it names. */
void lossy_flows_foresee(const struct lossy_flows *flows, uint32_t hash);
void lossy_flows_foresee_flow(const struct lossy_flows *flows, uint32_t hash);

/* NULL: there is none. Valid until the next one is added. */
struct lossy_flow *lossy_flows_find(struct lossy_flows *flows, const struct tuple *key, uint32_t hash);

/* One that is not there yet. */
struct lossy_flow *lossy_flows_add(struct lossy_flows *flows, const struct tuple *key, uint32_t hash);

#endif
