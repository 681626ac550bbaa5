/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * "Why not?": the rules that would have done something else with a packet, nearest first,
 * and what kept each from it.
 */
#ifndef SINK_EXPLAIN_WHY_H
#define SINK_EXPLAIN_WHY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"
#include "sink/explain_story.h"

enum explain_obstacle {
	OBSTACLE_CONDITION,	/* the rule was tried: `words` is its first condition that fails */
	OBSTACLE_PASSED,	/* it would match, but the packet left its chain before, at `by`, `how` says by what */
	OBSTACLE_BOTH,		/* likewise, and `words` fails too */
	OBSTACLE_DEPENDS,	/* likewise; whether it would match depends on `words` */
	OBSTACLE_CHAIN,		/* its chain was not entered: `by` is the rule that leads there, `words` fails; `by` NULL: not known */
};

struct explain_candidate {
	const struct rule_place *rule;
	enum explain_obstacle obstacle;
	const struct rule_place *by;
	enum chain_step how;		/* STEP_DECIDED, STEP_GOTO or STEP_RETURN */
	const char *words;		/* borrowed from the story */
	uint32_t n_failed;		/* the fewer, the nearer */
};

/*
 * The rules whose target is `target` ("ACCEPT"), in the table that lost the packet, or in all where it was not lost.
 * Nearest first. The caller frees the array. Needs the story's probes.
 */
struct explain_candidate *explain_why_find(const struct story *story, const struct event_packet *journey, const char *target,
					   size_t *n_candidates);

/*
 * The nearest of the rules that were tried in the table `table` in vain and could have saved the packet: those that
 * accept, or lead to another chain. Indices of steps into `nearest`, at most `most`; how many there are.
 */
size_t explain_why_nearest(const struct story *story, size_t table, size_t *nearest, size_t most);

/* True when the packet got what was asked for: there is nothing to explain. */
bool explain_why_is_so(const struct event_packet *journey, const char *target);

#endif
