/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

void progress_init(struct progress *progress)
{
	*progress = (struct progress){ .is_wanted = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO), .last = time(NULL) };
}

void progress_show(struct progress *progress)
{
	time_t now;

	if (!progress->is_wanted)
		return;
	now = time(NULL);
	if (now == progress->last)
		return;
	progress->last = now;
	progress->was_shown = true;
	fprintf(stderr, "\r%" PRIu64 " packets", progress->n_packets);
}

void progress_clear(struct progress *progress)
{
	if (progress->was_shown)
		fputs("\r                              \r", stderr);
	progress->was_shown = false;
}
