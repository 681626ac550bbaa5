/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Compressed captures as plain streams: gzip (RFC 1952), zstd (RFC 8878), xz; found by their first bytes.
 *
 * Data is decompressed as it is read: memory does not grow with the file. Each library
 * is optional (HAVE_ZLIB, HAVE_ZSTD, HAVE_LZMA).
 */
#ifndef CAPTURE_DECOMPRESS_H
#define CAPTURE_DECOMPRESS_H

#include <stdio.h>

#include "base/limits.h"
#include "base/text.h"

/*
 * A stream of what `raw` holds, decompressed where it is compressed. Takes `raw`, which
 * nothing was read from and may be a pipe, and closes it with the stream (standard input stays open). NULL with a
 * sentence in `error` when the format is one that cannot be read here.
 *
 * `error` is borrowed until the stream is closed: a read that fails leaves a sentence there, as one does behind limits->unfolding.
 */
FILE *decompress_open(FILE *raw, const struct limits *limits, struct text *error);

#endif
