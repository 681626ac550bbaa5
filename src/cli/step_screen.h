/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stepper on a terminal (ncurses): panes of packets, rules and the connection table, and keys. */
#ifndef CLI_STEP_SCREEN_H
#define CLI_STEP_SCREEN_H

#include "cli/stepper.h"

/* Why a packet got its state and its verdict, appended to `out`. */
typedef void step_explain(void *owner, uint64_t packet, struct text *out);

/* How it ended: the user has had enough; the terminal cannot be used; a packet could not be replayed again. */
enum step_result { STEP_DONE, STEP_NO_TERMINAL, STEP_NO_REPLAY };

enum step_result step_screen_run(struct stepper *stepper, step_explain *explain, void *owner);

#endif
