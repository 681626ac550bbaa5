/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/system.h"

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <unistd.h>
#ifdef HAVE_STDIO_EXT_H
#include <stdio_ext.h>
#endif
#ifdef HAVE_SYS_RANDOM_H
#include <sys/random.h>
#endif

#include "base/alloc.h"

#ifdef HAVE_FOPENCOOKIE	/* GNU, musl; FreeBSD has both */

FILE *system_open_stream(void *cookie, system_read *read, system_close *close)
{
	return fopencookie(cookie, "r", (cookie_io_functions_t){ .read = read, .close = close });
}

#else	/* BSD, macOS: lengths are int there */

struct funopen_cookie {
	void *cookie;
	system_read *read;
	system_close *close;
};

static int read_funopen(void *cookie, char *buffer, int size)
{
	const struct funopen_cookie *stream = cookie;

	return (int)stream->read(stream->cookie, buffer, (size_t)size);
}

static int close_funopen(void *cookie)
{
	struct funopen_cookie *stream = cookie;
	int result = stream->close(stream->cookie);

	free(stream);
	return result;
}

FILE *system_open_stream(void *cookie, system_read *read, system_close *close)
{
	struct funopen_cookie *stream = alloc_zeroed(1, sizeof(*stream));
	FILE *file;

	*stream = (struct funopen_cookie){ cookie, read, close };
	file = funopen(stream, read_funopen, NULL, NULL, close_funopen);
	if (!file)
		free(stream);
	return file;
}

#endif

void system_skip_locks(FILE *stream)
{
#ifdef HAVE___FSETLOCKING
	__fsetlocking(stream, FSETLOCKING_BYCALLER);
#else
	(void)stream;
#endif
}

bool system_pipe(int ends[2])
{
#ifdef HAVE_PIPE2
	return pipe2(ends, O_CLOEXEC) == 0;
#else
	if (pipe(ends) < 0)
		return false;
	for (int i = 0; i < 2; i++)
		(void)fcntl(ends[i], F_SETFD, FD_CLOEXEC);
	return true;
#endif
}

unsigned system_n_processors(void)
{
	long n = 1;
#if defined(HAVE_SCHED_GETAFFINITY) && defined(CPU_COUNT)
	cpu_set_t set;

	CPU_ZERO(&set);
	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		n = CPU_COUNT(&set);
#elif defined(_SC_NPROCESSORS_ONLN)
	n = sysconf(_SC_NPROCESSORS_ONLN);
#endif
	return n < 1 ? 1 : (unsigned)n;
}

struct timespec system_change_time(const struct stat *status)
{
#ifdef HAVE_STRUCT_STAT_ST_MTIM
	return status->st_mtim;
#else	/* macOS */
	return status->st_mtimespec;
#endif
}

bool system_random(void *memory, size_t size)
{
#ifdef HAVE_GETENTROPY
	return getentropy(memory, size) == 0;
#else
	int device = open("/dev/urandom", O_RDONLY | O_CLOEXEC);
	bool is_ok = device >= 0 && read(device, memory, size) == (ssize_t)size;

	if (device >= 0)
		close(device);
	return is_ok;
#endif
}
