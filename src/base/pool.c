/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { POOL_LINE = 64, POOL_FIRST_OBJECTS = 64, POOL_MOST_OBJECTS = 32768 };

struct pool_slab {
	struct pool_slab *next;
	void *memory;
	size_t n_objects;
};

void pool_init(struct pool *pool, size_t object_size)
{
	memset(pool, 0, sizeof(*pool));
	if (object_size < sizeof(void *))
		object_size = sizeof(void *);
	pool->object_size = (object_size + 15) / 16 * 16;
}

void pool_clear(struct pool *pool)
{
	while (pool->slabs) {
		struct pool_slab *next = pool->slabs->next;

		free(pool->slabs->memory);
		free(pool->slabs);
		pool->slabs = next;
	}
	pool->free_list = NULL;
	pool->n_live = 0;
}

/* Slabs double from 64 to 32768 objects, so that a small run stays small. */
static void add_slab(struct pool *pool)
{
	struct pool_slab *slab = alloc_zeroed(1, sizeof(*slab));

	slab->n_objects = pool->slabs ? pool->slabs->n_objects * 2 : POOL_FIRST_OBJECTS;
	if (slab->n_objects > POOL_MOST_OBJECTS)
		slab->n_objects = POOL_MOST_OBJECTS;
	slab->memory = alloc_table(slab->n_objects, pool->object_size, POOL_LINE);
	slab->next = pool->slabs;
	pool->slabs = slab;
	for (size_t i = slab->n_objects; i-- > 0;) {
		void *object = (char *)slab->memory + i * pool->object_size;

		memcpy(object, &pool->free_list, sizeof(void *));
		pool->free_list = object;
	}
}

void *pool_take(struct pool *pool)
{
	void *object;

	if (!pool->free_list)
		add_slab(pool);
	object = pool->free_list;
	memcpy(&pool->free_list, object, sizeof(void *));
	pool->n_live++;
	memset(object, 0, pool->object_size);
	return object;
}

void pool_give(struct pool *pool, void *object)
{
	memcpy(object, &pool->free_list, sizeof(void *));
	pool->free_list = object;
	pool->n_live--;
}
