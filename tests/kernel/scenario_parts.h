/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What rules are made of: everything that the simulator claims to know exactly. A new match or target is a line in
 * scenario_parts.c; nothing else knows of it.
 */
#ifndef SCENARIO_PARTS_H
#define SCENARIO_PARTS_H

#include <stddef.h>

enum part_trait {
	PART_INBOUND = 1 << 0,	/* only where a packet has an interface by which it came: PREROUTING, INPUT, FORWARD */
	PART_TCP = 1 << 1,	/* matches TCP alone: a reset may answer it */
	PART_CLOCK = 1 << 2,	/* reads the kernel's clock */
	PART_IPV4 = 1 << 3,	/* of this family alone */
	PART_IPV6 = 1 << 4,
	PART_OUTPUT = 1 << 6,	/* OUTPUT and POSTROUTING alone */
	PART_PREROUTING = 1 << 8,	/* PREROUTING of raw and mangle alone */
	PART_LAST = 1 << 9,	/* INPUT and POSTROUTING alone */
	PART_WHOLE = 1 << 7,	/* not where packets come in fragments: docs/fidelity.md says why */
};

struct part {
	const char *text;
	unsigned traits;
};

struct part_group {
	const struct part *parts;
	size_t n_parts;
	unsigned weight;	/* how often the group is drawn from, among all */
};

extern const struct part_group match_groups[];
extern const size_t n_match_groups;

/* Targets that go on, of the mangle table; of the raw table; and such as stand everywhere. */
extern const struct part_group mangle_targets, raw_targets, plain_targets;

/* Answers of REJECT. */
extern const struct part_group rejections;

#endif
