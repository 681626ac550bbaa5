/* SPDX-License-Identifier: GPL-2.0-or-later */
/* NAT in letters: the same end has the same letter wherever it stands. */
#include <inttypes.h>

#include "picture/diagrams.h"
#include "picture/translation.h"
#include "sink/packet_words.h"

static void print_end(const struct translation *translation, const struct tuple *tuple, bool is_source, struct text *out)
{
	text_printf(out, "[%c] ", "ABCD"[translation_color(translation, tuple, is_source)]);
	packet_words_print_endpoint(tuple, is_source, out);
}

static void print_ends(const struct translation *translation, const struct tuple *tuple, struct text *out)
{
	size_t start = out->len;

	print_end(translation, tuple, true, out);
	text_pad_to(out, start, 28);
	text_append(out, " > ");
	print_end(translation, tuple, false, out);
	text_append_char(out, '\n');
}

static void print_packet(const struct translation *translation, const struct tale_packet *packet, struct text *out)
{
	text_printf(out, "\npacket %" PRIu64 ", %s direction: %s\n  came as    ", packet->number,
		    packet_words_direction(packet->direction), translation_words(packet));
	print_ends(translation, &packet->captured, out);
	text_append(out, "  left as    ");
	print_ends(translation, &packet->left, out);
}

void sketch_nat(const struct tale *tale, unsigned columns, struct text *out)
{
	struct translation translation;

	(void)columns;
	if (!translation_find(tale, &translation)) {
		text_append(out, "No packet with an entry got through: there is nothing to translate.\n");
		return;
	}
	text_printf(out, "entry #%" PRIu64 "\n  original   ", translation.entry->view.id);
	print_ends(&translation, &translation.entry->view.tuple[DIRECTION_ORIGINAL], out);
	text_append(out, "  reply      ");
	print_ends(&translation, &translation.entry->view.tuple[DIRECTION_REPLY], out);
	if (translation.there)
		print_packet(&translation, translation.there, out);
	if (translation.back)
		print_packet(&translation, translation.back, out);
	else
		text_append(out, "\nno reply came\n");
}
