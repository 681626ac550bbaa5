/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Pieces of lines, kept: most packets of a capture are treated like others before them, and what a format prints of the way, the
 * verdict, the rule that decided, is the same bytes again.
 *
 * A format owns one `struct pieces` for each kind of piece. The key is everything that the piece is printed from: numbers, and pointers
 * to what does not change during a run. A key's place follows from it; two that share one drive each other out, so memory is bounded.
 */
#ifndef SINK_PIECES_H
#define SINK_PIECES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

enum { PIECES_SLOTS = 256, PIECES_KEY_WORDS = 12, PIECES_MOST_PARTS = 5 };

/* Borrowed; at most PIECES_KEY_WORDS words. Keys of different lengths differ in a word that both have. */
struct piece_key {
	const uint64_t *words;
	size_t n_words;
};

struct piece {
	uint64_t key[PIECES_KEY_WORDS];
	bool is_kept;
	struct text printed;
	/* Of a piece whose parts stand at several places of the line: where each ends in `printed`, and its glyphs. */
	size_t part_ends[PIECES_MOST_PARTS], part_widths[PIECES_MOST_PARTS];
	size_t n_parts;
};

struct pieces {
	struct piece slots[PIECES_SLOTS];	/* two neighbours are a pair: a key may stand in either */
	uint8_t latest[PIECES_SLOTS / 2];	/* of each pair, which was used last */
};

/* Appends to piece->printed, and ends parts where there are several. */
typedef void piece_print(const void *what, struct piece *piece);

/* What was printed since the last part is one. */
void piece_end_part(struct piece *piece);

static inline size_t piece_part_start(const struct piece *piece, size_t part)
{
	return part ? piece->part_ends[part - 1] : 0;
}

/* Copies a part to `at`, where there is room for all of the piece and TEXT_AT_ONCE; returns what is behind it. */
static inline char *piece_write_part(const struct piece *piece, size_t part, char *at)
{
	size_t start = piece_part_start(piece, part);

	return text_write_short(at, piece->printed.bytes + start, piece->part_ends[part] - start);
}

static inline void piece_append_part(const struct piece *piece, size_t part, struct text *out)
{
	text_end_at(out, piece_write_part(piece, part, text_room(out, piece->printed.len + TEXT_AT_ONCE)));
}

/* All zero is empty, too. */
void pieces_clear(struct pieces *pieces);

/* What `print` prints of `what`, whose key is `key`; always the same function for one `pieces`. Valid until the next call. */
const struct piece *pieces_print(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what);

/* The same, appended. */
void pieces_append(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what, struct text *out);

static inline uint64_t pieces_pointer(const void *pointer)
{
	return (uintptr_t)pointer;
}

#endif
