/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/cover.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "rules/extent.h"
#include "rules/program.h"

/* What comparing rules may cost in all, a second or two: PAIR_COST for each two rules, BOXES_COST for each two of their boxes. */
enum { MOST_COST = 250000000, PAIR_COST = 3, BOXES_COST = 2, MOST_BY = 16 };

const char cover_partial[] = "so many rules that not all pairs were compared: more of them may never match";

struct search {
	const struct ast_table *table;
	const struct ast_chain *chain;
	struct extent *extents;		/* of each rule of the chain */
	uint64_t cost;
	bool is_partial;
	finding_visitor *visit;
	void *owner;
	const struct rule_place *by[MOST_BY];
	size_t n_by;
};

static bool is_everything(const struct ast_rule *rule)
{
	return !rule->tests && !rule->matches;
}

static bool chain_always_decides(const struct ast_chain *chain);

/* No packet that matches comes to the next rule. */
static bool takes_all(const struct ast_rule *rule)
{
	static const char *const names[] = { "REJECT", "DNAT", "SNAT", "MASQUERADE", "REDIRECT", "NETMAP", "TPROXY" };

	switch (rule->action) {
	case ACTION_ACCEPT:
	case ACTION_DROP:
	case ACTION_RETURN:
		return true;
	case ACTION_JUMP:
		return rule->is_goto || chain_always_decides(rule->jump);
	case ACTION_TARGET:
		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (strcmp(rule->target_name.text, names[i]) == 0)
				return true;
		return false;
	default:
		return false;
	}
}

/* No packet comes back from it. */
static bool chain_always_decides(const struct ast_chain *chain)
{
	for (size_t i = 0; i < chain->n_rules; i++) {
		const struct ast_rule *rule = chain->rules[i];

		if (rule->action == ACTION_RETURN || rule->is_goto)
			return false;
		if (is_everything(rule) && takes_all(rule))
			return true;
	}
	return false;
}

/* The same fate for a packet that matches. Jumps are not followed. */
static bool do_the_same(const struct ast_rule *a, const struct ast_rule *b)
{
	if (a->action != b->action)
		return false;
	if (a->action != ACTION_TARGET)
		return a->action != ACTION_JUMP && a->action != ACTION_UNSIMULATED;
	return a->target->target == b->target->target &&
	       memcmp(a->target->config, b->target->config, a->target->target->config_size) == 0;
}

static bool policy_does_the_same(const struct ast_rule *rule, const struct ast_chain *chain)
{
	return chain->is_builtin && rule->action == (chain->drops ? ACTION_DROP : ACTION_ACCEPT);
}

static void note(struct search *search, const struct rule_place *by)
{
	if (search->n_by < MOST_BY)
		search->by[search->n_by++] = by;
}

static void tell(struct search *search, enum finding_kind kind, size_t index)
{
	struct finding finding = {
		.kind = kind,
		.rule = &search->chain->rules[index]->place,
		.by = search->by,
		.n_by = search->n_by,
	};

	search->visit(search->owner, &finding);
}

static void start_rest(struct search *search, size_t index, struct extent *rest)
{
	search->n_by = 0;
	extent_init_rule(rest, search->table, search->chain->rules[index]);
}

static bool may_compare(struct search *search, const struct extent *one, const struct extent *other)
{
	search->cost += PAIR_COST + BOXES_COST * (uint64_t)one->n_boxes * other->n_boxes;
	if (search->cost <= MOST_COST)
		return true;
	search->is_partial = true;
	return false;
}

/* Do these rules of the chain, without the one at `left_out`, take all of a rule? */
static bool take_everything(struct search *search, size_t index, size_t left_out)
{
	struct extent rest;
	bool is_empty;

	extent_init_rule(&rest, search->table, search->chain->rules[index]);
	for (size_t i = 0; i < search->n_by; i++)
		if (i != left_out)
			extent_subtract(&rest, &search->extents[search->by[i]->number - 1]);
	is_empty = extent_is_empty(&rest);
	extent_clear(&rest);
	return is_empty;
}

/* Earlier rules may have taken a part of what one later rule takes as a whole: only those that are needed are named. */
static void keep_needed(struct search *search, size_t index)
{
	if (search->n_by == MOST_BY)
		return;	/* and perhaps more */
	for (size_t i = 0; i < search->n_by;) {
		if (!take_everything(search, index, i)) {
			i++;
			continue;
		}
		search->n_by--;
		memmove(&search->by[i], &search->by[i + 1], (search->n_by - i) * sizeof(search->by[0]));
	}
}

static bool is_shadowed(struct search *search, size_t index, struct extent *rest)
{
	for (size_t i = 0; i < index && !extent_is_empty(rest) && may_compare(search, rest, &search->extents[i]); i++) {
		const struct ast_rule *earlier = search->chain->rules[i];

		if (takes_all(earlier) && extent_subtract(rest, &search->extents[i]))
			note(search, &earlier->place);
	}
	return extent_is_empty(rest);
}

/* What stands behind the rule does the same to every packet of it, and nothing else happens to them on the way. */
static bool is_redundant(struct search *search, size_t index, struct extent *rest)
{
	const struct ast_chain *chain = search->chain;
	const struct ast_rule *rule = chain->rules[index];

	if (!takes_all(rule) || rule->action == ACTION_JUMP)
		return false;
	for (size_t i = index + 1; i < chain->n_rules && !extent_is_empty(rest) && may_compare(search, rest, &search->extents[i]); i++) {
		if (do_the_same(rule, chain->rules[i])) {
			if (extent_subtract(rest, &search->extents[i]))
				note(search, &chain->rules[i]->place);
		} else if (!extent_is_disjoint(rest, &search->extents[i])) {
			return false;
		}
	}
	if (!extent_is_empty(rest) && !search->is_partial && policy_does_the_same(rule, chain)) {
		note(search, &chain->place);
		return true;
	}
	return extent_is_empty(rest);
}

static void judge(struct search *search, size_t index)
{
	struct extent rest;

	start_rest(search, index, &rest);
	if (extent_is_empty(&rest)) {
		tell(search, FINDING_IMPOSSIBLE, index);
	} else if (is_shadowed(search, index, &rest)) {
		keep_needed(search, index);
		tell(search, FINDING_SHADOWED, index);
	} else {
		extent_clear(&rest);
		start_rest(search, index, &rest);
		if (is_redundant(search, index, &rest))
			tell(search, FINDING_REDUNDANT, index);
	}
	extent_clear(&rest);
}

static void search_chain(struct search *search, const struct ast_chain *chain)
{
	search->chain = chain;
	search->extents = alloc_zeroed(chain->n_rules + 1, sizeof(*search->extents));
	for (size_t i = 0; i < chain->n_rules; i++)
		extent_init_rule(&search->extents[i], search->table, chain->rules[i]);
	for (size_t i = 0; i < chain->n_rules; i++)
		judge(search, i);
	for (size_t i = 0; i < chain->n_rules; i++)
		extent_clear(&search->extents[i]);
	free(search->extents);
}

bool ruleset_find_useless(const struct ruleset *ruleset, finding_visitor *visit, void *owner)
{
	struct search search = { .visit = visit, .owner = owner };

	for (unsigned i = 0; i < 2; i++)
		for (unsigned k = 0; k < TABLE_COUNT; k++) {
			enum table table = ast_table_at(&ruleset->ast, ast_family(i), k);
			const struct program *program;

			if (table >= TABLE_COUNT)
				continue;
			program = &ruleset->programs[i][table];
			search.table = program->table;
			for (size_t n = 0; program->rules && n < program->n_chains; n++)
				search_chain(&search, program->chains[n]);
		}
	return !search.is_partial;
}
