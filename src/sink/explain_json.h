/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet's story as one JSON object: the same tree as the text, always in full. docs/explain.md lists the keys. */
#ifndef SINK_EXPLAIN_JSON_H
#define SINK_EXPLAIN_JSON_H

#include "base/text.h"
#include "event/event.h"
#include "sink/explain_story.h"

/* `event` is the EVENT_PACKET that ends the story; `why_not` a verdict or target, or NULL. Appends one line. */
void explain_json_print(const struct story *story, const struct event *event, const char *why_not, struct text *out);

#endif
