/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { PRINTED_USUALLY = 96 };

void text_init(struct text *text)
{
	memset(text, 0, sizeof(*text));
}

void text_clear(struct text *text)
{
	free(text->bytes);
	text_init(text);
}

void text_reset(struct text *text)
{
	text->len = 0;
	if (text->bytes)
		text->bytes[0] = '\0';
}

void text_grow(struct text *text, size_t extra)
{
	text->capacity = alloc_grown_capacity(text->capacity, text->len + extra + 1);
	text->bytes = alloc_resize(text->bytes, text->capacity, 1);
}

enum { EIGHT_DIGITS = 100000000 };

/*
 * The eight digits of a number below 10^8, a byte each, the first in the lowest byte. All at once, halving: into two numbers of
 * four digits, four of two, eight of one; v * 10486 >> 20 is v / 100 for every v below 10,000, v * 103 >> 10 is v / 10 below 100.
 */
static uint64_t split_digits(uint32_t value)
{
	uint64_t fours = value / 10000 | (uint64_t)(value % 10000) << 32;
	uint64_t hundreds = fours * 10486 >> 20 & 0x7f0000007fu;
	uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
	uint64_t tens = twos * 103 >> 10 & 0xf000f000f000fu;

	return tens | (twos - 10 * tens) << 8;
}

static void write_digits(char *at, uint64_t digits)
{
#ifdef WORDS_BIGENDIAN
	digits = __builtin_bswap64(digits);
#endif
	memcpy(at, &digits, sizeof(digits));
}

static const uint64_t eight_zeros = 0x3030303030303030u;

char *text_write_eight_digits(char *at, uint32_t value)
{
	write_digits(at, split_digits(value) + eight_zeros);
	return at + 8;
}

char *text_write_u64(char *at, uint64_t value)
{
	uint64_t digits;
	unsigned n_zeros;

	if (value < 10) {
		*at = (char)('0' + value);
		return at + 1;
	}
	if (value >= EIGHT_DIGITS)
		return text_write_eight_digits(text_write_u64(at, value / EIGHT_DIGITS), (uint32_t)(value % EIGHT_DIGITS));
	digits = split_digits((uint32_t)value);
	n_zeros = (unsigned)__builtin_ctzll(digits) / 8;
	write_digits(at, (digits + eight_zeros) >> 8 * n_zeros);
	return at + 8 - n_zeros;
}

void text_append_u64(struct text *text, uint64_t value)
{
	char *at = text_room(text, TEXT_U64_ROOM);

	text_end_at(text, text_write_u64(at, value));
}

void text_append_count(struct text *text, uint64_t n, const char *noun)
{
	text_append_u64(text, n);
	text_append_char(text, ' ');
	text_append(text, noun);
	if (n != 1)
		text_append_char(text, 's');
}

void text_vprintf(struct text *text, const char *format, va_list args)
{
	va_list again;
	int len;

	/* Most of what is printed is short and finds room at once. */
	text_room(text, PRINTED_USUALLY);
	va_copy(again, args);
	len = vsnprintf(text->bytes + text->len, text->capacity - text->len, format, again);
	va_end(again);
	if (len < 0) {
		text->bytes[text->len] = '\0';
		return;
	}
	if ((size_t)len >= text->capacity - text->len) {
		text_room(text, (size_t)len);
		vsnprintf(text->bytes + text->len, (size_t)len + 1, format, args);
	}
	text->len += (size_t)len;
}

void text_printf(struct text *text, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	text_vprintf(text, format, args);
	va_end(args);
}

void text_pad_to(struct text *text, size_t start, size_t column)
{
	while (text->len < start + column)
		text_append_char(text, ' ');
}

const char *text_string(const struct text *text)
{
	return text->bytes ? text->bytes : "";
}

void text_append_xml(struct text *text, const char *string)
{
	for (; *string; string++) {
		switch (*string) {
		case '&':
			text_append(text, "&amp;");
			break;
		case '<':
			text_append(text, "&lt;");
			break;
		case '>':
			text_append(text, "&gt;");
			break;
		case '"':
			text_append(text, "&quot;");
			break;
		default:
			text_append_char(text, (unsigned char)*string < ' ' && *string != '\n' && *string != '\t' ? '?' : *string);
		}
	}
}
