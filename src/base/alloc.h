/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory from the heap that is never NULL.
 *
 * A program that replays captures cannot go on sensibly without memory, so every
 * function here calls alloc_fail() when there is none. The caller owns what is returned
 * and frees it with free().
 */
#ifndef BASE_ALLOC_H
#define BASE_ALLOC_H

#include <stddef.h>

/*
 * Ends the process. It aborts, unless the program has a function of this name of its own, which tells the user: nothing here
 * knows how.
 */
_Noreturn void alloc_fail(void);

/* n_items * item_size bytes, all zero; an overflow of the product is no memory either. */
void *alloc_zeroed(size_t n_items, size_t item_size);

/* `old` grown or shrunk to n_items * item_size bytes; new bytes are not set. */
void *alloc_resize(void *old, size_t n_items, size_t item_size);

/*
 * The same as alloc_zeroed() for a table or a slab that is looked into at random: aligned to `align` bytes (a power of
 * two), and, from some megabytes on, in huge pages where the system has them, which saves most of the page walks.
 */
void *alloc_table(size_t n_items, size_t item_size, size_t align);

/* Likewise, but nothing is set, and what is never written takes no memory. */
void *alloc_untouched(size_t n_items, size_t item_size, size_t align);

/* As malloc(), for libraries that let a program choose. */
void *alloc_for_library(size_t size);

/* Zeroes memory by the library's memset(): where they know a size of some hundred bytes, compilers put something slower there. */
void alloc_clear(void *memory, size_t len);

/* A copy of the first `len` bytes of `text`, with a terminating NUL added. */
char *alloc_copy(const char *text, size_t len);

/* Capacity to grow an array to, so that `needed` items fit (doubling, at least 8). */
size_t alloc_grown_capacity(size_t capacity, size_t needed);

/* An array of `n` items that has room for one more, which is zero; NULL with capacity 0 is an array, too. */
void *alloc_one_more(void *array, size_t n, size_t *capacity, size_t item_size);

#endif
