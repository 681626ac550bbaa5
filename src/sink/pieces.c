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

static size_t slot_of(const struct piece_key *key)
{
	uint64_t hash = 0;

	for (size_t i = 0; i < PIECES_KEY_WORDS; i++)
		hash = (hash ^ key->words[i]) * 0x9e3779b97f4a7c15u;
	return hash >> 56;
}

static_assert(PIECES_SLOTS == 256, "the highest byte of the hash is a slot");

static bool is_equal(const struct piece_key *a, const struct piece_key *b)
{
	uint64_t difference = 0;

	for (size_t i = 0; i < PIECES_KEY_WORDS; i++)
		difference |= a->words[i] ^ b->words[i];
	return !difference;
}

const struct text *pieces_print(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what)
{
	struct piece *piece = &pieces->slots[slot_of(key)];

	if (!piece->is_kept || !is_equal(&piece->key, key)) {
		text_reset(&piece->printed);
		print(what, &piece->printed);
		piece->key = *key;
		piece->is_kept = true;
	}
	return &piece->printed;
}

void pieces_append(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what, struct text *out)
{
	const struct text *printed = pieces_print(pieces, key, print, what);

	text_append_bytes(out, printed->bytes, printed->len);
}
