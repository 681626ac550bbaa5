/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/map.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* FNV-1a: short keys, no hostile input that could not be hostile in easier ways. */
static size_t hash_string(const char *key)
{
	uint64_t hash = 14695981039346656037u;

	for (; *key; key++)
		hash = (hash ^ (unsigned char)*key) * 1099511628211u;
	return (size_t)(hash ^ (hash >> 32));
}

static struct map_slot *find_slot(const struct map *map, const char *key)
{
	size_t i = hash_string(key) & (map->n_slots - 1);

	while (map->slots[i].key && strcmp(map->slots[i].key, key) != 0)
		i = (i + 1) & (map->n_slots - 1);
	return &map->slots[i];
}

void map_init(struct map *map)
{
	memset(map, 0, sizeof(*map));
}

void map_clear(struct map *map)
{
	free(map->slots);
	map_init(map);
}

void *map_find(const struct map *map, const char *key)
{
	return map->n_slots ? find_slot(map, key)->value : NULL;
}

static void grow(struct map *map)
{
	struct map bigger = { .n_slots = map->n_slots ? map->n_slots * 2 : 16 };

	bigger.slots = alloc_zeroed(bigger.n_slots, sizeof(*bigger.slots));
	for (size_t i = 0; i < map->n_slots; i++)
		if (map->slots[i].key)
			*find_slot(&bigger, map->slots[i].key) = map->slots[i];
	bigger.n_used = map->n_used;
	free(map->slots);
	*map = bigger;
}

void map_add(struct map *map, const char *key, void *value)
{
	struct map_slot *slot;

	if ((map->n_used + 1) * 4 > map->n_slots * 3)
		grow(map);
	slot = find_slot(map, key);
	if (!slot->key)
		map->n_used++;
	slot->key = key;
	slot->value = value;
}

/* Whoever stands behind the gap, and would have taken it, moves up: no search ends at it early (Knuth, volume 3, algorithm 6.4R). */
void map_remove(struct map *map, const char *key)
{
	struct map_slot *gap = map->n_slots ? find_slot(map, key) : NULL;
	size_t mask = map->n_slots - 1, i;

	if (!gap || !gap->key)
		return;
	map->n_used--;
	for (i = (size_t)(gap - map->slots + 1) & mask; map->slots[i].key; i = (i + 1) & mask) {
		size_t home = hash_string(map->slots[i].key) & mask, hole = (size_t)(gap - map->slots);

		if (((i - home) & mask) < ((i - hole) & mask))
			continue;
		*gap = map->slots[i];
		gap = &map->slots[i];
	}
	*gap = (struct map_slot){ .key = NULL };
}
