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

enum { PIECES_SLOTS = 256, PIECES_KEY_WORDS = 6 };

/* Words that a kind of piece has no use for are 0. */
struct piece_key {
	uint64_t words[PIECES_KEY_WORDS];
};

struct pieces {
	struct piece {
		struct piece_key key;
		bool is_kept;
		struct text printed;
	} slots[PIECES_SLOTS];
};

/* Appends the piece to the text. */
typedef void piece_print(const void *what, struct text *out);

/* All zero is empty, too. */
void pieces_clear(struct pieces *pieces);

/* What `print` prints of `what`, whose key is `key`; always the same function for one `pieces`. Valid until the next call. */
const struct text *pieces_print(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what);

/* The same, appended. */
void pieces_append(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what, struct text *out);

static inline uint64_t pieces_pointer(const void *pointer)
{
	return (uintptr_t)pointer;
}

#endif
