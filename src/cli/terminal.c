/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/terminal.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/wrap.h"

static bool has_color(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no_color && *no_color) && term && strcmp(term, "dumb") != 0;
}

struct ctreplay_screen terminal_screen(void)
{
	return (struct ctreplay_screen){
		.size = sizeof(struct ctreplay_screen), .file = stdout, .has_color = has_color(), .columns = wrap_terminal_columns(),
	};
}
