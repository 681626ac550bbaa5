/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What changes of a ruleset while packets pass: counters and states. Private to eval, eval_emit and eval_state. */
#ifndef RULES_EVAL_STATE_H
#define RULES_EVAL_STATE_H

#include <stdint.h>

#include "rules/ipset/ipset.h"
#include "rules/program.h"
#include "rules/recall.h"
#include "rules/rule_index.h"
#include "rules/shared_states.h"

struct counter {
	uint64_t n_packets, n_bytes;
};

/* What changes of one table while packets pass. */
struct table_state {
	struct counter *counters;	/* one for each rule of the program */
	uint64_t *n_unknown;		/* likewise: packets about which a match said MATCH_UNKNOWN */
	uint64_t *tries;		/* likewise: how many packets more tried it than the rule before it, modulo 2^64; NULL: not counted */
	uint8_t *states;
};

struct evaluation {
	const struct ruleset *ruleset;
	struct table_state tables[2][TABLE_COUNT];
	struct shared_states shared;
	struct ipsets *sets;		/* owned; NULL: there are none */
	struct recall recall;
	struct index_cursor cursor;
	bool is_plain;			/* evaluation_go_plain() */
	uint32_t *stack;		/* where to go on behind each jump */
	uint64_t most_tried;		/* limits.rules_tried */
	uint64_t n_given_up;		/* ways through a table that were longer */
	uint32_t hz;
	bool counts_tries;
};

#endif
