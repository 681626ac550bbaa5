/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/alloc.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif

enum { ALLOC_HUGE_PAGE = 2 * 1024 * 1024 };

__attribute__((weak)) _Noreturn void alloc_fail(void)
{
	abort();
}

void *alloc_zeroed(size_t n_items, size_t item_size)
{
	void *memory = calloc(n_items ? n_items : 1, item_size ? item_size : 1);

	if (!memory)
		alloc_fail();
	return memory;
}

void *alloc_resize(void *old, size_t n_items, size_t item_size)
{
	void *memory;

	if (item_size && n_items > SIZE_MAX / item_size)
		alloc_fail();
	memory = realloc(old, n_items && item_size ? n_items * item_size : 1);
	if (!memory)
		alloc_fail();
	return memory;
}

void *alloc_untouched(size_t n_items, size_t item_size, size_t align)
{
	size_t size;
	void *memory;

	if (item_size && n_items > (SIZE_MAX - ALLOC_HUGE_PAGE) / item_size)
		alloc_fail();
	size = n_items * item_size;
	if (size >= ALLOC_HUGE_PAGE)
		align = ALLOC_HUGE_PAGE;
	size = size ? (size + align - 1) / align * align : align;
	memory = aligned_alloc(align, size);
	if (!memory)
		alloc_fail();
#ifdef MADV_HUGEPAGE
	if (align == ALLOC_HUGE_PAGE)
		(void)madvise(memory, size, MADV_HUGEPAGE);	/* a wish: without it everything works as well */
#endif
	return memory;
}

void *alloc_table(size_t n_items, size_t item_size, size_t align)
{
	void *memory = alloc_untouched(n_items, item_size, align);

	memset(memory, 0, n_items * item_size);
	return memory;
}

void *alloc_for_library(size_t size)
{
	return alloc_resize(NULL, size, 1);
}

void alloc_clear(void *memory, size_t len)
{
	memset(memory, 0, len);
}

char *alloc_copy(const char *text, size_t len)
{
	char *copy = alloc_zeroed(len + 1, 1);

	if (len)
		memcpy(copy, text, len);
	return copy;
}

size_t alloc_grown_capacity(size_t capacity, size_t needed)
{
	size_t grown = capacity < 8 ? 8 : capacity;

	while (grown < needed) {
		if (grown > SIZE_MAX / 2)
			alloc_fail();
		grown *= 2;
	}
	return grown;
}

void *alloc_one_more(void *array, size_t n, size_t *capacity, size_t item_size)
{
	if (n == *capacity) {
		*capacity = alloc_grown_capacity(*capacity, n + 1);
		array = alloc_resize(array, *capacity, item_size);
	}
	memset((char *)array + n * item_size, 0, item_size);
	return array;
}
