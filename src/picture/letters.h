/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A drawing made of letters, for the terminal: a grid that grows downwards. What is put outside of its width is cut. */
#ifndef PICTURE_LETTERS_H
#define PICTURE_LETTERS_H

#include <stddef.h>

#include "base/text.h"

enum { LETTERS_MOST_ROWS = 2000 };

struct letters_cell { char bytes[5]; };		/* one character, NUL-terminated; "" is a blank */

struct letters {
	struct letters_cell *cells;	/* owned; rows of `width` */
	size_t width, n_rows, capacity;
};

void letters_init(struct letters *letters, size_t width);
void letters_clear(struct letters *letters);

/* From (x, y) to the right; y is below LETTERS_MOST_ROWS, or nothing happens. Control characters become '?'. */
void letters_put(struct letters *letters, size_t x, size_t y, const char *string);

/* Ending before x. */
void letters_put_left_of(struct letters *letters, size_t x, size_t y, const char *string);

/* Around x, cut to at most `most` characters. */
void letters_put_around(struct letters *letters, size_t x, size_t y, size_t most, const char *string);

/* `c` in every cell from one place to the other, which lies to the right of it, or below; only where it is blank. */
void letters_fill(struct letters *letters, size_t x, size_t y, size_t to_x, size_t to_y, char c);

/* All rows, without the blanks at their ends. */
void letters_write(const struct letters *letters, struct text *out);

#endif
