/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/interned.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { FIRST_SLOTS = 64 };

void interned_init(struct interned *interned, size_t record_size)
{
	assert(record_size % 8 == 0);
	*interned = (struct interned){ .record_size = record_size };
}

void interned_clear(struct interned *interned)
{
	free(interned->records);
	free(interned->slots);
	interned_init(interned, interned->record_size);
}

/* Each word has an odd factor of its own: no multiplication waits for another. */
static uint64_t hash_of(const struct interned *interned, const void *record)
{
	uint64_t hash = 0, factor = 0x9e3779b97f4a7c15u;

	for (size_t at = 0; at < interned->record_size; at += sizeof(hash)) {
		uint64_t word;

		memcpy(&word, (const char *)record + at, sizeof(word));
		hash += (word ^ word >> 32) * factor;
		factor += 0xc2b2ae3d27d4eb4eu;
	}
	return hash ^ hash >> 32;
}

/* The slot of the record, or the free one where it belongs. */
static uint32_t *find_slot(const struct interned *interned, const void *record)
{
	size_t at = hash_of(interned, record) & (interned->n_slots - 1);

	while (interned->slots[at] &&
	       memcmp(interned_at(interned, interned->slots[at]), record, interned->record_size) != 0)
		at = (at + 1) & (interned->n_slots - 1);
	return &interned->slots[at];
}

static void grow_slots(struct interned *interned)
{
	interned->n_slots = interned->n_slots ? interned->n_slots * 2 : FIRST_SLOTS;
	free(interned->slots);
	interned->slots = alloc_zeroed(interned->n_slots, sizeof(*interned->slots));
	for (uint32_t number = 1; number <= interned->n_records; number++)
		*find_slot(interned, interned_at(interned, number)) = number;
}

uint32_t interned_add(struct interned *interned, const void *record)
{
	uint32_t *slot;

	if ((interned->n_records + 1) * 2 > interned->n_slots)
		grow_slots(interned);
	slot = find_slot(interned, record);
	if (*slot)
		return *slot;
	if (interned->n_records == interned->capacity) {
		interned->capacity = (uint32_t)alloc_grown_capacity(interned->capacity, interned->n_records + 1);
		interned->records = alloc_resize(interned->records, interned->capacity, interned->record_size);
	}
	memcpy(interned->records + interned->n_records * interned->record_size, record, interned->record_size);
	return *slot = ++interned->n_records;
}
