/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One packet's way in letters: explain's tree, shortened to a picture. */
#include <inttypes.h>

#include "base/utf8.h"
#include "picture/diagrams.h"
#include "picture/trail.h"
#include "picture/picture_words.h"

static void print_line(const struct trail_line *line, struct text *out)
{
	static const char *const marks[] = {
		[TRAIL_HOOK] = "", [TRAIL_TRACKING] = "", [TRAIL_TABLE] = "", [TRAIL_MISS] = "x ", [TRAIL_MORE] = "  ", [TRAIL_MATCH] = "+ ",
		[TRAIL_DECIDED] = "=> ", [TRAIL_CHAIN] = "\\ ", [TRAIL_ANSWER] = "<- ",
	};
	static const unsigned depths[] = {
		[TRAIL_HOOK] = 0, [TRAIL_TRACKING] = 2, [TRAIL_TABLE] = 2, [TRAIL_MISS] = 4, [TRAIL_MORE] = 4, [TRAIL_MATCH] = 4,
		[TRAIL_DECIDED] = 4, [TRAIL_CHAIN] = 4, [TRAIL_ANSWER] = 2,
	};
	size_t start = out->len;

	text_append_char(out, line->kind == TRAIL_HOOK ? 'o' : '|');
	text_pad_to(out, start, 2 + depths[line->kind] + 2 * line->indent);
	text_append(out, marks[line->kind]);
	if (line->kind == TRAIL_DECIDED)
		text_printf(out, "%s  ", verdict_name(line->verdict));
	utf8_append_printable(out, line->text);
	if (*line->detail) {
		text_append(out, line->kind == TRAIL_HOOK ? ": " : line->kind == TRAIL_TRACKING ? "; " : "  # ");
		utf8_append_printable(out, line->detail);
	}
	text_append_char(out, '\n');
}

void sketch_path(const struct tale *tale, unsigned columns, struct text *out)
{
	struct trail trail;

	(void)columns;
	trail_make(tale, &trail);
	if (!trail.packet) {
		text_append(out, "This packet is not in the capture, or --packets hides it.\n");
		trail_clear(&trail);
		return;
	}
	text_printf(out, "packet %" PRIu64 ": ", trail.packet->number);
	utf8_append_printable(out, trail.packet->words);
	text_append_char(out, '\n');
	for (size_t i = 0; i < trail.n_lines; i++) {
		if (i && trail.lines[i].kind == TRAIL_HOOK)
			text_append(out, "|\n");
		print_line(&trail.lines[i], out);
	}
	text_printf(out, "v\n%s by ", verdict_name(trail.packet->verdict));
	picture_words_print_decision(trail.packet, out);
	text_append(out, "; entry: ");
	picture_words_print_entry(trail.packet, out);
	text_append_char(out, '\n');
	trail_clear(&trail);
}
