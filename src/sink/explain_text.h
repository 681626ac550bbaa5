/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet's story for people: an indented tree. */
#ifndef SINK_EXPLAIN_TEXT_H
#define SINK_EXPLAIN_TEXT_H

#include <stdbool.h>

#include "event/event.h"
#include "sink/explain_story.h"
#include "sink/text_layout.h"

struct explain_text {
	struct text_layout *layout;	/* borrowed */
	bool is_full;			/* every rule, and the numbers even where they did not decide */
	const char *why_not;		/* or NULL */
	bool is_brief;			/* of why_not the nearest rules alone */
};

/* `event` is the EVENT_PACKET that ends the story. */
void explain_text_print(const struct explain_text *text, const struct story *story, const struct event *event);

#endif
