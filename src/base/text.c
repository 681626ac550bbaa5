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

const char text_digit_pairs[] =
	"0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849"
	"5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

enum { U64_DIGITS = 20 };

/* Writes a number of any size; returns what is behind it. */
static char *write_large(char *at, uint64_t value)
{
	char digits[U64_DIGITS];
	size_t start = U64_DIGITS;

	for (; value >= 100; value /= 100)
		memcpy(digits + (start -= 2), text_digit_pairs + value % 100 * 2, 2);
	at = text_write_small(at, (unsigned)value);
	memcpy(at, digits + start, U64_DIGITS - start);
	return at + U64_DIGITS - start;
}

void text_append_u64(struct text *text, uint64_t value)
{
	char *at = text_room(text, U64_DIGITS);
	uint32_t small = (uint32_t)value;

	if (value >= 1000000) {
		text_end_at(text, write_large(at, value));
		return;
	}
	if (small < 1000) {
		text_end_at(text, text_write_small(at, small));
		return;
	}
	at = text_write_small(at, small / 1000);
	small %= 1000;
	*at++ = (char)('0' + small / 100);
	memcpy(at, text_digit_pairs + small % 100 * 2, 2);
	text_end_at(text, at + 2);
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
