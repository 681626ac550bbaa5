/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who sent what to whom, and what the firewall in the middle made of it: time runs downwards. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "picture/diagrams.h"
#include "picture/picture_words.h"
#include "picture/sequence.h"
#include "sink/packet_words.h"

enum {
	TIME_X = 112, LEFT_X = 220, FIREWALL_X = 566, RIGHT_X = 912, RULE_X = 1010, LANE_STEP = 104, HEAD_Y = 88, HEAD_H = 44,
	FIRST_Y = 168, ROW_H = 60, SMALL_ROW_H = 40, FIREWALL_HALF = 124, FIREWALL_HEAD_W = 150, CHIP_W = 112, CHIP_H = 22, BAR_W = 8, FOOT_H = 46,
};

static const struct lettering mono = { .ink = INK_TEXT, .size = 12, .is_mono = true, .anchor = ANCHOR_MIDDLE, .has_halo = true };
static const struct lettering inside = { .ink = INK_TEXT, .size = 11, .is_mono = true, .anchor = ANCHOR_MIDDLE };
static const struct lettering inside_muted = { .ink = INK_MUTED, .size = 12, .anchor = ANCHOR_MIDDLE };
static const struct lettering time_style = { .ink = INK_MUTED, .size = 12, .is_mono = true, .anchor = ANCHOR_END };

struct page {
	const struct tale *tale;
	struct canvas *canvas;
	struct sequence sequence;
	int *y;				/* of each row; owned */
	int bottom;
};

static int lane_x(const struct sequence_lane *lane)
{
	return lane->is_left ? LEFT_X + (int)lane->place * LANE_STEP : RIGHT_X - (int)lane->place * LANE_STEP;
}

static bool is_small(const struct sequence_row *row)
{
	return row->kind == SEQUENCE_GAP || row->kind == SEQUENCE_END;
}

static void place_rows(struct page *page)
{
	int y = FIRST_Y;

	page->y = alloc_zeroed(page->sequence.n_rows + 1, sizeof(*page->y));
	for (size_t i = 0; i < page->sequence.n_rows; i++) {
		page->y[i] = y;
		y += is_small(&page->sequence.rows[i]) ? SMALL_ROW_H : ROW_H;
	}
	page->bottom = y - 8;
}

static void draw_head(struct page *page, int x, int width, const char *name, const char *role)
{
	static const struct look box = { .fill = INK_PANEL, .line = INK_LINE, .radius = 6 };
	static const struct lettering name_style = { .ink = INK_TEXT, .size = 12, .is_mono = true, .is_bold = true, .anchor = ANCHOR_MIDDLE };
	static const struct lettering role_style = { .ink = INK_MUTED, .size = 11, .anchor = ANCHOR_MIDDLE };

	canvas_box(page->canvas, (struct area){ x - width / 2, HEAD_Y, width, HEAD_H }, &box);
	canvas_text_within(page->canvas, (struct point){ x, HEAD_Y + (*role ? 19 : 27) }, width - 8, &name_style, name);
	if (*role)
		canvas_text_within(page->canvas, (struct point){ x, HEAD_Y + 35 }, width - 8, &role_style, role);
}

static void draw_lanes(struct page *page)
{
	static const struct lettering time_head = { .ink = INK_MUTED, .size = 11, .anchor = ANCHOR_END };
	static const struct lettering rule_head = { .ink = INK_MUTED, .size = 11 };
	static const struct look line = { .line = INK_LINE, .width = 10, .dash = DASH_LONG };
	static const struct look panel = { .fill = INK_PANEL, .line = INK_NONE, .radius = 6 };
	static const struct look axis = { .line = INK_LINE, .width = 20 };

	canvas_box(page->canvas, (struct area){ FIREWALL_X - FIREWALL_HALF, HEAD_Y, 2 * FIREWALL_HALF, page->bottom - HEAD_Y }, &panel);
	canvas_line(page->canvas, (struct point){ FIREWALL_X, HEAD_Y + HEAD_H }, (struct point){ FIREWALL_X, page->bottom }, &axis);
	draw_head(page, FIREWALL_X, FIREWALL_HEAD_W, "firewall", "netfilter and its table");
	canvas_text(page->canvas, (struct point){ TIME_X, HEAD_Y + 27 }, &time_head, "packet, time in s");
	canvas_text(page->canvas, (struct point){ RULE_X, HEAD_Y + 27 }, &rule_head, "verdict, and who decided");
	for (int i = 0; i < page->sequence.n_lanes; i++) {
		const struct sequence_lane *lane = &page->sequence.lanes[i];
		int x = lane_x(lane), n_on_side = page->sequence.n_sides[!lane->is_left];
		struct text name;

		text_init(&name);
		address_print(lane->family, &lane->address, &name);
		canvas_line(page->canvas, (struct point){ x, HEAD_Y + HEAD_H }, (struct point){ x, page->bottom }, &line);
		draw_head(page, x, n_on_side > 1 ? LANE_STEP - 6 : 150, lane->is_crowd ? "others" : text_string(&name),
			  !lane->is_host ? "" : n_on_side > 1 ? "this host" : "programs of this host");
		text_clear(&name);
	}
}

static size_t find_row(const struct page *page, const struct tale_entry *entry, bool is_end)
{
	size_t found = page->sequence.n_rows;

	for (size_t i = 0; i < page->sequence.n_rows; i++) {
		const struct sequence_row *row = &page->sequence.rows[i];

		if (is_end ? row->entry == entry || (row->packet && row->packet->entry == entry->view.id && row->packet->change == ENTRY_DESTROYED)
			   : row->packet && row->packet->entry == entry->view.id)
			return i;
	}
	return found;
}

/* An entry lives on the firewall's line: a bar from the packet that made it to its end. Four side by side at most. */
static void draw_bars(struct page *page)
{
	static const struct look bar = { .fill = INK_SKY, .opacity = 45, .line = INK_SKY, .width = 10, .radius = 3 };
	int used_until[4] = { 0, 0, 0, 0 };

	for (size_t i = 0; i < page->tale->n_entries; i++) {
		const struct tale_entry *entry = &page->tale->entries[i];
		size_t first = find_row(page, entry, false), last = entry->is_over ? find_row(page, entry, true) : page->sequence.n_rows;
		int from, to, slot = 0;

		if (first == page->sequence.n_rows)
			continue;
		from = page->y[first];
		to = last == page->sequence.n_rows ? page->bottom : page->y[last];
		while (slot < 3 && used_until[slot] > from)
			slot++;
		used_until[slot] = to + 1;
		canvas_box(page->canvas,
			   (struct area){ FIREWALL_X - BAR_W / 2 + slot * (BAR_W + 3), from, BAR_W, to > from ? to - from : 1 }, &bar);
	}
}

/* Over the firewall's line, which is hidden there. */
static void put_inside(struct page *page, int y, const struct lettering *lettering, const char *string)
{
	static const struct look cover = { .fill = INK_PANEL, .line = INK_NONE };
	int width = canvas_text_width(lettering, string) + 8;

	canvas_box(page->canvas, (struct area){ FIREWALL_X - width / 2, y - 12, width, 16 }, &cover);
	canvas_text(page->canvas, (struct point){ FIREWALL_X, y }, lettering, "%s", string);
}

static void draw_time(struct page *page, const struct sequence_row *row, int y)
{
	static const struct lettering number = { .ink = INK_TEXT, .size = 13, .is_bold = true, .anchor = ANCHOR_END };
	struct text time;

	text_init(&time);
	picture_words_print_time(row->time, &time);
	if (row->kind == SEQUENCE_PACKET)
		canvas_text(page->canvas, (struct point){ TIME_X, y - 4 }, &number, "%" PRIu64, row->packet->number);
	canvas_text(page->canvas, (struct point){ TIME_X, row->kind == SEQUENCE_PACKET ? y + 12 : y + 4 }, &time_style, "%s",
		    text_string(&time));
	text_clear(&time);
}

/* A white knot on a line: here time was left out. */
static void draw_break(struct canvas *canvas, int x, int y)
{
	static const struct look hole = { .fill = INK_PAPER, .line = INK_NONE };
	static const struct look stroke = { .line = INK_LINE, .width = 12 };

	canvas_box(canvas, (struct area){ x - 8, y - 5, 16, 10 }, &hole);
	canvas_line(canvas, (struct point){ x - 8, y - 2 }, (struct point){ x + 8, y - 8 }, &stroke);
	canvas_line(canvas, (struct point){ x - 8, y + 8 }, (struct point){ x + 8, y + 2 }, &stroke);
}

static void draw_gap(struct page *page, const struct sequence_row *row, int y)
{
	struct text silence;

	text_init(&silence);
	picture_words_print_duration(row->silence_ns, &silence);
	for (int i = 0; i < page->sequence.n_lanes; i++)
		draw_break(page->canvas, lane_x(&page->sequence.lanes[i]), y);
	text_append(&silence, " of silence");
	put_inside(page, y + 4, &inside_muted, text_string(&silence));
	text_clear(&silence);
}

static void draw_end(struct page *page, const struct sequence_row *row, int y)
{
	static const struct look ring = { .fill = INK_PAPER, .line = INK_PURPLE, .width = 20 };
	static const struct look cross = { .line = INK_PURPLE, .width = 20 };
	static const struct lettering style = { .ink = INK_PURPLE, .size = 12, .has_halo = true };

	draw_time(page, row, y);
	canvas_disc(page->canvas, (struct point){ FIREWALL_X, y }, 8, &ring);
	canvas_cross(page->canvas, (struct point){ FIREWALL_X, y }, 4, &cross);
	canvas_text(page->canvas, (struct point){ FIREWALL_X + 16, y + 4 }, &style, "#%" PRIu64 " expires: silent for %u s",
		    row->entry->view.id, row->entry->view.timeout_seconds);
}

/* "10.0.0.2:4000 > 198.51.100.1:80" */
static void print_ends(const struct tuple *tuple, struct text *out)
{
	packet_words_print_endpoint(tuple, true, out);
	text_append(out, " > ");
	packet_words_print_endpoint(tuple, false, out);
}

/* Above the arrow between a life line and the chip; what is longer than that ends at the chip, over other life lines. */
static void draw_words(struct page *page, int lane, int y, const char *string)
{
	bool is_left = lane < FIREWALL_X;
	int edge = FIREWALL_X + (is_left ? -CHIP_W / 2 - 6 : CHIP_W / 2 + 6);
	int room = is_left ? edge - lane : lane - edge, most = is_left ? edge - LEFT_X : RIGHT_X - edge;
	struct lettering long_words = mono;

	if (!*string)
		return;
	if (canvas_text_width(&mono, string) <= room) {
		canvas_text(page->canvas, (struct point){ (lane + edge) / 2, y - 7 }, &mono, "%s", string);
		return;
	}
	long_words.anchor = is_left ? ANCHOR_END : ANCHOR_START;
	long_words.size = mono.size - 1;
	canvas_text_within(page->canvas, (struct point){ edge, y - 7 }, most, &long_words, string);
}

static void draw_way_in(struct page *page, const struct sequence_row *row, int y)
{
	const struct tale_packet *packet = row->packet;
	bool is_lost = !packet->got_through;
	struct look line = { .line = is_lost ? INK_VERMILION : INK_TEXT, .width = 16, .dash = is_lost ? DASH_LONG : DASH_NONE };
	int from = lane_x(&page->sequence.lanes[row->from]), side = from < FIREWALL_X ? -1 : 1;
	struct point edge = { FIREWALL_X + side * CHIP_W / 2, y };
	struct text ends;

	text_init(&ends);
	if (packet->was_rewritten)
		print_ends(&packet->captured, &ends);
	draw_words(page, from, y, packet->was_rewritten ? text_string(&ends) : packet->words);
	text_clear(&ends);
	if (is_lost) {
		struct look cross = { .line = INK_VERMILION, .width = 26 };

		canvas_line(page->canvas, (struct point){ from, y }, (struct point){ edge.x + side * 12, y }, &line);
		canvas_cross(page->canvas, (struct point){ edge.x + side * 12, y }, 6, &cross);
	} else {
		canvas_arrow(page->canvas, (struct point){ from, y }, edge, &line);
	}
}

/* Back to the side that it came from: below the arrow on which it came. */
static void draw_way_back(struct page *page, int to, int y, const char *words)
{
	static const struct look line = { .line = INK_TEXT, .width = 16 };
	bool is_left = to < FIREWALL_X;
	struct lettering lettering = mono;
	int edge = FIREWALL_X + (is_left ? -FIREWALL_HALF : FIREWALL_HALF);

	lettering.anchor = is_left ? ANCHOR_END : ANCHOR_START;
	canvas_arrow(page->canvas, (struct point){ FIREWALL_X + (is_left ? -CHIP_W / 2 : CHIP_W / 2), y + CHIP_H / 2 },
		     (struct point){ to, y + CHIP_H / 2 }, &line);
	canvas_text_within(page->canvas, (struct point){ edge, y + CHIP_H / 2 + 14 }, is_left ? edge - TIME_X : RULE_X - edge, &lettering,
			   words);
}

static void draw_way_out(struct page *page, const struct sequence_row *row, int y)
{
	static const struct look line = { .line = INK_TEXT, .width = 16 };
	const struct tale_packet *packet = row->packet;
	struct text ends;
	int to;

	if (row->to == SEQUENCE_NOBODY || !packet->got_through)
		return;
	to = lane_x(&page->sequence.lanes[row->to]);
	text_init(&ends);
	if (packet->was_rewritten)
		print_ends(&packet->left, &ends);
	if (page->sequence.lanes[row->to].is_left == page->sequence.lanes[row->from].is_left) {
		draw_way_back(page, to, y, text_string(&ends));
	} else {
		canvas_arrow(page->canvas, (struct point){ FIREWALL_X + (to < FIREWALL_X ? -CHIP_W / 2 : CHIP_W / 2), y },
			     (struct point){ to, y }, &line);
		draw_words(page, to, y, text_string(&ends));
	}
	text_clear(&ends);
}

static void draw_chip(struct page *page, const struct tale_packet *packet, int y)
{
	static const struct lettering style = { .ink = INK_PAPER, .size = 12, .is_bold = true, .anchor = ANCHOR_MIDDLE };
	enum ink ink = packet->ctstate == CTSTATE_NONE ? INK_MUTED : picture_ink_of_ctstate(packet->ctstate);
	struct look chip = { .fill = ink, .line = ink, .radius = CHIP_H / 2 };
	struct text entry;

	canvas_box(page->canvas, (struct area){ FIREWALL_X - CHIP_W / 2, y - CHIP_H / 2, CHIP_W, CHIP_H }, &chip);
	canvas_text(page->canvas, (struct point){ FIREWALL_X, y + 4 }, &style, "%s",
		    packet->ctstate == CTSTATE_NONE ? "not tracked" : ctstate_name(packet->ctstate));
	text_init(&entry);
	picture_words_print_entry(packet, &entry);
	put_inside(page, y + CHIP_H / 2 + 16, packet->entry ? &inside : &inside_muted, text_string(&entry));
	text_clear(&entry);
}

static void draw_verdict(struct page *page, const struct tale_packet *packet, int y)
{
	struct lettering verdict = { .ink = picture_ink_of_verdict(packet->verdict), .size = 13, .is_bold = true };
	static const struct lettering rule = { .ink = INK_TEXT, .size = 12 };
	static const struct lettering file = { .ink = INK_MUTED, .size = 11 };
	int width = PICTURE_WIDTH - PICTURE_MARGIN - RULE_X;
	struct text line;

	text_init(&line);
	canvas_text(page->canvas, (struct point){ RULE_X, y - 5 }, &verdict, "%s",
		    packet->verdict == VERDICT_NONE ? "" : verdict_name(packet->verdict));
	picture_words_print_decision(packet, &line);
	canvas_text_within(page->canvas, (struct point){ RULE_X, y + 10 }, width, &rule, text_string(&line));
	text_reset(&line);
	if (packet->decided_by)
		picture_words_print_place(packet->decided_by, &line);
	canvas_text_within(page->canvas, (struct point){ RULE_X, y + 24 }, width, &file, text_string(&line));
	text_clear(&line);
}

static void draw_answer(struct page *page, const struct sequence_row *row, int y)
{
	static const struct look line = { .line = INK_ORANGE, .width = 16, .dash = DASH_SHORT };
	const struct tale_packet *packet = row->packet;
	int to = row->to == SEQUENCE_NOBODY ? RIGHT_X : lane_x(&page->sequence.lanes[row->to]);
	int side = to < FIREWALL_X ? -1 : 1;

	draw_words(page, to, y, packet->words);
	canvas_arrow(page->canvas, (struct point){ FIREWALL_X, y }, (struct point){ to, y }, &line);
	canvas_text(page->canvas, (struct point){ FIREWALL_X - side * 8, y + 4 },
		    &(struct lettering){ .ink = INK_MUTED, .size = 12, .anchor = side > 0 ? ANCHOR_END : ANCHOR_START, .has_halo = true },
		    "answers");
	draw_verdict(page, packet, y);
}

static void draw_row(struct page *page, const struct sequence_row *row, int y)
{
	switch (row->kind) {
	case SEQUENCE_GAP:
		draw_gap(page, row, y);
		break;
	case SEQUENCE_END:
		draw_end(page, row, y);
		break;
	case SEQUENCE_ANSWER:
		draw_answer(page, row, y);
		break;
	case SEQUENCE_PACKET:
		draw_time(page, row, y);
		draw_way_in(page, row, y);
		draw_way_out(page, row, y);
		draw_chip(page, row->packet, y);
		draw_verdict(page, row->packet, y);
		break;
	}
}

static void print_title(const struct page *page, struct text *out)
{
	const struct tale *tale = page->tale;

	if (tale->flow)
		text_printf(out, "Flow #%" PRIu64 ", packet by packet", tale->flow);
	else
		text_append(out, "Packet by packet");
	if (page->sequence.n_left_out)
		text_printf(out, " (%" PRIu64 " more are not drawn)", page->sequence.n_left_out);
}

void draw_sequence(const struct tale *tale, struct canvas *canvas)
{
	struct page page = { .tale = tale, .canvas = canvas };
	struct text title;

	if (!tale->n_packets) {
		picture_nothing(canvas, tale, "Packet by packet", "no packet was kept: --flow N and --packets choose others");
		return;
	}
	text_init(&title);
	sequence_make(tale, &page.sequence);
	place_rows(&page);
	canvas->width = PICTURE_WIDTH;
	canvas->height = page.bottom + FOOT_H;
	print_title(&page, &title);
	picture_head(canvas, tale, text_string(&title));
	draw_lanes(&page);
	draw_bars(&page);
	for (size_t i = 0; i < page.sequence.n_rows; i++)
		draw_row(&page, &page.sequence.rows[i], page.y[i]);
	canvas_text(canvas, (struct point){ PICTURE_MARGIN, page.bottom + 28 },
		    &(struct lettering){ .ink = INK_MUTED, .size = 12 },
		    "On the firewall: the state that -m conntrack sees; below it the entry afterwards, and the seconds it lives without another packet.");
	text_clear(&title);
	free(page.y);
	sequence_clear(&page.sequence);
}
