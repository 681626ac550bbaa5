/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/source.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void source_init(struct source *source, const char *name, const char *text, size_t len)
{
	source->name = alloc_copy(name, strlen(name));
	source->text = alloc_copy(text, len);
	source->len = len;
}

void source_clear(struct source *source)
{
	free(source->name);
	free(source->text);
	memset(source, 0, sizeof(*source));
}

void source_move(struct source_place *place, const struct source *source, uint32_t offset)
{
	if (place->source != source || place->offset > offset)
		*place = (struct source_place){ .source = source, .line = 1 };
	for (; place->offset < offset && place->offset < source->len; place->offset++) {
		if (source->text[place->offset] == '\n') {
			place->line++;
			place->start = place->offset + 1;
		}
	}
}

void source_position(const struct source *source, uint32_t offset, uint32_t *line, uint32_t *column)
{
	struct source_place place = { .source = NULL };

	source_move(&place, source, offset);
	*line = place.line;
	*column = offset - place.start + 1;
}
