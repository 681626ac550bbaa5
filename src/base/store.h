/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Objects of a few sizes, each known by a number of 32 bits: half of a pointer, which is what a table of millions of them is made
 * of. Numbers run from 1 to STORE_LAST; an object keeps its own until it is given back, and never moves. Slabs come whole from
 * the system and are touched only where objects are.
 */
#ifndef BASE_STORE_H
#define BASE_STORE_H

#include <stddef.h>
#include <stdint.h>

enum { STORE_MOST_SIZES = 8, STORE_SLAB_BITS = 17, STORE_SLAB_OBJECTS = 1 << STORE_SLAB_BITS };

/* The highest number that an object can have; the bit above is the owner's. */
#define STORE_LAST UINT32_C(0x7fffffff)

/* Numbers whose upper bits are equal. */
struct store_slab {
	char *memory;			/* owned; NULL for slab 0, whose numbers nobody has */
	uint32_t object_size;
	uint32_t size;			/* which of the store's sizes */
};

struct store_size {
	uint32_t object_size;
	uint32_t free;			/* number of an object that was given back, which holds the next one's; 0: none */
	uint32_t next, n_left;		/* of the newest slab: numbers that nobody had yet */
	uint32_t n_objects;		/* of the newest slab */
};

struct store {
	struct store_slab *slabs;	/* owned */
	uint32_t n_slabs, capacity;
	struct store_size sizes[STORE_MOST_SIZES];
	uint64_t n_live;
};

/* An empty store of objects of `n_sizes` sizes in bytes, multiples of 8. */
void store_init(struct store *store, const size_t *sizes, unsigned n_sizes);

/* Frees everything, live objects too. */
void store_clear(struct store *store);

/* A zeroed object of sizes[size]. Never NULL. */
void *store_take(struct store *store, unsigned size, uint32_t *number);

/* Gives back an object that was taken. */
void store_give(struct store *store, uint32_t number);

/* The object of a number that is taken. */
static inline void *store_at(const struct store *store, uint32_t number)
{
	const struct store_slab *slab = &store->slabs[number >> STORE_SLAB_BITS];

	return slab->memory + (size_t)(number & (STORE_SLAB_OBJECTS - 1)) * slab->object_size;
}

#endif
