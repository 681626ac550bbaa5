/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Captures written as pcap files, by libpcap.
 *
 * A file appears under its name only when it is whole: packets go to a temporary file
 * beside it, which takes the name in writer_close(). Devices and pipes are written
 * directly. The first failure is kept, and every later call fails.
 */
#ifndef CAPTURE_WRITER_H
#define CAPTURE_WRITER_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/text.h"

struct writer;

/*
 * `link_type` is a DLT_ value. With `has_nanoseconds` times are written in nanoseconds,
 * else cut to microseconds. NULL with one line in `error` when it cannot be created.
 */
struct writer *writer_open(const char *path, int link_type, bool has_nanoseconds, struct text *error);

/* The same onto a stream that the caller opened and closes after writer_close(); `name` is for messages. */
struct writer *writer_open_stream(FILE *stream, const char *name, int link_type, bool has_nanoseconds,
				  struct text *error);

/* One packet; `absolute_ns` is since 1970. False when nothing more can be written. */
bool writer_add(struct writer *writer, int64_t absolute_ns, const uint8_t *bytes, uint32_t captured_len,
		uint32_t original_len);

/* Puts the file in its place. False with one line in `error`, and no file, when something failed. Frees the writer. */
bool writer_close(struct writer *writer, struct text *error);

/* Ends without a file. Frees the writer; NULL is fine. */
void writer_discard(struct writer *writer);

#endif
