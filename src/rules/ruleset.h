/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A loaded ruleset: tables, chains and rules of both families, compiled. Constant after
 * ruleset_load(); what changes while packets pass is in struct evaluation (rules/eval.h).
 *
 * Accepted forms, found from the content: iptables-save output (with or without
 * counters), lists of iptables/ip6tables commands, `iptables -S` listings.
 */
#ifndef RULES_RULESET_H
#define RULES_RULESET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/limits.h"
#include "base/source.h"
#include "base/text.h"
#include "conntrack/profile.h"
#include "event/event.h"
#include "packet/hook.h"

/* In kernel order of priority at each hook; nat is loaded and printed, and consulted when it is simulated. */
enum table { TABLE_RAW, TABLE_MANGLE, TABLE_NAT, TABLE_FILTER, TABLE_SECURITY, TABLE_COUNT };

struct timeout_policies;

/* One file of rules. */
struct ruleset_input {
	const struct source *source;	/* borrowed; must outlive the ruleset */
	enum family family;		/* FAMILY_NONE: find it from the content */
};

struct ipsets;

struct ruleset_options {
	bool is_strict;			/* a rule that cannot be simulated is an error */
	bool keeps_tables;		/* a save file adds to what is loaded: iptables-restore --noflush */
	enum profile profile;		/* the kernel that the rules are for */
	const struct ipsets *sets;	/* what the rules' sets hold; borrowed, must outlive the ruleset; NULL: nobody said */
	const struct limits *limits;	/* borrowed; NULL: the usual ones */
	const struct timeout_policies *policies;	/* borrowed; must outlive the ruleset; NULL: none */
};

struct ruleset;

/* NULL when there was an error (all are in `diagnostics`; warnings may be there on success too). */
struct ruleset *ruleset_load(const struct ruleset_input *inputs, size_t n_inputs, const struct ruleset_options *options,
			     struct diagnostics *diagnostics);
void ruleset_destroy(struct ruleset *ruleset);

/*
 * What is loaded after `over` was loaded into `base`, as iptables-restore does it: its tables replace those of the same name,
 * the others stay. Both must outlive it.
 */
struct ruleset *ruleset_overlay(const struct ruleset *base, const struct ruleset *over);

const char *table_name(enum table table);

/* Bits of enum hook at which a table has chains: filter: INPUT, FORWARD, OUTPUT; ... */
uint32_t table_hooks(enum table table);

/* True when the table was loaded for the family: an unloaded table costs nothing and decides nothing. */
bool ruleset_has_table(const struct ruleset *ruleset, enum family family, enum table table);

/* True when the family has any table. */
bool ruleset_has_family(const struct ruleset *ruleset, enum family family);

/* True when a rule exists that makes the kernel switch tracking on (conntrack-reference: 1.7). */
bool ruleset_needs_tracking(const struct ruleset *ruleset, enum family family);

/* True when a rule exists for which the kernel puts fragments together, be they tracked or not. */
bool ruleset_needs_defragmentation(const struct ruleset *ruleset, enum family family);

/* Does any rule use this match, this target? */
bool ruleset_has_match(const struct ruleset *ruleset, const char *name);
bool ruleset_has_target(const struct ruleset *ruleset, const char *name);

/* The canonical text: what iptables-legacy-save (`has_counters`: with -c) prints, without its comment lines. */
void ruleset_print(const struct ruleset *ruleset, enum family family, bool has_counters, struct text *out);

/* The same, the table first that was loaded first: iptables-save prints the newest first. */
void ruleset_print_as_loaded(const struct ruleset *ruleset, enum family family, struct text *out);

/* Counts for `ctreplay check`. */
struct ruleset_counts {
	size_t n_tables, n_chains, n_rules, n_unsimulated;
};
void ruleset_count(const struct ruleset *ruleset, struct ruleset_counts *counts);

/* A place between two rules; all 0 before the first one. */
struct ruleset_walk {
	unsigned program;
	size_t chain, index;
};

/* The next rule that is not simulated; NULL behind the last. `reason` is set to e.g. "-m recent". */
const struct rule_place *ruleset_next_unsimulated(const struct ruleset *ruleset, struct ruleset_walk *walk, const char **reason);

/* Likewise, rules that send packets which pass OUTPUT and POSTROUTING in a kernel, and not here. `what`: "the copies of TEE". */
const struct rule_place *ruleset_next_unfollowed(const struct ruleset *ruleset, struct ruleset_walk *walk, const char **what);

/*
 * Where a rule stands, by what a kernel's trace calls it: table, chain, number in the chain from 1; 0 asks for the policy
 * that somebody chose. NULL when there is none.
 */
const struct rule_place *ruleset_find_place(const struct ruleset *ruleset, enum family family, const char *table,
					    const char *chain, uint32_t number);

#endif
