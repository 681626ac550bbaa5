/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the C libraries of different systems do in different ways; configure finds which. */
#ifndef BASE_SYSTEM_H
#define BASE_SYSTEM_H

#include <stdbool.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <time.h>

typedef ssize_t system_read(void *cookie, char *buffer, size_t size);	/* 0 is the end, -1 a failure */
typedef int system_close(void *cookie);

/* A stream that reads through functions; NULL, with errno, where there is none to be had. `close` is called by fclose. */
FILE *system_open_stream(void *cookie, system_read *read, system_close *close);

/* The stream is read by one thread alone, so it need not be locked. */
void system_skip_locks(FILE *stream);

/* Two ends that a program that is run does not inherit. False, with errno. */
bool system_pipe(int ends[2]);

/* How many processors this process may use: 1 where the system does not say. */
unsigned system_n_processors(void);

/* When what the file holds was last changed, as precisely as the system says it. */
struct timespec system_change_time(const struct stat *status);

/* Fills the memory with what nobody can foretell. */
bool system_random(void *memory, size_t size);

#endif
