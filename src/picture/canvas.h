/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A drawing as a list of shapes, in pixels from the upper left corner. Who draws knows nothing of files; svg.c and
 * gnuplot.c write the list, in the order in which it was made: what comes later lies above.
 *
 * Colours are inks: named by what they are for, and chosen so that they can be told apart by everybody (the palette of
 * Okabe and Ito), on white and on black. What a colour says, a pattern, a dash or a word says too: print is often grey.
 */
#ifndef PICTURE_CANVAS_H
#define PICTURE_CANVAS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"

enum ink {
	INK_NONE,
	INK_PAPER,		/* what is drawn on */
	INK_PANEL,		/* a quiet area */
	INK_TEXT,
	INK_MUTED,		/* text that may be overlooked */
	INK_LINE,		/* axes, life lines */
	INK_FAINT,
	INK_BLUE,
	INK_SKY,
	INK_GREEN,
	INK_ORANGE,
	INK_VERMILION,
	INK_PURPLE,
	INK_COUNT,
};

enum theme { THEME_AUTO, THEME_LIGHT, THEME_DARK };

/* 0xRRGGBB; of THEME_AUTO the light one. */
uint32_t ink_color(enum ink ink, enum theme theme);

struct point { int x, y; };
struct area { int x, y, w, h; };

enum pattern { PATTERN_SOLID, PATTERN_HATCH, PATTERN_DOTS, PATTERN_CROSS };
enum dash { DASH_NONE, DASH_LONG, DASH_SHORT };

/* How a shape looks. INK_NONE for `fill` or `line`: without. */
struct look {
	enum ink fill, line;
	uint8_t opacity;		/* of the fill, percent; 0: all of it */
	enum pattern pattern;		/* over the fill, in the ink of the line */
	uint8_t width;			/* of the line, tenths of a pixel; 0: 15 */
	enum dash dash;
	uint8_t radius;			/* of a box's corners */
};

enum anchor { ANCHOR_START, ANCHOR_MIDDLE, ANCHOR_END };

struct lettering {
	enum ink ink;
	uint8_t size;			/* pixels */
	bool is_bold, is_mono;
	bool has_halo;			/* the paper shines through around it */
	enum anchor anchor;
};

enum shape_kind { SHAPE_TEXT, SHAPE_PATH, SHAPE_BOX, SHAPE_DISC };

struct shape {
	enum shape_kind kind;
	struct look look;
	struct lettering lettering;
	const char *text;		/* printable */
	struct area area;		/* BOX; DISC: centre, and the radius as w; TEXT: x and y of the base line */
	const struct point *points;	/* PATH */
	size_t n_points;
	bool is_closed;
	bool is_curve;			/* three points: from, over, to */
};

/* So many straight pieces stand for a curve where there are no curves. */
enum { CANVAS_CURVE_STEPS = 24 };

struct canvas {
	struct arena arena;
	struct shape *shapes;		/* owned */
	size_t n_shapes, capacity;
	int width, height;
	const char *title, *description;	/* for those who do not see it; printable */
};

void canvas_init(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);

/* What the picture shows, in a line and in a sentence. */
void canvas_describe(struct canvas *canvas, const char *title, const char *description);

void canvas_text(struct canvas *canvas, struct point at, const struct lettering *lettering, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* The same within `width`: in letters that are smaller by a quarter at most, and then cut with an ellipsis. */
void canvas_text_within(struct canvas *canvas, struct point at, int width, const struct lettering *lettering,
			const char *string);

/* Broken at blanks into at most `most` lines of `width`, `size` * 4 / 3 apart; the last one is cut. Returns how many. */
int canvas_text_lines(struct canvas *canvas, struct area area, int most, const struct lettering *lettering, const char *string);

void canvas_line(struct canvas *canvas, struct point from, struct point to, const struct look *look);
void canvas_arrow(struct canvas *canvas, struct point from, struct point to, const struct look *look);
void canvas_box(struct canvas *canvas, struct area area, const struct look *look);
void canvas_disc(struct canvas *canvas, struct point centre, int radius, const struct look *look);

/* Through all points; closed and filled when the look has a fill. */
void canvas_path(struct canvas *canvas, const struct point *points, size_t n, const struct look *look);

/* An arrow that bends through the neighbourhood of `over` (a quadratic curve). Returns its middle. */
struct point canvas_curve(struct canvas *canvas, struct point from, struct point over, struct point to,
			  const struct look *look);

/* A cross where something ends. */
void canvas_cross(struct canvas *canvas, struct point at, int radius, const struct look *look);

/* Pixels that a string takes at most, in the widest of the fonts that may be used. */
int canvas_text_width(const struct lettering *lettering, const char *string);

#endif
