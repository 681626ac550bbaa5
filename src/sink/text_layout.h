/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table that `run` shows: rows of cells that stand below each other.
 *
 * The first rows are held back until their widths are known; then the heading is
 * written, and every further row as it comes. Widths only ever grow, so memory is
 * constant. A cell that is wider than its column may get (a long IPv6 flow) widens
 * nothing: its own row alone runs ahead, and falls back into step as soon as there is
 * room. On a terminal that is too narrow each row is broken in two, at one column.
 *
 * Whatever is put into a cell comes out as printable text: control characters of a
 * hostile capture or rule file never reach the terminal.
 */
#ifndef SINK_TEXT_LAYOUT_H
#define SINK_TEXT_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"

enum text_column {
	COLUMN_NUMBER,
	COLUMN_TIME,
	COLUMN_VERDICT,
	COLUMN_CTSTATE,
	COLUMN_PACKET,
	COLUMN_ENTRY,
	COLUMN_HOOKS,
	COLUMN_RULE,
	COLUMN_PLACE,
	COLUMN_COUNT,
};

enum text_style {
	STYLE_PLAIN,
	STYLE_DIM,
	STYLE_BOLD,
	STYLE_RED,
	STYLE_GREEN,
	STYLE_YELLOW,
	STYLE_BLUE,
	STYLE_MAGENTA,
	STYLE_CYAN,
	STYLE_COUNT,
};

struct text_cell {
	size_t start, len;	/* in the row's bytes */
	size_t width;		/* glyphs */
	enum text_style style;
};

/* Where a row is that is written straight into the output. */
struct text_straight {
	char *at;			/* behind the last cell that holds anything; NULL: the row is made of cells first */
	size_t gap;			/* spaces between it and the next one */
	size_t overflow;		/* glyphs by which the row is ahead of its columns */
};

struct text_layout {
	struct text *out;		/* borrowed */
	bool has_color;
	unsigned columns;		/* of the terminal; 0: no limit */
	struct text row;		/* of the row that is being made: the cells' bytes, printable */
	struct text_cell cells[COLUMN_COUNT];
	size_t n_cells;
	struct text_straight straight;
	size_t widths[COLUMN_COUNT];	/* glyphs */
	bool has_heading;		/* was written */
	struct text held;		/* rows that wait for their widths, encoded */
	size_t n_held;
	bool is_streaming;		/* nothing is held any more */
};

/* With `is_immediate` nothing is ever held back. */
void text_layout_init(struct text_layout *layout, struct text *out, bool is_immediate);
void text_layout_clear(struct text_layout *layout);

/* Cells are added from the left; text_layout_end_row() ends a row of the table. */
void text_layout_add_cell(struct text_layout *layout, enum text_style style, const char *string);
void text_layout_add_cell_bytes(struct text_layout *layout, enum text_style style, const char *bytes, size_t len);

/*
 * A cell of printable text, which the caller writes between the two calls: the first says where there is room for `room` bytes.
 * `width`: its glyphs, which a column that is aligned to the right has to know before; of others 0 will do.
 */
char *text_layout_begin_cell(struct text_layout *layout, size_t room, size_t width);

/* `end` is behind the bytes. */
void text_layout_end_cell(struct text_layout *layout, enum text_style style, char *end, size_t width);

/*
 * Of a row all of whose cells are made that way and have room for `room` bytes together, and which text_layout_end_row() ends: where rows
 * are neither held back, coloured nor broken, it is written once, straight into the output.
 */
void text_layout_begin_row(struct text_layout *layout, size_t room);

/* Ends a row whose last cell runs on across all columns to its right, and widens none. */
void text_layout_end_note(struct text_layout *layout);
void text_layout_end_row(struct text_layout *layout);

/* A line of its own, from the left margin. */
void text_layout_add_line(struct text_layout *layout, enum text_style style, const char *string);

/* Writes what is held. */
void text_layout_flush(struct text_layout *layout);

#endif
