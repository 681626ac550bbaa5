/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What of a replay is shown: options that the program has in `explain` and `diagram`, and libctreplay beside those of `run`. */
#ifndef REPLAY_SHOWN_OPTIONS_H
#define REPLAY_SHOWN_OPTIONS_H

#include "replay/options.h"

/* Their target is a struct run_options; they inherit from run_option_table. */
extern const struct cli_option_table shown_option_table;

#endif
