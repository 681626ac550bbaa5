/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The explanations of a report's packets: explain's own pages, in chunks of so many packets. A chunk is compressed where
 * zlib is there (the page unpacks it when somebody asks), and plain otherwise.
 */
#ifndef PICTURE_REPORT_WHY_H
#define PICTURE_REPORT_WHY_H

#include "base/text.h"
#include "sink/explain_story.h"
#include "sink/text_layout.h"

struct report_why {
	struct story story;
	struct text_layout layout;
	struct text chunk;		/* a JSON array of strings */
	struct text page;		/* of the packet at hand */
	size_t n;			/* packets in the chunk */
	struct text *out;		/* borrowed */
};

void report_why_init(struct report_why *why, struct text *out);
void report_why_clear(struct report_why *why);

/* Any event; EVENT_PACKET ends a packet's page. */
void report_why_add(struct report_why *why, const struct event *event);

void report_why_flush(struct report_why *why);

#endif
