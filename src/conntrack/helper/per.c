/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/helper/per.h"

#include "base/cursor.h"

/* Numbers of bits: a length of two bytes; more than that the kernel keeps of no bitmap. */
enum { LENGTH_BITS = 16, EXTENSION_BITS = 7, MOST_ADDITIONS = 32 };

struct per_reader {
	const uint8_t *bytes;
	uint64_t at, end;		/* in bits; `at` is beyond `end` only when it has failed */
	bool has_failed;
	uint8_t index;			/* in the innermost list */
	struct per_notes *notes;
};

static bool fail(struct per_reader *reader)
{
	reader->has_failed = true;
	return false;
}

static bool has(struct per_reader *reader, uint64_t n_bits)
{
	return !reader->has_failed && n_bits <= reader->end - reader->at ? true : fail(reader);
}

static bool skip(struct per_reader *reader, uint64_t n_bits)
{
	if (!has(reader, n_bits))
		return false;
	reader->at += n_bits;
	return true;
}

static void align(struct per_reader *reader)
{
	reader->at = (reader->at + 7) & ~(uint64_t)7;
}

/* The byte that the reader stands in, wherever in it. */
static uint8_t byte_here(const struct per_reader *reader)
{
	struct cursor cursor = cursor_at(reader->bytes, (size_t)(reader->end / 8), (size_t)(reader->at / 8));

	return cursor_u8(&cursor);
}

static bool bit_at(const struct per_reader *reader, uint64_t at)
{
	struct cursor cursor = cursor_at(reader->bytes, (size_t)(reader->end / 8), (size_t)(at / 8));

	return (cursor_u8(&cursor) & 0x80 >> at % 8) != 0;
}

/* The next `n_bits` as a number, 32 at most. */
static uint32_t take(struct per_reader *reader, unsigned n_bits)
{
	uint32_t value = 0;

	if (!has(reader, n_bits))
		return 0;
	for (unsigned i = 0; i < n_bits; i++)
		value = value << 1 | bit_at(reader, reader->at++);
	return value;
}

/*
 * X.691, 10.9: one byte below 128, else two. Linux 6.18 wants two bytes to be there in any case, and does not look at
 * bits that were read of the first one.
 */
static uint32_t take_length(struct per_reader *reader)
{
	uint32_t len;

	if (!has(reader, LENGTH_BITS))
		return 0;
	len = byte_here(reader);
	reader->at += 8;
	if (!(len & 0x80))
		return len;
	len = (len & 0x3f) << 8 | byte_here(reader);
	reader->at += 8;
	return len;
}

static void note(struct per_reader *reader, const struct per_type *type, uint8_t role, uint32_t value)
{
	struct per_notes *notes = reader->notes;

	if (type->note && role && notes->n < PER_MOST_NOTES)
		notes->list[notes->n++] = (struct per_note){
			.note = type->note, .role = role, .index = reader->index, .value = value,
		};
}

/* `role`: what is noted in it is noted under that; 0: nothing is to be noted. */
static bool read_type(struct per_reader *reader, const struct per_type *type, uint8_t role);

/* The role in a field of something that is read in `role`; nothing is wanted in what is not. */
static uint8_t role_in(const struct per_field *field, uint8_t role)
{
	if (!role || field->is_unwanted)
		return 0;
	return field->role ? field->role : role;
}

static bool read_field(struct per_reader *reader, const struct per_field *field, uint8_t role)
{
	return read_type(reader, field->type, role_in(field, role));
}

/* What stands in a string of its own: it is looked at only where something may be noted. */
static bool read_open(struct per_reader *reader, const struct per_field *field, bool is_looked_at, uint8_t role)
{
	uint64_t len = (uint64_t)take_length(reader) * 8, start = reader->at;

	if (!has(reader, len))
		return false;
	if (is_looked_at && field && field->type && !read_field(reader, field, role))
		return false;
	reader->at = start + len;
	return true;
}

/* Linux 6.18, decode_seq(): of additions newer than the tables the kernel reads all, those that are not there too. */
static bool read_additions(struct per_reader *reader, const struct per_type *type, uint8_t role)
{
	uint32_t n = take(reader, EXTENSION_BITS) + 1;
	uint64_t map = reader->at;

	if (!skip(reader, n) || n > MOST_ADDITIONS)
		return fail(reader);
	align(reader);
	/* Linux 6.18, get_bitmap(): a map that ends with its fourth byte is read from its first byte's beginning. */
	if (map % 8 + n == MOST_ADDITIONS)
		map -= map % 8;
	for (uint32_t i = 0; i < n; i++) {
		bool is_listed = i < type->n_additions;

		if (!is_listed && type->ends_additions)
			return true;
		if (i < type->n_known && !bit_at(reader, map + i))
			continue;
		if (!read_open(reader, is_listed ? &type->additions[i] : NULL, role != 0, role))
			return false;
	}
	return true;
}

static bool read_sequence(struct per_reader *reader, const struct per_type *type, uint8_t role)
{
	bool has_additions;
	uint64_t map;

	if (!has(reader, 1))
		return false;
	has_additions = type->is_extensible && take(reader, 1);
	map = reader->at;
	if (!skip(reader, type->n_optional))
		return false;
	note(reader, type, role, 0);
	for (uint8_t i = 0; i < type->n_fields; i++) {
		const struct per_field *field = &type->fields[i];

		if (field->is_optional && !bit_at(reader, map++))
			continue;
		if (!read_field(reader, field, role))
			return false;
	}
	if (type->ends_root || !has_additions)
		return true;
	return read_additions(reader, type, role);
}

static bool read_list(struct per_reader *reader, const struct per_type *type, uint8_t role)
{
	uint8_t outer = reader->index;
	uint32_t n;

	align(reader);
	n = take_length(reader);
	note(reader, type, role, n);
	for (uint32_t i = 0; i < n && !reader->has_failed; i++) {
		uint8_t item_role = i < type->most_noted ? role : 0;

		reader->index = (uint8_t)i;
		if (!type->holds_open) {
			read_field(reader, type->fields, item_role);
			continue;
		}
		align(reader);
		read_open(reader, type->fields, role != 0, item_role);
	}
	reader->index = outer;
	return !reader->has_failed;
}

static bool read_choice(struct per_reader *reader, const struct per_type *type, uint8_t role)
{
	const struct per_field *field;
	bool is_addition;
	uint32_t chosen;

	if (!has(reader, 1))
		return false;
	is_addition = type->is_extensible && take(reader, 1);
	chosen = take(reader, is_addition ? EXTENSION_BITS : type->bits);
	if (is_addition)
		chosen += type->n_root;
	else if (chosen >= type->n_root)
		return fail(reader);
	if (reader->has_failed)
		return false;
	note(reader, type, role, chosen);
	field = chosen < type->n_fields ? &type->fields[chosen] : NULL;
	if (chosen < type->n_known && type->ends_root && !(field && field->type))
		return true;
	if (!is_addition)
		return field && field->type ? read_field(reader, field, role) : fail(reader);
	align(reader);
	return read_open(reader, field, role != 0, role);
}

static bool read_bytes(struct per_reader *reader, const struct per_type *type, uint8_t role)
{
	align(reader);
	note(reader, type, role, (uint32_t)(reader->at / 8));
	return skip(reader, (uint64_t)type->least * 8);
}

/* Linux 6.18, decode_int(): a number that is wanted is stepped over twice, and there must be room for it. */
static bool read_number(struct per_reader *reader, const struct per_type *type, uint8_t role)
{
	uint32_t n_bits = (take(reader, 2) + 1) * 8;

	align(reader);
	if (type->note && role)
		note(reader, type, role, take(reader, n_bits) + type->least);
	return skip(reader, n_bits);
}

static bool read_string(struct per_reader *reader, const struct per_type *type)
{
	uint64_t n;

	if (type->is_aligned || !type->bits)
		align(reader);
	n = type->bits ? take(reader, type->bits) : take_length(reader);
	align(reader);
	return skip(reader, (n + type->least) * type->unit);
}

static bool read_type(struct per_reader *reader, const struct per_type *type, uint8_t role)
{
	switch (type->kind) {
	case PER_NULL:
		return true;
	case PER_BITS:
		return skip(reader, type->bits);
	case PER_BYTES:
		return read_bytes(reader, type, role);
	case PER_NUMBER:
		return read_number(reader, type, role);
	case PER_BIG_NUMBER:
		align(reader);
		return skip(reader, (uint64_t)take_length(reader) * 8);
	case PER_STRING:
		return read_string(reader, type);
	case PER_SEQUENCE:
		return read_sequence(reader, type, role);
	case PER_SEQUENCE_OF:
		return read_list(reader, type, role);
	case PER_CHOICE:
		return read_choice(reader, type, role);
	case PER_OPEN:
		return read_open(reader, NULL, false, role);
	}
	return fail(reader);
}

bool per_read(const struct per_field *message, const uint8_t *bytes, uint32_t start, uint32_t len,
	      struct per_notes *notes)
{
	struct per_reader reader = {
		.bytes = bytes, .at = (uint64_t)start * 8, .end = (uint64_t)len * 8, .notes = notes,
	};

	return start <= len && read_type(&reader, message->type, message->role);
}
