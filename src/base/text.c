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

static void reserve(struct text *text, size_t extra)
{
	size_t needed = text->len + extra + 1;

	if (needed <= text->capacity)
		return;
	text->capacity = alloc_grown_capacity(text->capacity, needed);
	text->bytes = alloc_resize(text->bytes, text->capacity, 1);
}

void text_append_bytes(struct text *text, const char *bytes, size_t len)
{
	reserve(text, len);
	if (len)
		memcpy(text->bytes + text->len, bytes, len);
	text->len += len;
	text->bytes[text->len] = '\0';
}

void text_append(struct text *text, const char *string)
{
	text_append_bytes(text, string, strlen(string));
}

void text_append_char(struct text *text, char c)
{
	text_append_bytes(text, &c, 1);
}

void text_append_u64(struct text *text, uint64_t value)
{
	char digits[20];
	size_t start = sizeof(digits);

	do {
		digits[--start] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	text_append_bytes(text, digits + start, sizeof(digits) - start);
}

void text_vprintf(struct text *text, const char *format, va_list args)
{
	va_list again;
	int len;

	/* Most of what is printed is short and finds room at once. */
	reserve(text, PRINTED_USUALLY);
	va_copy(again, args);
	len = vsnprintf(text->bytes + text->len, text->capacity - text->len, format, again);
	va_end(again);
	if (len < 0) {
		text->bytes[text->len] = '\0';
		return;
	}
	if ((size_t)len >= text->capacity - text->len) {
		reserve(text, (size_t)len);
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
