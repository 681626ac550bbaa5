/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The sequence in letters: a line for the arrow, one for what the kernel knows afterwards. */
#include <inttypes.h>
#include <string.h>

#include "picture/diagrams.h"
#include "picture/letters.h"
#include "picture/picture_words.h"
#include "picture/sequence.h"
#include "sink/packet_words.h"

enum { TIME_END = 17, LANES_X = 19, RULE_WIDTH = 29, NARROWEST = 92, CHIP_HALF = 7 };

struct sheet {
	struct letters letters;
	struct sequence sequence;
	size_t y;
	size_t firewall, rule_x;
	size_t lanes[SEQUENCE_MOST_LANES];
};

/* Left lanes from the margin inwards, right lanes from theirs. */
static void place_lanes(struct sheet *sheet)
{
	size_t right = sheet->rule_x - 4, step = 8;

	sheet->firewall = (LANES_X + right) / 2;
	for (int i = 0; i < sheet->sequence.n_lanes; i++) {
		const struct sequence_lane *lane = &sheet->sequence.lanes[i];

		sheet->lanes[i] = lane->is_left ? LANES_X + lane->place * step : right - lane->place * step;
	}
}

/* Addresses above each other, each with its own line down: they are wide. */
static void put_heads(struct sheet *sheet)
{
	size_t first = sheet->y;

	for (int i = 0; i < sheet->sequence.n_lanes; i++) {
		const struct sequence_lane *lane = &sheet->sequence.lanes[i];
		struct text name;

		text_init(&name);
		if (lane->is_crowd)
			text_append(&name, "others");
		else
			address_print(lane->family, &lane->address, &name);
		if (lane->is_host)
			text_append(&name, " (this host)");
		if (lane->is_left)
			letters_put(&sheet->letters, sheet->lanes[i], first + lane->place, text_string(&name));
		else
			letters_put_left_of(&sheet->letters, sheet->lanes[i] + 1, first + lane->place, text_string(&name));
		text_clear(&name);
	}
	letters_put_around(&sheet->letters, sheet->firewall, first, 20, "firewall");
	sheet->y = sheet->letters.n_rows;
	for (int i = 0; i < sheet->sequence.n_lanes; i++)
		letters_fill(&sheet->letters, sheet->lanes[i], first + sheet->sequence.lanes[i].place + 1, sheet->lanes[i], sheet->y - 1, '|');
}

/* The lines that run down through row y. */
static void put_lines(struct sheet *sheet, size_t y)
{
	letters_fill(&sheet->letters, sheet->firewall, y, sheet->firewall, y, '|');
	for (int i = 0; i < sheet->sequence.n_lanes; i++)
		letters_fill(&sheet->letters, sheet->lanes[i], y, sheet->lanes[i], y, '|');
}

/* From one column to another, with its words in the middle and its head at `to`. */
static void put_arrow(struct sheet *sheet, size_t from, size_t to, const char *words, char head)
{
	size_t left = from < to ? from : to, right = from < to ? to : from;
	struct text between;

	if (right < left + 4)
		return;
	text_init(&between);
	if (*words)
		text_printf(&between, " %s ", words);
	letters_put_around(&sheet->letters, (left + right) / 2, sheet->y, right - left - 4, text_string(&between));
	letters_put(&sheet->letters, from < to ? to - 1 : to + 1, sheet->y, (char[]){ head, '\0' });
	letters_fill(&sheet->letters, left + 1, sheet->y, right - 1, sheet->y, '-');
	text_clear(&between);
}

static void put_time(struct sheet *sheet, const struct sequence_row *row)
{
	struct text text;

	text_init(&text);
	if (row->kind == SEQUENCE_PACKET) {
		text_printf(&text, "%" PRIu64, row->packet->number);
		letters_put_left_of(&sheet->letters, 4, sheet->y, text_string(&text));
		text_reset(&text);
	}
	picture_words_print_time(row->time, &text);
	letters_put_left_of(&sheet->letters, TIME_END, sheet->y, text_string(&text));
	text_clear(&text);
}

static void put_decision(struct sheet *sheet, const struct tale_packet *packet)
{
	struct text text;

	text_init(&text);
	if (packet->verdict != VERDICT_NONE)
		text_append(&text, verdict_name(packet->verdict));
	letters_put(&sheet->letters, sheet->rule_x, sheet->y, text_string(&text));
	text_reset(&text);
	picture_words_print_decision(packet, &text);
	letters_put(&sheet->letters, sheet->rule_x + 8, sheet->y, text_string(&text));
	text_clear(&text);
}

static void put_packet(struct sheet *sheet, const struct sequence_row *row)
{
	const struct tale_packet *packet = row->packet;
	size_t from = sheet->lanes[row->from], to;
	bool from_left = from < sheet->firewall;
	struct text text;

	text_init(&text);
	put_time(sheet, row);
	text_printf(&text, "[%s]", packet->ctstate == CTSTATE_NONE ? "-" : ctstate_name(packet->ctstate));
	letters_put_around(&sheet->letters, sheet->firewall, sheet->y, 2 * CHIP_HALF, text_string(&text));
	put_arrow(sheet, from, from_left ? sheet->firewall - CHIP_HALF : sheet->firewall + CHIP_HALF, packet->words,
		  packet->got_through ? from_left ? '>' : '<' : 'X');
	if (row->to != SEQUENCE_NOBODY && packet->got_through) {
		to = sheet->lanes[row->to];
		text_reset(&text);
		if (packet->was_rewritten)
			packet_words_print_endpoint(&packet->left, to > sheet->firewall, &text);
		put_arrow(sheet, to < sheet->firewall ? sheet->firewall - CHIP_HALF : sheet->firewall + CHIP_HALF, to, text_string(&text),
			  to < sheet->firewall ? '<' : '>');
	}
	put_decision(sheet, packet);
	put_lines(sheet, sheet->y++);
	text_reset(&text);
	picture_words_print_entry(packet, &text);
	letters_put_around(&sheet->letters, sheet->firewall, sheet->y, 40, text_string(&text));
	put_lines(sheet, sheet->y++);
	text_clear(&text);
}

static void put_row(struct sheet *sheet, const struct sequence_row *row)
{
	struct text text;

	text_init(&text);
	switch (row->kind) {
	case SEQUENCE_PACKET:
		put_packet(sheet, row);
		break;
	case SEQUENCE_ANSWER:
		put_arrow(sheet, sheet->firewall, row->to == SEQUENCE_NOBODY ? sheet->rule_x - 4 : sheet->lanes[row->to], row->packet->words,
			  row->to != SEQUENCE_NOBODY && sheet->lanes[row->to] < sheet->firewall ? '<' : '>');
		letters_put(&sheet->letters, sheet->rule_x, sheet->y, "the host answers");
		put_lines(sheet, sheet->y++);
		break;
	case SEQUENCE_GAP:
		text_append(&text, "~~~ ");
		picture_words_print_duration(row->silence_ns, &text);
		text_append(&text, " of silence ~~~");
		letters_put_around(&sheet->letters, sheet->firewall, sheet->y, 60, text_string(&text));
		for (int i = 0; i < sheet->sequence.n_lanes; i++)
			letters_put(&sheet->letters, sheet->lanes[i], sheet->y, ":");
		sheet->y++;
		break;
	case SEQUENCE_END:
		put_time(sheet, row);
		text_printf(&text, "x #%" PRIu64 " expires: silent for %u s", row->entry->view.id, row->entry->view.timeout_seconds);
		letters_put(&sheet->letters, sheet->firewall, sheet->y, text_string(&text));
		put_lines(sheet, sheet->y++);
		break;
	}
	text_clear(&text);
}

void sketch_sequence(const struct tale *tale, unsigned columns, struct text *out)
{
	struct sheet sheet = { .y = 0 };
	size_t width = columns < NARROWEST ? NARROWEST : columns;

	letters_init(&sheet.letters, width);
	sheet.rule_x = width - RULE_WIDTH;
	sequence_make(tale, &sheet.sequence);
	place_lanes(&sheet);
	put_heads(&sheet);
	for (size_t i = 0; i < sheet.sequence.n_rows; i++)
		put_row(&sheet, &sheet.sequence.rows[i]);
	letters_write(&sheet.letters, out);
	if (sheet.sequence.n_left_out)
		text_printf(out, "%" PRIu64 " more packets are not drawn: --packets and --flow choose.\n", sheet.sequence.n_left_out);
	if (!tale->n_packets)
		text_append(out, "No packet was kept: --flow N and --packets choose others.\n");
	letters_clear(&sheet.letters);
	sequence_clear(&sheet.sequence);
}
