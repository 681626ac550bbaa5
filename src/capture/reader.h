/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Capture files: pcap (micro- and nanoseconds) and pcapng through libpcap, plain or
 * compressed (capture/decompress.h), from a file or standard input.
 *
 * Reads as a stream. What pcapng says of interfaces' names and of directions is read beside
 * libpcap (capture/pcapng_places.h).
 */
#ifndef CAPTURE_READER_H
#define CAPTURE_READER_H

#include <stdbool.h>

#include "base/limits.h"
#include "base/text.h"
#include "capture/source.h"

/*
 * Opens `path`, or standard input for "-". NULL with one line in `error`, which names
 * the file, when it is no capture that can be replayed. A capture without packets is fine. `limits`: NULL for the usual ones.
 */
struct packet_source *reader_open(const char *path, const struct limits *limits, struct text *error);

/*
 * True for standard input, pipes and devices: packets come as somebody sends them, and what was read cannot be read again. False also
 * where there is nothing of this name.
 */
bool reader_is_live(const char *path);

#endif
