/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/trace.h"

#include "event/event.h"
#include "event/stream.h"
#include "rules/side_effect.h"

enum { LEVEL_WARNING = 4, FLAGS_DEFAULT = 0x0f };	/* NF_LOG_DEFAULT_MASK */

static size_t chain_of(const struct program *program, uint32_t index)
{
	size_t chain = program->n_chains - 1;

	while (chain && program->starts[chain] > index)
		chain--;
	return chain;
}

/*
 * "rule", but at what looks like a chain's end: a rule without a test that accepts, drops or returns.
 * Linux 6.18, ip_tables.c: get_chainname_rulenum().
 */
static const char *kind_of(const struct rule_code *rule, const struct ast_chain *chain)
{
	bool is_standard = rule->action == ACTION_ACCEPT || rule->action == ACTION_DROP || rule->action == ACTION_QUEUE ||
			   rule->action == ACTION_RETURN || rule->action == ACTION_END;

	if (!is_standard || rule->tests || rule->interfaces || rule->matches || (rule->flags & CODE_UNKNOWN_MATCH))
		return "rule";
	return chain->is_builtin ? "policy" : "return";
}

/*
 * Chains and rules of a table have one series of numbers, in the order in which they were made: nf_tables_api.c,
 * nf_tables_alloc_handle(). A file of iptables-save makes its chains first.
 */
static uint32_t handle_of(const struct program *program, const struct rule_code *rule)
{
	uint32_t handle = 1;

	for (size_t i = 0; i < program->n_chains; i++)
		handle += !program->chains[i]->is_builtin || program->chains[i]->has_policy || program->chains[i]->n_rules;
	for (uint32_t i = 0; i < program->n_rules; i++) {
		const struct rule_code *other = &program->rules[i];

		if (other->place && !(other->flags & CODE_IS_POLICY))
			handle += other->place->line < rule->place->line || (other->place->line == rule->place->line && other < rule);
	}
	return handle;
}

static void fill(const struct program *program, const struct rule_code *rule, const struct subject *subject,
		 struct event_trace *trace)
{
	uint32_t index = (uint32_t)(rule - program->rules);
	size_t chain = chain_of(program, index);

	side_effect_describe(subject, &trace->log);
	side_effect_add_user(subject, &trace->log);
	trace->log.rule = rule->place;
	trace->log.level = LEVEL_WARNING;
	trace->log.flags = FLAGS_DEFAULT;
	trace->table = table_name(program->table->table);
	trace->chain = program->chains[chain]->name;
	trace->kind = kind_of(rule, program->chains[chain]);
	trace->number = index - program->starts[chain] + 1;
}

void trace_tell_match(const struct program *program, const struct rule_code *rule, const struct subject *subject)
{
	struct event event = { .kind = EVENT_TRACE };

	fill(program, rule, subject, &event.trace);
	stream_emit(subject->stream, &event);
}

static const char *outcome_of(const struct rule_code *rule, enum target_verdict verdict)
{
	if (rule->action == ACTION_JUMP && verdict == TARGET_CONTINUE)
		return rule->flags & CODE_GOTO ? "GOTO" : "JUMP";
	switch (verdict) {
	case TARGET_ACCEPT:
		return "ACCEPT";
	case TARGET_DROP:
	case TARGET_UNKNOWN:
		return "DROP";
	case TARGET_QUEUE:
		return "QUEUE";
	case TARGET_RETURN:
		return "0xfffffffb";	/* NFT_RETURN: xtables-monitor has no word for it */
	case TARGET_CONTINUE:
		break;
	}
	return "CONTINUE";
}

void trace_tell_outcome(const struct program *program, const struct rule_code *rule, enum target_verdict verdict,
			const struct subject *subject)
{
	struct event event = { .kind = EVENT_TRACE, .trace = { .verdict = outcome_of(rule, verdict) } };

	if (rule->action == ACTION_END)
		return;
	fill(program, rule, subject, &event.trace);
	event.trace.jump = rule->action == ACTION_JUMP && verdict == TARGET_CONTINUE ? rule->place->target : NULL;
	event.trace.handle = rule->flags & CODE_IS_POLICY ? 0 : handle_of(program, rule);
	stream_emit(subject->stream, &event);
}
