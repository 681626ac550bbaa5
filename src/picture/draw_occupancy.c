/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How full the table was, and how many packets came of each verdict, over the whole capture. */
#include <inttypes.h>

#include "picture/diagrams.h"
#include "picture/picture_words.h"

enum { LEFT = 92, RIGHT = PICTURE_WIDTH - PICTURE_MARGIN, FIRST_TOP = 116, CHART_H = 210, SECOND_TOP = 404, TICKS = 8, MARKS = 4 };

struct page {
	const struct tale *tale;
	struct canvas *canvas;
	int n_slices;
	uint64_t most_entries, most_packets;	/* at the upper edges */
};

/* 2, 4, 8, 12, 20 or 40, and zeros: the least that is not below, so that its marks are whole numbers. */
static uint64_t round_up(uint64_t value)
{
	uint64_t unit = 1;

	if (value <= MARKS / 2)
		return MARKS / 2;
	for (;;) {
		static const uint64_t steps[] = { 4, 8, 12, 20, 40 };

		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
			if (steps[i] * unit >= value)
				return steps[i] * unit;
		unit *= 10;
	}
}

static int slice_x(const struct page *page, int slice)
{
	return LEFT + slice * (RIGHT - LEFT) / page->n_slices;
}

static uint64_t packets_in(const struct rates_slice *slice)
{
	uint64_t n = 0;

	for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
		n += slice->n_packets[verdict];
	return n;
}

static void measure(struct page *page)
{
	const struct rates *rates = &page->tale->rates;

	page->n_slices = rates->last + 1;
	for (int i = 0; i < page->n_slices; i++) {
		uint64_t entries = rates_entries(rates, i), packets = packets_in(&rates->slices[i]);

		page->most_entries = entries > page->most_entries ? entries : page->most_entries;
		page->most_packets = packets > page->most_packets ? packets : page->most_packets;
	}
	page->most_entries = round_up(page->most_entries);
	page->most_packets = round_up(page->most_packets);
}

static void draw_frame(struct page *page, int top, uint64_t most, const char *title)
{
	static const struct look frame = { .fill = INK_PANEL, .line = INK_NONE };
	static const struct look grid = { .line = INK_FAINT, .width = 10 };
	static const struct lettering head = { .ink = INK_TEXT, .size = 14, .is_bold = true };
	static const struct lettering number = { .ink = INK_MUTED, .size = 12, .is_mono = true, .anchor = ANCHOR_END };

	int n_marks = most < MARKS ? (int)most : MARKS;

	canvas_text(page->canvas, (struct point){ LEFT, top - 12 }, &head, "%s", title);
	canvas_box(page->canvas, (struct area){ LEFT, top, RIGHT - LEFT, CHART_H }, &frame);
	for (int i = 0; i <= n_marks; i++) {
		int y = top + CHART_H - i * CHART_H / n_marks;

		canvas_line(page->canvas, (struct point){ LEFT, y }, (struct point){ RIGHT, y }, &grid);
		canvas_text(page->canvas, (struct point){ LEFT - 8, y + 4 }, &number, "%" PRIu64, most * (uint64_t)i / (uint64_t)n_marks);
	}
}

/* 1, 2 or 5 and zeros, so that there are at most TICKS steps. */
static int64_t tick_step(int64_t all)
{
	int64_t unit = 1000;

	for (;; unit *= 10) {
		static const int64_t steps[] = { 1, 2, 5 };

		for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
			if (steps[i] * unit * TICKS >= all)
				return steps[i] * unit;
	}
}

static void draw_times(struct page *page, int y)
{
	static const struct look line = { .line = INK_LINE, .width = 10 };
	static const struct lettering number = { .ink = INK_MUTED, .size = 12, .is_mono = true, .anchor = ANCHOR_MIDDLE };
	int64_t all = page->tale->rates.slice_ns * page->n_slices, step = tick_step(all);
	struct text time;

	text_init(&time);
	for (int64_t at = 0; at <= all; at += step) {
		int x = LEFT + (int)((double)at / (double)all * (RIGHT - LEFT));

		text_reset(&time);
		picture_words_print_duration(at, &time);
		canvas_line(page->canvas, (struct point){ x, y }, (struct point){ x, y + 5 }, &line);
		if (x < RIGHT - 20)
			canvas_text(page->canvas, (struct point){ x, y + 20 }, &number, "%s", at ? text_string(&time) : "0");
	}
	text_clear(&time);
}

static void draw_entries(struct page *page)
{
	static const struct look area = { .fill = INK_BLUE, .opacity = 30, .line = INK_NONE };
	static const struct look line = { .line = INK_BLUE, .width = 20 };
	int last_y = FIRST_TOP + CHART_H;

	for (int i = 0; i < page->n_slices; i++) {
		int x = slice_x(page, i), next = slice_x(page, i + 1);
		int h = (int)((double)rates_entries(&page->tale->rates, i) / (double)page->most_entries * CHART_H);
		int y = FIRST_TOP + CHART_H - h;

		if (h)
			canvas_box(page->canvas, (struct area){ x, y, next - x, h }, &area);
		if (y != last_y)
			canvas_line(page->canvas, (struct point){ x, last_y }, (struct point){ x, y }, &line);
		canvas_line(page->canvas, (struct point){ x, y }, (struct point){ next, y }, &line);
		last_y = y;
	}
}

/* Stacked; what was not accepted is hatched, so that it differs in print too. */
static void draw_packets(struct page *page)
{
	for (int i = 0; i < page->n_slices; i++) {
		const struct rates_slice *slice = &page->tale->rates.slices[i];
		int x = slice_x(page, i), w = slice_x(page, i + 1) - x, bottom = SECOND_TOP + CHART_H;
		uint64_t below = 0;

		for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
			enum ink ink = picture_ink_of_verdict((enum verdict)verdict);
			struct look bar = { .fill = ink, .line = ink, .width = 5, .opacity = verdict == VERDICT_ACCEPT ? 85 : 35,
					    .pattern = verdict == VERDICT_ACCEPT ? PATTERN_SOLID : PATTERN_HATCH };
			int from = (int)((double)below / (double)page->most_packets * CHART_H), to;

			below += slice->n_packets[verdict];
			to = (int)((double)below / (double)page->most_packets * CHART_H);
			if (slice->n_packets[verdict])
				canvas_box(page->canvas, (struct area){ x, bottom - to, w > 2 ? w - 1 : 1, to > from ? to - from : 1 }, &bar);
		}
	}
}

static void draw_legend(struct page *page)
{
	static const struct lettering words = { .ink = INK_TEXT, .size = 12 };
	int x = LEFT;

	for (int verdict = VERDICT_NONE; verdict < VERDICT_COUNT; verdict++) {
		enum ink ink = picture_ink_of_verdict((enum verdict)verdict);
		struct look box = { .fill = ink, .line = ink, .width = 8, .opacity = verdict == VERDICT_ACCEPT ? 85 : 35,
				    .pattern = verdict == VERDICT_ACCEPT ? PATTERN_SOLID : PATTERN_HATCH };
		bool is_none = verdict == VERDICT_NONE;
		uint64_t n = is_none ? page->tale->summary.n_not_ip : page->tale->summary.n_verdicts[verdict];

		if (!n)
			continue;
		canvas_box(page->canvas, (struct area){ x, SECOND_TOP + CHART_H + 38, 22, 14 }, &box);
		canvas_text(page->canvas, (struct point){ x + 30, SECOND_TOP + CHART_H + 49 }, &words, "%s %" PRIu64,
			    is_none ? "not IP" : verdict_name((enum verdict)verdict), n);
		x += 170;
	}
}

void draw_occupancy(const struct tale *tale, struct canvas *canvas)
{
	struct page page = { .tale = tale, .canvas = canvas };
	struct text title;

	text_init(&title);
	measure(&page);
	canvas->width = PICTURE_WIDTH;
	canvas->height = SECOND_TOP + CHART_H + 72;
	picture_head(canvas, tale, "The table, and the packets that came");
	draw_frame(&page, FIRST_TOP, page.most_entries, "entries in the table");
	draw_entries(&page);
	draw_times(&page, FIRST_TOP + CHART_H);
	text_append(&title, "packets in each ");
	picture_words_print_duration(tale->rates.slice_ns, &title);
	text_append(&title, ", by verdict");
	draw_frame(&page, SECOND_TOP, page.most_packets, text_string(&title));
	draw_packets(&page);
	draw_times(&page, SECOND_TOP + CHART_H);
	draw_legend(&page);
	text_clear(&title);
}
