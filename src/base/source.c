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

void source_position(const struct source *source, uint32_t offset, uint32_t *line, uint32_t *column)
{
	uint32_t start = 0;

	*line = 1;
	for (uint32_t i = 0; i < offset && i < source->len; i++) {
		if (source->text[i] == '\n') {
			(*line)++;
			start = i + 1;
		}
	}
	*column = offset - start + 1;
}
