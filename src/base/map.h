/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Strings to pointers: chain names, interface names. Insertion order is not kept and
 * never shows: whoever prints walks an array of its own.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stddef.h>

struct map_slot {
	const char *key;	/* borrowed: must outlive the map; NULL when free */
	void *value;
};

struct map {
	struct map_slot *slots;
	size_t n_slots;		/* a power of two, or 0 */
	size_t n_used;
};

void map_init(struct map *map);
void map_clear(struct map *map);

/* The value stored under `key`, or NULL. */
void *map_find(const struct map *map, const char *key);

/* Stores `value` (not NULL) under `key`, replacing what was there. */
void map_add(struct map *map, const char *key, void *value);

/* Forgets `key`, which may be unknown. */
void map_remove(struct map *map, const char *key);

#endif
