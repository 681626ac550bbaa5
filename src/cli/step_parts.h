/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files of the stepper's screen share, private to cli/step_*.c. */
#ifndef CLI_STEP_PARTS_H
#define CLI_STEP_PARTS_H

#ifdef HAVE_NCURSES

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "cli/stepper.h"

enum { COLOR_GOOD = 1, COLOR_BAD, COLOR_NOTE };		/* pairs */

enum step_pane { PANE_ALL, PANE_PACKETS, PANE_RULES, PANE_TABLE };

struct step_view {
	struct stepper *stepper;
	enum step_pane zoomed;
	size_t table_skip;		/* rows of the table above its pane */
	struct text status;		/* what happened last; "": the keys are shown instead */
};

/* The whole screen. */
void step_panes_draw(struct step_view *view);

/* A line of the screen, cut to its width, and filled with blanks to its end where it is reversed. */
void step_panes_put_line(int y, attr_t attributes, const char *string);

enum { STEP_LONGEST_INPUT = 200 };

/* A line of ASCII that the user types at the bottom. False: nothing was typed, or Escape. */
bool step_dialog_ask(const char *question, char answer[STEP_LONGEST_INPUT + 1]);

/* A text over the whole screen until a key that does not scroll. */
void step_dialog_show(const char *title, const char *text);

#endif

#endif
