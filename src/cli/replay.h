/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packet by packet through the simulator, into the outputs: what `run` and `explain` have in common. */
#ifndef CLI_REPLAY_H
#define CLI_REPLAY_H

#include <stdint.h>

#include "cli/cli.h"
#include "cli/run_options.h"

struct replay_count {
	uint64_t n_packets;	/* that were replayed */
	uint64_t n_shown;
};

/* Everything behind the parsing of options. Errors were reported when it returns. */
enum exit_code replay_run(struct run_options *options, struct replay_count *count);

#endif
