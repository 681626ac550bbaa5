/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that is taken piece by piece and given back all at once.
 *
 * Rulesets and topologies live in an arena each: they are built once, are constant
 * afterwards and end together. Pointers stay valid until arena_clear().
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks;	/* newest first; NULL when empty */
	size_t n_bytes;			/* of them */
};

void arena_init(struct arena *arena);
void arena_clear(struct arena *arena);

/* `size` zeroed bytes, aligned for any type. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* A NUL-terminated copy of text[0 .. len-1]. */
char *arena_copy(struct arena *arena, const char *text, size_t len);

/* A NUL-terminated copy of a whole string. */
char *arena_copy_string(struct arena *arena, const char *string);

#endif
