/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One packet from hook to hook, downwards; what decided stands out. */
#include <inttypes.h>

#include "picture/diagrams.h"
#include "picture/trail.h"
#include "picture/picture_words.h"
#include "sink/packet_words.h"

enum { HOOK_X = PICTURE_MARGIN, HOOK_W = 168, BODY_X = 226, TOP = 132, LINE_H = 26, SECOND_LINE = 18, INDENT = 26, DETAIL_X = 800, GAP = 16,
       RIGHT = PICTURE_WIDTH - PICTURE_MARGIN, BODY_W = RIGHT - BODY_X };

static bool is_loud(const struct trail_line *line)
{
	return line->kind == TRAIL_MATCH || line->kind == TRAIL_DECIDED;
}

static int line_x(const struct trail_line *line)
{
	return BODY_X + 30 + (int)line->indent * INDENT;
}

static struct lettering rule_style(const struct trail_line *line)
{
	return (struct lettering){ .ink = is_loud(line) ? INK_TEXT : INK_MUTED, .size = 12, .is_mono = line->rule != NULL,
				   .is_bold = line->is_last_word };
}

/* A rule that leaves no room for what is to be said of it takes two lines. */
static bool is_wide(const struct trail_line *line)
{
	struct lettering style = rule_style(line);

	return line->rule && canvas_text_width(&style, line->text) > DETAIL_X - 14 - line_x(line);
}

static void draw_mark(struct canvas *canvas, const struct trail_line *line, int x, int y)
{
	struct look look = { .width = 20, .line = line->kind == TRAIL_MISS ? INK_LINE : INK_GREEN };

	if (line->kind == TRAIL_MISS) {
		canvas_cross(canvas, (struct point){ x, y }, 4, &look);
	} else if (line->kind == TRAIL_DECIDED && line->verdict != VERDICT_ACCEPT) {
		look.line = INK_VERMILION;
		canvas_cross(canvas, (struct point){ x, y }, 5, &look);
	} else if (is_loud(line)) {
		canvas_path(canvas, (struct point[]){ { x - 5, y }, { x - 1, y + 4 }, { x + 6, y - 5 } }, 3, &look);
	}
}

static void draw_detail(struct canvas *canvas, const struct trail_line *line, int y)
{
	static const struct lettering muted = { .ink = INK_MUTED, .size = 12 };
	struct lettering verdict = { .ink = picture_ink_of_verdict(line->verdict), .size = 13, .is_bold = true };
	struct text text;

	text_init(&text);
	if (line->kind == TRAIL_DECIDED) {
		text_printf(&text, "%s%s", line->is_last_word ? "decides: " : "", verdict_name(line->verdict));
		canvas_text(canvas, (struct point){ DETAIL_X, y }, &verdict, "%s", text_string(&text));
	} else {
		canvas_text_within(canvas, (struct point){ DETAIL_X, y }, RIGHT - DETAIL_X, &muted,
				   line->kind == TRAIL_MATCH ? "matches, and the packet goes on" : line->detail);
	}
	text_reset(&text);
	if (line->kind == TRAIL_DECIDED && line->rule)
		picture_words_print_place(line->rule, &text);
	canvas_text_within(canvas, (struct point){ DETAIL_X + 170, y }, RIGHT - DETAIL_X - 170, &muted, text_string(&text));
	text_clear(&text);
}

static int height_of(const struct trail_line *line)
{
	bool has_two = line->kind == TRAIL_TRACKING ? *line->detail != '\0' : is_wide(line);

	return has_two ? LINE_H + SECOND_LINE : LINE_H;
}

static void draw_rule(struct canvas *canvas, const struct trail_line *line, int y)
{
	static const struct look winner[2] = {
		{ .fill = INK_GREEN, .opacity = 14, .line = INK_GREEN, .width = 14, .radius = 5 },
		{ .fill = INK_VERMILION, .opacity = 14, .line = INK_VERMILION, .width = 14, .radius = 5 },
	};
	struct lettering style = rule_style(line);
	int x = line_x(line);

	if (line->is_last_word)
		canvas_box(canvas, (struct area){ BODY_X + 4, y - 18, BODY_W - 8, height_of(line) }, &winner[line->verdict != VERDICT_ACCEPT]);
	draw_mark(canvas, line, x - 14, y - 5);
	canvas_text_within(canvas, (struct point){ x, y }, RIGHT - 8 - x, &style, line->text);
	draw_detail(canvas, line, is_wide(line) ? y + SECOND_LINE : y);
}

static void draw_line(struct canvas *canvas, const struct trail_line *line, int y)
{
	static const struct lettering title = { .ink = INK_TEXT, .size = 13, .is_bold = true };
	static const struct lettering muted = { .ink = INK_MUTED, .size = 12 };
	static const struct lettering answer = { .ink = INK_ORANGE, .size = 13, .is_bold = true };

	switch (line->kind) {
	case TRAIL_TABLE:
		canvas_text(canvas, (struct point){ BODY_X + 14, y }, &title, "%s", line->text);
		break;
	case TRAIL_TRACKING:
		canvas_text(canvas, (struct point){ BODY_X + 14, y }, &title, "connection tracking");
		canvas_text_within(canvas, (struct point){ BODY_X + 176, y }, RIGHT - BODY_X - 190, &muted, line->text);
		if (*line->detail)
			canvas_text_within(canvas, (struct point){ BODY_X + 176, y + SECOND_LINE }, RIGHT - BODY_X - 190, &muted, line->detail);
		break;
	case TRAIL_ANSWER:
		canvas_text_within(canvas, (struct point){ BODY_X + 14, y }, BODY_W - 28, &answer, line->text);
		break;
	default:
		draw_rule(canvas, line, y);
	}
}

/* A hook's box on the left beside the panel of what happens there. */
static void draw_hook(struct canvas *canvas, const struct trail_line *line, struct area panel)
{
	static const struct look body = { .fill = INK_PANEL, .line = INK_NONE, .radius = 8 };
	static const struct look head = { .fill = INK_PAPER, .line = INK_TEXT, .width = 14, .radius = 8 };
	static const struct lettering name = { .ink = INK_TEXT, .size = 14, .is_bold = true, .anchor = ANCHOR_MIDDLE };
	static const struct lettering muted = { .ink = INK_MUTED, .size = 12, .anchor = ANCHOR_MIDDLE };

	canvas_box(canvas, panel, &body);
	canvas_box(canvas, (struct area){ HOOK_X, panel.y, HOOK_W, panel.h < 46 ? panel.h : 46 }, &head);
	canvas_text(canvas, (struct point){ HOOK_X + HOOK_W / 2, panel.y + 20 }, &name, "%s", line->text);
	canvas_text_within(canvas, (struct point){ HOOK_X + HOOK_W / 2, panel.y + 38 }, HOOK_W - 12, &muted, line->detail);
}

static size_t next_hook(const struct trail *trail, size_t i)
{
	do
		i++;
	while (i < trail->n_lines && trail->lines[i].kind != TRAIL_HOOK);
	return i;
}

static int draw_hooks(struct canvas *canvas, const struct trail *trail)
{
	static const struct look arrow = { .line = INK_TEXT, .width = 18 };
	static const struct lettering muted = { .ink = INK_MUTED, .size = 12 };
	int y = TOP;

	for (size_t i = 0; i < trail->n_lines;) {
		size_t end = next_hook(trail, i);
		int height = 12, at;

		for (size_t k = i + 1; k < end; k++)
			height += height_of(&trail->lines[k]);
		if (height < 52)
			height = 52;
		draw_hook(canvas, &trail->lines[i], (struct area){ BODY_X, y, BODY_W, height });
		at = y + 24;
		if (end == i + 1)
			canvas_text(canvas, (struct point){ BODY_X + 14, at + 6 }, &muted, "no table has rules here");
		for (size_t k = i + 1; k < end; k++) {
			draw_line(canvas, &trail->lines[k], at);
			at += height_of(&trail->lines[k]);
		}
		if (end < trail->n_lines)
			canvas_arrow(canvas, (struct point){ HOOK_X + HOOK_W / 2, y + 46 }, (struct point){ HOOK_X + HOOK_W / 2, y + height + GAP },
				     &arrow);
		y += height + GAP;
		i = end;
	}
	return y;
}

static void draw_result(struct canvas *canvas, const struct tale_packet *packet)
{
	struct lettering verdict = { .ink = picture_ink_of_verdict(packet->verdict), .size = 18, .is_bold = true };
	static const struct lettering words = { .ink = INK_TEXT, .size = 14 };
	int width = canvas_text_width(&verdict, verdict_name(packet->verdict)) + 16;
	struct text text;

	text_init(&text);
	picture_words_print_decision(packet, &text);
	text_append(&text, " · ");
	picture_words_print_entry(packet, &text);
	canvas_text(canvas, (struct point){ PICTURE_MARGIN, 106 }, &verdict, "%s", verdict_name(packet->verdict));
	canvas_text_within(canvas, (struct point){ PICTURE_MARGIN + width, 106 }, RIGHT - width - PICTURE_MARGIN, &words,
			   text_string(&text));
	text_clear(&text);
}

void draw_path(const struct tale *tale, struct canvas *canvas)
{
	struct trail trail;
	struct text title;

	trail_make(tale, &trail);
	if (!trail.packet) {
		picture_nothing(canvas, tale, "One packet's way", "this packet is not in the capture, or --packets hides it");
		trail_clear(&trail);
		return;
	}
	text_init(&title);
	text_printf(&title, "Packet %" PRIu64 ": %s", trail.packet->number, trail.packet->words);
	if (trail.packet->ctstate != CTSTATE_NONE)
		text_printf(&title, ", %s", ctstate_name(trail.packet->ctstate));
	canvas->width = PICTURE_WIDTH;
	picture_head(canvas, tale, text_string(&title));
	draw_result(canvas, trail.packet);
	canvas->height = draw_hooks(canvas, &trail) + 8;
	text_clear(&title);
	trail_clear(&trail);
}
