/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/place_cache.h"

#include <string.h>

void place_cache_clear(struct place_cache *cache)
{
	for (size_t i = 0; i < PLACE_CACHE_SLOTS; i++)
		text_clear(&cache->slots[i].printed);
	memset(cache, 0, sizeof(*cache));
}

const struct text *place_cache_print(struct place_cache *cache, const struct rule_place *place, place_print *print)
{
	/* Rules stand side by side in memory: neighbours get neighbouring slots. */
	size_t i = (uintptr_t)place / sizeof(*place) % PLACE_CACHE_SLOTS;

	if (cache->slots[i].place != place) {
		text_reset(&cache->slots[i].printed);
		print(place, &cache->slots[i].printed);
		cache->slots[i].place = place;
	}
	return &cache->slots[i].printed;
}
