/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/pieces.h"

#include <assert.h>
#include <string.h>

void pieces_clear(struct pieces *pieces)
{
	for (size_t i = 0; i < PIECES_SLOTS; i++)
		text_clear(&pieces->slots[i].printed);
	memset(pieces, 0, sizeof(*pieces));
}

void piece_end_part(struct piece *piece)
{
	assert(piece->n_parts < PIECES_MOST_PARTS);
	piece->part_ends[piece->n_parts++] = piece->printed.len;
}

/* Sums of products: they do not wait for each other. */
static size_t slot_of(const struct piece_key *key)
{
	static const uint64_t factors[PIECES_KEY_WORDS] = {
		0x9e3779b97f4a7c15u, 0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu, 0xd6e8feb86659fd93u,
		0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu, 0x8ebc6af09c88c6e3u, 0x589965cc75374cc3u,
	};
	uint64_t hash = 0;

	for (size_t i = 0; i < PIECES_KEY_WORDS; i++)
		hash += key->words[i] * factors[i];
	return (hash ^ hash >> 32) * factors[0] >> 56;
}

static_assert(PIECES_SLOTS == 256, "the highest byte of the hash is a slot");

static bool is_equal(const struct piece_key *a, const struct piece_key *b)
{
	uint64_t difference = 0;

	for (size_t i = 0; i < PIECES_KEY_WORDS; i++)
		difference |= a->words[i] ^ b->words[i];
	return !difference;
}

const struct piece *pieces_print(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what)
{
	struct piece *piece = &pieces->slots[slot_of(key)];

	if (!piece->is_kept || !is_equal(&piece->key, key)) {
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
