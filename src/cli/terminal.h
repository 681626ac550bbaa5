/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output as outputs see it: its width, and whether it shows colours. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "replay/outputs.h"
#include "replay/run_options.h"

struct screen terminal_screen(enum color_choice choice);

#endif
