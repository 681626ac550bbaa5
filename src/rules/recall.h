/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ways through the tables, remembered. Where all rules that a packet met looked only at what its connection settles
 * (match_type.flow_scope: addresses, ports, interfaces, state, marks), the next packet of the same connection and direction
 * meets them with the same outcome: its counters rise and its verdict falls without a look at the rules.
 *
 * Different ways are few, connections are many: one number is kept for each direction of a connection, that of its trail, which
 * holds the way through each table at each hook. Who keeps it says for which packets it may be asked (host/ways). What is
 * remembered answers exactly what eval's traversal would: tests/unit/test_rules_recall.c runs both. Private to eval.
 */
#ifndef RULES_RECALL_H
#define RULES_RECALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/interned.h"
#include "rules/eval.h"
#include "rules/extension.h"

/* A stretch of rules that are tried one behind the other ends with one that jumps, decides or returns, or with its chain. */
enum { RECALL_MOST_RULES = 12, RECALL_MOST_STRETCHES = 2 * RECALL_MOST_RULES + 1, RECALL_STAGES = TABLE_COUNT * HOOK_COUNT };

/* Indices of rules. */
struct recall_stretch { uint32_t first, last; };

struct recall_stretches {
	uint64_t n;
	struct recall_stretch stretches[RECALL_MOST_STRETCHES];
};

/* One way through one table from one hook, and for which packets of the connection it holds. */
struct recall_path {
	const char *in, *out;		/* compared as pointers: an equal name elsewhere is another */
	uint32_t status, connection_mark, mark;
	uint8_t ctstate;
	bool has_status;		/* a rule looked at the status bits, which must be these */
	bool is_winding;		/* no way to remember: traverse */
	bool is_default;
	uint8_t verdict;		/* enum eval_verdict */
	uint32_t tried;			/* number of its stretches; 0: nobody counts tries */
	const struct rule_place *decided_by;
	uint32_t stage;
	uint32_t n_rules;
	uint32_t rules[RECALL_MOST_RULES];	/* indices of those that matched, a policy included */
};

/* Numbers of the ways at each stage; 0: none yet. */
struct recall_trail {
	uint32_t paths[RECALL_STAGES + 1];	/* the last is always 0 */
};

struct recall {
	struct interned paths, trails, tried;
	uint32_t n_forgotten;		/* trails up to this number are of rules that are gone */

	/* The traversal that is going on. */
	uint32_t rules[RECALL_MOST_RULES];
	uint32_t n_rules;
	struct recall_stretches stretches;	/* where tries are counted */
	bool is_winding;		/* a rule looked at more than the flow, or did more than count */
	bool has_status;		/* a rule looked at the entry's status */
};

void recall_init(struct recall *recall);
void recall_clear(struct recall *recall);

/* Other rules from now on. */
void recall_forget(struct recall *recall);

/*
 * May this packet's connection and direction be remembered by? What was attached to it and is not of it may not. What the packet that
 * makes an entry meets holds for those that follow if the entry is confirmed, and was not translated behind the rules.
 */
bool recall_is_for(const struct packet *packet, const struct tracking *tracking);

/* Number of the way of subject->recall at this stage, 0 when it is not known. It may be winding. */
uint32_t recall_find(const struct recall *recall, const struct subject *subject, enum table table);

/* Until the next way is noted. */
static inline const struct recall_path *recall_path(const struct recall *recall, uint32_t number)
{
	return interned_at(&recall->paths, number);
}

static inline enum table recall_table(const struct recall_path *path)
{
	return (enum table)(path->stage / HOOK_COUNT);
}

static inline enum hook recall_hook(const struct recall_path *path)
{
	return (enum hook)(path->stage % HOOK_COUNT);
}

static inline void recall_begin(struct recall *recall)
{
	recall->n_rules = 0;
	recall->stretches.n = 0;
	recall->is_winding = recall->has_status = false;
}

/* A match is asked that looks at so much. */
static inline void recall_look(struct recall *recall, enum flow_scope scope)
{
	recall->is_winding |= scope == FLOW_BEYOND;
	recall->has_status |= scope == FLOW_STATUS;
}

/* A rule, or a policy, counted the packet. */
static inline void recall_add(struct recall *recall, uint32_t rule)
{
	if (recall->n_rules < RECALL_MOST_RULES)
		recall->rules[recall->n_rules] = rule;
	recall->n_rules++;
}

/* Rules were tried, and it is counted how often. */
static inline void recall_add_stretch(struct recall *recall, uint32_t first, uint32_t last)
{
	if (recall->stretches.n < RECALL_MOST_STRETCHES)
		recall->stretches.stretches[recall->stretches.n++] = (struct recall_stretch){ first, last };
	else
		recall->is_winding = true;
}

/* What was tried on a way; NULL: nobody counts tries. Until the next way is noted. */
static inline const struct recall_stretches *recall_tried(const struct recall *recall, const struct recall_path *path)
{
	return path->tried ? interned_at(&recall->tried, path->tried) : NULL;
}

/* The traversal has ended; keeps its way for the connection. Its number; 0: there is no room. */
uint32_t recall_note(struct recall *recall, const struct subject *subject, enum table table, const struct eval_result *result);

#endif
