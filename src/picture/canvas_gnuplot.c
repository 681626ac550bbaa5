/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The drawing as a gnuplot script: every shape an object, every text a label, one unit a pixel. Objects keep their order;
 * labels lie above them all.
 */
#include "picture/canvas_write.h"

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
		text_printf(out, " border lc rgb '#%06x' linewidth %u.%u%s", ink_color(look->line, theme), look->width / 10,
			    look->width % 10, look->dash == DASH_LONG ? " dashtype (7,5)" : look->dash ? " dashtype (2,4)" : "");
	else
		text_append(out, " noborder");
	text_append_char(out, '\n');
}

static void append_points(struct text *out, const struct shape *shape)
{
	for (size_t i = 0; i < shape->n_points; i++)
		text_printf(out, "%s %d,%d", i ? " to" : " from", shape->points[i].x, shape->points[i].y);
	/* A path that is not closed goes back on itself: gnuplot closes every polygon. */
	if (!shape->is_closed)
		for (size_t i = shape->n_points - 1; i-- > 1;)
			text_printf(out, " to %d,%d", shape->points[i].x, shape->points[i].y);
	text_printf(out, " to %d,%d", shape->points[0].x, shape->points[0].y);
}

static void append_curve_point(struct text *out, const struct point *points, int step)
{
	double t = (double)step / CANVAS_CURVE_STEPS, a = (1 - t) * (1 - t), b = 2 * t * (1 - t), c = t * t;

	text_printf(out, "%.1f,%.1f", a * points[0].x + b * points[1].x + c * points[2].x,
		    a * points[0].y + b * points[1].y + c * points[2].y);
}

static void append_curve(struct text *out, const struct shape *shape)
{
	for (int i = 0; i <= CANVAS_CURVE_STEPS; i++) {
		text_append(out, i ? " to " : " from ");
		append_curve_point(out, shape->points, i);
	}
	for (int i = CANVAS_CURVE_STEPS; i-- > 0;) {
		text_append(out, " to ");
		append_curve_point(out, shape->points, i);
	}
}

static void append_shape(struct text *out, const struct shape *shape, enum theme theme)
{
	const struct area *area = &shape->area;

	text_append(out, "set object ");
	if (shape->kind == SHAPE_PATH) {
		text_append(out, "polygon");
		if (shape->is_curve)
			append_curve(out, shape);
		else
			append_points(out, shape);
	} else if (shape->kind == SHAPE_DISC) {
		text_printf(out, "circle at %d,%d size %d", area->x, area->y, area->w);
	} else {
		text_printf(out, "polygon from %d,%d to %d,%d to %d,%d to %d,%d to %d,%d", area->x, area->y, area->x + area->w, area->y,
			    area->x + area->w, area->y + area->h, area->x, area->y + area->h, area->x, area->y);
	}
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
	/* Two dots a pixel, for print; a PDF has 72 points an inch, and no dots. */
	if (terminal == GNUPLOT_PNG)
		text_printf(out, "set terminal pngcairo size %d,%d fontscale 1.5 linewidth 2 background rgb '#%06x'\n", canvas->width * 2,
			    canvas->height * 2, ink_color(INK_PAPER, theme));
	else
		text_printf(out, "set terminal pdfcairo size %d.%02din,%d.%02din fontscale 0.75 background rgb '#%06x'\n",
			    canvas->width / 96, canvas->width % 96 * 100 / 96, canvas->height / 96, canvas->height % 96 * 100 / 96,
			    ink_color(INK_PAPER, theme));
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
