/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/check.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "rules/lex.h"

/* A step of the walk through the chains of one hook. */
struct step {
	struct ast_chain *chain;
	size_t next;			/* the rule to look at next */
};

struct walk {
	struct diagnostics *diagnostics;
	struct step *steps;		/* the path; one place for each chain is enough: loops end it */
	size_t n_steps;
	uint32_t hook_bit;
};

static const char *nearest_target(struct diagnostics *diagnostics, const struct ast_table *table, const char *name)
{
	static const char *const standard[] = { "ACCEPT", "DROP", "RETURN", "QUEUE" };
	size_t n = 0, n_targets = 0;
	const struct target_type *const *targets = extension_targets();
	const char **names, *nearest;
	bool has_room = diag_may_compare(diagnostics, table->n_chains);

	while (targets[n_targets])
		n_targets++;
	names = alloc_zeroed((has_room ? table->n_chains : 0) + n_targets + 4, sizeof(*names));
	for (size_t i = 0; i < 4; i++)
		names[n++] = standard[i];
	for (size_t i = 0; has_room && i < table->n_chains; i++) {
		if (!table->chains[i]->is_builtin && !table->chains[i]->is_missing)
			names[n++] = table->chains[i]->name;
	}
	for (size_t i = 0; i < n_targets; i++)
		names[n++] = targets[i]->name;
	nearest = diag_nearest(name, names, n);
	free(names);
	return nearest;
}

/* What other firewalls call it. */
static const char *usual_word(const char *name)
{
	static const struct {
		const char *name, *target;
	} words[] = {
		{ "ALLOW", "ACCEPT" }, { "PASS", "ACCEPT" }, { "PERMIT", "ACCEPT" }, { "OK", "ACCEPT" }, { "DENY", "DROP" },
		{ "BLOCK", "DROP" }, { "DISCARD", "DROP" }, { "IGNORE", "DROP" }, { "MASQ", "MASQUERADE" }, { "NAT", "SNAT or DNAT" },
		{ "PORTFW", "DNAT" }, { "TCPRESET", "REJECT --reject-with tcp-reset" },
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcasecmp(words[i].name, name) == 0)
			return words[i].target;
	}
	return NULL;
}

static void report_unknown_target(struct ast *ast, const struct ast_table *table, const struct ast_rule *rule,
				  struct diagnostics *diagnostics)
{
	const char *name = rule->target_name.text, *nearest = nearest_target(diagnostics, table, name);
	const struct ast_chain *later = ast_find_chain(table, name);
	struct text hint;

	text_init(&hint);
	if (rule->is_goto && nearest && strcmp(nearest, name) == 0)
		text_printf(&hint, "-g goes on in a chain of your own; a target is written -j %s", name);
	else if (later)
		text_printf(&hint, "chain %s is made only on line %u", name, later->line);
	else if (strchr(name, ','))
		text_append(&hint, "a rule has one target: write a rule for each");
	else if (usual_word(name))
		text_printf(&hint, "iptables calls it %s", usual_word(name));
	else if (nearest)
		text_printf(&hint, "did you mean %s?", nearest);
	else
		text_append(&hint, "no such chain in this table, and no target of that name");
	diag_error(diagnostics, rule->target_name.where, text_string(&hint), "unknown %s \"%s\"",
		   rule->is_goto ? "chain" : "chain or target", lex_shorten(&ast->arena, name));
	text_clear(&hint);
}

/* `reported`: names that were mentioned already; one message for each is enough. */
static bool resolve_jump(struct ast *ast, const struct ast_table *table, struct ast_rule *rule, struct map *reported,
			 struct diagnostics *diagnostics)
{
	if (rule->action != ACTION_JUMP)
		return true;
	if (!rule->jump) {
		const struct ast_chain *later = ast_find_chain(table, rule->target_name.text);

		/* A missing chain was reported where rules were added to it. */
		if (later && later->is_missing)
			return false;
		if (!map_find(reported, rule->target_name.text))
			report_unknown_target(ast, table, rule, diagnostics);
		map_add(reported, rule->target_name.text, rule);
		return false;
	}
	if (rule->jump->is_builtin) {
		diag_error(diagnostics, rule->target_name.where, "jump to a chain of your own", "%s is a built-in chain",
			   rule->jump->name);
		return false;
	}
	rule->jump->n_references++;
	return true;
}

static bool resolve_jumps(struct ast *ast, struct ast_table *table, struct diagnostics *diagnostics)
{
	struct map reported;
	bool is_ok = true;

	map_init(&reported);
	for (size_t i = 0; i < table->n_chains; i++)
		table->chains[i]->n_references = 0;
	for (size_t i = 0; i < table->n_chains; i++) {
		for (size_t k = 0; k < table->chains[i]->n_rules; k++)
			is_ok &= resolve_jump(ast, table, table->chains[i]->rules[k], &reported, diagnostics);
	}
	map_clear(&reported);
	return is_ok;
}

/* ACCEPT, DROP, RETURN without any condition: the kernel's walk does not look behind it. */
static bool ends_chain(const struct ast_rule *rule)
{
	return rule->action >= ACTION_ACCEPT && rule->action <= ACTION_QUEUE && !rule->matches && !rule->tests;
}

static void report_loop(struct walk *walk, const struct ast_rule *rule)
{
	struct text path;
	size_t i = 0;

	while (walk->steps[i].chain != rule->jump)
		i++;
	text_init(&path);
	for (; i < walk->n_steps; i++)
		text_printf(&path, "%s > ", walk->steps[i].chain->name);
	diag_error(walk->diagnostics, rule->target_name.where, "the kernel refuses loops", "this jump makes a loop: %s%s",
		   text_string(&path), rule->jump->name);
	text_clear(&path);
}

static void enter(struct walk *walk, struct ast_chain *chain)
{
	chain->hooks |= walk->hook_bit;
	chain->is_on_path = true;
	walk->steps[walk->n_steps++] = (struct step){ .chain = chain };
}

/* One rule of the chain at the end of the path; false after a loop. */
static bool advance(struct walk *walk)
{
	struct step *step = &walk->steps[walk->n_steps - 1];
	struct ast_rule *rule;

	if (step->next == step->chain->n_rules) {
		step->chain->is_on_path = false;
		walk->n_steps--;
		return true;
	}
	rule = step->chain->rules[step->next++];
	rule->hooks |= walk->hook_bit;
	if (ends_chain(rule))
		step->next = step->chain->n_rules;
	if (rule->action != ACTION_JUMP)
		return true;
	if (rule->jump->is_on_path) {
		report_loop(walk, rule);
		return false;
	}
	if (!(rule->jump->hooks & walk->hook_bit))
		enter(walk, rule->jump);
	return true;
}

/* Which rules can be reached from which hook. False when there is a loop. */
static bool find_hooks(struct ast_table *table, struct diagnostics *diagnostics)
{
	struct walk walk = { .diagnostics = diagnostics };
	bool is_ok = true;

	walk.steps = alloc_zeroed(table->n_chains + 1, sizeof(*walk.steps));
	for (size_t i = 0; i < table->n_chains && is_ok; i++) {
		if (!table->chains[i]->is_builtin)
			continue;
		walk.hook_bit = UINT32_C(1) << table->chains[i]->hook;
		enter(&walk, table->chains[i]);
		while (walk.n_steps && is_ok)
			is_ok = advance(&walk);
	}
	free(walk.steps);
	return is_ok;
}

static void list_hooks(uint32_t hooks, struct text *out)
{
	bool any = false;

	for (unsigned hook = 0; hook < HOOK_COUNT; hook++) {
		if (!(hooks >> hook & 1))
			continue;
		text_printf(out, "%s%s", any ? ", " : "", hook_name(hook));
		any = true;
	}
}

static void list_tables(uint32_t tables, struct text *out)
{
	static const struct {
		uint32_t bit;
		const char *name;
	} names[] = {
		{ EXTENSION_RAW, "raw" }, { EXTENSION_MANGLE, "mangle" }, { EXTENSION_NAT, "nat" },
		{ EXTENSION_FILTER, "filter" }, { EXTENSION_SECURITY, "security" },
	};
	bool any = false;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(tables & names[i].bit))
			continue;
		text_printf(out, "%s%s", any ? ", " : "", names[i].name);
		any = true;
	}
}

static uint32_t table_bit(enum table table)
{
	static const uint32_t bits[TABLE_COUNT] = {
		[TABLE_RAW] = EXTENSION_RAW, [TABLE_MANGLE] = EXTENSION_MANGLE, [TABLE_NAT] = EXTENSION_NAT,
		[TABLE_FILTER] = EXTENSION_FILTER, [TABLE_SECURITY] = EXTENSION_SECURITY,
	};

	return bits[table];
}

/* One extension of one rule, and what is needed to judge where it stands. */
struct seat {
	const struct ast *ast;
	const struct ast_table *table;
	const struct ast_chain *chain;
	struct ast_rule *rule;
	const struct ast_extension *extension;
	struct diagnostics *diagnostics;
};

static bool check_table_of(const struct seat *seat, uint32_t tables)
{
	struct text hint;

	if (!tables || (tables & table_bit(seat->table->table)))
		return true;
	text_init(&hint);
	text_append(&hint, "allowed in table ");
	list_tables(tables, &hint);
	diag_error(seat->diagnostics, seat->extension->name.where, text_string(&hint), "%s cannot be used in table %s",
		   seat->extension->name.text, table_name(seat->table->table));
	text_clear(&hint);
	return false;
}

static bool check_hooks_of(const struct seat *seat, uint32_t hooks)
{
	uint32_t wrong = seat->rule->hooks & ~hooks;
	struct text hint, from;

	if (!hooks || !wrong)
		return true;
	text_init(&hint);
	text_init(&from);
	text_append(&hint, "allowed in ");
	list_hooks(hooks, &hint);
	list_hooks(wrong, &from);
	if (seat->chain->is_builtin)
		diag_error(seat->diagnostics, seat->extension->name.where, text_string(&hint), "%s cannot be used in %s",
			   seat->extension->name.text, seat->chain->name);
	else
		diag_error(seat->diagnostics, seat->extension->name.where, text_string(&hint),
			   "%s cannot be used in %s, which is reached from %s", seat->extension->name.text, seat->chain->name,
			   text_string(&from));
	text_clear(&hint);
	text_clear(&from);
	return false;
}

static bool wants_syn(const struct ast_rule *rule)
{
	for (const struct ast_extension *match = rule->matches; match; match = match->next) {
		if (match->match && match->match->wants_syn && match->match->wants_syn(match->config))
			return true;
	}
	return false;
}

static bool check_extension(const struct seat *seat)
{
	const struct match_type *match = seat->extension->match;
	const struct target_type *target = seat->extension->target;
	struct extension_place place = {
		.family = seat->table->family,
		.profile = seat->ast->profile,
		.sets = seat->ast->sets,
		.policies = seat->ast->policies,
		.table = table_name(seat->table->table),
		.chain = seat->chain->name,
		.hooks = seat->rule->hooks,
		.protocol = seat->rule->protocol,
		.protocol_is_inverted = (seat->rule->inverted & TEST_PROTOCOL) != 0,
		.wants_syn = wants_syn(seat->rule),
		.where = seat->extension->name.where,
	};

	if (match)
		return check_hooks_of(seat, match->hooks) &&
		       (!match->check || match->check(seat->extension->config, &place, seat->diagnostics));
	if (target)
		return check_table_of(seat, target->tables) && check_hooks_of(seat, target->hooks) &&
		       (!target->check || target->check(seat->extension->config, &place, seat->diagnostics));
	return true;
}

static bool refuse_unsimulated(const struct seat *seat, const struct ast_extension *extension)
{
	diag_error(seat->diagnostics, extension->name.where, NULL, "%s is not simulated", extension->reason);
	return false;
}

/* An extension that is simulated may have a configuration that is not: CT --helper. */
static bool mark_unsimulated(const struct seat *seat, bool is_strict)
{
	struct ast_extension *target = seat->rule->target;
	bool is_ok = true;

	for (struct ast_extension *match = seat->rule->matches; match; match = match->next) {
		if (match->match && match->match->unsimulated)
			match->reason = match->match->unsimulated(match->config);
		if (match->match && match->reason && is_strict)
			is_ok = refuse_unsimulated(seat, match);
	}
	if (!target || !target->target || !target->target->unsimulated)
		return is_ok;
	target->reason = target->target->unsimulated(target->config);
	if (!target->reason)
		return is_ok;
	seat->rule->action = ACTION_UNSIMULATED;
	return (!is_strict || refuse_unsimulated(seat, target)) && is_ok;
}

static bool check_rule(struct seat *seat)
{
	bool is_ok = true;

	for (seat->extension = seat->rule->matches; seat->extension; seat->extension = seat->extension->next)
		is_ok &= check_extension(seat);
	seat->extension = seat->rule->target;
	return (!seat->extension || check_extension(seat)) && is_ok;
}

bool check_table(struct ast *ast, struct ast_table *table, bool is_strict, struct diagnostics *diagnostics)
{
	struct seat seat = { .ast = ast, .table = table, .diagnostics = diagnostics };
	bool is_ok = resolve_jumps(ast, table, diagnostics) && find_hooks(table, diagnostics);

	for (size_t i = 0; i < table->n_chains; i++) {
		seat.chain = table->chains[i];
		for (size_t k = 0; k < seat.chain->n_rules; k++) {
			seat.rule = seat.chain->rules[k];
			is_ok &= check_rule(&seat);
			is_ok = is_ok && mark_unsimulated(&seat, is_strict);
		}
	}
	return is_ok;
}
