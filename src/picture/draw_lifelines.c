/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every entry as a bar over time, in the colours of its states. The line in the bar is the time that is left: each
 * packet that refreshes the entry lifts it, and where it meets the ground the entry ends.
 */
#include <inttypes.h>
#include <string.h>

#include "picture/axis.h"
#include "picture/diagrams.h"
#include "picture/picture_words.h"
#include "sink/packet_words.h"

enum { LEFT = PICTURE_MARGIN, RIGHT = PICTURE_WIDTH - PICTURE_MARGIN - 60, TOP = 92, ROW_H = 84, BAR_H = 40, MOST_ROWS = 24,
       LABEL_H = 24, TICK_H = 9, SCALE_STEPS = 8, LOG_UNIT_NS = 100 * 1000 * 1000, MOST_STATES = 9 };

struct page {
	const struct tale *tale;
	struct canvas *canvas;
	struct axis axis;
	size_t n_rows;
};

static struct vtime end_of(const struct page *page, const struct tale_entry *entry)
{
	return entry->is_over ? entry->end : page->axis.times[page->axis.n - 1];
}

/* From which moment to which the state stays the same: a stretch of the bar, or its name. */
static void draw_stretches(struct page *page, const struct tale_entry *entry, int y, bool is_name)
{
	static const struct lettering name = { .ink = INK_TEXT, .size = 11, .has_halo = true };
	size_t i = entry->first;

	while (i) {
		const struct tale_moment *moment = &page->tale->moments[i];
		const char *state = picture_words_state(moment->state, moment->status);
		struct look look = picture_look_of_state(moment->state, moment->status);
		int from, to;

		do
			i = page->tale->moments[i].next;
		while (i && picture_words_state(page->tale->moments[i].state, page->tale->moments[i].status) == state);
		from = axis_x(&page->axis, moment->time);
		to = axis_x(&page->axis, i ? page->tale->moments[i].time : end_of(page, entry));
		look.width = 10;
		if (!is_name)
			canvas_box(page->canvas, (struct area){ from, y, to > from ? to - from : 1, BAR_H }, &look);
		else if (to - from > canvas_text_width(&name, state) + 8)
			canvas_text(page->canvas, (struct point){ from + 5, y + BAR_H - 5 }, &name, "%s", state);
	}
}

/* How high times stand in a bar. TCP has lives of seconds and of days: then the scale is logarithmic. */
struct scale {
	int64_t most;
	bool is_logarithmic;
};

static struct scale find_scale(const struct page *page, const struct tale_entry *entry)
{
	struct scale scale = { .most = 1 };
	int64_t least = INT64_MAX;

	for (size_t i = entry->first; i; i = page->tale->moments[i].next) {
		int64_t left = page->tale->moments[i].deadline.ns - page->tale->moments[i].time.ns;

		scale.most = left > scale.most ? left : scale.most;
		least = left < least ? left : least;
	}
	scale.is_logarithmic = scale.most / 20 > least;
	return scale;
}

/* 256 times the logarithm of base 2, straight between whole ones. */
static int64_t logarithm(int64_t value)
{
	int bits = 0;

	while (value >> bits > 1)
		bits++;
	return bits * 256 + ((value << 8 >> bits) & 255);
}

static int height_of(const struct scale *scale, int64_t left)
{
	double part;

	if (left < 0)
		left = 0;
	if (scale->is_logarithmic)
		part = (double)logarithm(1 + left / LOG_UNIT_NS) / (double)logarithm(1 + scale->most / LOG_UNIT_NS);
	else
		part = (double)left / (double)scale->most;
	return (int)(part * (BAR_H - 3));
}

/* The time that is left: full height for the longest life that the entry ever had. */
static void draw_time_left(struct page *page, const struct tale_entry *entry, int y)
{
	static const struct look line = { .line = INK_TEXT, .width = 14 };
	struct scale scale = find_scale(page, entry);
	int ground = y + BAR_H, last = ground, steps = scale.is_logarithmic ? SCALE_STEPS : 1;

	for (size_t i = entry->first; i; i = page->tale->moments[i].next) {
		const struct tale_moment *moment = &page->tale->moments[i];
		struct vtime until = moment->next ? page->tale->moments[moment->next].time : end_of(page, entry);
		struct point points[SCALE_STEPS + 2] = { { axis_x(&page->axis, moment->time), last } };

		for (int k = 0; k <= steps; k++) {
			struct vtime at = { .ns = moment->time.ns + (until.ns - moment->time.ns) / steps * k };

			if (k == steps)
				at = until;
			points[k + 1] = (struct point){ axis_x(&page->axis, at), ground - height_of(&scale, moment->deadline.ns - at.ns) };
		}
		last = points[steps + 1].y;
		canvas_path(page->canvas, points, (size_t)steps + 2, &line);
	}
}

/* Packets stand as ticks on the bar: up for the original direction, down for the reply. */
static void draw_ticks(struct page *page, const struct tale_entry *entry, int y)
{
	for (size_t i = 0; i < page->tale->n_packets; i++) {
		const struct tale_packet *packet = &page->tale->packets[i];
		struct look tick = { .line = picture_ink_of_verdict(packet->verdict), .width = 18 };
		int x = axis_x(&page->axis, packet->time);
		bool is_reply = packet->entry && packet->direction == DIRECTION_REPLY;

		if (packet->entry ? packet->entry != entry->view.id : !tale_is_of(entry, packet) || packet->is_answer)
			continue;
		if (!packet->entry && (packet->time.ns < entry->start.ns || entry->is_over))
			continue;
		canvas_line(page->canvas, (struct point){ x, is_reply ? y + BAR_H : y - TICK_H },
			    (struct point){ x, is_reply ? y + BAR_H + TICK_H : y }, &tick);
		if (!packet->got_through)
			canvas_cross(page->canvas, (struct point){ x, is_reply ? y + BAR_H + TICK_H : y - TICK_H }, 3, &tick);
	}
}

static void draw_end(struct page *page, const struct tale_entry *entry, int y)
{
	static const struct look cross = { .line = INK_PURPLE, .width = 22 };
	static const struct lettering words = { .ink = INK_PURPLE, .size = 11, .has_halo = true };
	static const struct look arrow = { .line = INK_MUTED, .width = 12 };
	int x = axis_x(&page->axis, end_of(page, entry)), middle = y + BAR_H / 2;

	if (!entry->is_over) {
		canvas_arrow(page->canvas, (struct point){ x, middle }, (struct point){ x + 26, middle }, &arrow);
		return;
	}
	canvas_cross(page->canvas, (struct point){ x + 9, middle }, 5, &cross);
	canvas_text(page->canvas, (struct point){ x + 18, middle + 4 }, &words, entry->has_expired ? "expires" : "ends");
}

static void draw_entry(struct page *page, const struct tale_entry *entry, int top)
{
	static const struct lettering label = { .ink = INK_TEXT, .size = 12, .is_mono = true, .has_halo = true };
	int y = top + LABEL_H + TICK_H, x = axis_x(&page->axis, entry->start);
	struct text words;

	text_init(&words);
	text_printf(&words, "#%" PRIu64 " ", entry->view.id);
	packet_words_print_flow(&entry->view.tuple[DIRECTION_ORIGINAL], &words);
	if (x > RIGHT - canvas_text_width(&label, text_string(&words)))
		x = RIGHT - canvas_text_width(&label, text_string(&words));
	draw_stretches(page, entry, y, false);
	draw_time_left(page, entry, y);
	draw_stretches(page, entry, y, true);
	draw_ticks(page, entry, y);
	draw_end(page, entry, y);
	canvas_text(page->canvas, (struct point){ x < LEFT ? LEFT : x, top + LABEL_H - 6 }, &label, "%s", text_string(&words));
	text_clear(&words);
}

/* What came and left nothing: on a line of its own. */
static void draw_strangers(struct page *page, int y)
{
	static const struct lettering label = { .ink = INK_MUTED, .size = 12, .has_halo = true };
	bool is_any = false;

	for (size_t i = 0; i < page->tale->n_packets; i++) {
		const struct tale_packet *packet = &page->tale->packets[i];
		struct look tick = { .line = picture_ink_of_verdict(packet->verdict), .width = 22 };
		int x = axis_x(&page->axis, packet->time);

		if (packet->entry || packet->is_answer)
			continue;
		is_any = true;
		if (packet->got_through)
			canvas_line(page->canvas, (struct point){ x, y + 4 }, (struct point){ x, y + 16 }, &tick);
		else
			canvas_cross(page->canvas, (struct point){ x, y + 10 }, 5, &tick);
	}
	if (is_any)
		canvas_text(page->canvas, (struct point){ LEFT, y - 2 }, &label, "packets without an entry");
}

/* The states that occur, each once, in the order in which they are met. Bars are often too short for names. */
static void draw_state_key(struct page *page, int y)
{
	static const struct lettering words = { .ink = INK_TEXT, .size = 12 };
	const char *told[MOST_STATES];
	size_t n_told = 0;
	int x = LEFT;

	for (size_t row = 0; row < page->n_rows; row++) {
		for (size_t i = page->tale->entries[row].first; i; i = page->tale->moments[i].next) {
			const struct tale_moment *moment = &page->tale->moments[i];
			const char *state = picture_words_state(moment->state, moment->status);
			struct look look = picture_look_of_state(moment->state, moment->status);
			size_t k = 0;

			while (k < n_told && strcmp(told[k], state) != 0)
				k++;
			if (k < n_told || n_told == MOST_STATES)
				continue;
			told[n_told++] = state;
			look.width = 10;
			canvas_box(page->canvas, (struct area){ x, y - 11, 22, 14 }, &look);
			canvas_text(page->canvas, (struct point){ x + 28, y }, &words, "%s", state);
			x += 28 + canvas_text_width(&words, state) + 18;
		}
	}
}

static void draw_legend(struct page *page, int y)
{
	static const struct lettering words = { .ink = INK_MUTED, .size = 12 };

	canvas_text(page->canvas, (struct point){ LEFT, y }, &words,
		    "The line in a bar: the time that is left until the entry ends (where lives of seconds and of days mix, logarithmically).");
	canvas_text(page->canvas, (struct point){ LEFT, y + 16 }, &words, "Ticks: packets, above in the first direction, below replies; green accepted, orange and crossed dropped.");
}

void draw_lifelines(const struct tale *tale, struct canvas *canvas)
{
	struct page page = { .tale = tale, .canvas = canvas };
	int axis_y, rows_end;
	struct text title;

	if (!tale->n_entries) {
		picture_nothing(canvas, tale, "The life of the entries", "no entry came into the table");
		return;
	}
	text_init(&title);
	page.n_rows = tale->n_entries < MOST_ROWS ? tale->n_entries : MOST_ROWS;
	text_append(&title, "The life of the entries");
	if (page.n_rows < tale->n_entries || tale->n_entries_left_out)
		text_printf(&title, " (the first %zu of %" PRIu64 ")", page.n_rows, tale->n_entries + tale->n_entries_left_out);
	axis_init(&page.axis, tale, page.n_rows, LEFT, RIGHT);
	rows_end = TOP + (int)page.n_rows * ROW_H;
	axis_y = rows_end + 40;
	canvas->width = PICTURE_WIDTH;
	canvas->height = axis_y + 118;
	picture_head(canvas, tale, text_string(&title));
	axis_draw(&page.axis, canvas, TOP, axis_y);
	for (size_t i = 0; i < page.n_rows; i++)
		draw_entry(&page, &tale->entries[i], TOP + (int)i * ROW_H);
	draw_strangers(&page, rows_end + 8);
	draw_state_key(&page, axis_y + 60);
	draw_legend(&page, axis_y + 88);
	axis_clear(&page.axis);
	text_clear(&title);
}
