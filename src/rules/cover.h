/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules that do nothing: no packet can reach them, or all packets would fare the same without them.
 *
 * Proved from the rules alone (rules/extent.h), chain by chain. What is found is certain; what is not
 * found may still be so.
 */
#ifndef RULES_COVER_H
#define RULES_COVER_H

#include <stdbool.h>
#include <stddef.h>

#include "rules/ruleset.h"

enum finding_kind {
	FINDING_SHADOWED,	/* earlier rules of the chain take everything that it would match */
	FINDING_IMPOSSIBLE,	/* its own conditions contradict each other */
	FINDING_REDUNDANT,	/* later rules, or the policy, do the same to every packet that it takes */
};

struct finding {
	enum finding_kind kind;
	const struct rule_place *rule;
	const struct rule_place *const *by;	/* the rules, or the policy, that make it so; borrowed for the call */
	size_t n_by;
};

typedef void finding_visitor(void *owner, const struct finding *finding);

/* In the order of iptables-save. False when the ruleset is so large that not all pairs of rules were compared: cover_partial says so. */
bool ruleset_find_useless(const struct ruleset *ruleset, finding_visitor *visit, void *owner);

extern const char cover_partial[];

#endif
