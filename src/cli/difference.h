/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The same packets under two rulesets (hosts, settings): which would be treated differently, and because of what.
 *
 * Both sides' events are heard packet by packet. Packets whose fate differs are grouped by cause: what became of them
 * here and there, and the two rules that decided. The first packet of a flow that differs stands for what follows from it:
 * later packets of the flow are counted with its group. A rule of one side is the same as one of the other when it stands
 * in the same chain and says the same, whatever its number.
 */
#ifndef CLI_DIFFERENCE_H
#define CLI_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/index.h"
#include "base/text.h"
#include "event/event.h"

enum difference_side { SIDE_OLD, SIDE_NEW, DIFFERENCE_SIDES };

/* What can differ. */
enum difference_kind {
	DIFFERENCE_VERDICT,
	DIFFERENCE_RULE,	/* that decided */
	DIFFERENCE_CTSTATE,
	DIFFERENCE_NAT,		/* addresses and ports as it left */
	DIFFERENCE_ANSWER,	/* what the host answered: REJECT, time exceeded */
	DIFFERENCE_LOG,		/* LOG, NFLOG, ...: which rules, which prefix */
	DIFFERENCE_KINDS,
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
	struct tuple sent;			/* meaningful when was_rewritten; in words where the packet differs: */
	struct text nat, answer, log;
};

enum { DIFFERENCE_MOST_EXAMPLES = 5 };

struct difference_group {
	uint32_t kinds;			/* bits of enum difference_kind */
	struct {
		enum verdict verdict;
		enum ctstate ctstate;
		const struct rule_place *decided_by;
		const char *reason;
		struct text nat, answer, log;	/* of its first packet */
	} sides[DIFFERENCE_SIDES];
	uint64_t n_flows;
	uint64_t n_later;		/* packets of these flows that differ because of what came before */
	uint64_t first, last;		/* numbers of packets */
	struct text examples[DIFFERENCE_MOST_EXAMPLES];	/* of its flows: "packet 7 UDP ..." */
	size_t n_examples;
};

/* Two rules that decided about one packet, and whether they are the same. */
struct difference_pair {
	const struct rule_place *old, *new;
	bool is_same;
};

enum { DIFFERENCE_PAIRS = 64, DIFFERENCE_MOST_TURNS = 32 };

/* What both sides have told of a packet. */
struct difference_turn {
	struct outcome outcomes[DIFFERENCE_SIDES];
	uint32_t kinds;			/* that count, in which they differ */
	bool is_counted;		/* its flow is, if it was not seen before */
	uint64_t flow;			/* flow_key(), where it is counted or the packet differs */
};

struct difference {
	uint32_t wanted;		/* bits of enum difference_kind: what counts */
	bool is_filtered;		/* some packets are not shown */
	bool is_of_generated;		/* the packets were made from the rules */
	struct difference_turn turns[DIFFERENCE_MOST_TURNS];
	struct difference_turn *turn;	/* of the packet at hand */
	struct difference_pair pairs[DIFFERENCE_PAIRS];	/* that met last, by their numbers */
	struct difference_group *groups;	/* owned; in order of their first packet */
	size_t n_groups, capacity;
	struct index flows;		/* all that were seen: which group began what differs, and 1; 0: nothing does */
	uint64_t n_packets, n_different, n_uncertain, n_flows, n_different_flows;
	uint64_t n_kinds[DIFFERENCE_KINDS];	/* packets, by what differs */
	uint64_t n_verdicts[VERDICT_COUNT][VERDICT_COUNT];	/* packets whose verdict differs: [old][new] */
};

void difference_init(struct difference *difference);
void difference_clear(struct difference *difference);

/* "verdict", "rule", "ctstate", "nat", "answer", "log". */
const char *difference_kind_name(enum difference_kind kind);

/* Listeners of the two replays. */
enum { DIFFERENCE_LISTENS = EVENT_BIT(EVENT_OUTCOME) | EVENT_BIT(EVENT_REPLY) | EVENT_BIT(EVENT_LOG) };
void difference_hear_old(void *difference, const struct event *event);
void difference_hear_new(void *difference, const struct event *event);

/*
 * Some packets at a time, at most DIFFERENCE_MOST_TURNS, each at a place of its own, which is turned to before anything is told of it or
 * asked about it. One side replays them, each behind difference_begin(), then the other one does. Then all that are shown are judged, and
 * then, in the same order, comes the end of each: what differs, as bits of enum difference_kind; 0: nothing that counts. The packet is
 * as it was captured.
 */
void difference_turn(struct difference *difference, size_t place);
void difference_begin(struct difference *difference);
void difference_judge(struct difference *difference, const struct packet *packet);
uint32_t difference_end(struct difference *difference);

/* Counts and groups what difference_end() said. */
void difference_keep(struct difference *difference, uint32_t kinds, const struct packet *packet);

#endif
