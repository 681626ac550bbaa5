/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A replay that can be told again from its middle. While it runs to its end once, copies of the process (fork) are left
 * behind at intervals: checkpoints. A checkpoint waits; asked for a stretch behind its place, it makes one copy more, which
 * replays up to there, tells the stretch, hands it over and ends. A replay is deterministic, so it is told as it was.
 *
 * Memory: a checkpoint costs what the connection table has changed since, so there are at most CHECKPOINTS_MOST: of a longer
 * capture every second one is let go. A stretch is a part of what lies between two, and the last few are kept.
 */
#ifndef CLI_CHECKPOINTS_H
#define CLI_CHECKPOINTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "cli/play.h"
#include "cli/stretch.h"

enum { CHECKPOINTS_MOST = 8, CHECKPOINTS_KEPT = 3 };

struct checkpoint {
	size_t index;			/* packets before it */
	pid_t process;
	int line;			/* a socket: requests there, stretches back */
};

struct checkpoints {
	struct play *play;		/* borrowed, until the replay has been played */
	const struct rule_list *rules;	/* borrowed */
	struct checkpoint checkpoint[CHECKPOINTS_MOST];
	size_t n_checkpoints, interval;
	size_t n_packets;		/* in all, once it was played */
	uint64_t last;			/* number of the packet that was told last; 0: none was */
	struct stretch stretch;		/* what came so far; in a copy that was asked, what it hands over */
	struct {
		struct stretch stretch;
		size_t end;
		uint64_t last_use;
	} kept[CHECKPOINTS_KEPT];
	size_t n_kept;
	uint64_t n_uses;
};

/* `rules` is finished; `interval`: packets between two checkpoints at first. */
void checkpoints_init(struct checkpoints *checkpoints, struct play *play, const struct rule_list *rules, size_t interval);

/* Lets all of them go. */
void checkpoints_clear(struct checkpoints *checkpoints);

/* Plays the opened replay once, to its end. Errors were reported when it returns. */
enum exit_code checkpoints_play(struct checkpoints *checkpoints);

/* A stepper_find whose owner is the checkpoints. */
const struct stretch *checkpoints_find(void *checkpoints, size_t index);

#endif
