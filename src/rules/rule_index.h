/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which rules of a long chain can match a packet, by its addresses, protocol and destination port. Rules that test the same of
 * these (with the same masks) are a group; in each, the packet's values lead to a list. A rule in no list that the packet leads to
 * fails one of these tests, before anything that it could change or say; what is in one is tested in full. So the first match
 * is the same, and so is all else: tests/unit/test_rules_rule_index.c runs both. Private to rules/; constant once made.
 */
#ifndef RULES_RULE_INDEX_H
#define RULES_RULE_INDEX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "packet/packet.h"
#include "rules/program.h"

/* Chains with fewer rules are searched one by one. */
enum { RULE_INDEX_FEWEST = 24, RULE_INDEX_MOST_GROUPS = 32 };

/* Chance may let two keys share a hash: then their rules share a list. */
struct index_slot {
	uint32_t hash;			/* 0: free */
	uint32_t first, n;		/* in rule_index.lists */
};

struct index_group {
	struct address source_mask, destination_mask;
	bool has_protocol, has_port;
	uint32_t n_slots;		/* a power of two */
	struct index_slot *slots;
};

struct rule_index {
	enum family family;
	uint32_t end;			/* index of the policy, or of the chain's end */
	uint32_t n_groups;
	struct index_group groups[RULE_INDEX_MOST_GROUPS + 1];
	uint32_t *lists;		/* indices of rules; each list ascends */
};

/* The lists of one packet in one chain. */
struct index_cursor {
	const struct rule_index *index;	/* NULL: of none yet */
	uint32_t last;
	uint32_t n_lists;
	struct {
		const uint32_t *at, *end;
	} lists[RULE_INDEX_MOST_GROUPS + 1];
};

/* Of rules[first .. end - 1], which are one chain's. Memory is the arena's. */
struct rule_index *rule_index_create(struct arena *arena, enum family family, const struct rule_code *rules, uint32_t first,
				     uint32_t end);

/* Can the packet's way through chains be looked up? Not where a header that rules look for is cut or broken. */
bool rule_index_is_for(const struct packet *packet);

/* The first rule at `from` or behind it that can match; index->end when there is none. */
uint32_t rule_index_next(struct index_cursor *cursor, const struct rule_index *index, const struct packet *packet, uint32_t from);

#endif
