/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * How many, over time: packets by verdict, and entries of the table, in slices of equal length. When the time grows, the
 * slices do: two become one. So memory is constant, and the first packet is counted as exactly as the last.
 */
#ifndef PICTURE_RATES_H
#define PICTURE_RATES_H

#include <stdbool.h>
#include <stdint.h>

#include "clock/vtime.h"
#include "event/words.h"

enum { RATES_SLICES = 240 };

struct rates_slice {
	uint64_t n_packets[VERDICT_COUNT];
	uint64_t most_entries;		/* at one moment of it */
	uint64_t last_entries;		/* when it ended */
	bool is_touched;		/* else the two are those of the slice before */
};

struct rates {
	struct rates_slice slices[RATES_SLICES];
	int64_t slice_ns;
	uint64_t n_entries;		/* now */
	int last;			/* the slice that is counted now */
};

void rates_init(struct rates *rates);
void rates_count_packet(struct rates *rates, struct vtime time, enum verdict verdict);

/* The table has one entry more (1) or less (-1). */
void rates_change_entries(struct rates *rates, struct vtime time, int change);

/* Entries at most in a slice, untouched ones included. */
uint64_t rates_entries(const struct rates *rates, int slice);

#endif
