/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of a chain while commands add, delete and look for them. They stand in an array with free places at both ends. A
 * chain in which a rule was looked for by its words is indexed from then on: a map from texts to the first rule of each, and
 * those of the same text in a list, whose first one knows the last as the one before.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "rules/ast.h"
#include "rules/print.h"

void ast_pass(struct ast *ast, size_t n)
{
	ast->n_passed += (uint64_t)n * AST_PASSED_PARTS;
}

/* --- the index */

static void forget_index(struct ast_chain *chain)
{
	map_clear(&chain->by_text);
	chain->is_indexed = false;
}

static void make_first(struct ast_chain *chain, struct ast_rule *rule, struct ast_rule *last)
{
	rule->twin_before = last;
	map_add(&chain->by_text, rule->text, rule);
}

/* `rule` stands at `index`, and its text is known. Between others of its text it has no place here: the index is made again. */
static void add_to_index(struct ast_chain *chain, struct ast_rule *rule, size_t index)
{
	struct ast_rule *first = map_find(&chain->by_text, rule->text), *last = first ? first->twin_before : rule;

	rule->twin_behind = NULL;
	if (!first) {
		make_first(chain, rule, rule);
	} else if (index == chain->n_rules - 1) {
		rule->twin_before = last;
		last->twin_behind = rule;
		first->twin_before = rule;
	} else if (index == 0) {
		rule->twin_behind = first;
		first->twin_before = rule;
		make_first(chain, rule, last);
	} else {
		forget_index(chain);
	}
}

static void remove_from_index(struct ast_chain *chain, struct ast_rule *rule)
{
	struct ast_rule *first = map_find(&chain->by_text, rule->text), *last = first->twin_before;

	if (rule == first && rule == last) {
		map_remove(&chain->by_text, rule->text);
	} else if (rule == first) {
		make_first(chain, rule->twin_behind, last);
	} else {
		rule->twin_before->twin_behind = rule->twin_behind;
		(rule == last ? first : rule->twin_behind)->twin_before = rule->twin_before;
	}
}

static void index_rules(struct ast *ast, enum family family, struct ast_chain *chain)
{
	size_t n_rules = chain->n_rules;

	if (chain->is_indexed)
		return;
	ast_pass(ast, n_rules);
	chain->is_indexed = true;
	/* Each is the last one when it is added. */
	for (chain->n_rules = 1; chain->n_rules <= n_rules; chain->n_rules++) {
		struct ast_rule *rule = chain->rules[chain->n_rules - 1];

		(void)print_rule_text(rule, family, &ast->arena);
		add_to_index(chain, rule, chain->n_rules - 1);
	}
	chain->n_rules = n_rules;
}

/* From both ends: commands that delete what others added go forwards or backwards. */
size_t ast_place_of(struct ast *ast, const struct ast_chain *chain, const struct ast_rule *rule)
{
	size_t front = 0, back = chain->n_rules - 1;

	while (chain->rules[front] != rule && chain->rules[back] != rule) {
		front++;
		back--;
	}
	ast->n_passed += 2 * front;
	return chain->rules[front] == rule ? front : back;
}

const struct ast_rule *ast_find_rule(struct ast *ast, enum family family, struct ast_chain *chain, struct ast_rule *wanted)
{
	index_rules(ast, family, chain);
	return map_find(&chain->by_text, print_rule_text(wanted, family, &ast->arena));
}

void ast_forget_texts(struct ast *ast, struct ast_table *table, const struct ast_chain *jump)
{
	for (size_t i = 0; i < table->n_chains && jump->n_jumps; i++) {
		struct ast_chain *chain = table->chains[i];
		bool is_other = false;

		ast_pass(ast, chain->n_rules + 1);
		for (size_t k = 0; k < chain->n_rules; k++) {
			if (chain->rules[k]->jump != jump)
				continue;
			chain->rules[k]->text = NULL;
			is_other = true;
		}
		if (is_other)
			forget_index(chain);
	}
}

/* --- the array */

static void free_places(struct ast_chain *chain)
{
	if (chain->rules)
		free(chain->rules - chain->n_before);
}

static void grow(struct ast_chain *chain, bool is_before)
{
	size_t capacity = alloc_grown_capacity(chain->capacity, chain->capacity + 1);
	size_t n_before = chain->n_before + (is_before ? capacity - chain->capacity : 0);
	struct ast_rule **places = alloc_zeroed(capacity, sizeof(struct ast_rule *));

	if (chain->n_rules)
		memcpy(&places[n_before], chain->rules, chain->n_rules * sizeof(struct ast_rule *));
	free_places(chain);
	chain->rules = &places[n_before];
	chain->n_before = n_before;
	chain->capacity = capacity;
}

static void move_rules(struct ast *ast, struct ast_chain *chain, size_t to, size_t from, size_t n)
{
	memmove(&chain->rules[to], &chain->rules[from], n * sizeof(struct ast_rule *));
	ast->n_passed += n;
}

bool ast_close_gap(struct ast *ast, void *places, size_t n, size_t index)
{
	const size_t size = sizeof(void *);
	char *first = places, *at = first + index * size;
	size_t n_behind = n - 1 - index;

	if (index < n_behind) {
		memmove(first + size, first, index * size);
		ast->n_passed += index;
		return true;
	}
	memmove(at, at + size, n_behind * size);
	ast->n_passed += n_behind;
	return false;
}

/* The fewer of those before and those behind it move. */
static bool is_in_front(const struct ast_chain *chain, size_t index)
{
	return index < chain->n_rules - index;
}

static void note_added(struct ast *ast, enum family family, struct ast_chain *chain, struct ast_rule *rule, size_t index)
{
	if (rule->jump)
		rule->jump->n_jumps++;
	if (!chain->is_indexed)
		return;
	(void)print_rule_text(rule, family, &ast->arena);
	add_to_index(chain, rule, index);
}

static void note_removed(struct ast_chain *chain, struct ast_rule *rule)
{
	if (rule->jump)
		rule->jump->n_jumps--;
	if (chain->is_indexed)
		remove_from_index(chain, rule);
}

void ast_insert_rule(struct ast *ast, enum family family, struct ast_chain *chain, struct ast_rule *rule, size_t index)
{
	bool moves_front = is_in_front(chain, index);

	if (moves_front ? !chain->n_before : chain->n_before + chain->n_rules == chain->capacity)
		grow(chain, moves_front);
	if (moves_front) {
		chain->rules--;
		chain->n_before--;
		move_rules(ast, chain, 0, 1, index);
	} else {
		move_rules(ast, chain, index + 1, index, chain->n_rules - index);
	}
	chain->rules[index] = rule;
	chain->n_rules++;
	note_added(ast, family, chain, rule, index);
}

void ast_remove_rule(struct ast *ast, struct ast_chain *chain, size_t index)
{
	note_removed(chain, chain->rules[index]);
	if (ast_close_gap(ast, chain->rules, chain->n_rules--, index)) {
		chain->rules++;
		chain->n_before++;
	}
}

void ast_replace_rule(struct ast *ast, enum family family, struct ast_chain *chain, struct ast_rule *rule, size_t index)
{
	note_removed(chain, chain->rules[index]);
	chain->rules[index] = rule;
	note_added(ast, family, chain, rule, index);
}

void ast_flush_chain(struct ast_chain *chain)
{
	forget_index(chain);
	for (size_t i = 0; i < chain->n_rules; i++) {
		if (chain->rules[i]->jump)
			chain->rules[i]->jump->n_jumps--;
	}
	chain->n_rules = 0;
}

void ast_clear_rules(struct ast_chain *chain)
{
	forget_index(chain);
	free_places(chain);
	chain->rules = NULL;
	chain->n_rules = chain->n_before = chain->capacity = 0;
}
