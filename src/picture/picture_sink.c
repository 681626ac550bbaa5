/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/picture_sink.h"

#include <stdlib.h>

#include "base/alloc.h"

enum { USUAL_COLUMNS = 120 };

void *picture_sink_open(const struct sink_options *options, struct output *output)
{
	struct picture_sink *sink = alloc_zeroed(1, sizeof(*sink));
	int kind = 0;

	for (int i = 0; i < DIAGRAM_KIND_COUNT; i++)
		if (options->words & 1u << i)
			kind = i;
	sink->type = &diagram_types[kind];
	sink->theme = options->words & PICTURE_WORD_DARK ? THEME_DARK : options->words & PICTURE_WORD_LIGHT ? THEME_LIGHT : THEME_AUTO;
	sink->words = options->words;
	sink->columns = options->columns ? options->columns : USUAL_COLUMNS;
	sink->out = &output->buffer;
	tale_init(&sink->tale, options->flow);
	if (kind == DIAGRAM_path)
		tale_tell_story(&sink->tale);
	return sink;
}

void picture_sink_on_event(void *state, const struct event *event)
{
	tale_add(&((struct picture_sink *)state)->tale, event);
}

void picture_sink_draw(const struct picture_sink *sink, struct canvas *canvas)
{
	canvas_init(canvas);
	sink->type->draw(&sink->tale, canvas);
}

void picture_sink_free(struct picture_sink *sink)
{
	tale_clear(&sink->tale);
	free(sink);
}
