/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One packet's way as lines: hooks, tables, chains and rules. Drawn by draw_path.c, in letters by sketch_path.c. */
#ifndef PICTURE_TRAIL_H
#define PICTURE_TRAIL_H

#include "base/arena.h"
#include "picture/tale.h"

enum trail_kind {
	TRAIL_HOOK,
	TRAIL_TRACKING,		/* what connection tracking found */
	TRAIL_TABLE,		/* a table's chain begins */
	TRAIL_MISS,		/* a rule that did not match; `detail` says why */
	TRAIL_MORE,		/* so many rules that did not match are left out */
	TRAIL_MATCH,		/* a rule that matched, and the packet goes on */
	TRAIL_DECIDED,		/* the rule or policy that decided in this table; `verdict` */
	TRAIL_CHAIN,		/* into a chain, or back */
	TRAIL_ANSWER,		/* the host answers */
};

struct trail_line {
	enum trail_kind kind;
	unsigned indent;		/* chains within chains */
	const char *text;
	const char *detail;		/* "" when there is nothing to add */
	const struct rule_place *rule;	/* or NULL */
	enum verdict verdict;		/* DECIDED */
	bool is_last_word;		/* it decided the packet's fate */
};

struct trail {
	struct arena arena;
	const struct tale_packet *packet;	/* NULL: the packet was not there */
	struct trail_line *lines;	/* owned */
	size_t n_lines, capacity;
};

void trail_make(const struct tale *tale, struct trail *trail);
void trail_clear(struct trail *trail);

#endif
