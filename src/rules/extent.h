/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which packets a rule takes, as a set that can be reasoned about without packets.
 *
 * A set is a union of boxes: one interval in each field of the packet. What cannot be said in
 * intervals (interfaces, flags, strings, ...) is kept as conditions: their canonical text. A rule
 * takes exactly the packets that are in one of its boxes and meet all its conditions.
 *
 * Whoever asks whether one rule leaves anything of another uses extent_subtract(): conditions
 * can only be compared, so the answers are sure in one direction: "nothing is left" is proved.
 */
#ifndef RULES_EXTENT_H
#define RULES_EXTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/ast.h"

/* A value of any field; IPv6 addresses need the 128 bits. */
struct extent_value { uint64_t high, low; };

struct extent_box { struct extent_value first[FIELD_COUNT], last[FIELD_COUNT]; };

struct extent {
	struct extent_box *boxes;	/* owned; they do not overlap */
	size_t n_boxes;
	char **conditions;		/* owned */
	size_t n_conditions;
	bool is_open;			/* a match remembers, reads what targets change, or is not simulated: it may say no at any time */
	bool is_too_large;		/* more boxes than are worth it: the set is larger than the rule's */
};

/* Everything that a packet of the family can be. */
void extent_init_all(struct extent *extent, enum family family);

/* What a rule of the table takes. */
void extent_init_rule(struct extent *extent, const struct ast_table *table, const struct ast_rule *rule);

void extent_clear(struct extent *extent);

/* Takes the packets of `taken` out of `extent`, as far as that is sure. True when something was taken. */
bool extent_subtract(struct extent *extent, const struct extent *taken);

/* No packet can be in both, for sure. */
bool extent_is_disjoint(const struct extent *a, const struct extent *b);

/* A rule and what it takes. */
struct rule_extent {
	const struct rule_place *place;
	enum family family;
	uint32_t hooks;			/* bits of enum hook from which it can be reached */
	const char *in, *out;		/* as behind -i and -o, a trailing '+' kept; "" for any, and when inverted */
	const struct extent *extent;	/* borrowed for the call */
};

typedef void rule_extent_visitor(void *owner, const struct rule_extent *rule);

/* Every rule that can be reached, in iptables-save's order. */
void ruleset_visit_extents(const struct ruleset *ruleset, rule_extent_visitor *visit, void *owner);

/* The largest value of a field. */
struct extent_value extent_most(enum packet_field field, enum family family);

/* <0, 0, >0; one less and one more (which wrap). */
int extent_compare(struct extent_value a, struct extent_value b);
struct extent_value extent_before(struct extent_value value);
struct extent_value extent_after(struct extent_value value);

/* An address as a value of FIELD_SOURCE and FIELD_DESTINATION, and back. */
struct extent_value extent_of_address(enum family family, const struct address *address);
struct address extent_to_address(enum family family, struct extent_value value);

static inline bool extent_is_empty(const struct extent *extent)
{
	return extent->n_boxes == 0;
}

#endif
