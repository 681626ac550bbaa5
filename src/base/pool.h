/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects of one size, taken and given back in any order.
 *
 * Connections live in pools: no malloc on the per-packet path, neighbours in memory,
 * and a live count that must be zero when a run has ended.
 */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool_slab;

struct pool {
	size_t object_size;		/* bytes, a multiple of 16 */
	struct pool_slab *slabs;
	void *free_list;
	uint64_t n_live;
};

/* An empty pool of objects of at least `object_size` bytes each, 64-byte aligned slabs. */
void pool_init(struct pool *pool, size_t object_size);

/* Frees every slab. All objects become invalid, live ones too. */
void pool_clear(struct pool *pool);

/* A zeroed object. Never NULL. */
void *pool_take(struct pool *pool);

/* Gives back an object that pool_take() of this pool returned. */
void pool_give(struct pool *pool, void *object);

#endif
