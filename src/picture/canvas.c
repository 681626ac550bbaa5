/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/canvas.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/utf8.h"

enum { HEAD_LEN = 11, HEAD_HALF_WIDTH = 5, USUAL_LINE = 15 };

/* Light and dark. */
static const uint32_t colors[INK_COUNT][2] = {
	[INK_NONE] = { 0, 0 },
	[INK_PAPER] = { 0xffffff, 0x15191e },
	[INK_PANEL] = { 0xf2f4f7, 0x232a32 },
	[INK_TEXT] = { 0x1b1f24, 0xe8ecf1 },
	[INK_MUTED] = { 0x59636e, 0x9aa6b2 },
	[INK_LINE] = { 0x8c959f, 0x6b7783 },
	[INK_FAINT] = { 0xd3d9df, 0x3a444e },
	[INK_BLUE] = { 0x0072b2, 0x4fb0ea },
	[INK_SKY] = { 0x2a9fd6, 0x7fd0f7 },
	[INK_GREEN] = { 0x00805d, 0x2fc79a },
	[INK_ORANGE] = { 0xb87800, 0xf0b342 },
	[INK_VERMILION] = { 0xc94b00, 0xff8a4c },
	[INK_PURPLE] = { 0xa8518a, 0xe09bc8 },
};

uint32_t ink_color(enum ink ink, enum theme theme)
{
	return colors[ink][theme == THEME_DARK];
}

void canvas_init(struct canvas *canvas)
{
	memset(canvas, 0, sizeof(*canvas));
	arena_init(&canvas->arena);
}

void canvas_clear(struct canvas *canvas)
{
	arena_clear(&canvas->arena);
	free(canvas->shapes);
	memset(canvas, 0, sizeof(*canvas));
}

static const char *keep(struct canvas *canvas, const char *string)
{
	const char *kept;
	struct text text;

	text_init(&text);
	utf8_append_printable(&text, string);
	kept = arena_copy(&canvas->arena, text_string(&text), text.len);
	text_clear(&text);
	return kept;
}

void canvas_describe(struct canvas *canvas, const char *title, const char *description)
{
	canvas->title = keep(canvas, title);
	canvas->description = keep(canvas, description);
}

static struct shape *add(struct canvas *canvas, enum shape_kind kind, const struct look *look)
{
	struct shape *shape;

	if (canvas->n_shapes == canvas->capacity) {
		canvas->capacity = alloc_grown_capacity(canvas->capacity, canvas->n_shapes + 1);
		canvas->shapes = alloc_resize(canvas->shapes, canvas->capacity, sizeof(*canvas->shapes));
	}
	shape = &canvas->shapes[canvas->n_shapes++];
	*shape = (struct shape){ .kind = kind };
	if (look)
		shape->look = *look;
	if (!shape->look.width)
		shape->look.width = USUAL_LINE;
	return shape;
}

static void add_text(struct canvas *canvas, struct point at, const struct lettering *lettering, const char *string)
{
	struct shape *shape = add(canvas, SHAPE_TEXT, NULL);

	shape->lettering = *lettering;
	shape->area = (struct area){ at.x, at.y, 0, 0 };
	shape->text = keep(canvas, string);
}

void canvas_text(struct canvas *canvas, struct point at, const struct lettering *lettering, const char *format, ...)
{
	struct text text;
	va_list args;

	text_init(&text);
	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	add_text(canvas, at, lettering, text_string(&text));
	text_clear(&text);
}

void canvas_text_within(struct canvas *canvas, struct point at, int width, const struct lettering *lettering,
			const char *string)
{
	static const char ellipsis[] = "…";
	struct lettering fitting = *lettering;
	size_t len = strlen(string);
	struct text text;

	text_init(&text);
	text_append(&text, string);
	while (fitting.size > lettering->size - lettering->size / 4 && canvas_text_width(&fitting, string) > width)
		fitting.size--;
	while (len && canvas_text_width(&fitting, text_string(&text)) > width) {
		do
			len--;
		while (len && ((unsigned char)string[len] & 0xc0) == 0x80);
		while (len && string[len - 1] == ' ')
			len--;
		text_reset(&text);
		text_append_bytes(&text, string, len);
		text_append(&text, ellipsis);
	}
	add_text(canvas, at, &fitting, text_string(&text));
	text_clear(&text);
}

/* Bytes of the string, up to a blank, that fit into a line. At least one word. */
static size_t line_len(const char *string, int width, const struct lettering *lettering)
{
	size_t fits = 0, len = 0;

	while (string[len]) {
		struct text line;
		bool is_too_wide;

		len += strcspn(string + len, " ");
		text_init(&line);
		text_append_bytes(&line, string, len);
		is_too_wide = canvas_text_width(lettering, text_string(&line)) > width;
		text_clear(&line);
		if (is_too_wide)
			break;
		fits = len;
		len += strspn(string + len, " ");
	}
	return fits ? fits : len;
}

int canvas_text_lines(struct canvas *canvas, struct area area, int most, const struct lettering *lettering, const char *string)
{
	int n = 0;

	for (; *string && n < most; n++) {
		struct point at = { area.x, area.y + n * lettering->size * 4 / 3 };
		size_t len = n + 1 == most ? strlen(string) : line_len(string, area.w, lettering);
		struct text line;

		text_init(&line);
		text_append_bytes(&line, string, len);
		canvas_text_within(canvas, at, area.w, lettering, text_string(&line));
		text_clear(&line);
		string += len + strspn(string + len, " ");
	}
	return n;
}

void canvas_path(struct canvas *canvas, const struct point *points, size_t n, const struct look *look)
{
	struct point *kept = arena_alloc(&canvas->arena, n * sizeof(*kept));
	struct shape *shape = add(canvas, SHAPE_PATH, look);

	memcpy(kept, points, n * sizeof(*kept));
	shape->points = kept;
	shape->n_points = n;
	shape->is_closed = look->fill != INK_NONE;
}

void canvas_line(struct canvas *canvas, struct point from, struct point to, const struct look *look)
{
	canvas_path(canvas, (struct point[]){ from, to }, 2, look);
}

static int whole_root(int64_t square)
{
	int64_t root = 0;

	for (int64_t bit = 1 << 20; bit; bit >>= 1)
		if ((root + bit) * (root + bit) <= square)
			root += bit;
	return (int)root;
}

/* Its tip at `to`. Returns where the shaft ends. */
static struct point add_head(struct canvas *canvas, struct point from, struct point to, const struct look *look)
{
	int dx = to.x - from.x, dy = to.y - from.y, len = whole_root((int64_t)dx * dx + (int64_t)dy * dy);
	struct look head = { .fill = look->line, .line = INK_NONE };
	struct point base;

	if (!len)
		return to;
	base = (struct point){ to.x - dx * HEAD_LEN / len, to.y - dy * HEAD_LEN / len };
	canvas_path(canvas, (struct point[]){
		to,
		{ base.x - dy * HEAD_HALF_WIDTH / len, base.y + dx * HEAD_HALF_WIDTH / len },
		{ base.x + dy * HEAD_HALF_WIDTH / len, base.y - dx * HEAD_HALF_WIDTH / len },
	}, 3, &head);
	return base;
}

void canvas_arrow(struct canvas *canvas, struct point from, struct point to, const struct look *look)
{
	canvas_line(canvas, from, add_head(canvas, from, to, look), look);
}

void canvas_box(struct canvas *canvas, struct area area, const struct look *look)
{
	add(canvas, SHAPE_BOX, look)->area = area;
}

void canvas_disc(struct canvas *canvas, struct point centre, int radius, const struct look *look)
{
	add(canvas, SHAPE_DISC, look)->area = (struct area){ centre.x, centre.y, radius, radius };
}

struct point canvas_curve(struct canvas *canvas, struct point from, struct point over, struct point to,
			  const struct look *look)
{
	/* The head points as the curve ends: along its last tenth. */
	struct point before = { to.x + (over.x - to.x) / 5, to.y + (over.y - to.y) / 5 };
	struct point end = add_head(canvas, before, to, look);

	canvas_path(canvas, (struct point[]){ from, over, end }, 3, look);
	canvas->shapes[canvas->n_shapes - 1].is_curve = true;
	return (struct point){ (from.x + 2 * over.x + end.x) / 4, (from.y + 2 * over.y + end.y) / 4 };
}

void canvas_cross(struct canvas *canvas, struct point at, int radius, const struct look *look)
{
	canvas_line(canvas, (struct point){ at.x - radius, at.y - radius }, (struct point){ at.x + radius, at.y + radius }, look);
	canvas_line(canvas, (struct point){ at.x - radius, at.y + radius }, (struct point){ at.x + radius, at.y - radius }, look);
}

/* Thousandths of the size: DejaVu Sans, which is as wide as Verdana and wider than Arial. */
static const uint16_t widths[95] = {
	318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636, 636,
	636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863, 748, 787,
	603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635,
	634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636, 337, 636, 838,
};

enum { MONO_WIDTH = 602, OTHER_WIDTH = 1000, BOLD_PERCENT = 112 };

int canvas_text_width(const struct lettering *lettering, const char *string)
{
	int64_t width = 0;

	if (lettering->is_mono)
		return (int)((int64_t)utf8_count(string, strlen(string)) * MONO_WIDTH * lettering->size / 1000) + 1;
	for (const unsigned char *c = (const unsigned char *)string; *c; c++)
		if ((*c & 0xc0) != 0x80)
			width += *c >= 0x20 && *c < 0x7f ? widths[*c - 0x20] : OTHER_WIDTH;
	if (lettering->is_bold)
		width = width * BOLD_PERCENT / 100;
	return (int)(width * lettering->size / 1000) + 1;
}
