/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The level of a rule's bucket over time: it fills by itself, and every packet that fits takes its price out of it. */
#include <inttypes.h>

#include "picture/axis.h"
#include "picture/buckets.h"
#include "picture/diagrams.h"
#include "picture/picture_words.h"

enum { LEFT = 84, RIGHT = PICTURE_WIDTH - PICTURE_MARGIN, TOP = 96, PANEL_H = 216, CHART_TOP = 74, CHART_H = 112, MOST_MARKS = 10 };

struct page {
	const struct tale *tale;
	struct canvas *canvas;
	struct axis axis;
};

/* One bucket's chart. */
struct chart {
	const struct tale_level *first;
	int64_t most;			/* hundredths of a packet at the upper edge */
	int top;
};

static int level_y(const struct chart *chart, uint64_t credits)
{
	return chart->top + CHART_H - (int)(buckets_hundredths(credits, chart->first) * CHART_H / (chart->most ? chart->most : 1));
}

static void draw_scale(struct page *page, const struct chart *chart)
{
	static const struct look frame = { .fill = INK_PANEL, .line = INK_NONE };
	static const struct look price = { .line = INK_LINE, .width = 10, .dash = DASH_SHORT };
	static const struct lettering number = { .ink = INK_MUTED, .size = 12, .is_mono = true, .anchor = ANCHOR_END };
	int64_t packets = chart->most / 100, step = packets / MOST_MARKS + 1;

	canvas_box(page->canvas, (struct area){ LEFT, chart->top, RIGHT - LEFT, CHART_H }, &frame);
	for (int64_t n = 0; n <= packets; n += step)
		canvas_text(page->canvas, (struct point){ LEFT - 8, chart->top + CHART_H - (int)(n * 100 * CHART_H / chart->most) + 4 }, &number,
			    "%" PRId64, n);
	canvas_line(page->canvas, (struct point){ LEFT, level_y(chart, chart->first->bucket.cost) },
		    (struct point){ RIGHT, level_y(chart, chart->first->bucket.cost) }, &price);
}

/* From one look to the next: up with the time until the bucket is full, then level. */
static void draw_refill(struct page *page, const struct chart *chart, const struct tale_level *from, struct vtime until)
{
	static const struct look line = { .line = INK_BLUE, .width = 24 };
	uint64_t after = buckets_after(from);
	double seconds = from->bucket.refill ? (double)(from->bucket.cap - after) / (double)from->bucket.refill : 0;
	struct vtime full = { .ns = from->time.ns + (int64_t)(seconds * VTIME_NS_PER_SECOND) };
	struct point points[3] = { { axis_x(&page->axis, from->time), level_y(chart, after) } };
	size_t n = 1;

	if (full.ns > from->time.ns && full.ns < until.ns)
		points[n++] = (struct point){ axis_x(&page->axis, full), level_y(chart, from->bucket.cap) };
	points[n++] = (struct point){ axis_x(&page->axis, until), level_y(chart, buckets_refilled(from, until)) };
	canvas_path(page->canvas, points, n, &line);
}

static void draw_packet(struct page *page, const struct chart *chart, const struct tale_level *level)
{
	static const struct look line = { .line = INK_BLUE, .width = 24 };
	const struct tale_packet *packet = buckets_packet(page->tale, level);
	enum ink ink = picture_ink_of_verdict(packet ? packet->verdict : VERDICT_NONE);
	struct look disc = { .fill = ink, .line = INK_NONE }, cross = { .line = ink, .width = 24 };
	int x = axis_x(&page->axis, level->time), y = chart->top - 12;

	canvas_line(page->canvas, (struct point){ x, level_y(chart, level->bucket.level) },
		    (struct point){ x, level_y(chart, buckets_after(level)) }, &line);
	if (level->bucket.is_paid)
		canvas_disc(page->canvas, (struct point){ x, y }, 5, &disc);
	else
		canvas_cross(page->canvas, (struct point){ x, y }, 5, &cross);
}

static void draw_chart(struct page *page, const struct tale_level *first, int top)
{
	static const struct lettering title = { .ink = INK_TEXT, .size = 14, .is_bold = true };
	static const struct lettering rule = { .ink = INK_MUTED, .size = 12, .is_mono = true };
	struct chart chart = { .first = first, .most = buckets_hundredths(first->bucket.cap, first), .top = top + CHART_TOP };
	const struct tale_level *last = NULL;
	struct text name;

	text_init(&name);
	buckets_print_name(first, &name);
	if (chart.most < 100)
		chart.most = 100;
	canvas_text_within(page->canvas, (struct point){ PICTURE_MARGIN, top + 16 }, RIGHT - PICTURE_MARGIN, &title, text_string(&name));
	canvas_text_within(page->canvas, (struct point){ PICTURE_MARGIN, top + 34 }, RIGHT - PICTURE_MARGIN, &rule, first->rule->text);
	draw_scale(page, &chart);
	for (size_t i = 0; i < page->tale->n_levels; i++) {
		const struct tale_level *level = &page->tale->levels[i];

		if (!buckets_is_same(level, first))
			continue;
		if (last)
			draw_refill(page, &chart, last, level->time);
		draw_packet(page, &chart, level);
		last = level;
	}
	if (last)
		draw_refill(page, &chart, last, page->axis.times[page->axis.n - 1]);
	text_clear(&name);
}

void draw_bucket(const struct tale *tale, struct canvas *canvas)
{
	static const struct lettering words = { .ink = INK_MUTED, .size = 12 };
	struct page page = { .tale = tale, .canvas = canvas };
	struct buckets buckets;
	int axis_y;

	buckets_find(tale, &buckets);
	if (!buckets.n) {
		picture_nothing(canvas, tale, "Token buckets", "no packet met a rule with -m limit or -m hashlimit");
		return;
	}
	axis_init(&page.axis, tale, 0, LEFT, RIGHT);
	axis_y = TOP + (int)buckets.n * PANEL_H;
	canvas->width = PICTURE_WIDTH;
	canvas->height = axis_y + 88;
	picture_head(canvas, tale, buckets.n == 1 ? "A token bucket" : "Token buckets");
	for (size_t i = 0; i < buckets.n; i++)
		draw_chart(&page, buckets.first[i], TOP + (int)i * PANEL_H);
	axis_draw(&page.axis, canvas, axis_y, axis_y);
	canvas_text(canvas, (struct point){ PICTURE_MARGIN, axis_y + 62 }, &words,
		    "The level in packets. A disc: there was enough, and the price of a packet (the dotted line) was taken. A cross: there was not.");
	canvas_text(canvas, (struct point){ PICTURE_MARGIN, axis_y + 78 }, &words,
		    "Green: the packet was accepted in the end; orange: it was dropped.%s",
		    buckets.n_left_out ? " Other buckets are not drawn." : "");
	axis_clear(&page.axis);
}
