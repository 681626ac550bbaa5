/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A line on the terminal's standard error that says how many packets were replayed, when that takes long and standard output is none. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct progress {
	uint64_t n_packets;	/* replayed so far */
	bool is_wanted, was_shown;
	time_t last;
};

void progress_init(struct progress *progress);

/* At most once a second. */
void progress_show(struct progress *progress);

/* Takes it away, before anything else is said. */
void progress_clear(struct progress *progress);

#endif
