/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Standard output as outputs see it: its width, and whether it shows colours. */
#ifndef CLI_TERMINAL_H
#define CLI_TERMINAL_H

#include "api/ctreplay.h"

struct ctreplay_screen terminal_screen(void);

#endif
