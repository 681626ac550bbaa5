/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/eval_state.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "rules/eval.h"

static void load_counters(const struct program *program, struct counter *counters)
{
	for (size_t i = 0; i < program->n_chains; i++) {
		const struct ast_chain *chain = program->chains[i];
		struct counter *first = &counters[program->starts[i]];

		for (size_t k = 0; k < chain->n_rules; k++)
			first[k] = (struct counter){ chain->rules[k]->n_packets, chain->rules[k]->n_bytes };
		first[chain->n_rules] = (struct counter){ chain->n_packets, chain->n_bytes };
	}
}

static void start_states(const struct program *program, uint8_t *states, struct vtime now, struct shared_states *shared)
{
	for (uint32_t i = 0; i < program->n_rules; i++) {
		const struct match_instance *match = program->rules[i].matches;
		const struct target_instance *target = program->rules[i].target;

		for (; match && match->type; match++) {
			if (match->type->start)
				match->type->start(match->config, states + match->state_offset, now, shared->hz);
			if (match->type->attach)
				match->type->attach(match->config, states + match->state_offset, shared);
		}
		if (target && target->type->start)
			target->type->start(target->config, states + target->state_offset, now, shared->hz);
		if (target && target->type->attach)
			target->type->attach(target->config, states + target->state_offset, shared);
	}
}

/* One behind the last rule: a stretch of tried rules ends there. */
static void begin_tries(const struct program *program, struct table_state *state)
{
	state->tries = alloc_zeroed(program->n_rules + 1, sizeof(*state->tries));
}

static void begin_table(struct evaluation *evaluation, unsigned family, unsigned table, bool zero_counters, struct vtime now)
{
	const struct program *program = &evaluation->ruleset->programs[family][table];
	struct table_state *state = &evaluation->tables[family][table];

	if (!program->rules)
		return;
	state->counters = alloc_zeroed(program->n_rules, sizeof(*state->counters));
	state->n_unknown = alloc_zeroed(program->n_rules, sizeof(*state->n_unknown));
	state->states = alloc_zeroed(program->state_size + 1, 1);
	if (evaluation->counts_tries)
		begin_tries(program, state);
	if (!zero_counters)
		load_counters(program, state->counters);
	start_states(program, state->states, now, &evaluation->shared);
}

static void end_table(struct table_state *state)
{
	free(state->counters);
	free(state->n_unknown);
	free(state->tries);
	free(state->states);
	memset(state, 0, sizeof(*state));
}

/* Room for the deepest chain of jumps that any table can have. */
static void make_stack(struct evaluation *evaluation)
{
	size_t deepest = 0;

	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++) {
		const struct program *program = &evaluation->ruleset->programs[i / TABLE_COUNT][i % TABLE_COUNT];

		if (program->rules && program->n_user_chains > deepest)
			deepest = program->n_user_chains;
	}
	free(evaluation->stack);
	evaluation->stack = alloc_zeroed(deepest + 1, sizeof(*evaluation->stack));
}

/* As they were loaded: what rules share by name is as the first of them wants it. Time 0 is the first packet's. */
static void begin_tables(struct evaluation *evaluation, unsigned family, bool zero_counters)
{
	for (unsigned i = TABLE_COUNT; i-- > 0;) {
		enum table table = ast_table_at(&evaluation->ruleset->ast, ast_family(family), i);

		if (table < TABLE_COUNT)
			begin_table(evaluation, family, table, zero_counters, (struct vtime){ 0 });
	}
}

struct evaluation *evaluation_create(const struct ruleset *ruleset, uint32_t hz, uint64_t seed, bool zero_counters)
{
	struct evaluation *evaluation = alloc_zeroed(1, sizeof(*evaluation));

	evaluation->ruleset = ruleset;
	evaluation->hz = hz;
	evaluation->most_tried = limits_usual.rules_tried;
	recall_init(&evaluation->recall);
	shared_states_init(&evaluation->shared, seed, hz);
	evaluation->sets = ipsets_start(ruleset->ast.sets, hz);
	for (unsigned family = 0; family < 2; family++)
		begin_tables(evaluation, family, zero_counters);
	make_stack(evaluation);
	return evaluation;
}

void evaluation_replace(struct evaluation *evaluation, const struct ruleset *ruleset, bool keeps_counters, struct vtime now)
{
	const struct ruleset *old = evaluation->ruleset;

	evaluation->ruleset = ruleset;
	recall_forget(&evaluation->recall);
	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++) {
		unsigned family = i / TABLE_COUNT, table = i % TABLE_COUNT;

		if (old->programs[family][table].rules == ruleset->programs[family][table].rules)
			continue;
		end_table(&evaluation->tables[family][table]);
		begin_table(evaluation, family, table, !keeps_counters, now);
	}
	make_stack(evaluation);
}

void evaluation_count_tries(struct evaluation *evaluation)
{
	evaluation->counts_tries = true;
	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++) {
		const struct program *program = &evaluation->ruleset->programs[i / TABLE_COUNT][i % TABLE_COUNT];
		struct table_state *state = &evaluation->tables[i / TABLE_COUNT][i % TABLE_COUNT];

		if (program->rules && !state->tries)
			begin_tries(program, state);
	}
}

void evaluation_limit(struct evaluation *evaluation, uint64_t most_tried)
{
	evaluation->most_tried = most_tried;
}

void evaluation_go_plain(struct evaluation *evaluation)
{
	evaluation->is_plain = true;
}

void evaluation_destroy(struct evaluation *evaluation)
{
	if (!evaluation)
		return;
	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++)
		end_table(&evaluation->tables[i / TABLE_COUNT][i % TABLE_COUNT]);
	shared_states_clear(&evaluation->shared);
	ipsets_destroy(evaluation->sets);
	recall_clear(&evaluation->recall);
	free(evaluation->stack);
	free(evaluation);
}
