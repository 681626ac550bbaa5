/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What captures exercised of a ruleset: for each rule the packets that came to it, those that it matched, and
 * what they were; and what can be proved of rules without any packet. Several captures add up.
 */
#ifndef REPLAY_COVERAGE_H
#define REPLAY_COVERAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/index.h"
#include "event/event.h"
#include "rules/cover.h"
#include "rules/ruleset.h"

enum coverage_status {
	COVERAGE_MATCHED,
	COVERAGE_UNMATCHED,	/* packets came to it, none matched */
	COVERAGE_UNREACHED,
	COVERAGE_USELESS,	/* no packet can ever match: proved */
	COVERAGE_STATUSES,
};

/* A packet of one of the captures; number 0: none yet. */
struct coverage_packet { size_t capture; uint64_t number; };

struct coverage_finding {
	enum finding_kind kind;
	const struct rule_place **by;	/* owned */
	size_t n_by;
};

struct coverage_rule {
	const struct rule_place *place;	/* the ruleset's */
	bool is_simulated;
	uint64_t n_tried, n_packets, n_bytes;
	uint64_t n_ctstates[CTSTATE_COUNT];	/* of packets of the captures; answers of the host have none */
	uint64_t n_flows;
	struct coverage_packet first, last;
	struct coverage_finding *finding;	/* owned; NULL: nothing was proved */
};

struct coverage_chain {
	uint8_t family;
	const char *table, *chain;	/* the ruleset's */
	const char *policy;		/* NULL for a user chain */
	uint32_t n_references;
	uint64_t n_entered, n_packets, n_bytes;	/* the last two: the policy's */
};

enum { COVERAGE_RECENT = 64 };

struct coverage {
	struct coverage_rule *rules;	/* in iptables-save's order */
	size_t n_rules, rules_capacity;
	struct coverage_chain *chains;	/* likewise */
	size_t n_chains, chains_capacity;
	size_t *by_place;		/* indices of rules, ordered by the address of their place */
	struct coverage_rule *recent[COVERAGE_RECENT];	/* that matched last, by their lines; or NULL */
	struct index flows;		/* which rule saw which flow */
	size_t n_captures;
	uint64_t n_packets;
	bool is_proved;			/* coverage_prove() has looked */
	bool is_partial;		/* too many rules to prove everything */
	size_t next_rule, next_chain;	/* whose counters come next */
};

void coverage_init(struct coverage *coverage);
void coverage_clear(struct coverage *coverage);

/* Listener of EVENT_CHAIN and EVENT_COUNTER of the ruleset, which must outlive the coverage, before the first capture. */
void coverage_hear_rule(void *coverage, const struct event *event);

/* What can be said of the rules without packets, at any time behind that. Only the first call does something. */
void coverage_prove(struct coverage *coverage, const struct ruleset *ruleset);

/* Before each capture. Flows of two captures are never the same. */
void coverage_begin(struct coverage *coverage);

/* Listener of a replay of the same ruleset, with tries counted and counters from zero. */
enum { COVERAGE_KINDS = EVENT_BIT(EVENT_OUTCOME) | EVENT_OUTCOME_MATCHED | EVENT_BIT(EVENT_CHAIN) | EVENT_BIT(EVENT_COUNTER) };
void coverage_hear(void *coverage, const struct event *event);

enum coverage_status coverage_status(const struct coverage_rule *rule);

#endif
