/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets that somebody puts in one at a time: a source that ends whenever none waits, and goes on when there is another. */
#ifndef CAPTURE_PUSHED_H
#define CAPTURE_PUSHED_H

#include "capture/source.h"

struct pushed_frame {
	const uint8_t *bytes;		/* borrowed until the packet was taken */
	uint32_t len, original_len;
	int64_t absolute_ns;
	const char *interface;		/* or NULL */
	enum link_direction direction;
};

struct packet_source *pushed_open(int link_type);

/* Of a source of pushed_open(), when no packet waits in it. */
void pushed_put(struct packet_source *source, const struct pushed_frame *frame);

/* No packet that comes is older than this. */
void pushed_wait(struct packet_source *source, struct vtime until);

#endif
