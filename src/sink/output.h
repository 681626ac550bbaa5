/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where a sink writes to: a file, a stream or a function that is handed in, or memory.
 *
 * A sink appends to `buffer` and thinks of nothing else. Whoever drives the sink calls
 * output_flush_if_full() now and then and output_close() at the end. The first failure
 * (a full disk, a closed pipe) is remembered; what is appended after it is thrown away,
 * and output_close() reports it once, with the path and the system's words.
 *
 * A regular file is written under the name "FILE.partial" beside FILE and renamed when
 * it was closed without failure: a half-written file never looks whole. Devices, pipes
 * and /dev/fd/N are opened as they are.
 */
#ifndef SINK_OUTPUT_H
#define SINK_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/text.h"

/* Takes bytes; false: they could not be written. */
typedef bool output_write(void *owner, const char *bytes, size_t len);

struct output {
	struct text buffer;	/* what was not written yet; everything, for an output to memory */
	FILE *file;		/* NULL: memory, or a function */
	output_write *write;	/* the function, or NULL */
	void *owner;		/* of write */
	char *path;		/* as messages name it; owned; NULL for memory */
	char *final_path;	/* what `partial_path` becomes: FILE, links resolved; owned or NULL */
	char *partial_path;	/* owned; NULL when the file is written under its own name */
	bool owns_file;
	bool is_immediate;	/* flush whenever asked: a terminal, or a pipe that somebody watches */
	int error;		/* errno of the first failure; 0: none */
};

/* An output to memory: the bytes stay in `buffer`. */
void output_init(struct output *output);

/* A stream of the caller's, "standard output" for instance; closing flushes it and leaves it open. */
void output_open_stream(struct output *output, FILE *file, const char *name, bool is_immediate);

/* A function of the caller's, called with what was written whenever somebody asks to flush. */
void output_open_function(struct output *output, output_write *write, void *owner, const char *name);

/* Creates a file. False: `error` tells why, and nothing is open. */
bool output_open_file(struct output *output, const char *path, struct text *error);

/* Writes the buffer out when enough has gathered, or at all when `is_immediate`. */
void output_flush_if_full(struct output *output);

/* Writes the buffer out. After a failure it only empties it. */
void output_flush(struct output *output);

static inline bool output_has_failed(const struct output *output)
{
	return output->error != 0;
}

/*
 * Writes what is left, closes, gives the file its name and frees everything but an output
 * to memory, which keeps its bytes until output_clear(). With `is_complete` false the
 * partial file is removed instead. False after any failure: `error` tells, once.
 */
bool output_close(struct output *output, bool is_complete, struct text *error);

/* Frees; a file that was not closed is thrown away. */
void output_clear(struct output *output);

#endif
