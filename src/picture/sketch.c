/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A diagram in letters, for the terminal. */
#include "picture/picture_sink.h"

static void close_sketch(void *state)
{
	struct picture_sink *sink = state;

	sink->type->sketch(&sink->tale, sink->columns, sink->out);
	picture_sink_free(sink);
}

static const struct sink_word words[] = {
	PICTURE_KIND_WORDS
	{ 0 },
};

const struct sink_type sink_sketch = {
	.name = "sketch",
	.summary = "the same diagrams in letters, for the terminal",
	.kinds = DIAGRAM_COMMON_KINDS,
	.hidden_kinds = EVENT_BIT(EVENT_CONNTRACK),
	.words = words,
	.open = picture_sink_open,
	.on_event = picture_sink_on_event,
	.close = close_sketch,
};
