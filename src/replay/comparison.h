/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same packets under two rulesets (hosts, settings): which are treated differently, and in what.
 *
 * Both replays' events are heard packet by packet. A rule of one side is the same as one of the other when it stands in the same
 * chain and says the same, whatever its number.
 */
#ifndef REPLAY_COMPARISON_H
#define REPLAY_COMPARISON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/index.h"
#include "base/text.h"
#include "event/event.h"

enum comparison_side { SIDE_FIRST, SIDE_SECOND, COMPARISON_SIDES };

/* What can differ: bits. */
enum comparison_kind {
	DIFFERS_VERDICT = 1 << 0,
	DIFFERS_RULE = 1 << 1,		/* that decided, or why nothing did */
	DIFFERS_CTSTATE = 1 << 2,
	DIFFERS_NAT = 1 << 3,		/* addresses and ports as it left */
	DIFFERS_ANSWER = 1 << 4,	/* what the host answered: REJECT, time exceeded */
	DIFFERS_LOG = 1 << 5,		/* LOG, NFLOG, ...: which rules, which prefix */
};

/* What became of a packet on one side. */
struct outcome {
	enum verdict verdict;
	enum ctstate ctstate;
	const struct rule_place *decided_by;	/* the ruleset's, or NULL */
	const char *reason;			/* static; why it was dropped outside the rules, or NULL */
	bool is_uncertain;			/* depends on a rule that is not simulated */
	bool is_repeat;				/* event_outcome.is_repeat */
	bool was_rewritten;
	struct tuple sent;			/* meaningful when was_rewritten */
	struct text answer, log;
};

/* Two rules that decided about one packet, and whether they are the same. */
struct comparison_pair {
	const struct rule_place *first, *second;
	bool is_same;
};

enum { COMPARISON_PAIRS = 64, COMPARISON_MOST_TURNS = 32 };

/* What both sides have told of a packet. */
struct comparison_turn {
	struct outcome outcomes[COMPARISON_SIDES];
	uint32_t kinds;			/* enum comparison_kind: in which they differ */
	bool is_counted;		/* its flow is, if it was not seen before */
	uint64_t flow;			/* flow_key(), where it is counted or the packet differs */
};

struct comparison {
	bool is_filtered;		/* some packets are not shown */
	struct comparison_turn turns[COMPARISON_MOST_TURNS];
	struct comparison_turn *turn;	/* of the packet at hand */
	struct comparison_pair pairs[COMPARISON_PAIRS];	/* that met last, by their numbers */
	struct index flows;		/* all that were seen: which of those that differ it is, from 1; 0: nothing of it does */
	uint64_t n_packets, n_uncertain, n_flows;
	uint32_t n_different_flows;
};

void comparison_init(struct comparison *comparison);
void comparison_clear(struct comparison *comparison);

/* Listeners of the two replays. */
enum { COMPARISON_KINDS = EVENT_BIT(EVENT_OUTCOME) | EVENT_BIT(EVENT_REPLY) | EVENT_BIT(EVENT_LOG) };
void comparison_hear_first(void *comparison, const struct event *event);
void comparison_hear_second(void *comparison, const struct event *event);

/*
 * Some packets at a time, at most COMPARISON_MOST_TURNS, each at a place of its own, which is turned to before anything is told of it or
 * asked about it. One side replays them, each behind comparison_begin(), then the other one does. Then all that are shown are judged, and
 * then, in the same order, comes the end of each: true when it differs. The packet is as it was captured.
 */
static inline void comparison_turn(struct comparison *comparison, size_t place)
{
	comparison->turn = &comparison->turns[place];
}

void comparison_begin(struct comparison *comparison);
void comparison_judge(struct comparison *comparison, const struct packet *packet);
bool comparison_end(struct comparison *comparison);

/* Of a packet that differs: which of the flows that differ it belongs to, 1, 2, 3 ... in order of their first such packet. */
uint32_t comparison_flow(struct comparison *comparison);

#endif
