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

enum { MOST_DIGITS = 20 };

/* "00" to "99". */
static const char pairs[] =
	"00010203040506070809101112131415161718192021222324"
	"25262728293031323334353637383940414243444546474849"
	"50515253545556575859606162636465666768697071727374"
	"75767778798081828384858687888990919293949596979899";

static char *write_pair(char *at, uint32_t value)
{
	memcpy(at, pairs + 2 * (size_t)value, 2);
	return at + 2;
}

static char *write_four_digits(char *at, uint32_t value)
{
	return write_pair(write_pair(at, value / 100), value % 100);
}

char *text_write_eight_digits(char *at, uint32_t value)
{
	return write_four_digits(write_four_digits(at, value / 10000), value % 10000);
}

/* One or two digits; what is written behind a single one is overwritten. */
static char *write_below_100(char *at, uint32_t value)
{
	unsigned n_zeros = value < 10;

	memcpy(at, pairs + 2 * (size_t)value + n_zeros, 2);
	return at + 2 - n_zeros;
}

static char *write_below_10000(char *at, uint32_t value)
{
	return value < 100 ? write_below_100(at, value) : write_pair(write_below_100(at, value / 100), value % 100);
}

/* The last digits are always two, four or eight, so that nothing is counted. */
char *text_write_u64(char *at, uint64_t value)
{
	enum { EIGHT_DIGITS = 100000000 };
	uint32_t low;

	if (value >= EIGHT_DIGITS)
		return text_write_eight_digits(text_write_u64(at, value / EIGHT_DIGITS), (uint32_t)(value % EIGHT_DIGITS));
	low = (uint32_t)value;
	return low < 10000 ? write_below_10000(at, low) : write_four_digits(write_below_10000(at, low / 10000), low % 10000);
}

size_t text_count_digits(uint64_t value)
{
	size_t n = 1;

	for (uint64_t power = 10; value >= power; power *= 10)
		if (++n == MOST_DIGITS)
			break;
	return n;
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
