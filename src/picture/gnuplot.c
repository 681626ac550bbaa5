/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A diagram as a gnuplot script, whose output is PNG or PDF. */
#include "picture/canvas_write.h"
#include "picture/picture_sink.h"

static void close_gnuplot(void *state)
{
	struct picture_sink *sink = state;
	struct canvas canvas;

	picture_sink_draw(sink, &canvas);
	canvas_write_gnuplot(&canvas, sink->theme, sink->words & PICTURE_WORD_PDF ? GNUPLOT_PDF : GNUPLOT_PNG, sink->out);
	canvas_clear(&canvas);
	picture_sink_free(sink);
}

static const struct sink_word words[] = {
	PICTURE_KIND_WORDS
	{ "light", PICTURE_WORD_LIGHT, 0, "on white (the default)" },
	{ "dark", PICTURE_WORD_DARK, 0, "on black" },
	{ "pdf", PICTURE_WORD_PDF, 0, "a script that makes PDF; PNG otherwise" },
	{ 0 },
};

const struct sink_type sink_gnuplot = {
	.name = "gnuplot",
	.summary = "the same diagrams as a gnuplot script that makes PNG or PDF",
	.kinds = DIAGRAM_COMMON_KINDS,
	.hidden_kinds = EVENT_BIT(EVENT_CONNTRACK),
	.words = words,
	.open = picture_sink_open,
	.on_event = picture_sink_on_event,
	.close = close_gnuplot,
};
