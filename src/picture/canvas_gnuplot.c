/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The drawing as a gnuplot script: shapes are objects, texts are labels, one unit is a pixel. Objects keep their order;
 * labels lie above them all.
 */
#include "picture/canvas_write.h"

#include <stdlib.h>

#include "base/alloc.h"

static void append_quoted(struct text *out, const char *string)
{
	text_append_char(out, '\'');
	for (; *string; string++)
		text_append(out, *string == '\'' ? "''" : (char[]){ *string, '\0' });
	text_append_char(out, '\'');
}

static void append_look(struct text *out, const struct look *look, enum theme theme)
{
	/* Of the patterns that the cairo terminals have. */
	static const int fills[] = { [PATTERN_HATCH] = 4, [PATTERN_DOTS] = 6, [PATTERN_CROSS] = 2 };

	if (look->fill)
		text_printf(out, " fillcolor rgb '#%06x'", ink_color(look->fill, theme));
	if (!look->fill)
		text_append(out, " fillstyle empty");
	else if (look->pattern)
		text_printf(out, " fillstyle transparent pattern %d", fills[look->pattern]);
	else if (look->opacity)
		text_printf(out, " fillstyle transparent solid 0.%02u", look->opacity);
	else
		text_append(out, " fillstyle solid 1.0");
	if (look->line)
		text_printf(out, " border lc rgb '#%06x' linewidth %u.%u\n", ink_color(look->line, theme), look->width / 10, look->width % 10);
	else
		text_append(out, " noborder\n");
}

struct spot { double x, y; };

/* The points of a path, with straight pieces for a curve. The caller frees them. */
static struct spot *flatten(const struct shape *shape, size_t *n)
{
	struct spot *spots;

	*n = shape->is_curve ? CANVAS_CURVE_STEPS + 1 : shape->n_points;
	spots = alloc_zeroed(*n, sizeof(*spots));
	for (size_t i = 0; i < *n; i++) {
		const struct point *points = shape->points;
		double t = (double)i / CANVAS_CURVE_STEPS, a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;

		if (shape->is_curve)
			spots[i] = (struct spot){ a * points[0].x + b * points[1].x + c * points[2].x,
						  a * points[0].y + b * points[1].y + c * points[2].y };
		else
			spots[i] = (struct spot){ points[i].x, points[i].y };
	}
	return spots;
}

static void append_polygon(struct text *out, const struct spot *spots, size_t n)
{
	text_append(out, "set object polygon");
	for (size_t i = 0; i < n; i++)
		text_printf(out, "%s%.1f,%.1f", i ? " to " : " from ", spots[i].x, spots[i].y);
	text_printf(out, " to %.1f,%.1f", spots[0].x, spots[0].y);
}

/* Newton's square root, near enough for pixels. */
static double distance(struct spot a, struct spot b)
{
	double square = (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y), root = square > 1 ? square : 1;

	for (int i = 0; i < 40; i++)
		root = (root + square / root) / 2;
	return root;
}

/*
 * A line is a thin filled polygon: gnuplot's own lines lie above all objects, and an outline alone gets dark edges from
 * the cairo terminals.
 */
static void append_line(struct text *out, struct spot from, struct spot to, const struct look *look, enum theme theme)
{
	double half = look->width / 20.0 / distance(from, to), dx = (to.y - from.y) * half, dy = (from.x - to.x) * half;
	const struct look filled = { .fill = look->line };

	append_polygon(out, (struct spot[]){
		{ from.x - dx, from.y - dy }, { to.x - dx, to.y - dy }, { to.x + dx, to.y + dy }, { from.x + dx, from.y + dy },
	}, 4);
	append_look(out, &filled, theme);
}

static struct spot between(struct spot from, struct spot to, double part)
{
	return (struct spot){ from.x + (to.x - from.x) * part, from.y + (to.y - from.y) * part };
}

/* `phase` is how far the pattern of dashes has come. */
static void append_dashes(struct text *out, const struct spot ends[2], const struct look *look, enum theme theme, double *phase)
{
	double on = look->dash == DASH_LONG ? 7 : 2, period = look->dash == DASH_LONG ? 12 : 6;
	double len = distance(ends[0], ends[1]), at = 0;

	while (at < len) {
		bool is_on = *phase < on;
		double left = is_on ? on - *phase : period - *phase, to = at + left < len ? at + left : len;

		if (is_on)
			append_line(out, between(ends[0], ends[1], at / len), between(ends[0], ends[1], to / len), look, theme);
		*phase = at + left > len ? *phase + (to - at) : is_on ? on : 0;
		at = to;
	}
}

static void append_path(struct text *out, const struct shape *shape, enum theme theme)
{
	double phase = 0;
	size_t n;
	struct spot *spots = flatten(shape, &n);

	if (shape->is_closed) {
		append_polygon(out, spots, n);
		append_look(out, &shape->look, theme);
	}
	for (size_t i = 0; !shape->is_closed && i + 1 < n; i++) {
		if (shape->look.dash)
			append_dashes(out, &spots[i], &shape->look, theme, &phase);
		else
			append_line(out, spots[i], spots[i + 1], &shape->look, theme);
	}
	free(spots);
}

static void append_shape(struct text *out, const struct shape *shape, enum theme theme)
{
	const struct area *area = &shape->area;
	const struct spot corners[] = {
		{ area->x, area->y }, { area->x + area->w, area->y }, { area->x + area->w, area->y + area->h }, { area->x, area->y + area->h },
	};

	if (shape->kind == SHAPE_PATH) {
		append_path(out, shape, theme);
		return;
	}
	if (shape->kind == SHAPE_DISC)
		text_printf(out, "set object circle at %d,%d size %d", area->x, area->y, area->w);
	else
		append_polygon(out, corners, 4);
	append_look(out, &shape->look, theme);
}

static void append_text(struct text *out, const struct shape *shape, enum theme theme)
{
	static const char *const anchors[] = { "left", "center", "right" };
	const struct lettering *lettering = &shape->lettering;

	text_append(out, "set label ");
	append_quoted(out, shape->text);
	/* Labels hang by their middle, texts stand on their base line. */
	text_printf(out, " at %d,%d %s noenhanced front font '%s%s,%u' textcolor rgb '#%06x'\n", shape->area.x,
		    shape->area.y - lettering->size * 36 / 100, anchors[lettering->anchor],
		    lettering->is_mono ? "DejaVu Sans Mono" : "DejaVu Sans", lettering->is_bold ? ":Bold" : "", lettering->size,
		    ink_color(lettering->ink, theme));
}

void canvas_write_gnuplot(const struct canvas *canvas, enum theme theme, enum gnuplot_terminal terminal, struct text *out)
{
	text_append(out, "# ");
	text_append(out, canvas->title);
	text_append(out, "\nset encoding utf8\n");
	/* Two dots a pixel, for print. Of a PDF a pixel is a point; gnuplot takes its fonts there for 4/3 of their size. */
	if (terminal == GNUPLOT_PNG)
		text_printf(out, "set terminal pngcairo size %d,%d fontscale 1.5 linewidth 2 background rgb '#%06x'\n", canvas->width * 2,
			    canvas->height * 2, ink_color(INK_PAPER, theme));
	else
		text_printf(out, "set terminal pdfcairo size %d/72.0in,%d/72.0in fontscale 0.75 background rgb '#%06x'\n", canvas->width,
			    canvas->height, ink_color(INK_PAPER, theme));
	text_printf(out, "unset border\nunset tics\nunset key\nset margins 0,0,0,0\nset xrange [0:%d]\nset yrange [%d:0]\n", canvas->width,
		    canvas->height);
	for (size_t i = 0; i < canvas->n_shapes; i++) {
		if (canvas->shapes[i].kind == SHAPE_TEXT)
			append_text(out, &canvas->shapes[i], theme);
		else
			append_shape(out, &canvas->shapes[i], theme);
	}
	text_append(out, "plot NaN notitle\n");
}
