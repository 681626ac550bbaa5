/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Entries over time in letters: a row for each, a character for each stretch of time. */
#include <inttypes.h>

#include "picture/axis.h"
#include "picture/diagrams.h"
#include "picture/letters.h"
#include "picture/picture_words.h"
#include "sink/packet_words.h"

enum { MARGIN = 2, MOST_ROWS = 24, TICK_WIDTH = 12, END_ROOM = 10 };

struct sheet {
	const struct tale *tale;
	struct letters letters;
	struct axis axis;
	size_t n_rows;
	struct vtime end;
};

/* "unreplied=====|replied======|assured====x" */
static void put_bar(struct sheet *sheet, const struct tale_entry *entry, size_t y)
{
	struct vtime end = entry->is_over ? entry->end : sheet->end;
	int x = axis_x(&sheet->axis, end);

	letters_put(&sheet->letters, (size_t)x + 1, y, entry->is_over ? entry->has_expired ? "x expires" : "x ends" : ">");
	for (size_t i = entry->first; i;) {
		const struct tale_moment *moment = &sheet->tale->moments[i];
		const char *state = picture_words_state(moment->state, moment->status);
		size_t from = (size_t)axis_x(&sheet->axis, moment->time), to;
		struct text name;

		do
			i = sheet->tale->moments[i].next;
		while (i && picture_words_state(sheet->tale->moments[i].state, sheet->tale->moments[i].status) == state);
		to = (size_t)axis_x(&sheet->axis, i ? sheet->tale->moments[i].time : end);
		if (to <= from)
			continue;
		text_init(&name);
		text_printf(&name, "|%.*s", (int)(to - from - 1), state);
		letters_put(&sheet->letters, from, y, text_string(&name));
		text_clear(&name);
		letters_fill(&sheet->letters, from, y, to, y, '=');
	}
}

static char mark_of(const struct tale_packet *packet)
{
	if (!packet->got_through)
		return 'X';
	return packet->direction == DIRECTION_REPLY ? '<' : '>';
}

static void put_packets(struct sheet *sheet, uint64_t entry, size_t y)
{
	for (size_t i = 0; i < sheet->tale->n_packets; i++) {
		const struct tale_packet *packet = &sheet->tale->packets[i];

		if (packet->entry == entry && !packet->is_answer)
			letters_put(&sheet->letters, (size_t)axis_x(&sheet->axis, packet->time), y, (char[]){ mark_of(packet), '\0' });
	}
}

static void put_axis(struct sheet *sheet, size_t y)
{
	int last = -TICK_WIDTH;
	struct text time;

	text_init(&time);
	for (size_t i = 0; i < sheet->axis.n; i++) {
		int x = sheet->axis.x[i];

		if (x - TICK_WIDTH < last)
			continue;
		text_reset(&time);
		picture_words_print_time(sheet->axis.times[i], &time);
		letters_put(&sheet->letters, (size_t)x, y, "+");
		letters_put(&sheet->letters, (size_t)x, y + 1, text_string(&time));
		last = x;
	}
	letters_fill(&sheet->letters, MARGIN, y, (size_t)sheet->axis.right, y, '-');
	letters_put(&sheet->letters, MARGIN, y + 2, sheet->axis.is_shortened ? "seconds; long silences are shorter than they were" : "seconds");
	text_clear(&time);
}

void sketch_lifelines(const struct tale *tale, unsigned columns, struct text *out)
{
	struct sheet sheet = { .tale = tale, .n_rows = tale->n_entries < MOST_ROWS ? tale->n_entries : MOST_ROWS };
	size_t y = 0;
	struct text label;

	letters_init(&sheet.letters, columns < 60 ? 60 : columns);
	text_init(&label);
	axis_init(&sheet.axis, tale, sheet.n_rows, MARGIN, (int)sheet.letters.width - END_ROOM - 1);
	sheet.end = sheet.axis.times[sheet.axis.n - 1];
	for (size_t i = 0; i < sheet.n_rows; i++, y += 3) {
		text_reset(&label);
		text_printf(&label, "#%" PRIu64 " ", tale->entries[i].view.id);
		packet_words_print_flow(&tale->entries[i].view.tuple[DIRECTION_ORIGINAL], &label);
		letters_put(&sheet.letters, 0, y, text_string(&label));
		put_packets(&sheet, tale->entries[i].view.id, y + 1);
		put_bar(&sheet, &tale->entries[i], y + 2);
	}
	letters_put(&sheet.letters, 0, y, "without an entry");
	put_packets(&sheet, 0, y + 1);
	put_axis(&sheet, y + 2);
	letters_write(&sheet.letters, out);
	text_append(out, "  > packet   < reply   X dropped\n");
	if (sheet.n_rows < tale->n_entries || tale->n_entries_left_out)
		text_printf(out, "  the first %zu of %" PRIu64 " entries\n", sheet.n_rows, tale->n_entries + tale->n_entries_left_out);
	axis_clear(&sheet.axis);
	letters_clear(&sheet.letters);
	text_clear(&label);
}
