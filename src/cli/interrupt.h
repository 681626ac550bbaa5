/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Ctrl-C while packets are replayed: what was done so far is told, and every output ends with a whole line.
 *
 * The first SIGINT or SIGTERM only interrupts the replay; a second one ends the program at once, as does any that comes outside
 * of these calls.
 */
#ifndef CLI_INTERRUPT_H
#define CLI_INTERRUPT_H

#include <stdbool.h>

#include "api/ctreplay.h"

/* NULL: none is interrupted; who works looks at interrupt_came(). */
void interrupt_watch(struct ctreplay *replay);
bool interrupt_came(void);

/* Ends the watch, while the replay is there. */
void interrupt_end(void);

/* After a signal it does not return: the program ends by that signal, as whoever sent it expects to see. */
void interrupt_obey(void);

#endif
