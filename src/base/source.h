/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A text that a user wrote (rules, packet script, options), kept whole so that every
 * message about it can show the line and point at the place.
 */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source {
	char *name;		/* as the user gave it; owned */
	char *text;		/* NUL-terminated; owned */
	size_t len;
};

/* A piece of a source. `source` may be NULL: a message about no place in particular. */
struct source_range {
	const struct source *source;
	uint32_t offset;	/* bytes from the start of the text */
	uint32_t len;		/* bytes; 0 points between two characters */
};

/* Takes a copy of name and text. */
void source_init(struct source *source, const char *name, const char *text, size_t len);
void source_clear(struct source *source);

/* 1-based line and column (in bytes) of an offset. */
void source_position(const struct source *source, uint32_t offset, uint32_t *line, uint32_t *column);

/* Positions of many offsets: what lies before the last one is not read again where the next one is behind it. */
struct source_place {
	const struct source *source;	/* NULL at first */
	uint32_t offset, line, start;	/* of the line */
};

/* Moves to an offset; its line is then place->line, and its column offset - place->start + 1. */
void source_move(struct source_place *place, const struct source *source, uint32_t offset);

#endif
