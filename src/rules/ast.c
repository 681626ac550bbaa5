/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/ast.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static const struct {
	const char *name;
	uint32_t hooks;
} tables[TABLE_COUNT] = {
	[TABLE_RAW] = { "raw", 1 << HOOK_PREROUTING | 1 << HOOK_OUTPUT },
	[TABLE_MANGLE] = { "mangle", 1 << HOOK_PREROUTING | 1 << HOOK_INPUT | 1 << HOOK_FORWARD | 1 << HOOK_OUTPUT |
				     1 << HOOK_POSTROUTING },
	[TABLE_NAT] = { "nat", 1 << HOOK_PREROUTING | 1 << HOOK_INPUT | 1 << HOOK_OUTPUT | 1 << HOOK_POSTROUTING },
	[TABLE_FILTER] = { "filter", 1 << HOOK_INPUT | 1 << HOOK_FORWARD | 1 << HOOK_OUTPUT },
	[TABLE_SECURITY] = { "security", 1 << HOOK_INPUT | 1 << HOOK_FORWARD | 1 << HOOK_OUTPUT },
};

const char *table_name(enum table table)
{
	return tables[table].name;
}

uint32_t table_hooks(enum table table)
{
	return tables[table].hooks;
}

enum table ast_table_by_name(const char *name)
{
	enum table table = 0;

	while (table < TABLE_COUNT && strcmp(tables[table].name, name) != 0)
		table++;
	return table;
}

void ast_init(struct ast *ast)
{
	memset(ast, 0, sizeof(*ast));
	arena_init(&ast->arena);
	for (unsigned family = 0; family < 2; family++) {
		for (unsigned i = 0; i < TABLE_COUNT; i++) {
			ast->tables[family][i].table = i;
			ast->tables[family][i].family = ast_family(family);
			map_init(&ast->tables[family][i].names);
		}
	}
}

static void clear_table(struct ast_table *table)
{
	for (size_t i = 0; i < table->n_chains; i++)
		ast_clear_rules(table->chains[i]);
	if (table->chains)
		free(table->chains - table->n_before);
	table->chains = NULL;
	table->n_chains = table->n_before = table->capacity = 0;
	map_clear(&table->names);
}

void ast_clear(struct ast *ast)
{
	for (unsigned family = 0; family < 2; family++) {
		for (unsigned i = 0; i < TABLE_COUNT; i++)
			clear_table(&ast->tables[family][i]);
	}
	arena_clear(&ast->arena);
}

struct ast_chain *ast_find_chain(const struct ast_table *table, const char *name)
{
	return map_find(&table->names, name);
}

/* As many places behind the chains as they take. */
static void make_room(struct ast_table *table)
{
	size_t capacity = alloc_grown_capacity(0, 2 * table->n_chains + 1);
	struct ast_chain **places = alloc_zeroed(capacity, sizeof(struct ast_chain *));

	if (table->n_chains) {
		memcpy(places, table->chains, table->n_chains * sizeof(struct ast_chain *));
		free(table->chains - table->n_before);
	}
	table->chains = places;
	table->n_before = 0;
	table->capacity = capacity;
}

struct ast_chain *ast_add_chain(struct ast *ast, struct ast_table *table, const char *name)
{
	struct ast_chain *chain = arena_alloc(&ast->arena, sizeof(*chain));

	chain->name = arena_copy_string(&ast->arena, name);
	if (table->n_before + table->n_chains == table->capacity)
		make_room(table);
	table->chains[table->n_chains++] = chain;
	map_add(&table->names, chain->name, chain);
	return chain;
}

void ast_remove_chain(struct ast *ast, struct ast_table *table, struct ast_chain *chain)
{
	size_t front = 0, back = table->n_chains - 1;

	while (table->chains[front] != chain && table->chains[back] != chain) {
		front++;
		back--;
	}
	ast->n_passed += 2 * front;
	map_remove(&table->names, chain->name);
	ast_clear_rules(chain);
	if (ast_close_gap(ast, table->chains, table->n_chains--, table->chains[front] == chain ? front : back)) {
		table->chains++;
		table->n_before++;
	}
}

void ast_rename_chain(struct ast *ast, struct ast_table *table, struct ast_chain *chain, const char *name)
{
	map_remove(&table->names, chain->name);
	chain->name = arena_copy_string(&ast->arena, name);
	map_add(&table->names, chain->name, chain);
	ast_forget_texts(ast, table, chain);
}

static void add_builtin_chains(struct ast *ast, struct ast_table *table)
{
	for (unsigned hook = 0; hook < HOOK_COUNT; hook++) {
		struct ast_chain *chain;

		if (!(tables[table->table].hooks >> hook & 1))
			continue;
		chain = ast_add_chain(ast, table, hook_name(hook));
		chain->is_builtin = true;
		chain->hook = hook;
	}
}

struct ast_table *ast_load_table(struct ast *ast, enum family family, enum table table, struct source_range where)
{
	struct ast_table *loaded = &ast->tables[ast_family_index(family)][table];

	if (loaded->is_loaded)
		return loaded;
	loaded->is_loaded = true;
	loaded->load_number = ++ast->n_loaded;
	loaded->where = where;
	add_builtin_chains(ast, loaded);
	return loaded;
}

enum table ast_table_at(const struct ast *ast, enum family family, unsigned position)
{
	const struct ast_table *candidates = ast->tables[ast_family_index(family)];

	for (unsigned i = 0; i < TABLE_COUNT; i++) {
		unsigned n_later = 0;

		if (!candidates[i].is_loaded)
			continue;
		for (unsigned k = 0; k < TABLE_COUNT; k++)
			n_later += candidates[k].load_number > candidates[i].load_number;
		if (n_later == position)
			return (enum table)i;
	}
	return TABLE_COUNT;
}

void ast_reset_table(struct ast *ast, struct ast_table *table)
{
	struct ast_chain before[HOOK_COUNT];
	size_t n_before = 0;

	for (size_t i = 0; i < table->n_chains; i++) {
		if (table->chains[i]->is_builtin)
			before[n_before++] = *table->chains[i];
	}
	clear_table(table);
	map_init(&table->names);
	add_builtin_chains(ast, table);
	for (size_t i = 0; i < n_before; i++) {
		struct ast_chain *chain = ast_find_chain(table, before[i].name);

		chain->has_policy = before[i].has_policy;
		chain->drops = before[i].drops;
		chain->where = before[i].where;
		chain->line = before[i].line;
		chain->policy_line = before[i].policy_line;
		chain->policy_file = before[i].policy_file;
	}
}

static int compare_chains(const void *a, const void *b)
{
	const struct ast_chain *const *left = a, *const *right = b;

	if ((*left)->is_builtin != (*right)->is_builtin)
		return (*left)->is_builtin ? -1 : 1;
	if ((*left)->is_builtin)
		return (int)(*left)->hook - (int)(*right)->hook;
	return strcmp((*left)->name, (*right)->name);
}

struct ast_chain **ast_sorted_chains(const struct ast_table *table)
{
	struct ast_chain **sorted = alloc_zeroed(table->n_chains + 1, sizeof(struct ast_chain *));

	if (table->n_chains)
		memcpy(sorted, table->chains, table->n_chains * sizeof(struct ast_chain *));
	qsort(sorted, table->n_chains, sizeof(struct ast_chain *), compare_chains);
	return sorted;
}

const struct ast_extension *ast_unsimulated_match(const struct ast_rule *rule)
{
	const struct ast_extension *match = rule->matches;

	while (match && !match->reason)
		match = match->next;
	return match;
}
