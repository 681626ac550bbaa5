/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { FEWEST_SLOTS = 64 };

void index_init(struct index *index)
{
	memset(index, 0, sizeof(*index));
}

void index_clear(struct index *index)
{
	free(index->slots);
	index_init(index);
}

/* Multiplied by the golden ratio, the upper bits depend on all bits below; those above are folded in before. */
static size_t first_slot(size_t n_slots, uint64_t key)
{
	return (size_t)((key ^ key >> 32) * 0x9e3779b97f4a7c15u >> 32) & (n_slots - 1);
}

/* Where the key is, or would be. */
static struct index_slot *find_slot(struct index_slot *slots, size_t n_slots, uint64_t key)
{
	size_t slot = first_slot(n_slots, key);

	while (slots[slot].is_used && slots[slot].key != key)
		slot = (slot + 1) & (n_slots - 1);
	return &slots[slot];
}

static void grow(struct index *index)
{
	size_t n_slots = index->n_slots ? index->n_slots * 2 : FEWEST_SLOTS;
	struct index_slot *slots = alloc_zeroed(n_slots, sizeof(*slots));

	for (size_t i = 0; i < index->n_slots; i++)
		if (index->slots[i].is_used)
			*find_slot(slots, n_slots, index->slots[i].key) = index->slots[i];
	free(index->slots);
	index->slots = slots;
	index->n_slots = n_slots;
}

uint32_t *index_find(const struct index *index, uint64_t key)
{
	struct index_slot *slot = index->n_slots ? find_slot(index->slots, index->n_slots, key) : NULL;

	return slot && slot->is_used ? &slot->value : NULL;
}

void index_foresee(const struct index *index, uint64_t key)
{
	if (index->n_slots)
		__builtin_prefetch(&index->slots[first_slot(index->n_slots, key)]);
}

bool index_add(struct index *index, uint64_t key, uint32_t value)
{
	struct index_slot *slot;

	if (index->n_used * 2 >= index->n_slots)
		grow(index);
	slot = find_slot(index->slots, index->n_slots, key);
	if (slot->is_used)
		return false;
	*slot = (struct index_slot){ .key = key, .value = value, .is_used = true };
	index->n_used++;
	return true;
}
