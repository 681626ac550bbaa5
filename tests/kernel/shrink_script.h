/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames as a packet script (docs/packet-scripts.md). */
#ifndef SHRINK_SCRIPT_H
#define SHRINK_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

enum { SHRINK_LINK_TYPE = 1 };	/* Ethernet */

struct shrink_frame {
	int64_t time_ns;
	uint8_t *bytes;
	size_t len;
};

/* False when a script cannot say them byte by byte. */
bool shrink_script_print(const struct shrink_frame *frames, size_t n_frames, struct text *out);

#endif
