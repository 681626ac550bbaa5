/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reading input bytes: the only code that touches them.
 *
 * A cursor compares what is wanted with what is left before it moves. After the first
 * read that does not fit, it has failed: every later read gives 0 and moves nothing,
 * and the caller checks once. Multi-byte reads are big endian (network order) unless
 * the name says otherwise.
 */
#ifndef BASE_CURSOR_H
#define BASE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cursor {
	const uint8_t *bytes;	/* borrowed */
	size_t len;
	size_t offset;		/* <= len */
	bool failed;
};

static inline struct cursor cursor_over(const uint8_t *bytes, size_t len)
{
	return (struct cursor){ .bytes = bytes, .len = len };
}

/* A cursor over bytes[offset .. len-1]; failed at once when offset is beyond len. */
static inline struct cursor cursor_at(const uint8_t *bytes, size_t len, size_t offset)
{
	struct cursor cursor = { .bytes = bytes, .len = len };

	if (offset > len)
		cursor.failed = true;
	else
		cursor.offset = offset;
	return cursor;
}

static inline size_t cursor_left(const struct cursor *cursor)
{
	return cursor->failed ? 0 : cursor->len - cursor->offset;
}

/* The next `n` bytes, moving past them; NULL when they are not there. */
static inline const uint8_t *cursor_take(struct cursor *cursor, size_t n)
{
	const uint8_t *at;

	if (cursor->failed || n > cursor->len - cursor->offset) {
		cursor->failed = true;
		return NULL;
	}
	at = cursor->bytes + cursor->offset;
	cursor->offset += n;
	return at;
}

static inline void cursor_skip(struct cursor *cursor, size_t n)
{
	(void)cursor_take(cursor, n);
}

static inline uint8_t cursor_u8(struct cursor *cursor)
{
	const uint8_t *at = cursor_take(cursor, 1);

	return at ? at[0] : 0;
}

static inline uint16_t cursor_u16(struct cursor *cursor)
{
	const uint8_t *at = cursor_take(cursor, 2);

	return at ? (uint16_t)(at[0] << 8 | at[1]) : 0;
}

static inline uint32_t cursor_u32(struct cursor *cursor)
{
	const uint8_t *at = cursor_take(cursor, 4);

	return at ? (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3] : 0;
}

#endif
