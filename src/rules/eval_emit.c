/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What an evaluation tells at the end, or when somebody asks: counters, sets, and rules about which no capture could tell. */
#include "rules/eval.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "rules/ast.h"
#include "rules/eval_state.h"
#include "rules/print.h"
#include "rules/program.h"

static void emit_chain(const struct program *program, const struct ast_chain *chain, const struct counter *policy,
		       const uint64_t *n_tried, struct stream *stream)
{
	struct event event = {
		.kind = EVENT_CHAIN,
		.chain = {
			.family = program->table->family,
			.table = table_name(program->table->table),
			.chain = chain->name,
			.policy = !chain->is_builtin ? NULL : chain->drops ? "DROP" : "ACCEPT",
			.n_references = chain->n_references,
			.n_packets = policy->n_packets,
			.n_bytes = policy->n_bytes,
			.n_entered = n_tried ? *n_tried : 0,
			.place = chain->has_policy || chain->drops ? &chain->place : NULL,
		},
	};

	stream_emit(stream, &event);
}

static void emit_rule(const struct program *program, const struct ast_rule *rule, const struct counter *counter,
		      const uint64_t *n_tried, struct stream *stream)
{
	struct text listing;
	struct event event = {
		.kind = EVENT_COUNTER,
		.counter = {
			.rule = &rule->place,
			.is_simulated = rule->action != ACTION_UNSIMULATED && !ast_unsimulated_match(rule),
			.n_packets = counter->n_packets,
			.n_bytes = counter->n_bytes,
			.n_tried = n_tried ? *n_tried : 0,
		},
	};

	text_init(&listing);
	print_listing(rule, program->table->family, &listing);
	event.counter.listing = text_string(&listing);
	stream_emit(stream, &event);
	text_clear(&listing);
}

/* How often each rule was tried; the caller's to free. NULL: it was not counted. */
static uint64_t *sum_tries(const struct program *program, const struct table_state *state)
{
	uint64_t *n_tried, sum = 0;

	if (!state->tries)
		return NULL;
	n_tried = alloc_zeroed(program->n_rules, sizeof(*n_tried));
	for (uint32_t i = 0; i < program->n_rules; i++)
		n_tried[i] = sum += state->tries[i];
	return n_tried;
}

static void emit_program(const struct program *program, const struct table_state *state, struct stream *stream)
{
	uint64_t *n_tried = sum_tries(program, state);

	for (size_t i = 0; i < program->n_chains; i++) {
		const struct ast_chain *chain = program->chains[i];
		const struct counter *first = &state->counters[program->starts[i]];
		const uint64_t *tried = n_tried ? &n_tried[program->starts[i]] : NULL;

		emit_chain(program, chain, &first[chain->n_rules], tried, stream);
		for (size_t k = 0; k < chain->n_rules; k++)
			emit_rule(program, chain->rules[k], &first[k], tried ? &tried[k] : NULL, stream);
	}
	free(n_tried);
}

void evaluation_emit_counters(const struct evaluation *evaluation, struct stream *stream)
{
	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++) {
		unsigned family = i / TABLE_COUNT;
		enum table table = ast_table_at(&evaluation->ruleset->ast, ast_family(family), i % TABLE_COUNT);

		if (table < TABLE_COUNT)
			emit_program(&evaluation->ruleset->programs[family][table],
				     &evaluation->tables[family][table], stream);
	}
}

static void emit_unknown(const struct rule_place *place, uint64_t n_packets, struct stream *stream)
{
	struct event event = { .kind = EVENT_WARNING };
	struct text text;

	text_init(&text);
	text_printf(&text, "%s:%u: no capture can tell whether this rule matched (%llu packet%s, taken as no; --annotations can): %s %s rule %u: %s",
		    place->file, place->line, (unsigned long long)n_packets, n_packets == 1 ? "" : "s", place->table,
		    place->chain, place->number, place->text);
	event.warning.text = text_string(&text);
	stream_emit(stream, &event);
	text_clear(&text);
}

void evaluation_emit_sets(const struct evaluation *evaluation, struct vtime now, struct stream *stream)
{
	struct ipsets_position position = { .set = 0 };
	struct text line;

	text_init(&line);
	while (evaluation->sets && ipsets_next_line(evaluation->sets, &position, now, &line)) {
		struct event event = { .kind = EVENT_SET, .set = { .line = text_string(&line) } };

		stream_emit(stream, &event);
		text_reset(&line);
	}
	ipsets_end(&position);
	text_clear(&line);
}

static void emit_given_up(const struct evaluation *evaluation, struct stream *stream)
{
	struct event event = { .kind = EVENT_WARNING };
	struct text text;

	text_init(&text);
	text_printf(&text, "limit rules-tried: %" PRIu64 " times a packet was dropped because it had tried %" PRIu64 " rules of a table;"
		    " --limit rules-tried=N allows more", evaluation->n_given_up, evaluation->most_tried);
	event.warning.text = text_string(&text);
	stream_emit(stream, &event);
	text_clear(&text);
}

void evaluation_emit_unknowns(const struct evaluation *evaluation, struct stream *stream)
{
	if (evaluation->n_given_up)
		emit_given_up(evaluation, stream);
	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++) {
		const struct program *program = &evaluation->ruleset->programs[i / TABLE_COUNT][i % TABLE_COUNT];
		const uint64_t *n_unknown = evaluation->tables[i / TABLE_COUNT][i % TABLE_COUNT].n_unknown;

		for (uint32_t k = 0; k < program->n_rules; k++) {
			if (n_unknown[k])
				emit_unknown(program->rules[k].place, n_unknown[k], stream);
		}
	}
}
