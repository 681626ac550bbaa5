/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What ctreplay_compare() tells of, by cause.
 *
 * Packets whose fate differs are grouped by what became of them here and there, and the two rules that decided. The first packet of a flow
 * that differs stands for what follows from it: later packets of the flow are counted with its group.
 */
#ifndef CLI_DIFFERENCE_H
#define CLI_DIFFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/ctreplay.h"
#include "base/text.h"

enum difference_side { SIDE_OLD, SIDE_NEW, DIFFERENCE_SIDES };
enum { DIFFERENCE_KINDS = 6, DIFFERENCE_VERDICTS = CTREPLAY_HELD + 1, DIFFERENCE_MOST_EXAMPLES = 5 };

struct difference_group {
	uint32_t kinds;			/* enum ctreplay_differs */
	struct difference_fate {
		enum ctreplay_verdict verdict;
		enum ctreplay_ctstate ctstate;
		bool has_rule;
		struct ctreplay_rule rule;
		const char *reason;
		struct text sent, answer, log;	/* of its first packet */
	} sides[DIFFERENCE_SIDES];
	uint64_t n_flows;
	uint64_t n_later;		/* packets of these flows that differ because of what came before */
	uint64_t first, last;		/* numbers of packets */
	struct text examples[DIFFERENCE_MOST_EXAMPLES];	/* of its flows: "packet 7 UDP ..." */
	size_t n_examples;
};

struct difference {
	uint32_t wanted;		/* enum ctreplay_differs: what counts */
	bool is_of_generated;		/* the packets were made from the rules */
	struct difference_group *groups;	/* owned; in order of their first packet */
	size_t n_groups, capacity;
	uint32_t *causes;		/* owned; of each flow that differs: the group, from 1, that began what does; 0: nothing that counts */
	size_t causes_capacity;
	struct ctreplay_comparison all;	/* in the end */
	uint64_t n_different, n_different_flows;
	uint64_t n_kinds[DIFFERENCE_KINDS];	/* packets, by what differs */
	uint64_t n_verdicts[DIFFERENCE_VERDICTS][DIFFERENCE_VERDICTS];	/* packets whose verdict differs: [old][new] */
};

void difference_init(struct difference *difference);
void difference_clear(struct difference *difference);

/* Of a bit of enum ctreplay_differs: "verdict", "rule", "ctstate", "nat", "answer", "log". */
const char *difference_kind_name(unsigned bit);

/* Appends the packet in a line, while it is told of. */
void difference_describe(const struct ctreplay *old, struct text *out);

/* Counts and groups a packet; `old` describes it. False: nothing that counts differs. */
bool difference_keep(struct difference *difference, const struct ctreplay_difference *told, const struct ctreplay *old);

#endif
