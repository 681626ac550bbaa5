/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/ruleset.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rules/check.h"
#include "rules/parse.h"
#include "rules/program.h"

static bool check_tables(struct ast *ast, bool is_strict, struct diagnostics *diagnostics)
{
	bool is_ok = true;

	for (unsigned family = 0; family < 2; family++) {
		for (unsigned table = 0; table < TABLE_COUNT; table++) {
			if (ast->tables[family][table].is_loaded)
				is_ok &= check_table(ast, &ast->tables[family][table], is_strict, diagnostics);
		}
	}
	return is_ok;
}

struct ruleset *ruleset_load(const struct ruleset_input *inputs, size_t n_inputs, const struct ruleset_options *options,
			     struct diagnostics *diagnostics)
{
	static const struct ruleset_options defaults = { .is_strict = false };
	struct ruleset *ruleset = alloc_zeroed(1, sizeof(*ruleset));
	bool is_ok = true;

	ast_init(&ruleset->ast);
	ruleset->ast.profile = options ? options->profile : defaults.profile;
	ruleset->ast.sets = options ? options->sets : NULL;
	ruleset->ast.policies = options ? options->policies : NULL;
	for (size_t i = 0; i < n_inputs; i++)
		is_ok &= parse_source(&ruleset->ast, &inputs[i], options ? options : &defaults, diagnostics);
	/* Tables are checked in spite of errors, so that all messages come at once. */
	is_ok &= check_tables(&ruleset->ast, options && options->is_strict, diagnostics);
	if (!is_ok) {
		ruleset_destroy(ruleset);
		return NULL;
	}
	for (unsigned family = 0; family < 2; family++) {
		for (unsigned table = 0; table < TABLE_COUNT; table++) {
			if (ruleset->ast.tables[family][table].is_loaded)
				compile_table(&ruleset->ast, &ruleset->ast.tables[family][table],
					      &ruleset->programs[family][table]);
		}
	}
	return ruleset;
}

void ruleset_destroy(struct ruleset *ruleset)
{
	if (!ruleset)
		return;
	if (!ruleset->is_overlay)
		ast_clear(&ruleset->ast);
	free(ruleset);
}

struct ruleset *ruleset_overlay(const struct ruleset *base, const struct ruleset *over)
{
	struct ruleset *ruleset = alloc_zeroed(1, sizeof(*ruleset));

	*ruleset = *base;
	ruleset->is_overlay = true;
	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++) {
		struct ast_table *table = &ruleset->ast.tables[i / TABLE_COUNT][i % TABLE_COUNT];
		const struct program *program = &over->programs[i / TABLE_COUNT][i % TABLE_COUNT];
		uint32_t load_number = table->load_number;

		if (!program->rules)
			continue;
		*table = over->ast.tables[i / TABLE_COUNT][i % TABLE_COUNT];
		/* Who was loaded before keeps its place among the tables. */
		table->load_number = load_number ? load_number : base->ast.n_loaded + table->load_number;
		ruleset->programs[i / TABLE_COUNT][i % TABLE_COUNT] = *program;
		ruleset->programs[i / TABLE_COUNT][i % TABLE_COUNT].table = table;
	}
	ruleset->ast.n_loaded += over->ast.n_loaded;
	return ruleset;
}

bool ruleset_has_table(const struct ruleset *ruleset, enum family family, enum table table)
{
	return ruleset->programs[ast_family_index(family)][table].rules != NULL;
}

bool ruleset_has_family(const struct ruleset *ruleset, enum family family)
{
	for (unsigned table = 0; table < TABLE_COUNT; table++) {
		if (ruleset_has_table(ruleset, family, table))
			return true;
	}
	return false;
}

/* Extensions whose presence switches tracking on: conntrack-reference 1.7; Linux 6.18, nf_ct_netns_get() callers. */
static const char *const tracking_matches[] = {
	"conntrack", "state", "connmark", "connbytes", "connlimit", "connlabel", "helper", "cluster", NULL,
};
static const char *const tracking_targets[] = {
	"SNAT", "DNAT", "MASQUERADE", "REDIRECT", "NETMAP", "CONNMARK", "CONNSECMARK", "SYNPROXY", NULL,
};

/* Those that ask for sockets, and so for whole datagrams: Linux 6.18, nf_defrag_ipv4_enable() and nf_defrag_ipv6_enable() callers. */
static const char *const whole_matches[] = { "socket", NULL };
static const char *const whole_targets[] = { "TPROXY", NULL };

static bool is_among(const char *name, const char *const *names)
{
	for (; *names; names++) {
		if (strcmp(*names, name) == 0)
			return true;
	}
	return false;
}

static bool has_any(const struct ast_rule *rule, const char *const *matches, const char *const *targets)
{
	for (const struct ast_extension *match = rule->matches; match; match = match->next) {
		if (is_among(match->match ? match->match->name : match->name.text, matches))
			return true;
	}
	return rule->target && is_among(rule->target->name.text, targets);
}

static bool needs_tracking(const struct ast_rule *rule)
{
	const struct target_type *target = rule->action == ACTION_TARGET ? rule->target->target : NULL;

	if (target && target->makes_template && target->makes_template(rule->target->config))
		return true;
	return has_any(rule, tracking_matches, tracking_targets);
}

static bool needs_defragmentation(const struct ast_rule *rule)
{
	return has_any(rule, whole_matches, whole_targets);
}

/* Every rule of a program, in the order of iptables-save: index 0, 1, ...; NULL behind the last. */
static const struct ast_rule *rule_at(const struct program *program, size_t *chain, size_t *index)
{
	while (*chain < program->n_chains && *index >= program->chains[*chain]->n_rules) {
		(*chain)++;
		*index = 0;
	}
	return *chain < program->n_chains ? program->chains[*chain]->rules[(*index)++] : NULL;
}

static bool has_rule(const struct ruleset *ruleset, enum family family, bool (*is_one)(const struct ast_rule *rule))
{
	for (unsigned table = 0; table < TABLE_COUNT; table++) {
		const struct program *program = &ruleset->programs[ast_family_index(family)][table];
		size_t chain = 0, index = 0;
		const struct ast_rule *rule;

		while ((rule = rule_at(program, &chain, &index))) {
			if (is_one(rule))
				return true;
		}
	}
	return false;
}

bool ruleset_needs_tracking(const struct ruleset *ruleset, enum family family)
{
	return has_rule(ruleset, family, needs_tracking);
}

bool ruleset_needs_defragmentation(const struct ruleset *ruleset, enum family family)
{
	return has_rule(ruleset, family, needs_defragmentation);
}

static bool program_has_match(const struct program *program, const char *name)
{
	size_t chain = 0, index = 0;
	const struct ast_rule *rule;

	while ((rule = rule_at(program, &chain, &index))) {
		for (const struct ast_extension *match = rule->matches; match; match = match->next) {
			if (match->match && strcmp(match->match->name, name) == 0)
				return true;
		}
	}
	return false;
}

bool ruleset_has_match(const struct ruleset *ruleset, const char *name)
{
	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++) {
		if (program_has_match(&ruleset->programs[i / TABLE_COUNT][i % TABLE_COUNT], name))
			return true;
	}
	return false;
}

static bool program_has_target(const struct program *program, const char *name)
{
	size_t chain = 0, index = 0;
	const struct ast_rule *rule;

	while ((rule = rule_at(program, &chain, &index)))
		if (rule->action == ACTION_TARGET && strcmp(rule->target->target->name, name) == 0)
			return true;
	return false;
}

bool ruleset_has_target(const struct ruleset *ruleset, const char *name)
{
	for (unsigned i = 0; i < 2 * TABLE_COUNT; i++)
		if (program_has_target(&ruleset->programs[i / TABLE_COUNT][i % TABLE_COUNT], name))
			return true;
	return false;
}

static bool is_unsimulated(const struct ast_rule *rule)
{
	return rule->action == ACTION_UNSIMULATED || ast_unsimulated_match(rule);
}

static void count_program(const struct program *program, struct ruleset_counts *counts)
{
	size_t chain = 0, index = 0;
	const struct ast_rule *rule;

	counts->n_tables++;
	counts->n_chains += program->n_chains;
	while ((rule = rule_at(program, &chain, &index))) {
		counts->n_rules++;
		counts->n_unsimulated += is_unsimulated(rule);
	}
}

void ruleset_count(const struct ruleset *ruleset, struct ruleset_counts *counts)
{
	*counts = (struct ruleset_counts){ .n_tables = 0 };
	for (unsigned family = 0; family < 2; family++) {
		for (unsigned table = 0; table < TABLE_COUNT; table++) {
			if (ruleset->programs[family][table].rules)
				count_program(&ruleset->programs[family][table], counts);
		}
	}
}

static const struct ast_rule *next_rule(const struct ruleset *ruleset, struct ruleset_walk *walk, bool (*is_one)(const struct ast_rule *rule))
{
	for (; walk->program < 2 * TABLE_COUNT; walk->program++) {
		const struct program *program = &ruleset->programs[walk->program / TABLE_COUNT][walk->program % TABLE_COUNT];
		const struct ast_rule *rule;

		while ((rule = rule_at(program, &walk->chain, &walk->index)))
			if (is_one(rule))
				return rule;
		walk->chain = walk->index = 0;
	}
	return NULL;
}

const struct rule_place *ruleset_next_unsimulated(const struct ruleset *ruleset, struct ruleset_walk *walk, const char **reason)
{
	const struct ast_rule *rule = next_rule(ruleset, walk, is_unsimulated);

	if (!rule)
		return NULL;
	*reason = ast_unsimulated_match(rule) ? ast_unsimulated_match(rule)->reason : rule->target->reason;
	return &rule->place;
}

static bool is_unfollowed(const struct ast_rule *rule)
{
	return rule->action == ACTION_TARGET && rule->target->target->unfollowed;
}

const struct rule_place *ruleset_next_unfollowed(const struct ruleset *ruleset, struct ruleset_walk *walk, const char **what)
{
	const struct ast_rule *rule = next_rule(ruleset, walk, is_unfollowed);

	if (!rule)
		return NULL;
	*what = rule->target->target->unfollowed;
	return &rule->place;
}

static const struct ast_chain *find_chain(const struct program *program, const char *name)
{
	for (size_t i = 0; i < program->n_chains; i++) {
		if (strcmp(program->chains[i]->name, name) == 0)
			return program->chains[i];
	}
	return NULL;
}

const struct rule_place *ruleset_find_place(const struct ruleset *ruleset, enum family family, const char *table,
					    const char *chain, uint32_t number)
{
	for (unsigned i = 0; i < TABLE_COUNT; i++) {
		const struct program *program = &ruleset->programs[ast_family_index(family)][i];
		const struct ast_chain *found;

		if (strcmp(table_name((enum table)i), table) != 0 || !program->rules)
			continue;
		found = find_chain(program, chain);
		if (!found || number > found->n_rules)
			return NULL;
		if (number > 0)
			return &found->rules[number - 1]->place;
		return found->is_builtin && (found->has_policy || found->drops) ? &found->place : NULL;
	}
	return NULL;
}
