/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the formats that are pictures have in common: the tale, the kind, the colours, from the format's words. */
#ifndef PICTURE_PICTURE_SINK_H
#define PICTURE_PICTURE_SINK_H

#include "picture/canvas.h"
#include "picture/diagrams.h"
#include "picture/tale.h"
#include "sink/sink.h"

/* Flags of sink_options.words: a bit for each kind of diagram, then these. */
enum { PICTURE_WORD_LIGHT = 1 << 16, PICTURE_WORD_DARK = 1 << 17, PICTURE_WORD_PDF = 1 << 18 };

struct picture_sink {
	struct tale tale;
	const struct diagram_type *type;
	enum theme theme;
	uint32_t words;
	unsigned columns;
	struct text *out;
};

/* sink_type's functions; close is the format's own: it writes, then calls picture_sink_free(). */
void *picture_sink_open(const struct sink_options *options, struct output *output);
void picture_sink_on_event(void *state, const struct event *event);
void picture_sink_free(struct picture_sink *sink);

/* Draws the tale. The caller clears the canvas. */
void picture_sink_draw(const struct picture_sink *sink, struct canvas *canvas);

/* A table of sink_words begins with the names of all kinds of diagrams. */
#define PICTURE_KIND_WORD(name, kinds, summary) { #name, 1 << DIAGRAM_##name, kinds, summary },
#define PICTURE_KIND_WORDS DIAGRAM_LIST(PICTURE_KIND_WORD)

#endif
