/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/store.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* The first slabs of a size are small, so that a small run stays small; the largest are whole huge pages whatever the size. */
enum { STORE_FIRST_OBJECTS = 128, STORE_GROWTH = 32, STORE_LINE = 64 };

void store_init(struct store *store, const size_t *sizes, unsigned n_sizes)
{
	assert(n_sizes <= STORE_MOST_SIZES);
	memset(store, 0, sizeof(*store));
	for (unsigned i = 0; i < n_sizes; i++)
		store->sizes[i].object_size = (uint32_t)sizes[i];
}

void store_clear(struct store *store)
{
	for (uint32_t i = 0; i < store->n_slabs; i++)
		free(store->slabs[i].memory);
	free(store->slabs);
	memset(store, 0, sizeof(*store));
}

static void append_slab(struct store *store, struct store_slab slab)
{
	if (store->n_slabs == store->capacity) {
		store->capacity = (uint32_t)alloc_grown_capacity(store->capacity, store->n_slabs + 1);
		store->slabs = alloc_resize(store->slabs, store->capacity, sizeof(*store->slabs));
	}
	store->slabs[store->n_slabs++] = slab;
}

static void add_slab(struct store *store, unsigned size)
{
	struct store_size *own = &store->sizes[size];

	if (!store->n_slabs)
		append_slab(store, (struct store_slab){ .memory = NULL });
	if (store->n_slabs > STORE_LAST >> STORE_SLAB_BITS)
		alloc_fail();
	own->n_objects = own->n_objects ? own->n_objects * STORE_GROWTH : STORE_FIRST_OBJECTS;
	if (own->n_objects > STORE_SLAB_OBJECTS)
		own->n_objects = STORE_SLAB_OBJECTS;
	own->next = store->n_slabs << STORE_SLAB_BITS;
	own->n_left = own->n_objects;
	append_slab(store, (struct store_slab){
		.memory = alloc_untouched(own->n_objects, own->object_size, STORE_LINE),
		.object_size = own->object_size, .size = size,
	});
}

void *store_take(struct store *store, unsigned size, uint32_t *number)
{
	struct store_size *own = &store->sizes[size];
	void *object;

	store->n_live++;
	if (own->free) {
		*number = own->free;
		object = store_at(store, *number);
		memcpy(&own->free, object, sizeof(own->free));
	} else {
		if (!own->n_left)
			add_slab(store, size);
		own->n_left--;
		*number = own->next++;
		object = store_at(store, *number);
	}
	memset(object, 0, own->object_size);
	return object;
}

void store_give(struct store *store, uint32_t number)
{
	struct store_size *own = &store->sizes[store->slabs[number >> STORE_SLAB_BITS].size];

	memcpy(store_at(store, number), &own->free, sizeof(own->free));
	own->free = number;
	store->n_live--;
}
