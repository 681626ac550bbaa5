/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/explain_why.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"

bool explain_why_is_so(const struct event_packet *journey, const char *target)
{
	return strcasecmp(verdict_name(journey->verdict), target) == 0;
}

/* The rule's own step in the table, NULL when the packet never came to it. */
static const struct story_step *find_step(const struct story *story, size_t table, const struct rule_place *rule)
{
	size_t end = story_end_of_table(story, table);

	for (size_t i = table; i < end; i++) {
		const struct story_step *step = &story->steps[i];

		if (step->rule == rule && (step->kind == STORY_MISS || step->kind == STORY_RULE))
			return step;
	}
	return NULL;
}

static bool is_entered(const struct story *story, size_t table, const char *chain)
{
	size_t end = story_end_of_table(story, table);

	if (strcmp(story->steps[table].rule->chain, chain) == 0)
		return true;
	for (size_t i = table; i < end; i++) {
		const struct story_step *step = &story->steps[i];

		if (step->kind == STORY_STEP && (step->step == STEP_JUMP || step->step == STEP_GOTO) &&
		    strcmp(step->rule->target, chain) == 0)
			return true;
	}
	return false;
}

/* The rule that leads to a chain and comes nearest to matching. */
static const struct story_probe *find_jump(const struct story *story, size_t table, const char *chain)
{
	for (size_t i = 0; i < story->n_probes; i++) {
		const struct story_probe *probe = &story->probes[i];

		if (probe->table == table && probe->probe.is_jump && strcmp(probe->probe.rule->target, chain) == 0)
			return probe;
	}
	return NULL;
}

/* Where the packet left a chain that it had entered, before its end. */
static void find_exit(const struct story *story, size_t table, const char *chain, struct explain_candidate *candidate)
{
	size_t end = story_end_of_table(story, table), decision = story_decision(story, table);

	candidate->how = STEP_DECIDED;
	candidate->by = decision < end ? story->steps[decision].rule : NULL;
	for (size_t i = end; i-- > table + 1;) {
		const struct story_step *step = &story->steps[i];

		if (step->kind != STORY_STEP || !step->rule || step->rule->number == 0 ||
		    strcmp(step->rule->chain, chain) != 0)
			continue;
		if (step->step == STEP_GOTO || step->step == STEP_RETURN) {
			candidate->how = step->step;
			candidate->by = step->rule;
		}
		return;
	}
}

static void judge_unreached(const struct story *story, const struct story_probe *probe, struct explain_candidate *candidate)
{
	const struct event_probe *told = &probe->probe;
	const struct story_probe *jump;

	candidate->words = told->words;
	candidate->n_failed = told->result == PROBE_FAILS;
	if (is_entered(story, probe->table, told->rule->chain)) {
		find_exit(story, probe->table, told->rule->chain, candidate);
		candidate->obstacle = told->result == PROBE_HOLDS ? OBSTACLE_PASSED :
				      told->result == PROBE_FAILS ? OBSTACLE_BOTH : OBSTACLE_DEPENDS;
		return;
	}
	jump = find_jump(story, probe->table, told->rule->chain);
	candidate->obstacle = OBSTACLE_CHAIN;
	candidate->n_failed++;
	if (!jump)
		return;
	candidate->by = jump->probe.rule;
	candidate->words = jump->probe.words;
}

static bool judge(const struct story *story, const struct story_probe *probe, struct explain_candidate *candidate)
{
	const struct story_step *step = find_step(story, probe->table, probe->probe.rule);

	*candidate = (struct explain_candidate){ .rule = probe->probe.rule, .obstacle = OBSTACLE_CONDITION };
	if (step && step->kind == STORY_RULE)
		return false;
	if (step) {
		candidate->words = step->words;
		candidate->n_failed = step->n_failed;
	} else {
		judge_unreached(story, probe, candidate);
	}
	return true;
}

/* Insertion keeps rules that are equally near in their own order. */
static void insert(struct explain_candidate *candidates, size_t n, const struct explain_candidate *candidate)
{
	for (; n > 0 && candidates[n - 1].n_failed > candidate->n_failed; n--)
		candidates[n] = candidates[n - 1];
	candidates[n] = *candidate;
}

struct explain_candidate *explain_why_find(const struct story *story, const struct event_packet *journey, const char *target,
					   size_t *n_candidates)
{
	struct explain_candidate *candidates = alloc_zeroed(story->n_probes + 1, sizeof(*candidates)), candidate;
	bool was_lost = journey->verdict != VERDICT_ACCEPT;
	size_t last = story_last_table(story);

	*n_candidates = 0;
	for (size_t i = 0; i < story->n_probes; i++) {
		const struct story_probe *probe = &story->probes[i];

		if (strcasecmp(probe->probe.rule->target, target) != 0 || (was_lost && probe->table != last))
			continue;
		if (judge(story, probe, &candidate))
			insert(candidates, (*n_candidates)++, &candidate);
	}
	return candidates;
}

size_t explain_why_nearest(const struct story *story, size_t table, size_t *nearest, size_t most)
{
	size_t end = story_end_of_table(story, table), n = 0;

	for (size_t i = table; i < end; i++) {
		const struct story_step *step = &story->steps[i];
		size_t at;

		if (step->kind != STORY_MISS || !(step->is_jump || strcmp(step->rule->target, "ACCEPT") == 0))
			continue;
		for (at = n; at > 0 && story->steps[nearest[at - 1]].n_failed > step->n_failed; at--)
			if (at < most)
				nearest[at] = nearest[at - 1];
		if (at == most)
			continue;
		nearest[at] = i;
		if (n < most)
			n++;
	}
	return n;
}
