/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What iptables' commands do to the tree: -A -I -D -R -N -X -E -P -F -Z. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "rules/parse.h"
#include "rules/print.h"
#include "rules/program.h"

/* A command that fails changes nothing, and a script goes on behind it; iptables-restore gives up. */
static bool refuse(struct invocation *invocation, struct source_range where, const char *hint, const char *what)
{
	invocation->is_refused = true;
	if (invocation->is_saved)
		parse_error(invocation, where, hint, "%s", what);
	else
		diag_warning(invocation->parser->diagnostics, where, hint, "%s: iptables refuses, nothing changes", what);
	return !invocation->has_failed;
}

static bool refuse_named(struct invocation *invocation, const struct argument *word, const char *hint, const char *format)
	__attribute__((format(printf, 4, 0)));

/* The same with the word in the message: `format` has one %s. */
static bool refuse_named(struct invocation *invocation, const struct argument *word, const char *hint, const char *format)
{
	struct text text;
	bool result;

	text_init(&text);
	text_printf(&text, format, lex_shorten(&invocation->parser->ast->arena, word->text));
	result = refuse(invocation, word->where, hint, text_string(&text));
	text_clear(&text);
	return result;
}

static const char *nearest_chain(struct diagnostics *diagnostics, const struct ast_table *table, const char *name)
{
	const char **names, *nearest;
	size_t n = 0;

	if (!diag_may_compare(diagnostics, table->n_chains))
		return NULL;
	names = alloc_zeroed(table->n_chains + 1, sizeof(*names));
	for (size_t i = 0; i < table->n_chains; i++) {
		if (!table->chains[i]->is_missing)
			names[n++] = table->chains[i]->name;
	}
	nearest = diag_nearest(name, names, n);
	free(names);
	return nearest;
}

/* Which tables have a built-in chain of this name? */
static bool name_tables(const char *chain, struct text *out)
{
	bool any = false;

	for (unsigned hook = 0; hook < HOOK_COUNT; hook++) {
		if (strcmp(hook_name(hook), chain) != 0)
			continue;
		text_printf(out, "%s is a chain of", chain);
		for (enum table table = 0; table < TABLE_COUNT; table++) {
			if (!(table_hooks(table) >> hook & 1))
				continue;
			text_printf(out, "%s %s", any ? "," : "", table_name(table));
			any = true;
		}
	}
	return any;
}

static void report_missing_chain(struct invocation *invocation, const struct ast_table *table, const struct argument *name)
{
	const char *nearest = nearest_chain(invocation->parser->diagnostics, table, name->text);
	struct text hint;

	text_init(&hint);
	if (!name_tables(name->text, &hint)) {
		if (nearest)
			text_printf(&hint, "did you mean %s?", nearest);
		else
			text_printf(&hint, invocation->is_saved ? "declare it first: \":%s - [0:0]\"" : "make it first: -N %s",
				    lex_shorten(&invocation->parser->ast->arena, name->text));
	}
	parse_error(invocation, name->where, text_string(&hint), "table %s has no chain \"%s\"", table_name(table->table),
		    lex_shorten(&invocation->parser->ast->arena, name->text));
	text_clear(&hint);
}

struct ast_chain *parse_find_chain(struct invocation *invocation, struct ast_table *table, const struct argument *name)
{
	struct ast_chain *chain = ast_find_chain(table, name->text);

	if (chain)
		return chain;
	/* One message for each missing chain is enough: its other rules are read as if it existed. */
	report_missing_chain(invocation, table, name);
	chain = ast_add_chain(invocation->parser->ast, table, name->text);
	chain->is_missing = true;
	chain->where = name->where;
	return chain;
}

bool parse_check_chain_name(struct invocation *invocation, const struct argument *name)
{
	const char *shortened = lex_shorten(&invocation->parser->ast->arena, name->text);
	size_t len = strlen(name->text);

	if (len == 0 || name->text[0] == '-' || name->text[0] == '!' || strpbrk(name->text, " \t"))
		parse_error(invocation, name->where, "it must not be empty, begin with '-' or '!' or hold blanks",
			    "bad chain name \"%s\"", shortened);
	else if (len > CHAIN_LONGEST)
		parse_error(invocation, name->where, "a chain's name has at most 28 characters",
			    "chain name \"%s\" is too long", shortened);
	else if (extension_find_target(name->text, invocation->family) ||
		 strcmp(name->text, "ACCEPT") == 0 || strcmp(name->text, "DROP") == 0 ||
		 strcmp(name->text, "RETURN") == 0 || strcmp(name->text, "QUEUE") == 0)
		parse_error(invocation, name->where, "choose another name", "chain name \"%s\" is a target's name", shortened);
	return !invocation->has_failed;
}

struct ast_chain *parse_make_chain(struct invocation *invocation, struct ast_table *table, const struct argument *name)
{
	struct ast_chain *chain = ast_find_chain(table, name->text);

	if (chain && !chain->is_missing) {
		(void)refuse_named(invocation, name, "the first one stays", "chain \"%s\" exists already");
		return NULL;
	}
	if (!parse_check_chain_name(invocation, name))
		return NULL;
	if (!chain)
		chain = ast_add_chain(invocation->parser->ast, table, name->text);
	chain->is_missing = false;
	chain->where = name->where;
	chain->line = invocation->line;
	return chain;
}

/* iptables' own check, by the chain's name: Linux iptables 1.8.9, do_command4(). */
static bool check_interfaces(struct invocation *invocation, const struct ast_chain *chain)
{
	bool has_no_in = chain->is_builtin && (chain->hook == HOOK_OUTPUT || chain->hook == HOOK_POSTROUTING);
	bool has_no_out = chain->is_builtin && (chain->hook == HOOK_PREROUTING || chain->hook == HOOK_INPUT);
	const char *option = has_no_in && (invocation->rule->tests & TEST_IN)	? "-i" :
			     has_no_out && (invocation->rule->tests & TEST_OUT) ? "-o" :
										  NULL;
	struct source_range where = invocation->where;

	if (!option)
		return true;
	for (size_t i = 0; i < invocation->n_words; i++) {
		const char *word = invocation->words[i].text;

		if (strncmp(word, option, 2) == 0 || strncmp(word, has_no_in ? "--in" : "--out", has_no_in ? 4 : 5) == 0)
			where = invocation->words[i].where;
	}
	parse_error(invocation, where,
		    has_no_in ? "the interface a packet leaves by is -o" : "the interface a packet came in by is -i",
		    "%s cannot be used in %s", option, chain->name);
	return false;
}

static bool check_nat_drop(struct invocation *invocation)
{
	if (invocation->table != TABLE_NAT || invocation->rule->action != ACTION_DROP)
		return true;
	parse_error(invocation, invocation->rule->target_name.where, "drop in the filter table",
		    "the nat table is not for filtering: no DROP there");
	return false;
}

/* The rule number behind -I, -D or -R: 1 to most. */
static bool parse_number(struct invocation *invocation, const struct argument *word, size_t most, size_t *index)
{
	uint64_t number;
	struct text hint;

	if (!parse_u64(word->text, &number) || number == 0) {
		parse_error(invocation, word->where, "rules are counted from 1", "bad rule number \"%s\"",
			    lex_shorten(&invocation->parser->ast->arena, word->text));
		return false;
	}
	*index = (size_t)number - 1;
	if (number <= most)
		return true;
	text_init(&hint);
	if (most)
		text_printf(&hint, "at most %zu here", most);
	else
		text_append(&hint, "the chain has no rules");
	parse_error(invocation, word->where, text_string(&hint), "rule number %s is beyond the end of the chain", word->text);
	text_clear(&hint);
	return false;
}

/* One rule for each pair of addresses. */
static struct ast_rule *expand(struct invocation *invocation, size_t source, size_t destination)
{
	struct ast_rule *rule = arena_alloc(&invocation->parser->ast->arena, sizeof(*rule));

	*rule = *invocation->rule;
	if (invocation->source.n_items)
		rule->source = invocation->source.items[source];
	if (invocation->destination.n_items)
		rule->destination = invocation->destination.items[destination];
	return rule;
}

static size_t at_least_one(size_t n)
{
	return n ? n : 1;
}

/* Two lists of 256 addresses are 65,536 rules in a line of a thousand bytes. */
static bool may_expand(struct invocation *invocation)
{
	uint64_t most = invocation->parser->limits->rules_expanded, *n_expanded = &invocation->parser->ast->n_expanded;
	uint64_t n = (uint64_t)at_least_one(invocation->source.n_items) * at_least_one(invocation->destination.n_items) - 1;

	if (n <= most && *n_expanded <= most - n) {
		*n_expanded += n;
		return true;
	}
	parse_error(invocation, invocation->where, "--limit rules-expanded=N allows more",
		    "with this one, lists of addresses stand for more than %" PRIu64 " rules besides those that are written", most);
	return false;
}

/* Loops, variables and lists of addresses make many rules of few bytes. Said once, and nothing more is read. */
static bool has_memory(struct invocation *invocation)
{
	struct parser *parser = invocation->parser;
	uint64_t most = parser->limits->rules_bytes, n_free = parser->ast->n_read * LIMITS_RULES_FREE;
	uint64_t n_bytes = parser->ast->arena.n_bytes + parser->ast->n_compiled;

	if (n_bytes <= n_free || n_bytes - n_free <= most)
		return true;
	if (!parser->is_full)
		parse_error(invocation, invocation->where, "--limit rules-bytes=N allows more",
			    "with this one, the rules take more than %" PRIu64 " bytes of memory beyond %d for each byte that is read",
			    most, LIMITS_RULES_FREE);
	parser->is_full = invocation->has_failed = true;
	return false;
}

static bool add_rules(struct invocation *invocation, struct ast_chain *chain)
{
	size_t index = chain->n_rules, n_sources = at_least_one(invocation->source.n_items);
	size_t n_destinations = at_least_one(invocation->destination.n_items);
	struct ast *ast = invocation->parser->ast;
	bool inserts = invocation->command == 'I';
	size_t size = compile_rule_size(invocation->rule);

	if (!check_interfaces(invocation, chain) || !check_nat_drop(invocation) || !may_expand(invocation))
		return false;
	if (inserts && !invocation->number.text)
		index = 0;
	else if (inserts && !parse_number(invocation, &invocation->number, chain->n_rules + 1, &index))
		return false;
	/* -I puts each pair at the same number: they end up in reverse order, as with iptables. */
	for (size_t i = 0; i < n_sources; i++) {
		for (size_t k = 0; k < n_destinations; k++) {
			struct ast_rule *rule = expand(invocation, i, k);

			/* It will be asked for: of many rules in a line, the memory that it takes counts. */
			if (n_sources * n_destinations > 1)
				(void)print_rule_text(rule, invocation->family, &ast->arena);
			ast_insert_rule(ast, invocation->family, chain, rule, inserts ? index : chain->n_rules);
			ast->n_compiled += size;
			if (!has_memory(invocation))
				return false;
		}
	}
	invocation->parser->n_rules++;
	return true;
}

static bool replace_rule(struct invocation *invocation, struct ast_chain *chain)
{
	size_t index;

	if (!check_interfaces(invocation, chain) || !check_nat_drop(invocation) ||
	    !parse_number(invocation, &invocation->second, chain->n_rules, &index))
		return false;
	if (invocation->source.n_items > 1 || invocation->destination.n_items > 1) {
		parse_error(invocation, invocation->where, NULL, "-R puts one rule: no lists of addresses");
		return false;
	}
	ast_replace_rule(invocation->parser->ast, invocation->family, chain, expand(invocation, 0, 0), index);
	return true;
}

static bool delete_one(struct invocation *invocation, struct ast_chain *chain, struct ast_rule *wanted)
{
	struct ast *ast = invocation->parser->ast;
	const struct ast_rule *rule = ast_find_rule(ast, invocation->family, chain, wanted);

	if (!rule)
		return refuse(invocation, invocation->where, NULL, "no such rule to delete");
	ast_remove_rule(ast, chain, ast_place_of(ast, chain, rule));
	return true;
}

/* -C: a question of scripts (iptables -C ... || iptables -A ...), so its "no" is worth no warning there. */
static bool check_rules(struct invocation *invocation, struct ast_chain *chain)
{
	size_t n_sources = at_least_one(invocation->source.n_items);
	size_t n_destinations = at_least_one(invocation->destination.n_items);

	if (!may_expand(invocation))
		return false;
	for (size_t i = 0; i < n_sources * n_destinations && !invocation->is_refused; i++) {
		struct ast_rule *rule = expand(invocation, i / n_destinations, i % n_destinations);

		invocation->is_refused = !ast_find_rule(invocation->parser->ast, invocation->family, chain, rule);
	}
	if (!invocation->is_refused || !invocation->is_saved)
		return true;
	return refuse(invocation, invocation->where, NULL, "no such rule");
}

static bool delete_rules(struct invocation *invocation, struct ast_chain *chain)
{
	size_t index, n_sources = at_least_one(invocation->source.n_items);
	size_t n_destinations = at_least_one(invocation->destination.n_items);
	bool result = true;

	if (invocation->number.text) {
		if (!parse_number(invocation, &invocation->number, chain->n_rules, &index))
			return false;
		ast_remove_rule(invocation->parser->ast, chain, index);
		return true;
	}
	if (!may_expand(invocation))
		return false;
	for (size_t i = 0; i < n_sources * n_destinations; i++)
		result &= delete_one(invocation, chain, expand(invocation, i / n_destinations, i % n_destinations));
	return result;
}

static bool remove_chain(struct invocation *invocation, struct ast_table *table, struct ast_chain *chain)
{
	if (chain->is_builtin)
		return refuse_named(invocation, &invocation->chain, NULL, "built-in chain \"%s\" cannot be removed");
	if (chain->n_rules)
		return refuse_named(invocation, &invocation->chain, "empty it first: -F", "chain \"%s\" is not empty");
	if (chain->n_jumps)
		return refuse_named(invocation, &invocation->chain, "rules still jump there", "chain \"%s\" is in use");
	ast_remove_chain(invocation->parser->ast, table, chain);
	return true;
}

static bool remove_chains(struct invocation *invocation, struct ast_table *table)
{
	for (size_t i = table->n_chains; i-- > 0;) {
		struct ast_chain *chain = table->chains[i];

		if (!chain->is_builtin && !chain->n_rules && !chain->n_jumps)
			ast_remove_chain(invocation->parser->ast, table, chain);
	}
	for (size_t i = 0; i < table->n_chains; i++) {
		if (!table->chains[i]->is_builtin)
			return refuse(invocation, invocation->command_word.where, "flush first: -F",
				      "a chain that is not empty, or in use, cannot be removed");
	}
	return true;
}

static bool zero_chain(struct invocation *invocation, struct ast_chain *chain)
{
	size_t index;

	if (invocation->number.text) {
		if (!parse_number(invocation, &invocation->number, chain->n_rules, &index))
			return false;
		chain->rules[index]->n_packets = chain->rules[index]->n_bytes = 0;
		return true;
	}
	chain->n_packets = chain->n_bytes = 0;
	ast_pass(invocation->parser->ast, chain->n_rules);
	for (size_t i = 0; i < chain->n_rules; i++)
		chain->rules[i]->n_packets = chain->rules[i]->n_bytes = 0;
	return true;
}

static bool change_policy(struct invocation *invocation, struct ast_chain *chain)
{
	const struct argument *policy = &invocation->second;

	if (!chain->is_builtin) {
		parse_error(invocation, invocation->chain.where, "only built-in chains have a policy",
			    "%s is not a built-in chain", chain->name);
		return false;
	}
	if (strcmp(policy->text, "ACCEPT") != 0 && strcmp(policy->text, "DROP") != 0) {
		parse_error(invocation, policy->where, "a policy is ACCEPT or DROP", "bad policy \"%s\"",
			    lex_shorten(&invocation->parser->ast->arena, policy->text));
		return false;
	}
	if (invocation->table == TABLE_NAT && policy->text[0] == 'D') {
		parse_error(invocation, policy->where, "drop in the filter table",
			    "the nat table is not for filtering: no DROP there");
		return false;
	}
	chain->drops = policy->text[0] == 'D';
	chain->has_policy = true;
	chain->policy_line = invocation->line;
	chain->policy_file = invocation->parser->source->name;
	return true;
}

static bool rename_chain(struct invocation *invocation, struct ast_table *table, struct ast_chain *chain)
{
	if (chain->is_builtin)
		return refuse_named(invocation, &invocation->chain, NULL, "built-in chain \"%s\" cannot be renamed");
	if (ast_find_chain(table, invocation->second.text))
		return refuse_named(invocation, &invocation->second, NULL, "chain \"%s\" exists already");
	if (!parse_check_chain_name(invocation, &invocation->second))
		return false;
	ast_rename_chain(invocation->parser->ast, table, chain, invocation->second.text);
	return true;
}

static bool refuse_unknown_chain(struct invocation *invocation, const struct ast_table *table)
{
	const char *nearest = nearest_chain(invocation->parser->diagnostics, table, invocation->chain.text);
	struct text hint;
	bool result;

	text_init(&hint);
	if (nearest)
		text_printf(&hint, "did you mean %s?", nearest);
	result = refuse_named(invocation, &invocation->chain, nearest ? text_string(&hint) : NULL, "there is no chain \"%s\"");
	text_clear(&hint);
	return result;
}

static bool apply_to_chain(struct invocation *invocation, struct ast_table *table, struct ast_chain *chain)
{
	switch (invocation->command) {
	case 'A':
	case 'I':
		return add_rules(invocation, chain);
	case 'R':
		return replace_rule(invocation, chain);
	case 'D':
		return delete_rules(invocation, chain);
	case 'X':
		return remove_chain(invocation, table, chain);
	case 'E':
		return rename_chain(invocation, table, chain);
	case 'P':
		return change_policy(invocation, chain);
	case 'F':
		ast_flush_chain(chain);
		return true;
	case 'Z':
		return zero_chain(invocation, chain);
	case 'C':
		return check_rules(invocation, chain);
	default:
		return true;
	}
}

static bool apply_to_all(struct invocation *invocation, struct ast_table *table)
{
	ast_pass(invocation->parser->ast, table->n_chains);
	if (invocation->command == 'X')
		return remove_chains(invocation, table);
	for (size_t i = 0; i < table->n_chains; i++)
		(void)apply_to_chain(invocation, table, table->chains[i]);
	return true;
}

/* A list that passes as much as it could make grows by the square: said once, and nothing is done from there on. */
static bool has_room(struct invocation *invocation)
{
	uint64_t most = invocation->parser->limits->rules_passed;

	if (invocation->parser->ast->n_passed / AST_PASSED_PARTS <= most)
		return has_memory(invocation);
	if (!invocation->parser->has_passed_most)
		parse_error(invocation, invocation->where, "--limit rules-passed=N allows more",
			    "the commands above have passed more than %" PRIu64 " rules and chains on their way", most);
	invocation->parser->has_passed_most = invocation->has_failed = true;
	return false;
}

bool parse_apply(struct invocation *invocation)
{
	struct ast_table *table;
	struct ast_chain *chain;

	if (!invocation->command) {
		parse_error(invocation, invocation->where, "begin with -A, -I, -D, -P, -N, -F or another command",
			    "this line does not say what to do");
		return false;
	}
	if (strchr("Vh", invocation->command)) {
		invocation->parser->n_commands++;
		return true;
	}
	if (!has_room(invocation))
		return false;
	table = ast_load_table(invocation->parser->ast, invocation->family, invocation->table, invocation->where);
	invocation->parser->n_commands++;
	if (invocation->command == 'N')
		return parse_make_chain(invocation, table, &invocation->chain) || !invocation->has_failed;
	if (!invocation->chain.text)
		return apply_to_all(invocation, table);
	chain = ast_find_chain(table, invocation->chain.text);
	if (!chain && strchr("DXFZECLS", invocation->command))
		return refuse_unknown_chain(invocation, table);
	if (!chain)
		chain = parse_find_chain(invocation, table, &invocation->chain);
	return apply_to_chain(invocation, table, chain) && !invocation->has_failed;
}
