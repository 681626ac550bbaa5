/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A diagram as SVG: for slides, for print and for the web. */
#include "picture/canvas_write.h"
#include "picture/picture_sink.h"

static void close_svg(void *state)
{
	struct picture_sink *sink = state;
	struct canvas canvas;

	picture_sink_draw(sink, &canvas);
	canvas_write_svg(&canvas, sink->theme, sink->out);
	canvas_clear(&canvas);
	picture_sink_free(sink);
}

static const struct sink_word words[] = {
	PICTURE_KIND_WORDS
	{ "light", PICTURE_WORD_LIGHT, 0, "on white, whatever the reader prefers" },
	{ "dark", PICTURE_WORD_DARK, 0, "on black" },
	{ 0 },
};

const struct sink_type sink_svg = {
	.name = "svg",
	.summary = "a diagram of the whole replay: sequence, lifelines, ...; `ctreplay diagram` chooses more finely",
	.kinds = DIAGRAM_COMMON_KINDS,
	.hidden_kinds = EVENT_BIT(EVENT_CONNTRACK),
	.words = words,
	.open = picture_sink_open,
	.on_event = picture_sink_on_event,
	.close = close_svg,
};
