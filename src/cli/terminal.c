/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/wrap.h"

static bool wants_color(enum color_choice choice)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (choice != COLOR_AUTO)
		return choice == COLOR_ALWAYS;
	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

struct screen terminal_screen(enum color_choice choice)
{
	return (struct screen){ .file = stdout, .has_color = wants_color(choice), .columns = wrap_terminal_columns() };
}
