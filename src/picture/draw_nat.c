/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What NAT is: two tuples in the table, and packets that are rewritten from the one to the other. The same end has the
 * same colour wherever it stands.
 */
#include <inttypes.h>

#include "picture/diagrams.h"
#include "picture/picture_words.h"
#include "picture/translation.h"
#include "sink/packet_words.h"

enum { BOX_W = 400, BOX_H = 88, LEFT_X = PICTURE_MARGIN, RIGHT_X = PICTURE_WIDTH - PICTURE_MARGIN - BOX_W, FIRST_Y = 120,
       ENTRY_Y = 268, ENTRY_H = 132, ENTRY_X = 190, ENTRY_W = PICTURE_WIDTH - 2 * ENTRY_X, REPLY_Y = 452, MIDDLE = PICTURE_WIDTH / 2,
       HOST_W = 190, END_X = 66, END_H = 28 };

static const struct lettering label = { .ink = INK_MUTED, .size = 12 };
static const struct lettering title = { .ink = INK_TEXT, .size = 14, .is_bold = true };

static void draw_end(struct canvas *canvas, const struct translation *translation, struct point at, const struct tuple *tuple,
		     bool is_source)
{
	static const enum ink inks[] = { INK_BLUE, INK_ORANGE, INK_PURPLE, INK_GREEN };
	static const struct lettering style = { .ink = INK_TEXT, .size = 14, .is_mono = true, .is_bold = true };
	enum ink ink = inks[translation_color(translation, tuple, is_source)];
	struct look chip = { .fill = ink, .opacity = 22, .line = ink, .width = 18, .radius = 6 };
	struct text text;

	text_init(&text);
	packet_words_print_endpoint(tuple, is_source, &text);
	canvas_box(canvas, (struct area){ at.x, at.y, canvas_text_width(&style, text_string(&text)) + 20, END_H }, &chip);
	canvas_text(canvas, (struct point){ at.x + 10, at.y + 19 }, &style, "%s", text_string(&text));
	text_clear(&text);
}

static void draw_packet(struct canvas *canvas, const struct translation *translation, struct point at, const struct tuple *tuple)
{
	static const struct look box = { .fill = INK_PAPER, .line = INK_LINE, .width = 14, .radius = 8 };

	canvas_box(canvas, (struct area){ at.x, at.y, BOX_W, BOX_H }, &box);
	canvas_text(canvas, (struct point){ at.x + 14, at.y + 31 }, &label, "from");
	draw_end(canvas, translation, (struct point){ at.x + END_X, at.y + 12 }, tuple, true);
	canvas_text(canvas, (struct point){ at.x + 14, at.y + 65 }, &label, "to");
	draw_end(canvas, translation, (struct point){ at.x + END_X, at.y + 46 }, tuple, false);
}

/* A packet on its way through the host: before on one side, after on the other. */
static void draw_journey(struct canvas *canvas, const struct translation *translation, const struct tale_packet *packet, int y)
{
	static const struct look host = { .fill = INK_PANEL, .line = INK_TEXT, .width = 14, .radius = 8 };
	static const struct look arrow = { .line = INK_TEXT, .width = 20 };
	static const struct lettering centre = { .ink = INK_TEXT, .size = 13, .is_bold = true, .anchor = ANCHOR_MIDDLE };
	static const struct lettering small = { .ink = INK_MUTED, .size = 12, .anchor = ANCHOR_MIDDLE };
	bool is_reply = packet->direction == DIRECTION_REPLY;
	int left = MIDDLE - HOST_W / 2, right = MIDDLE + HOST_W / 2, axis = y + BOX_H / 2;
	struct point before = { is_reply ? RIGHT_X : LEFT_X, y }, after = { is_reply ? LEFT_X : RIGHT_X, y };

	canvas_text(canvas, (struct point){ before.x, y - 10 }, &label, "packet %" PRIu64 " as it came", packet->number);
	canvas_text(canvas, (struct point){ after.x, y - 10 }, &label, "as it left");
	draw_packet(canvas, translation, before, &packet->captured);
	draw_packet(canvas, translation, after, &packet->left);
	canvas_box(canvas, (struct area){ left, y, HOST_W, BOX_H }, &host);
	canvas_text(canvas, (struct point){ MIDDLE, axis - 4 }, &centre, "%s", translation_words(packet));
	canvas_text(canvas, (struct point){ MIDDLE, axis + 14 }, &small, is_reply ? "reply direction" : "original direction");
	if (is_reply) {
		canvas_arrow(canvas, (struct point){ RIGHT_X, axis }, (struct point){ right, axis }, &arrow);
		canvas_arrow(canvas, (struct point){ left, axis }, (struct point){ LEFT_X + BOX_W, axis }, &arrow);
	} else {
		canvas_arrow(canvas, (struct point){ LEFT_X + BOX_W, axis }, (struct point){ left, axis }, &arrow);
		canvas_arrow(canvas, (struct point){ right, axis }, (struct point){ RIGHT_X, axis }, &arrow);
	}
}

static void draw_tuple(struct canvas *canvas, const struct translation *translation, const struct tuple *tuple, const char *name, int y)
{
	static const struct lettering arrow = { .ink = INK_TEXT, .size = 16, .is_mono = true, .anchor = ANCHOR_MIDDLE };

	canvas_text(canvas, (struct point){ ENTRY_X + 18, y + 19 }, &label, "%s", name);
	draw_end(canvas, translation, (struct point){ ENTRY_X + 110, y }, tuple, true);
	canvas_text(canvas, (struct point){ ENTRY_X + 488, y + 20 }, &arrow, ">");
	draw_end(canvas, translation, (struct point){ ENTRY_X + 520, y }, tuple, false);
}

static void draw_entry(struct canvas *canvas, const struct translation *translation)
{
	static const struct look box = { .fill = INK_PANEL, .line = INK_NONE, .radius = 10 };
	const struct tale_entry *entry = translation->entry;

	canvas_box(canvas, (struct area){ ENTRY_X, ENTRY_Y, ENTRY_W, ENTRY_H }, &box);
	canvas_text(canvas, (struct point){ ENTRY_X + 18, ENTRY_Y + 27 }, &title, "entry #%" PRIu64 " in the table", entry->view.id);
	canvas_text(canvas, (struct point){ ENTRY_X + 220, ENTRY_Y + 27 }, &label, "its reply tuple says what an answer will look like before it is translated back");
	draw_tuple(canvas, translation, &entry->view.tuple[DIRECTION_ORIGINAL], "original", ENTRY_Y + 42);
	draw_tuple(canvas, translation, &entry->view.tuple[DIRECTION_REPLY], "reply", ENTRY_Y + 86);
}

void draw_nat(const struct tale *tale, struct canvas *canvas)
{
	struct translation translation;
	struct text head;

	if (!translation_find(tale, &translation)) {
		picture_nothing(canvas, tale, "Translation", "no packet with an entry got through: there is nothing to translate");
		return;
	}
	text_init(&head);
	text_append(&head, "Network address translation of ");
	packet_words_print_flow(&translation.entry->view.tuple[DIRECTION_ORIGINAL], &head);
	canvas->width = PICTURE_WIDTH;
	canvas->height = 580;
	picture_head(canvas, tale, text_string(&head));
	draw_entry(canvas, &translation);
	if (translation.there)
		draw_journey(canvas, &translation, translation.there, FIRST_Y);
	if (translation.back)
		draw_journey(canvas, &translation, translation.back, REPLY_Y);
	else
		canvas_text(canvas, (struct point){ LEFT_X, REPLY_Y + 30 }, &label, "no reply came");
	text_clear(&head);
}
