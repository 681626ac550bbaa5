/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/pieces.h"

#include <assert.h>
#include <string.h>

#include "base/utf8.h"

void pieces_clear(struct pieces *pieces)
{
	for (size_t i = 0; i < PIECES_SLOTS; i++)
		text_clear(&pieces->slots[i].printed);
	memset(pieces, 0, sizeof(*pieces));
}

void piece_end_part(struct piece *piece)
{
	size_t start = piece_part_start(piece, piece->n_parts);

	assert(piece->n_parts < PIECES_MOST_PARTS);
	piece->part_widths[piece->n_parts] = utf8_count(text_string(&piece->printed) + start, piece->printed.len - start);
	piece->part_ends[piece->n_parts++] = piece->printed.len;
}

/* Sums of products, four of which do not wait for each other. */
static size_t slot_of(const struct piece_key *key)
{
	uint64_t a = 0, b = 0, c = 0, d = 0;

	for (size_t i = 0; i < PIECES_KEY_WORDS; i += 4) {
		a = (a ^ key->words[i]) * 0x9e3779b97f4a7c15u;
		b = (b ^ key->words[i + 1]) * 0xbf58476d1ce4e5b9u;
		c = (c ^ key->words[i + 2]) * 0x94d049bb133111ebu;
		d = (d ^ key->words[i + 3]) * 0xd6e8feb86659fd93u;
	}
	a += b ^ c >> 32 ^ d << 7;
	return (a ^ a >> 32) * 0x9e3779b97f4a7c15u >> 56;
}

static_assert(PIECES_KEY_WORDS % 4 == 0, "four at a time");
static_assert(PIECES_SLOTS == 256, "the highest byte of the hash is a slot");

const struct piece *pieces_print(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what)
{
	struct piece *piece = &pieces->slots[slot_of(key)];

	if (!piece->is_kept || memcmp(&piece->key, key, sizeof(*key)) != 0) {
		text_reset(&piece->printed);
		piece->n_parts = 0;
		print(what, piece);
		piece->key = *key;
		piece->is_kept = true;
	}
	return piece;
}

void pieces_append(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what, struct text *out)
{
	const struct text *printed = &pieces_print(pieces, key, print, what)->printed;

	text_append_bytes(out, printed->bytes, printed->len);
}
