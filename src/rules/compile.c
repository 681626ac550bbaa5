/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/map.h"
#include "rules/print.h"
#include "rules/program.h"
#include "rules/rule_index.h"

struct compilation {
	struct ast *ast;
	const struct ast_table *table;
	struct program *program;
	struct map hotdrops;	/* names of matches to what each says when it drops a packet itself */
};

/* A piece of state behind the others, aligned for any type. */
static size_t reserve_state(struct program *program, size_t size)
{
	size_t offset = program->state_size;

	program->state_size += (size + 15) & ~(size_t)15;
	return offset;
}

bool compile_changes_verdict(const struct ast_rule *rule)
{
	if (rule->action == ACTION_UNSIMULATED)
		return true;
	if (rule->action == ACTION_TARGET)
		return rule->target->target->class != EXTENSION_SIDE_EFFECT;
	return rule->action != ACTION_CONTINUE;
}

static const char *hotdrop_of(struct compilation *compilation, const struct match_type *type)
{
	char *words = map_find(&compilation->hotdrops, type->name);
	struct text text;

	if (words)
		return words;
	text_init(&text);
	text_printf(&text, "match %s: %s", type->name, type->hotdrop ? type->hotdrop : "the packet does not hold the whole header");
	words = arena_copy_string(&compilation->ast->arena, text_string(&text));
	text_clear(&text);
	map_add(&compilation->hotdrops, type->name, words);
	return words;
}

size_t compile_rule_size(const struct ast_rule *rule)
{
	size_t size = sizeof(struct rule_code);

	for (const struct ast_extension *match = rule->matches; match; match = match->next)
		size += match->reason ? 0 : sizeof(struct match_instance) + match->match->state_size;
	if (rule->action == ACTION_TARGET)
		size += sizeof(struct target_instance) + rule->target->target->state_size;
	return size;
}

static const struct match_instance *compile_matches(struct compilation *compilation, const struct ast_rule *rule)
{
	struct arena *arena = &compilation->ast->arena;
	struct match_instance *instances, *next;
	size_t n = 0;

	for (const struct ast_extension *match = rule->matches; match; match = match->next)
		n += !match->reason;
	if (!n)
		return NULL;
	next = instances = arena_alloc(arena, (n + 1) * sizeof(*instances));
	for (const struct ast_extension *match = rule->matches; match; match = match->next) {
		if (match->reason)
			continue;
		*next++ = (struct match_instance){
			.type = match->match,
			.config = match->config,
			.state_offset = (uint32_t)reserve_state(compilation->program, match->match->state_size),
			.scope = match->match->flow_scope ? (uint8_t)match->match->flow_scope(match->config) : FLOW_BEYOND,
			.hotdrop = hotdrop_of(compilation, match->match),
		};
	}
	return instances;
}

static const struct target_instance *compile_target(struct compilation *compilation, const struct ast_rule *rule)
{
	struct target_instance *instance;

	if (rule->action != ACTION_TARGET)
		return NULL;
	instance = arena_alloc(&compilation->ast->arena, sizeof(*instance));
	*instance = (struct target_instance){
		.type = rule->target->target,
		.config = rule->target->config,
		.state_offset = reserve_state(compilation->program, rule->target->target->state_size),
	};
	return instance;
}

/* How many characters of an interface's name must be equal: up to its '+', or all and the NUL. */
static uint8_t compared_len(const char *name)
{
	size_t len = strlen(name);

	return (uint8_t)(len && name[len - 1] == '+' ? len - 1 : len + 1);
}

static const struct code_interfaces *compile_interfaces(struct compilation *compilation, const struct ast_rule *rule)
{
	struct code_interfaces *interfaces;

	if (!(rule->tests & (TEST_IN | TEST_OUT)))
		return NULL;
	interfaces = arena_alloc(&compilation->ast->arena, sizeof(*interfaces));
	memcpy(interfaces->in, rule->in, sizeof(interfaces->in));
	memcpy(interfaces->out, rule->out, sizeof(interfaces->out));
	interfaces->in_len = rule->tests & TEST_IN ? compared_len(rule->in) : 0;
	interfaces->out_len = rule->tests & TEST_OUT ? compared_len(rule->out) : 0;
	return interfaces;
}

static void compile_addresses(struct compilation *compilation, const struct ast_rule *rule, struct rule_code *code)
{
	if (!(rule->tests & (TEST_SOURCE | TEST_DESTINATION)))
		return;
	if (compilation->table->family == FAMILY_IPV6) {
		struct code_addresses *addresses = arena_alloc(&compilation->ast->arena, sizeof(*addresses));

		addresses->source = rule->source;
		addresses->destination = rule->destination;
		code->addresses.ipv6 = addresses;
		return;
	}
	code->addresses.ipv4.source = rule->source.address.word[0];
	code->addresses.ipv4.source_mask = rule->source.mask.word[0];
	code->addresses.ipv4.destination = rule->destination.address.word[0];
	code->addresses.ipv4.destination_mask = rule->destination.mask.word[0];
}

/* The place of a quoted last word ends before its quote. */
static uint32_t written_len(const struct source_range *where)
{
	char next = where->source->text[where->offset + where->len];

	return where->len + (next == '"' || next == '\'');
}

static void place_rule(struct compilation *compilation, const struct ast_chain *chain, struct ast_rule *rule, uint32_t number)
{
	struct arena *arena = &compilation->ast->arena;
	struct text text;

	text_init(&text);
	text_printf(&text, "-A %s", chain->name);
	print_rule(rule, compilation->table->family, &text);
	rule->place = (struct rule_place){
		.family = compilation->table->family,
		.table = table_name(compilation->table->table),
		.chain = chain->name,
		.number = number,
		.file = rule->where.source->name,
		.line = rule->line,
		.text = arena_copy_string(arena, text_string(&text)),
		.target = rule->action == ACTION_CONTINUE ? "" : rule->jump ? rule->jump->name : rule->target_name.text,
		.written = rule->where.source->text + rule->where.offset,
		.written_len = written_len(&rule->where),
	};
	text_clear(&text);
}

static void compile_rule(struct compilation *compilation, const struct ast_rule *rule, struct rule_code *code)
{
	*code = (struct rule_code){
		.tests = rule->tests,
		.inverted = rule->inverted,
		.protocol = rule->protocol,
		.action = (uint8_t)rule->action,
		.jump = rule->jump ? rule->jump->start : 0,
		.interfaces = compile_interfaces(compilation, rule),
		.matches = compile_matches(compilation, rule),
		.target = compile_target(compilation, rule),
		.place = &rule->place,
		.flags = (rule->is_goto ? CODE_GOTO : 0) | (ast_unsimulated_match(rule) ? CODE_UNKNOWN_MATCH : 0) |
			 (compile_changes_verdict(rule) ? CODE_CHANGES_VERDICT : 0),
	};
	compile_addresses(compilation, rule, code);
}

static void compile_end(struct compilation *compilation, struct ast_chain *chain, struct rule_code *code, uint32_t index)
{
	*code = (struct rule_code){ .action = ACTION_END };
	if (!chain->is_builtin)
		return;
	chain->place = (struct rule_place){
		.family = compilation->table->family,
		.table = table_name(compilation->table->table),
		.chain = chain->name,
		.file = chain->policy_file ? chain->policy_file : "",
		.line = chain->policy_line,
		.text = chain->drops ? "policy DROP" : "policy ACCEPT",
		.target = chain->drops ? "DROP" : "ACCEPT",
	};
	code->action = chain->drops ? ACTION_DROP : ACTION_ACCEPT;
	code->place = &chain->place;
	code->flags = CODE_IS_POLICY | (chain->has_policy ? 0 : CODE_IS_DEFAULT);
	compilation->program->policy[chain->hook] = index;
}

/* Where each chain begins: before rules are compiled, so that jumps know where to go. */
static void lay_out(struct compilation *compilation)
{
	struct program *program = compilation->program;
	uint32_t index = 0;

	for (size_t i = 0; i < program->n_chains; i++) {
		struct ast_chain *chain = program->chains[i];

		program->starts[i] = index;
		chain->start = index;
		index += (uint32_t)chain->n_rules + 1;
		if (chain->is_builtin)
			program->entry[chain->hook] = program->starts[i];
		else
			program->n_user_chains++;
	}
	program->n_rules = index;
}

static void copy_chains(struct compilation *compilation)
{
	struct program *program = compilation->program;
	struct ast_chain **sorted = ast_sorted_chains(compilation->table);
	size_t size = compilation->table->n_chains * sizeof(struct ast_chain *);

	program->n_chains = compilation->table->n_chains;
	program->chains = arena_alloc(&compilation->ast->arena, size);
	memcpy(program->chains, sorted, size);
	free(sorted);
}

static void index_chains(struct compilation *compilation)
{
	struct program *program = compilation->program;
	struct arena *arena = &compilation->ast->arena;

	program->indexes = arena_alloc(arena, program->n_chains * sizeof(struct rule_index *));
	for (size_t i = 0; i < program->n_chains; i++) {
		uint32_t first = program->starts[i], end = first + (uint32_t)program->chains[i]->n_rules;

		if (end - first < RULE_INDEX_FEWEST)
			continue;
		program->indexes[program->n_indexes++] =
			rule_index_create(arena, compilation->table->family, program->rules, first, end);
		for (uint32_t k = first; k <= end; k++)
			program->rules[k].index = program->n_indexes;
	}
}

void compile_table(struct ast *ast, const struct ast_table *table, struct program *program)
{
	struct compilation compilation = { .ast = ast, .table = table, .program = program };
	struct rule_code *code;

	map_init(&compilation.hotdrops);
	*program = (struct program){ .table = table };
	copy_chains(&compilation);
	program->starts = arena_alloc(&ast->arena, program->n_chains * sizeof(*program->starts));
	lay_out(&compilation);
	code = program->rules = arena_alloc(&ast->arena, program->n_rules * sizeof(*program->rules));
	for (size_t i = 0; i < program->n_chains; i++) {
		struct ast_chain *chain = program->chains[i];

		for (size_t k = 0; k < chain->n_rules; k++) {
			place_rule(&compilation, chain, chain->rules[k], (uint32_t)k + 1);
			compile_rule(&compilation, chain->rules[k], code++);
		}
		compile_end(&compilation, chain, code, (uint32_t)(code - program->rules));
		code++;
	}
	index_chains(&compilation);
	map_clear(&compilation.hotdrops);
}
