/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/text_layout.h"

#include <string.h>

#include "base/utf8.h"

enum { MOST_HELD = 250, GAP = 2, WIDEST_COLUMN = 72 };

/* Kinds of line; the first byte of a held one. */
enum { LINE_ROW = 'R', LINE_NOTE = 'N', LINE_PLAIN = 'L' };

static const struct {
	const char *heading;
	size_t min_width, max_width;
	bool is_right_aligned;
} columns[COLUMN_COUNT] = {
	[COLUMN_NUMBER] = { "No.", 3, 9, true },
	[COLUMN_TIME] = { "Time", 8, 16, true },
	[COLUMN_VERDICT] = { "Verdict", 7, 8, false },
	[COLUMN_CTSTATE] = { "ctstate", 7, 11, false },
	[COLUMN_PACKET] = { "Packet", 20, WIDEST_COLUMN, false },
	[COLUMN_ENTRY] = { "Entry", 8, 34, false },
	[COLUMN_HOOKS] = { "Hooks", 6, 16, false },
	[COLUMN_RULE] = { "Decided by", 10, 26, false },
	[COLUMN_PLACE] = { "", 0, 20, false },
};

static const char *const style_codes[STYLE_COUNT] = {
	[STYLE_PLAIN] = "", [STYLE_DIM] = "2", [STYLE_BOLD] = "1", [STYLE_RED] = "31", [STYLE_GREEN] = "32",
	[STYLE_YELLOW] = "33", [STYLE_BLUE] = "34", [STYLE_MAGENTA] = "35", [STYLE_CYAN] = "36",
};

void text_layout_init(struct text_layout *layout, struct text *out, bool is_immediate)
{
	memset(layout, 0, sizeof(*layout));
	layout->out = out;
	layout->is_streaming = is_immediate;
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		layout->widths[i] = columns[i].min_width;
}

void text_layout_clear(struct text_layout *layout)
{
	text_clear(&layout->row);
	text_clear(&layout->held);
}

void text_layout_add_cell_bytes(struct text_layout *layout, enum text_style style, const char *bytes, size_t len)
{
	struct text_cell *cell = &layout->cells[layout->n_cells];

	if (layout->n_cells == COLUMN_COUNT)
		return;
	layout->n_cells++;
	cell->style = style;
	cell->start = layout->row.len;
	cell->width = utf8_append_printable_bytes(&layout->row, bytes, len);
	cell->len = layout->row.len - cell->start;
}

void text_layout_add_cell(struct text_layout *layout, enum text_style style, const char *string)
{
	text_layout_add_cell_bytes(layout, style, string, strlen(string));
}

enum { LONGEST_STYLE = sizeof("\033[NNm\033[0m") };

/* Writes a cell, which has room; returns what is behind it. */
static char *write_styled(const struct text_layout *layout, char *at, enum text_style style, const char *bytes, size_t len)
{
	bool is_styled = layout->has_color && style != STYLE_PLAIN && len;

	if (is_styled) {
		at = stpcpy(at, "\033[");
		at = stpcpy(at, style_codes[style]);
		*at++ = 'm';
	}
	at = text_write_short(at, bytes, len);
	return is_styled ? stpcpy(at, "\033[0m") : at;
}

enum { SPACES_AT_ONCE = 32 };

/* Writes `n` spaces, and may write SPACES_AT_ONCE: most gaps are small, and a copy of always the same length is a few stores. */
static char *write_spaces(char *at, size_t n)
{
	memcpy(at, "                                ", SPACES_AT_ONCE);
	if (n > SPACES_AT_ONCE)
		memset(at, ' ', n);
	return at + n;
}

/* Where a column starts, in glyphs from the left margin. */
static size_t column_start(const struct text_layout *layout, size_t column)
{
	size_t start = 0;

	for (size_t i = 0; i < column; i++)
		start += layout->widths[i] + GAP;
	return start;
}

/* The column at which rows are broken in two; COLUMN_COUNT: they are not. */
static size_t break_column(const struct text_layout *layout)
{
	if (!layout->columns || column_start(layout, COLUMN_COUNT) <= layout->columns + GAP)
		return COLUMN_COUNT;
	return column_start(layout, COLUMN_HOOKS) <= layout->columns + GAP ? COLUMN_HOOKS : COLUMN_ENTRY;
}

/* The last cell that holds anything: nothing is padded behind it. */
static size_t last_cell(const struct text_layout *layout)
{
	size_t last = layout->n_cells;

	while (last > 1 && !layout->cells[last - 1].len)
		last--;
	return last;
}

/* How much a row can take at most, however it is styled, padded and broken; and what the last copy may write behind it. */
enum { WIDEST_ROW = COLUMN_COUNT * (WIDEST_COLUMN + GAP + LONGEST_STYLE) + SPACES_AT_ONCE + TEXT_AT_ONCE + sizeof("\n\n") };

static size_t row_room(const struct text_layout *layout, size_t indent)
{
	return layout->row.len + indent + WIDEST_ROW;
}

static void write_row(struct text_layout *layout)
{
	size_t n_cells = last_cell(layout), broken_at = break_column(layout);
	size_t indent = broken_at < n_cells ? column_start(layout, COLUMN_PACKET) : 0;
	size_t overflow = 0; /* glyphs by which the row is ahead of its columns */
	char *at = text_room(layout->out, row_room(layout, indent));

	text_room(&layout->row, TEXT_AT_ONCE);
	for (size_t i = 0; i < n_cells; i++) {
		const struct text_cell *cell = &layout->cells[i];
		size_t width = cell->width;
		size_t space = width < layout->widths[i] ? layout->widths[i] - width : 0, given_back;

		if (i == broken_at) {
			*at++ = '\n';
			at = write_spaces(at, indent);
			overflow = 0;
		}
		if (columns[i].is_right_aligned)
			at = write_spaces(at, space);
		at = write_styled(layout, at, cell->style, text_string(&layout->row) + cell->start, cell->len);
		if (width > layout->widths[i])
			overflow += width - layout->widths[i];
		if (i + 1 == n_cells || i + 1 == broken_at)
			continue;
		if (columns[i].is_right_aligned)
			space = 0;
		given_back = overflow < space ? overflow : space;
		overflow -= given_back;
		at = write_spaces(at, space - given_back + GAP);
	}
	*at++ = '\n';
	text_end_at(layout->out, at);
}

static void write_heading(struct text_layout *layout)
{
	struct text_layout heading;

	if (layout->has_heading)
		return;
	layout->has_heading = true;
	heading = *layout;
	text_init(&heading.row);
	heading.n_cells = 0;
	for (size_t i = 0; i < COLUMN_COUNT; i++)
		text_layout_add_cell(&heading, STYLE_BOLD, columns[i].heading);
	write_row(&heading);
	text_clear(&heading.row);
}

static void write_line(struct text_layout *layout, char kind)
{
	if (kind == LINE_PLAIN) {
		char *at = text_room(layout->out, layout->row.len + LONGEST_STYLE + TEXT_AT_ONCE + 1);

		text_room(&layout->row, TEXT_AT_ONCE);
		at = write_styled(layout, at, layout->cells[0].style, text_string(&layout->row), layout->row.len);
		*at++ = '\n';
		text_end_at(layout->out, at);
		return;
	}
	write_heading(layout);
	write_row(layout);
}

static void widen_column(struct text_layout *layout, size_t column, size_t width)
{
	if (width > layout->widths[column] && width <= columns[column].max_width)
		layout->widths[column] = width;
}

static void widen(struct text_layout *layout, size_t n_cells)
{
	for (size_t i = 0; i < n_cells; i++)
		widen_column(layout, i, layout->cells[i].width);
}

/* A held line: kind, then for each cell its style, its bytes and a tab; a newline. Cells hold no control characters. */
static void hold(struct text_layout *layout, char kind)
{
	text_append_char(&layout->held, kind);
	for (size_t i = 0; i < layout->n_cells; i++) {
		const struct text_cell *cell = &layout->cells[i];

		text_append_char(&layout->held, (char)('a' + (int)cell->style));
		text_append_bytes(&layout->held, text_string(&layout->row) + cell->start, cell->len);
		text_append_char(&layout->held, '\t');
	}
	text_append_char(&layout->held, '\n');
	layout->n_held++;
}

static void empty_row(struct text_layout *layout)
{
	layout->n_cells = 0;
	text_reset(&layout->row);
}

/* Reads a held line back; returns where the next one starts. */
static const char *recall(struct text_layout *layout, const char *at)
{
	empty_row(layout);
	for (at++; *at != '\n'; at++) {
		struct text_cell *cell = &layout->cells[layout->n_cells++];
		size_t len = strcspn(at + 1, "\t");

		cell->style = (enum text_style)(*at - 'a');
		cell->start = layout->row.len;
		cell->width = utf8_append_printable_bytes(&layout->row, at + 1, len);
		cell->len = len;
		at += 1 + len;
	}
	return at + 1;
}

void text_layout_flush(struct text_layout *layout)
{
	const char *at = text_string(&layout->held);

	while (*at) {
		char kind = *at;

		at = recall(layout, at);
		write_line(layout, kind);
		empty_row(layout);
	}
	text_clear(&layout->held);
	layout->n_held = 0;
	layout->is_streaming = true;
}

static void end_line(struct text_layout *layout, char kind)
{
	if (layout->is_streaming) {
		write_line(layout, kind);
	} else {
		hold(layout, kind);
		if (layout->n_held >= MOST_HELD)
			text_layout_flush(layout);
	}
	empty_row(layout);
}

void text_layout_begin_row(struct text_layout *layout, size_t room)
{
	/* The heading waits for the first row's widths. */
	if (!layout->is_streaming || !layout->has_heading || layout->has_color || layout->columns)
		return;
	layout->straight = (struct text_straight){ .at = text_room(layout->out, room + WIDEST_ROW) };
}

char *text_layout_begin_cell(struct text_layout *layout, size_t room, size_t width)
{
	struct text_straight *straight = &layout->straight;
	size_t column = layout->n_cells;

	if (!straight->at)
		return text_room(&layout->row, room);
	if (columns[column].is_right_aligned && width < layout->widths[column])
		straight->gap += layout->widths[column] - width;
	return write_spaces(straight->at, straight->gap);
}

/* An empty cell is nothing but a wider gap, and none stands behind the last one that is not. */
static void end_straight_cell(struct text_layout *layout, char *end, size_t width)
{
	struct text_straight *straight = &layout->straight;
	size_t column = layout->n_cells++, own, space = 0, given_back;

	widen_column(layout, column, width);
	own = layout->widths[column];
	if (width > own)
		straight->overflow += width - own;
	else if (!columns[column].is_right_aligned)
		space = own - width;
	given_back = straight->overflow < space ? straight->overflow : space;
	straight->overflow -= given_back;
	if (width) {
		straight->at = end;
		straight->gap = 0;
	}
	straight->gap += space - given_back + GAP;
}

void text_layout_end_cell(struct text_layout *layout, enum text_style style, char *end, size_t width)
{
	size_t start = layout->row.len;

	if (layout->straight.at) {
		end_straight_cell(layout, end, width);
		return;
	}
	text_end_at(&layout->row, end);
	layout->cells[layout->n_cells++] =
		(struct text_cell){ .start = start, .len = layout->row.len - start, .width = width, .style = style };
}

static void end_straight_row(struct text_layout *layout)
{
	*layout->straight.at++ = '\n';
	text_end_at(layout->out, layout->straight.at);
	layout->straight.at = NULL;
	layout->n_cells = 0;
}

void text_layout_end_row(struct text_layout *layout)
{
	if (layout->straight.at) {
		end_straight_row(layout);
		return;
	}
	widen(layout, layout->n_cells);
	end_line(layout, LINE_ROW);
}

void text_layout_end_note(struct text_layout *layout)
{
	widen(layout, layout->n_cells ? layout->n_cells - 1 : 0);
	end_line(layout, LINE_NOTE);
}

void text_layout_add_line(struct text_layout *layout, enum text_style style, const char *string)
{
	empty_row(layout);
	text_layout_add_cell(layout, style, string);
	end_line(layout, LINE_PLAIN);
}
