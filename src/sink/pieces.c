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

/* The highest byte of a sum of products, none of which waits for another. */
static size_t slot_of(const struct piece_key *key)
{
	static const uint64_t factors[] = {
		0x9e3779b97f4a7c15u, 0xbf58476d1ce4e5b9u, 0x94d049bb133111ebu, 0xd6e8feb86659fd93u, 0xff51afd7ed558ccdu, 0xc4ceb9fe1a85ec53u,
		0xa0761d6478bd642fu, 0xe7037ed1a0b428dbu, 0x8ebc6af09c88c6e3u, 0x589965cc75374cc3u, 0x1d8e4e27c47d124fu, 0xeb44accab455d165u,
	};
	uint64_t sum = 0;

	static_assert(sizeof(factors) / sizeof(factors[0]) == PIECES_KEY_WORDS, "one for each word");
	for (size_t i = 0; i < key->n_words; i++)
		sum += factors[i] * key->words[i];
	return sum >> 56;
}

static_assert(PIECES_SLOTS == 256, "the highest byte of the hash is a slot");

static bool has_key(const struct piece *piece, const struct piece_key *key)
{
	uint64_t difference = 0;

	for (size_t i = 0; i < key->n_words; i++)
		difference |= piece->key[i] ^ key->words[i];
	return piece->is_kept && !difference;
}

/*
 * Prints in the place of the pair's piece that was used longer ago; which place that is. Keys hold pointers: which of them meet in a pair nobody
 * knows before, but seldom are there three that come by turns.
 */
static size_t print_anew(struct pieces *pieces, size_t slot, const struct piece_key *key, piece_print *print, const void *what)
{
	struct piece *piece;

	slot = (slot & ~(size_t)1) + !pieces->latest[slot / 2];
	piece = &pieces->slots[slot];
	text_reset(&piece->printed);
	piece->n_parts = 0;
	print(what, piece);
	text_room(&piece->printed, TEXT_AT_ONCE);
	memcpy(piece->key, key->words, key->n_words * sizeof(*key->words));
	piece->is_kept = true;
	return slot;
}

const struct piece *pieces_print(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what)
{
	size_t slot = slot_of(key);

	if (!has_key(&pieces->slots[slot], key))
		slot = has_key(&pieces->slots[slot ^ 1], key) ? slot ^ 1 : print_anew(pieces, slot, key, print, what);
	pieces->latest[slot / 2] = slot & 1;
	return &pieces->slots[slot];
}

void pieces_append(struct pieces *pieces, const struct piece_key *key, piece_print *print, const void *what, struct text *out)
{
	const struct text *printed = &pieces_print(pieces, key, print, what)->printed;

	text_end_at(out, text_write_short(text_room(out, printed->len + TEXT_AT_ONCE), printed->bytes, printed->len));
}
