/* SPDX-License-Identifier: GPL-2.0-or-later */
/* 64-bit keys to 32-bit numbers; it only grows. Has this been seen before, and where? Its order never shows. */
#ifndef BASE_INDEX_H
#define BASE_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct index_slot { uint64_t key; uint32_t value; bool is_used; };

struct index {
	struct index_slot *slots;	/* owned; open addressing */
	size_t n_slots, n_used;		/* a power of two, or 0 */
};

void index_init(struct index *index);
void index_clear(struct index *index);

/* The number of a key; NULL when the key is not there. Valid until the next index_add(). */
uint32_t *index_find(const struct index *index, uint64_t key);

/* It will be looked for soon: asks for the memory that this needs. */
void index_foresee(const struct index *index, uint64_t key);

/* True when the key was not there; else its number stays as it is. */
bool index_add(struct index *index, uint64_t key, uint32_t value);

#endif
