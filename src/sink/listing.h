/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Between the listings of one file: a heading where it is needed.
 *
 * A file that holds one listing at the end of the run is exactly what the real tool
 * prints. Any other listing is preceded by a line "# after packet 12".
 */
#ifndef SINK_LISTING_H
#define SINK_LISTING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "event/event.h"

struct listing {
	uint64_t n_snapshots;	/* that began */
	bool is_xml;		/* headings are comments of XML */
};

/* Writes the heading of a snapshot that begins. */
void listing_begin(struct listing *listing, const struct event_snapshot *snapshot, struct text *out);

#endif
