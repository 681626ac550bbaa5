/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records of one size, each different one kept once, numbered 1, 2, 3 ... in order of appearance. They are compared as bytes. */
#ifndef BASE_INTERNED_H
#define BASE_INTERNED_H

#include <stddef.h>
#include <stdint.h>

struct interned {
	size_t record_size;	/* a multiple of 8 */
	char *records;		/* owned */
	uint32_t n_records, capacity;
	uint32_t *slots;	/* owned: numbers, by hash; 0: free */
	uint32_t n_slots;	/* a power of two */
};

void interned_init(struct interned *interned, size_t record_size);
void interned_clear(struct interned *interned);

/* The number of the record that equals `record`, which becomes one when there is none. Padding counts: zero it. */
uint32_t interned_add(struct interned *interned, const void *record);

/* Until the next one is added. */
static inline const void *interned_at(const struct interned *interned, uint32_t number)
{
	return interned->records + (size_t)(number - 1) * interned->record_size;
}

#endif
