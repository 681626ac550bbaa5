/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A time axis: virtual times to pixels. Where the times of a tale lie very unevenly (milliseconds of packets, then
 * minutes until an entry expires), silences are shortened, and the axis says so; the order of things is always true.
 */
#ifndef PICTURE_AXIS_H
#define PICTURE_AXIS_H

#include <stdbool.h>
#include <stddef.h>

#include "clock/vtime.h"
#include "picture/canvas.h"
#include "picture/tale.h"

struct axis {
	struct vtime *times;		/* owned; ascending, each once; [0] is the first */
	int *x;				/* owned; of each time */
	size_t n;
	int left, right;
	bool is_shortened;
};

/* For the packets of a tale, and the beginnings and ends of its first `n_entries` entries. */
void axis_init(struct axis *axis, const struct tale *tale, size_t n_entries, int left, int right);
void axis_clear(struct axis *axis);

int axis_x(const struct axis *axis, struct vtime time);

/* The line at `y` with its ticks below, and a faint line up to `top` at each. */
void axis_draw(const struct axis *axis, struct canvas *canvas, int top, int y);

#endif
