/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A table compiled for evaluation: one flat array of rules, 64 bytes each, the generic
 * tests first. Built-in chains end in their policy, user chains in ACTION_END. Private to
 * rules/: compile makes it, eval runs it, print and ruleset read it. Constant.
 */
#ifndef RULES_PROGRAM_H
#define RULES_PROGRAM_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rules/ast.h"

enum { ACTION_END = ACTION_UNSIMULATED + 1 };	/* the end of a user chain: RETURN without a counter */

/* One -m of a rule; an array of them ends with a NULL type. */
struct match_instance {
	const struct match_type *type;
	const void *config;
	uint32_t state_offset;		/* in the evaluation's states of this table */
	uint8_t scope;			/* enum flow_scope: what match_type.flow_scope() says */
	const char *hotdrop;		/* "match tcp: ..." when it declares the packet malformed */
};

struct target_instance {
	const struct target_type *type;
	const void *config;
	size_t state_offset;
};

struct code_interfaces {
	char in[INTERFACE_LONGEST + 1], out[INTERFACE_LONGEST + 1];
	uint8_t in_len, out_len;	/* how many characters must be equal: the NUL too, unless it ends in '+' */
};

/* IPv6 addresses stand apart: they are too large for one cache line. */
struct code_addresses {
	struct masked_address source, destination;
};

enum code_flag {
	CODE_GOTO = 1 << 0,
	CODE_UNKNOWN_MATCH = 1 << 1,	/* has a match that is not simulated: never matches */
	CODE_CHANGES_VERDICT = 1 << 2,	/* if it matched, what happens to the packet could change */
	CODE_IS_POLICY = 1 << 3,
	CODE_IS_DEFAULT = 1 << 4,	/* a policy that nobody set */
};

struct rule_code {
	union {
		struct {
			uint32_t source, source_mask, destination, destination_mask;
		} ipv4;
		const struct code_addresses *ipv6;
	} addresses;
	uint8_t tests, inverted;	/* enum rule_test */
	uint8_t protocol;
	uint8_t action;			/* enum rule_action, ACTION_END */
	uint32_t jump;			/* index of the first rule of the chain */
	const struct code_interfaces *interfaces;	/* NULL: neither -i nor -o */
	const struct match_instance *matches;		/* NULL: none */
	const struct target_instance *target;		/* ACTION_TARGET */
	const struct rule_place *place;			/* NULL for ACTION_END */
	uint32_t flags;			/* enum code_flag */
	uint32_t index;			/* of the chain it is in: number in program.indexes, from 1; 0: none */
};

static_assert(sizeof(struct rule_code) == 64, "a rule is one cache line");

struct rule_index;

struct program {
	const struct ast_table *table;
	struct ast_chain **chains;	/* in iptables-save's order */
	size_t n_chains;
	uint32_t *starts;		/* index of each chain's first rule */
	struct rule_code *rules;
	uint32_t n_rules;		/* policies and ends included */
	uint32_t entry[HOOK_COUNT];
	uint32_t policy[HOOK_COUNT];	/* index of each built-in chain's policy */
	size_t state_size;
	uint32_t n_user_chains;
	struct rule_index **indexes;	/* of long chains */
	uint32_t n_indexes;
};

struct ruleset {
	struct ast ast;
	struct program programs[2][TABLE_COUNT];	/* [ast_family_index()]; rules is NULL when the table is not loaded */
	bool is_overlay;		/* everything in it belongs to other rulesets */
};

/* Makes the program of a table that check_table() has passed. Memory is the tree's arena. */
void compile_table(struct ast *ast, const struct ast_table *table, struct program *program);

/* Bytes that the rule takes when its table is compiled, and then in each evaluation. */
size_t compile_rule_size(const struct ast_rule *rule);

/* Can the target of this rule change what happens to a packet? */
bool compile_changes_verdict(const struct ast_rule *rule);

#endif
