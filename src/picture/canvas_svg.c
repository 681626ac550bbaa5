/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * SVG 1.1 that needs nothing but itself. Colours are attributes, which every program understands; with THEME_AUTO a style
 * sheet exchanges them where the reader prefers a dark screen.
 */
#include "picture/canvas_write.h"

static const char sans[] = "'DejaVu Sans', Verdana, 'Segoe UI', Helvetica, Arial, sans-serif";
static const char mono[] = "'DejaVu Sans Mono', Menlo, Consolas, 'Liberation Mono', monospace";

/* ` fill="#0072b2"`, and for the style sheet ` class="f7"`. */
static void append_inks(struct text *out, enum ink fill, enum ink line, enum theme theme)
{
	if (theme == THEME_AUTO && (fill || line)) {
		text_append(out, " class=\"");
		if (fill)
			text_printf(out, "f%d", fill);
		if (line)
			text_printf(out, "%sl%d", fill ? " " : "", line);
		text_append_char(out, '"');
	}
	if (fill)
		text_printf(out, " fill=\"#%06x\"", ink_color(fill, theme));
	else
		text_append(out, " fill=\"none\"");
	if (line)
		text_printf(out, " stroke=\"#%06x\"", ink_color(line, theme));
}

static void append_look(struct text *out, const struct look *look, enum theme theme)
{
	append_inks(out, look->fill, look->line, theme);
	if (look->fill && look->opacity)
		text_printf(out, " fill-opacity=\"0.%02u\"", look->opacity);
	if (!look->line)
		return;
	text_printf(out, " stroke-width=\"%u.%u\"", look->width / 10, look->width % 10);
	if (look->dash)
		text_printf(out, " stroke-dasharray=\"%s\"", look->dash == DASH_LONG ? "7 5" : "2 4");
}

static void append_area(struct text *out, const struct shape *shape)
{
	if (shape->kind == SHAPE_DISC) {
		text_printf(out, "<circle cx=\"%d\" cy=\"%d\" r=\"%d\"", shape->area.x, shape->area.y, shape->area.w);
		return;
	}
	text_printf(out, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", shape->area.x, shape->area.y, shape->area.w,
		    shape->area.h);
	if (shape->look.radius)
		text_printf(out, " rx=\"%u\"", shape->look.radius);
}

/* The shape, and once more with the pattern where it has one. */
static void append_filled(struct text *out, const struct shape *shape, enum theme theme)
{
	append_area(out, shape);
	append_look(out, &shape->look, theme);
	text_append(out, "/>\n");
	if (!shape->look.pattern)
		return;
	append_area(out, shape);
	text_printf(out, " fill=\"url(#p%d-%d)\"/>\n", shape->look.pattern, shape->look.line);
}

static void append_path(struct text *out, const struct shape *shape, enum theme theme)
{
	text_append(out, "<path d=\"");
	for (size_t i = 0; i < shape->n_points; i++)
		text_printf(out, "%s%d %d", i == 0 ? "M" : i > 1 ? " " : shape->is_curve ? "Q" : "L", shape->points[i].x, shape->points[i].y);
	text_append(out, shape->is_closed ? "Z\"" : "\"");
	append_look(out, &shape->look, theme);
	text_append(out, "/>\n");
}

static void append_text(struct text *out, const struct shape *shape, enum theme theme)
{
	static const char *const anchors[] = { "", " text-anchor=\"middle\"", " text-anchor=\"end\"" };
	const struct lettering *lettering = &shape->lettering;

	text_printf(out, "<text x=\"%d\" y=\"%d\" font-size=\"%u\"%s%s", shape->area.x, shape->area.y, lettering->size,
		    anchors[lettering->anchor], lettering->is_bold ? " font-weight=\"bold\"" : "");
	if (lettering->is_mono)
		text_printf(out, " font-family=\"%s\"", mono);
	append_inks(out, lettering->ink, lettering->has_halo ? INK_PAPER : INK_NONE, theme);
	if (lettering->has_halo)
		text_append(out, " stroke-width=\"4\" stroke-linejoin=\"round\" paint-order=\"stroke\"");
	text_append_char(out, '>');
	text_append_xml(out, shape->text);
	text_append(out, "</text>\n");
}

static void append_style(struct text *out)
{
	text_append(out, "<style>@media (prefers-color-scheme: dark) {\n");
	for (int ink = INK_PAPER; ink < INK_COUNT; ink++)
		text_printf(out, ".f%d { fill: #%06x } .l%d { stroke: #%06x }\n", ink, ink_color((enum ink)ink, THEME_DARK), ink,
			    ink_color((enum ink)ink, THEME_DARK));
	text_append(out, "}</style>\n");
}

static void append_pattern(struct text *out, enum pattern pattern, enum ink ink, enum theme theme)
{
	static const char *const marks[] = {
		[PATTERN_HATCH] = "M-1 1L1 -1M0 8L8 0M7 9L9 7",
		[PATTERN_DOTS] = "M3 4L5 4",
		[PATTERN_CROSS] = "M0 8L8 0M0 0L8 8",
	};

	text_printf(out, "<pattern id=\"p%d-%d\" width=\"8\" height=\"8\" patternUnits=\"userSpaceOnUse\"><path d=\"%s\"", pattern, ink,
		    marks[pattern]);
	append_inks(out, INK_NONE, ink, theme);
	text_printf(out, " stroke-width=\"%s\" stroke-opacity=\"0.6\"/></pattern>\n", pattern == PATTERN_DOTS ? "2" : "1");
}

/* Those that are used. */
static void append_patterns(struct text *out, const struct canvas *canvas, enum theme theme)
{
	bool is_used[PATTERN_CROSS + 1][INK_COUNT] = { { false } };
	bool is_any = false;

	for (size_t i = 0; i < canvas->n_shapes; i++) {
		const struct look *look = &canvas->shapes[i].look;

		if (look->pattern)
			is_any = is_used[look->pattern][look->line] = true;
	}
	if (!is_any)
		return;
	text_append(out, "<defs>\n");
	for (int pattern = PATTERN_HATCH; pattern <= PATTERN_CROSS; pattern++)
		for (int ink = 0; ink < INK_COUNT; ink++)
			if (is_used[pattern][ink])
				append_pattern(out, (enum pattern)pattern, (enum ink)ink, theme);
	text_append(out, "</defs>\n");
}

void canvas_write_svg(const struct canvas *canvas, enum theme theme, struct text *out)
{
	text_printf(out, "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" role=\"img\" "
			 "font-family=\"%s\">\n<title>", canvas->width, canvas->height, canvas->width, canvas->height, sans);
	text_append_xml(out, canvas->title);
	text_append(out, "</title>\n<desc>");
	text_append_xml(out, canvas->description);
	text_append(out, "</desc>\n");
	if (theme == THEME_AUTO)
		append_style(out);
	append_patterns(out, canvas, theme);
	text_printf(out, "<rect width=\"%d\" height=\"%d\"", canvas->width, canvas->height);
	append_inks(out, INK_PAPER, INK_NONE, theme);
	text_append(out, "/>\n");
	for (size_t i = 0; i < canvas->n_shapes; i++) {
		const struct shape *shape = &canvas->shapes[i];

		if (shape->kind == SHAPE_TEXT)
			append_text(out, shape, theme);
		else if (shape->kind == SHAPE_PATH)
			append_path(out, shape, theme);
		else
			append_filled(out, shape, theme);
	}
	text_append(out, "</svg>\n");
}
