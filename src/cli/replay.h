/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packet by packet through the simulator, into the outputs: what `run` and `explain` have in common. */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/cli.h"
#include "cli/outputs.h"
#include "cli/run_options.h"
#include "cli/scene.h"
#include "event/stream.h"

struct replay_count {
	uint64_t n_packets;	/* that were replayed */
	uint64_t n_shown;
};

struct replay {
	const struct run_options *options;
	struct scene scene;
	struct stream stream;		/* commands add listeners of their own between open and play */
	bool hears_all;			/* they want packets too that --packets does not show */
	void (*before_packet)(void *owner);	/* when all is told of the one before; or NULL */
	void *owner;			/* of before_packet */
	struct outputs outputs;
	struct replay_count count;
};

/*
 * Reads and checks everything that the options name; errors and warnings were reported when it returns. `ruleset`: these
 * rules are replayed, whatever the options name; borrowed. NULL: the options'.
 */
bool replay_open(struct replay *replay, struct run_options *options, struct ruleset *ruleset);

/* The first half of that, for a caller that opens replay->scene itself and reports in its own way. */
void replay_init(struct replay *replay, struct run_options *options);

/* Every packet, once. Errors were reported when it returns. */
enum exit_code replay_play(struct replay *replay);

/* Also after replay_open() failed, or after replay_init() alone. */
void replay_close(struct replay *replay);

/* All three, for a command that only shows. */
enum exit_code replay_run(struct run_options *options, struct replay_count *count);

#endif
