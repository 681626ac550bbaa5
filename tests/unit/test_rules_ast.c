/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules of a chain beside a plain array: commands are drawn at random, of few texts, so that many rules are alike, and after
 * each both must hold the same rules and find the same one by its words.
 */
#include <check.h>
#include <string.h>

#include "base/random.h"
#include "rules/ast.h"
#include "rules/print.h"

enum { N_RUNS = 12, N_COMMANDS = 1500, MOST_RULES = 400, N_CHAINS = 3 };

struct both {
	struct random random;
	struct ast ast;
	struct ast_table *table;
	struct ast_chain *chain, *jumped[N_CHAINS];
	struct ast_rule *plain[MOST_RULES];	/* what chain holds */
	size_t n;
};

static size_t draw(struct both *both, size_t n)
{
	return (size_t)(random_u64(&both->random) % n);
}

/* At either end more often than between. */
static size_t draw_place(struct both *both, size_t n)
{
	switch (draw(both, 4)) {
	case 0:
		return 0;
	case 1:
		return n - 1;
	default:
		return draw(both, n);
	}
}

static struct ast_rule *make_rule(struct both *both)
{
	struct ast_rule *rule = arena_alloc(&both->ast.arena, sizeof(*rule));

	rule->tests = TEST_PROTOCOL;
	rule->protocol = (uint8_t)(1 + draw(both, 6));
	if (draw(both, 3) == 0) {
		rule->action = ACTION_JUMP;
		rule->jump = both->jumped[draw(both, N_CHAINS)];
	}
	return rule;
}

static void insert(struct both *both, size_t index)
{
	struct ast_rule *rule = make_rule(both);

	if (both->n == MOST_RULES)
		return;
	ast_insert_rule(&both->ast, FAMILY_IPV4, both->chain, rule, index);
	memmove(&both->plain[index + 1], &both->plain[index], (both->n++ - index) * sizeof(struct ast_rule *));
	both->plain[index] = rule;
}

static void remove_at(struct both *both, size_t index)
{
	ast_remove_rule(&both->ast, both->chain, index);
	memmove(&both->plain[index], &both->plain[index + 1], (--both->n - index) * sizeof(struct ast_rule *));
}

static void find(struct both *both, bool removes)
{
	struct ast_rule *wanted = make_rule(both);
	const char *text = print_rule_text(wanted, FAMILY_IPV4, &both->ast.arena);
	const struct ast_rule *found;
	size_t index = 0;

	while (index < both->n && strcmp(print_rule_text(both->plain[index], FAMILY_IPV4, &both->ast.arena), text) != 0)
		index++;
	found = ast_find_rule(&both->ast, FAMILY_IPV4, both->chain, wanted);
	ck_assert_uint_eq(found ? ast_place_of(&both->ast, both->chain, found) : both->n, index);
	if (removes && index < both->n)
		remove_at(both, index);
}

static void rename_one(struct both *both)
{
	struct ast_chain *chain = both->jumped[draw(both, N_CHAINS)];
	char name[8] = "c";

	name[1] = (char)('a' + draw(both, 26));
	name[2] = (char)('a' + draw(both, 26));
	if (!ast_find_chain(both->table, name))
		ast_rename_chain(&both->ast, both->table, chain, name);
}

static void command(struct both *both)
{
	size_t kind = draw(both, 100);

	if (kind < 30) {
		insert(both, both->n);
	} else if (kind < 40) {
		insert(both, 0);
	} else if (kind < 50) {
		insert(both, draw_place(both, both->n + 1));
	} else if (kind < 52) {
		rename_one(both);
	} else if (kind < 80) {
		find(both, kind < 70);
	} else if (kind < 90 && both->n) {
		remove_at(both, draw_place(both, both->n));
	} else if (kind < 99 && both->n) {
		size_t index = draw_place(both, both->n);

		both->plain[index] = make_rule(both);
		ast_replace_rule(&both->ast, FAMILY_IPV4, both->chain, both->plain[index], index);
	} else if (draw(both, 20) == 0) {
		ast_flush_chain(both->chain);
		both->n = 0;
	}
}

static void compare(const struct both *both)
{
	uint32_t n_jumps[N_CHAINS] = { 0 };

	ck_assert_uint_eq(both->chain->n_rules, both->n);
	for (size_t i = 0; i < both->n; i++) {
		ck_assert_ptr_eq(both->chain->rules[i], both->plain[i]);
		for (size_t k = 0; k < N_CHAINS; k++)
			n_jumps[k] += both->plain[i]->jump == both->jumped[k];
	}
	for (size_t k = 0; k < N_CHAINS; k++)
		ck_assert_uint_eq(both->jumped[k]->n_jumps, n_jumps[k]);
}

START_TEST(rules_stand_and_are_found_as_in_an_array)
{
	static const char *const names[N_CHAINS] = { "c1", "c2", "c3" };
	struct both both = { .n = 0 };

	random_init(&both.random, (uint64_t)_i);
	ast_init(&both.ast);
	both.table = ast_load_table(&both.ast, FAMILY_IPV4, TABLE_FILTER, (struct source_range){ .source = NULL });
	both.chain = ast_find_chain(both.table, "INPUT");
	for (size_t i = 0; i < N_CHAINS; i++)
		both.jumped[i] = ast_add_chain(&both.ast, both.table, names[i]);
	for (unsigned i = 0; i < N_COMMANDS; i++) {
		command(&both);
		compare(&both);
	}
	ast_clear(&both.ast);
}
END_TEST

/* What is done at either end, or found there, passes nothing. */
START_TEST(ends_cost_nothing)
{
	struct both both = { .n = 0 };

	random_init(&both.random, 1);
	ast_init(&both.ast);
	both.table = ast_load_table(&both.ast, FAMILY_IPV4, TABLE_FILTER, (struct source_range){ .source = NULL });
	both.chain = ast_find_chain(both.table, "INPUT");
	for (unsigned i = 0; i < N_CHAINS; i++)
		both.jumped[i] = ast_find_chain(both.table, "OUTPUT");
	for (unsigned i = 0; i < MOST_RULES; i++)
		insert(&both, i % 2 ? 0 : both.n);
	while (both.n > 1)
		remove_at(&both, both.n % 2 ? 0 : both.n - 1);
	ck_assert_uint_eq(both.ast.n_passed, 0);
	for (unsigned i = 1; i < MOST_RULES; i++)
		insert(&both, i);
	remove_at(&both, MOST_RULES / 2 - 10);
	ck_assert_uint_eq(both.ast.n_passed, MOST_RULES / 2 - 10);
	ast_clear(&both.ast);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rules/ast");
	TCase *cases = tcase_create("ast");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(cases, rules_stand_and_are_found_as_in_an_array, 0, N_RUNS);
	tcase_add_test(cases, ends_cost_nothing);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
