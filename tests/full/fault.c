/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that runs short at a chosen moment: loaded before the C library (LD_PRELOAD), it lets the allocation number FAULT_AT
 * fail, and every later one. With FAULT_COUNT=FILE instead it writes there how many there were. For glibc.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t align, size_t size);

void *malloc(size_t size);
void *calloc(size_t n, size_t size);
void *realloc(void *old, size_t size);
void *aligned_alloc(size_t align, size_t size);

static unsigned long n_allocations, failing_from;
static const char *count_file;

__attribute__((constructor)) static void start(void)
{
	const char *at = getenv("FAULT_AT");

	count_file = getenv("FAULT_COUNT");
	failing_from = at ? strtoul(at, NULL, 10) : 0;
	n_allocations = 0;
}

__attribute__((destructor)) static void tell(void)
{
	char line[24];
	int fd, len;

	if (!count_file)
		return;
	len = snprintf(line, sizeof(line), "%lu\n", n_allocations);
	fd = open(count_file, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd >= 0 && len > 0 && write(fd, line, (size_t)len) == len)
		close(fd);
}

static bool is_short(void)
{
	n_allocations++;
	if (!failing_from || n_allocations < failing_from)
		return false;
	errno = ENOMEM;
	return true;
}

void *malloc(size_t size)
{
	return is_short() ? NULL : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return is_short() ? NULL : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return is_short() ? NULL : __libc_realloc(old, size);
}

void *aligned_alloc(size_t align, size_t size)
{
	return is_short() ? NULL : __libc_memalign(align, size);
}
