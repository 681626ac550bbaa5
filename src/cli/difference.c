/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/difference.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { USUAL_DESCRIPTION = 200 };

static const char *const names[DIFFERENCE_KINDS] = { "verdict", "rule", "ctstate", "nat", "answer", "log" };

const char *difference_kind_name(unsigned bit)
{
	return names[bit];
}

void difference_init(struct difference *difference)
{
	memset(difference, 0, sizeof(*difference));
	difference->wanted = (1u << DIFFERENCE_KINDS) - 1;
}

static void clear_group(struct difference_group *group)
{
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		text_clear(&group->sides[i].sent);
		text_clear(&group->sides[i].answer);
		text_clear(&group->sides[i].log);
	}
	for (size_t i = 0; i < group->n_examples; i++)
		text_clear(&group->examples[i]);
}

void difference_clear(struct difference *difference)
{
	for (size_t i = 0; i < difference->n_groups; i++)
		clear_group(&difference->groups[i]);
	free(difference->groups);
	free(difference->causes);
}

static bool is_same_rule(const struct difference_fate *fate, const struct ctreplay_rule *rule)
{
	if (!fate->has_rule || !rule)
		return fate->has_rule == (rule != NULL);
	return fate->rule.number == rule->number && fate->rule.family == rule->family && strcmp(fate->rule.chain, rule->chain) == 0 &&
	       strcmp(fate->rule.table, rule->table) == 0;
}

static bool is_same_reason(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static bool is_of_group(const struct difference_group *group, uint32_t kinds, const struct ctreplay_outcome *outcomes)
{
	if (group->kinds != kinds)
		return false;
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++)
		if (group->sides[i].verdict != outcomes[i].verdict || group->sides[i].ctstate != outcomes[i].ctstate ||
		    !is_same_rule(&group->sides[i], outcomes[i].decided_by) ||
		    !is_same_reason(group->sides[i].reason, outcomes[i].reason))
			return false;
	return true;
}

static struct difference_group *add_group(struct difference *difference, uint32_t kinds, const struct ctreplay_difference *told)
{
	struct difference_group *group;

	if (difference->n_groups == difference->capacity) {
		difference->capacity = alloc_grown_capacity(difference->capacity, difference->n_groups + 1);
		difference->groups = alloc_resize(difference->groups, difference->capacity, sizeof(*group));
	}
	group = &difference->groups[difference->n_groups++];
	memset(group, 0, sizeof(*group));
	group->kinds = kinds;
	group->first = told->number;
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		const struct ctreplay_outcome *outcome = &told->outcomes[i];
		struct difference_fate *fate = &group->sides[i];

		*fate = (struct difference_fate){
			.verdict = outcome->verdict, .ctstate = outcome->ctstate, .has_rule = outcome->decided_by != NULL, .reason = outcome->reason,
		};
		if (fate->has_rule)
			fate->rule = *outcome->decided_by;
		text_append(&fate->sent, outcome->sent);
		text_append(&fate->answer, outcome->answer);
		text_append(&fate->log, outcome->log);
	}
	return group;
}

static struct difference_group *find_group(struct difference *difference, uint32_t kinds, const struct ctreplay_difference *told)
{
	for (size_t i = 0; i < difference->n_groups; i++)
		if (is_of_group(&difference->groups[i], kinds, told->outcomes))
			return &difference->groups[i];
	return add_group(difference, kinds, told);
}

void difference_describe(const struct ctreplay *old, struct text *out)
{
	size_t len = ctreplay_describe(old, text_room(out, USUAL_DESCRIPTION), USUAL_DESCRIPTION);

	if (len >= USUAL_DESCRIPTION)
		ctreplay_describe(old, text_room(out, len), len + 1);
	text_end_at(out, out->bytes + out->len + len);
}

/* Each of its packets is another flow's first that differs. */
static void add_to_group(struct difference_group *group, uint64_t number, const struct ctreplay *old)
{
	struct text *example;

	group->n_flows++;
	group->last = number;
	if (group->n_examples == DIFFERENCE_MOST_EXAMPLES)
		return;
	example = &group->examples[group->n_examples++];
	text_printf(example, "packet %" PRIu64 " ", number);
	difference_describe(old, example);
}

/* Flows come in order, each by one more than the one before. */
static uint32_t *find_cause(struct difference *difference, uint32_t flow)
{
	size_t n = difference->causes_capacity;

	if (flow > n) {
		difference->causes_capacity = alloc_grown_capacity(n, flow);
		difference->causes = alloc_resize(difference->causes, difference->causes_capacity, sizeof(*difference->causes));
		memset(difference->causes + n, 0, (difference->causes_capacity - n) * sizeof(*difference->causes));
	}
	return &difference->causes[flow - 1];
}

/* Does what differs only follow from what began with that group? All does once a verdict differed. */
static bool follows(const struct difference_group *group, uint32_t kinds)
{
	return !(kinds & CTREPLAY_DIFFERS_VERDICT) || group->kinds & CTREPLAY_DIFFERS_VERDICT;
}

bool difference_keep(struct difference *difference, const struct ctreplay_difference *told, const struct ctreplay *old)
{
	uint32_t kinds = told->kinds & difference->wanted;
	uint32_t *cause = find_cause(difference, told->flow);
	struct difference_group *group;

	if (!kinds)
		return false;
	difference->n_different++;
	for (unsigned i = 0; kinds >> i; i++)
		difference->n_kinds[i] += kinds >> i & 1;
	if (kinds & CTREPLAY_DIFFERS_VERDICT)
		difference->n_verdicts[told->outcomes[SIDE_OLD].verdict][told->outcomes[SIDE_NEW].verdict]++;
	if (*cause && follows(&difference->groups[*cause - 1], kinds)) {
		difference->groups[*cause - 1].n_later++;
		return true;
	}
	group = find_group(difference, kinds, told);
	difference->n_different_flows += *cause == 0;
	*cause = (uint32_t)(group - difference->groups) + 1;
	add_to_group(group, told->number, old);
	return true;
}
