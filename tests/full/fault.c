/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Memory that runs short at a chosen moment: loaded before the C library (LD_PRELOAD), it lets the allocation number FAULT_AT
 * fail, and every later one. With FAULT_COUNT=FILE instead it writes there how many there were. For glibc.
 *
 * libseccomp 2.5 does not survive it while it makes a program of its rules: a memory fault in gen_bpf.c. What it allocates in
 * seccomp_load() is neither counted nor refused.
 */
#include <dlfcn.h>
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

int seccomp_load(void *filter);

static bool is_suspended;
static _Atomic unsigned long n_allocations;
static unsigned long failing_from;
static int count_fd = -1;

__attribute__((constructor)) static void start(void)
{
	const char *at = getenv("FAULT_AT"), *count = getenv("FAULT_COUNT");

	/* Now: a program that confines itself can open nothing at its end. */
	if (count)
		count_fd = open(count, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	failing_from = at ? strtoul(at, NULL, 10) : 0;
	n_allocations = 0;
}

__attribute__((destructor)) static void tell(void)
{
	char line[24];
	int len = snprintf(line, sizeof(line), "%lu\n", n_allocations);

	if (count_fd >= 0 && len > 0 && write(count_fd, line, (size_t)len) == len)
		close(count_fd);
}

static bool is_short(void)
{
	if (is_suspended)
		return false;
	if (++n_allocations < failing_from || !failing_from)
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

int seccomp_load(void *filter)
{
	int (*load)(void *) = (int (*)(void *))dlsym(RTLD_NEXT, "seccomp_load");
	int result;

	is_suspended = true;
	result = load(filter);
	is_suspended = false;
	return result;
}
