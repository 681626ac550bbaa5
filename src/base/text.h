/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing string: what everything that writes text writes into.
 *
 * Always NUL-terminated once something was appended. The owner calls text_clear().
 *
 * The short appends are inline: the formats call them dozens of times a packet, mostly with literals, which then become
 * plain stores.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text {
	char *bytes;		/* owned; NULL while nothing was appended */
	size_t len;		/* without the NUL */
	size_t capacity;
};

void text_init(struct text *text);
void text_clear(struct text *text);	/* frees; the text is empty and usable again */
void text_reset(struct text *text);	/* empties; keeps the memory */

/* Makes `capacity` larger than len + extra. */
void text_grow(struct text *text, size_t extra);

/*
 * Where the next bytes go, with room for `extra` of them and the NUL. Whoever wrote there calls text_end_at() with what is
 * behind the last of them.
 */
static inline char *text_room(struct text *text, size_t extra)
{
	if (text->capacity - text->len <= extra)
		text_grow(text, extra);
	return text->bytes + text->len;
}

static inline void text_end_at(struct text *text, char *end)
{
	*end = '\0';
	text->len = (size_t)(end - text->bytes);
}

static inline void text_append_bytes(struct text *text, const char *bytes, size_t len)
{
	char *at = text_room(text, len);

	if (len)
		memcpy(at, bytes, len);
	text_end_at(text, at + len);
}

static inline void text_append(struct text *text, const char *string)
{
	text_append_bytes(text, string, strlen(string));
}

static inline void text_append_char(struct text *text, char c)
{
	char *at = text_room(text, 1);

	*at = c;
	text_end_at(text, at + 1);
}

/* Copies bytes to `at`, and returns what is behind them. A text in which nothing was ever written has none to copy. */
static inline char *text_write_bytes(char *at, const char *bytes, size_t len)
{
	if (len)
		memcpy(at, bytes, len);
	return at + len;
}

/*
 * The same of what is mostly short: a copy of always the same length is a few stores. TEXT_AT_ONCE bytes are read and written whatever
 * `len` is.
 */
enum { TEXT_AT_ONCE = 32 };
static inline char *text_write_short(char *at, const char *bytes, size_t len)
{
	memcpy(at, bytes, TEXT_AT_ONCE);
	if (len > TEXT_AT_ONCE)
		memcpy(at + TEXT_AT_ONCE, bytes + TEXT_AT_ONCE, len - TEXT_AT_ONCE);
	return at + len;
}

static inline char *text_write(char *at, const char *string)
{
	return text_write_bytes(at, string, strlen(string));
}

/* Writes a number in decimal at `at`, where TEXT_U64_ROOM bytes are free, and returns what is behind it. */
enum { TEXT_U64_ROOM = 24 };
char *text_write_u64(char *at, uint64_t value);

/* The same of a number below 10^8 as eight digits, with zeros in front. */
char *text_write_eight_digits(char *at, uint32_t value);

/* How many digits a number has in decimal. */
size_t text_count_digits(uint64_t value);

void text_append_u64(struct text *text, uint64_t value);	/* decimal */
void text_append_count(struct text *text, uint64_t n, const char *noun);	/* "1 rule", "2 rules" */
void text_printf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_vprintf(struct text *text, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/*
 * As the text or an attribute of XML: & < > and quotes escaped; control characters, of which XML knows tab and line ends
 * alone, become question marks. UTF-8 stays as it is.
 */
void text_append_xml(struct text *text, const char *string);

/* Spaces until `column` characters stand after `start` (bytes are counted, not glyphs). */
void text_pad_to(struct text *text, size_t start, size_t column);

/* The string, "" when nothing was appended. Valid until the next change. */
const char *text_string(const struct text *text);

#endif
