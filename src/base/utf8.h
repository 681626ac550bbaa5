/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UTF-8 in strings of unknown origin: rule files and captures hold any bytes. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>

#include "base/text.h"

/* Bytes of the character at bytes[0 .. left-1] (RFC 3629: shortest form, no surrogates, up to U+10FFFF); 0: none is there. */
size_t utf8_len(const unsigned char *bytes, size_t left);

/* How many bytes at the head of bytes[0 .. len-1] are printable ASCII without quotation marks and backslashes. */
size_t utf8_plain_len(const char *bytes, size_t len);

/* Glyphs of bytes[0 .. len-1]: every byte that does not continue a character counts. */
size_t utf8_count(const char *bytes, size_t len);

/* Appends bytes[0 .. len-1]; what is no character, and control characters, become '?'. Returns the glyphs that it has then. */
size_t utf8_append_printable_bytes(struct text *out, const char *bytes, size_t len);

/* The same of a string. */
void utf8_append_printable(struct text *out, const char *string);

#endif
