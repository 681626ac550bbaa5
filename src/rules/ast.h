/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules as the user wrote them: tables, chains and rules with their places in the
 * source. parse fills it, check completes it (jumps, hooks), compile makes the flat
 * program of it, print writes it. Everything lives in the ruleset's arena.
 */
#ifndef RULES_AST_H
#define RULES_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/source.h"
#include "event/event.h"
#include "packet/address.h"
#include "rules/extension.h"
#include "rules/ruleset.h"

enum { INTERFACE_LONGEST = 15, CHAIN_LONGEST = 28 };	/* IFNAMSIZ - 1; XT_EXTENSION_MAXNAMELEN - 1 */

/* The generic tests of a rule (struct ipt_ip): which there are, and which are inverted. */
enum rule_test {
	TEST_SOURCE = 1 << 0,
	TEST_DESTINATION = 1 << 1,
	TEST_IN = 1 << 2,
	TEST_OUT = 1 << 3,
	TEST_PROTOCOL = 1 << 4,		/* also set for "-p all" of IPv6: the header chain must be sound then */
	TEST_FRAGMENT = 1 << 5,
};

enum rule_action {
	ACTION_CONTINUE,		/* no target */
	ACTION_ACCEPT, ACTION_DROP, ACTION_RETURN, ACTION_QUEUE,
	ACTION_JUMP,			/* -j or -g to a user chain */
	ACTION_TARGET,			/* an extension that is simulated */
	ACTION_UNSIMULATED,		/* one that is not */
};

/* One -m or -j of a rule. Neither `match` nor `target` is set when it is not known. */
struct ast_extension {
	struct argument name;
	const struct match_type *match;
	const struct target_type *target;
	void *config;
	const char *words;		/* not known: its options, canonically quoted, each with a leading blank */
	const char *reason;		/* not simulated, the extension or this configuration of it: "-m recent"; else NULL */
	struct ast_extension *next;
};

struct ast_chain;

struct ast_rule {
	struct source_range where;	/* the whole rule */
	uint32_t line;
	uint8_t tests, inverted;	/* enum rule_test */
	uint8_t protocol;
	struct masked_address source, destination;
	char in[INTERFACE_LONGEST + 1], out[INTERFACE_LONGEST + 1];	/* a trailing '+' is kept */
	enum rule_action action;
	bool is_goto;
	struct argument target_name;	/* the word behind -j or -g */
	struct ast_chain *jump;
	struct ast_extension *target;	/* ACTION_TARGET, ACTION_UNSIMULATED */
	struct ast_extension *matches;	/* in order */
	uint64_t n_packets, n_bytes;	/* initial counters */
	uint32_t hooks;			/* bits of enum hook from which it can be reached; set by check */
	const char *text;		/* canonical, from "-s" on; set when first asked for */
	struct ast_rule *twin_before, *twin_behind;	/* in an indexed chain: those of the same text; ast_rules.c */
	struct rule_place place;	/* set by compile */
};

struct ast_chain {
	const char *name;
	bool is_builtin;
	bool is_missing;		/* rules name it, nobody made it: reported once */
	bool has_policy;		/* the file says what the policy is */
	enum hook hook;			/* of a built-in chain */
	bool drops;			/* policy */
	uint64_t n_packets, n_bytes;	/* the policy's initial counters */
	struct source_range where;	/* where it was made */
	uint32_t line, policy_line;
	const char *policy_file;	/* NULL while nobody set the policy */
	struct ast_rule **rules;	/* owned, with the free places before and behind them: ast_clear() */
	size_t n_rules;
	size_t n_before, capacity;	/* free places before rules[0]; all places */
	bool is_indexed;
	struct map by_text;		/* of an indexed chain: texts to the first rule that has it */
	uint32_t n_jumps;		/* rules that jump here, while commands are read */
	uint32_t n_references;		/* set by check */
	uint32_t hooks;
	bool is_on_path;		/* check's walk */
	uint32_t start;			/* compile: index of its first rule */
	struct rule_place place;	/* of the policy */
};

struct ast_table {
	enum table table;
	enum family family;
	bool is_loaded;
	uint32_t load_number;		/* 1 for the table that was loaded first; 0 while it is not */
	struct source_range where;	/* what loaded it first */
	struct ast_chain **chains;	/* built-in ones in hook order, then as they were made; owned, with the free places */
	size_t n_chains;
	size_t n_before, capacity;	/* free places before chains[0]; all places */
	struct map names;
};

struct ast {
	struct arena arena;
	struct ast_table tables[2][TABLE_COUNT];	/* [ast_family_index()] */
	uint32_t n_loaded;
	uint64_t n_read;		/* bytes of rule files */
	uint64_t n_compiled;		/* bytes that the rules which were read take when they are compiled */
	uint64_t n_expanded;		/* rules of lists of addresses, beyond one for each */
	uint64_t n_passed;		/* by commands, on their way: AST_PASSED_PARTS for a rule or a chain */
	enum profile profile;		/* the kernel that the rules are for */
	const struct ipsets *sets;	/* what --ipset files say; NULL: there was none */
	const struct timeout_policies *policies;	/* or NULL */
};

static inline unsigned ast_family_index(enum family family)
{
	return family == FAMILY_IPV6;
}

static inline enum family ast_family(unsigned index)
{
	return index ? FAMILY_IPV6 : FAMILY_IPV4;
}

void ast_init(struct ast *ast);
void ast_clear(struct ast *ast);

/* The table, loaded with its built-in chains when it was not. */
struct ast_table *ast_load_table(struct ast *ast, enum family family, enum table table, struct source_range where);

/* Back to built-in chains without rules, as iptables-legacy-restore does: their policies stay, without the counters. */
void ast_reset_table(struct ast *ast, struct ast_table *table);

struct ast_chain *ast_find_chain(const struct ast_table *table, const char *name);
struct ast_chain *ast_add_chain(struct ast *ast, struct ast_table *table, const char *name);
void ast_remove_chain(struct ast *ast, struct ast_table *table, struct ast_chain *chain);
void ast_rename_chain(struct ast *ast, struct ast_table *table, struct ast_chain *chain, const char *name);

/*
 * Rules of a chain (ast_rules.c). One is added or removed at either end without cost; elsewhere, others move. What commands
 * pass on their way is counted: a rule or chain that is looked at as AST_PASSED_PARTS, one of which only the place is as 1.
 */
enum { AST_PASSED_PARTS = 16 };
void ast_pass(struct ast *ast, size_t n);

/* Of an array of n pointers, the one at `index` goes: the fewer on one side of it move. True: those before it did, and it begins later. */
bool ast_close_gap(struct ast *ast, void *places, size_t n, size_t index);

/* Before the rule at `index`; at the end when index is n_rules. */
void ast_insert_rule(struct ast *ast, enum family family, struct ast_chain *chain, struct ast_rule *rule, size_t index);
void ast_remove_rule(struct ast *ast, struct ast_chain *chain, size_t index);
void ast_replace_rule(struct ast *ast, enum family family, struct ast_chain *chain, struct ast_rule *rule, size_t index);
void ast_flush_chain(struct ast_chain *chain);
/* Releases what a chain owns. */
void ast_clear_rules(struct ast_chain *chain);

/* The first rule that iptables-save would print as it prints `wanted`; NULL when there is none. */
const struct ast_rule *ast_find_rule(struct ast *ast, enum family family, struct ast_chain *chain, struct ast_rule *wanted);

/* The index of a rule that is there. */
size_t ast_place_of(struct ast *ast, const struct ast_chain *chain, const struct ast_rule *rule);

/* The chain that some of the table's rules jump to has another name: their texts are others. */
void ast_forget_texts(struct ast *ast, struct ast_table *table, const struct ast_chain *jump);

/*
 * The table at `position` in the order in which the kernel lists a family's tables, and so iptables-legacy-save: what was
 * loaded last comes first (Linux 6.18, xt_register_table()). TABLE_COUNT behind the last.
 */
enum table ast_table_at(const struct ast *ast, enum family family, unsigned position);

/* Chains as iptables-save lists them: built-in ones in hook order, user chains by name. The caller frees the array. */
struct ast_chain **ast_sorted_chains(const struct ast_table *table);

/* TABLE_COUNT when there is no table of that name. */
enum table ast_table_by_name(const char *name);

/* The first of the rule's extensions that is not simulated, or NULL. */
const struct ast_extension *ast_unsimulated_match(const struct ast_rule *rule);

#endif
