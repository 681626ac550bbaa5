/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packet by packet through a replay, as a program does it: messages, exit codes, a line of progress, Ctrl-C. */
#ifndef CLI_PLAY_H
#define CLI_PLAY_H

#include <stdbool.h>

#include "cli/cli.h"
#include "replay/replay.h"
#include "replay/run_options.h"

/* replay_init() and replay_open(); errors and warnings were reported when it returns. */
bool play_open(struct replay *replay, struct run_options *options, struct ruleset *ruleset);

/* Every packet, once. Errors were reported when it returns. */
enum exit_code play_all(struct replay *replay);

/* Both, for a command that only shows. */
enum exit_code play_run(struct run_options *options, struct replay_count *count);

#endif
