/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/rule_list.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void rule_list_clear(struct rule_list *list)
{
	free(list->lines);
	free(list->order);
	memset(list, 0, sizeof(*list));
}

static bool is_of(const struct ctreplay_rule *rule, const struct ctreplay_chain *chain)
{
	return rule->family == chain->family && strcmp(rule->table, chain->table) == 0 && strcmp(rule->chain, chain->chain) == 0;
}

static void add_line(struct rule_list *list, int kind, const struct ctreplay_rule *rule)
{
	struct rule_line *line = &list->lines[list->n_lines++];

	line->kind = kind;
	line->rule = *rule;
}

/* A chain with its counters, the policy first, where it has one: that stands below its rules. How many they are. */
static size_t add_chain(struct rule_list *list, const struct ctreplay_chain *chain, const struct ctreplay_counter *counters, size_t n_counters)
{
	const struct ctreplay_rule head = { .family = chain->family, .table = chain->table, .chain = chain->chain };
	bool has_policy = chain->policy && n_counters;
	size_t n = has_policy;

	add_line(list, LINE_HEAD, &head);
	for (; n < n_counters && counters[n].rule.number && is_of(&counters[n].rule, chain); n++)
		add_line(list, LINE_RULE, &counters[n].rule);
	if (has_policy)
		add_line(list, LINE_POLICY, &counters[0].rule);
	return n;
}

static int compare_names(const struct ctreplay_rule *a, const struct ctreplay_rule *b)
{
	int chain;

	if (a->number != b->number)
		return a->number < b->number ? -1 : 1;
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	chain = strcmp(a->chain, b->chain);
	return chain ? chain : strcmp(a->table, b->table);
}

/* Without a context argument for the comparison: a rule and its index. */
struct named { const struct ctreplay_rule *rule; size_t index; };

static int compare_named(const void *a, const void *b)
{
	return compare_names(((const struct named *)a)->rule, ((const struct named *)b)->rule);
}

static void order(struct rule_list *list)
{
	struct named *named = alloc_zeroed(list->n_lines + 1, sizeof(*named));

	for (size_t i = 0; i < list->n_lines; i++)
		if (list->lines[i].kind != LINE_HEAD)
			named[list->n_ordered++] = (struct named){ &list->lines[i].rule, i };
	qsort(named, list->n_ordered, sizeof(*named), compare_named);
	list->order = alloc_zeroed(list->n_ordered + 1, sizeof(*list->order));
	for (size_t i = 0; i < list->n_ordered; i++)
		list->order[i] = named[i].index;
	free(named);
}

void rule_list_init(struct rule_list *list, const struct ctreplay_chain *chains, size_t n_chains, const struct ctreplay_counter *counters,
		    size_t n_counters)
{
	size_t at = 0;

	memset(list, 0, sizeof(*list));
	list->lines = alloc_zeroed(n_chains + n_counters + 1, sizeof(*list->lines));
	for (size_t i = 0; i < n_chains; i++)
		at += add_chain(list, &chains[i], counters + at, n_counters - at);
	order(list);
}

long rule_list_find(const struct rule_list *list, const struct ctreplay_rule *rule)
{
	size_t low = 0, high = list->n_ordered;

	if (!rule)
		return RULE_LIST_NONE;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		int side = compare_names(&list->lines[list->order[middle]].rule, rule);

		if (side == 0)
			return (long)list->order[middle];
		if (side < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return RULE_LIST_NONE;
}
