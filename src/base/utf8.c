/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

size_t utf8_len(const unsigned char *bytes, size_t left)
{
	size_t len = bytes[0] < 0xc2 ? 0 : bytes[0] < 0xe0 ? 2 : bytes[0] < 0xf0 ? 3 : bytes[0] < 0xf5 ? 4 : 0;

	if (!len || len > left)
		return 0;
	for (size_t i = 1; i < len; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	if ((bytes[0] == 0xe0 && bytes[1] < 0xa0) || (bytes[0] == 0xed && bytes[1] > 0x9f) || (bytes[0] == 0xf0 && bytes[1] < 0x90) ||
	    (bytes[0] == 0xf4 && bytes[1] > 0x8f))
		return 0;
	return len;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

/* Each byte of a word set to `byte`. */
#define ALL(byte) (0x0101010101010101u * (byte))

/*
 * Whether all eight bytes are plain; may say no of a byte behind one that is not. The top bit of a byte of the sum stays
 * clear as long as it is none of: 0x80 and above, DEL, below a blank, one of the two (which a XOR makes zero).
 */
static bool are_plain(uint64_t word)
{
	uint64_t quote = word ^ ALL('"'), backslash = word ^ ALL('\\');

	return !((word | (word + ALL(1)) | (word - ALL(0x20)) | (quote - ALL(1)) | (backslash - ALL(1))) & ALL(0x80));
}

size_t utf8_plain_len(const char *bytes, size_t len)
{
	size_t plain = 0;

	while (plain < len) {
		size_t step = len - plain < sizeof(uint64_t) ? len - plain : sizeof(uint64_t);
		uint64_t word = ALL(' ');

		/* Two calls: one of eight bytes is a load. */
		if (step == sizeof(word))
			memcpy(&word, bytes + plain, sizeof(word));
		else
			memcpy(&word, bytes + plain, step);
		if (!are_plain(word))
			break;
		plain += step;
	}
	while (plain < len && is_plain((unsigned char)bytes[plain]))
		plain++;
	return plain;
}

size_t utf8_count(const char *bytes, size_t len)
{
	size_t n = utf8_plain_len(bytes, len);

	for (size_t i = n; i < len; i++)
		n += ((unsigned char)bytes[i] & 0xc0) != 0x80;
	return n;
}

/* C0, DEL, and C1 as two bytes. */
static bool is_control(const unsigned char *bytes, size_t len)
{
	return bytes[0] < 0x20 || bytes[0] == 0x7f || (len == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0);
}

size_t utf8_append_printable_bytes(struct text *out, const char *string, size_t left)
{
	const unsigned char *bytes = (const unsigned char *)string;
	size_t n_glyphs = 0;

	for (;;) {
		size_t plain = utf8_plain_len((const char *)bytes, left), len;

		text_append_bytes(out, (const char *)bytes, plain);
		n_glyphs += plain;
		bytes += plain;
		left -= plain;
		if (!left)
			return n_glyphs;
		len = bytes[0] < 0x80 ? 1 : utf8_len(bytes, left);
		if (!len || is_control(bytes, len))
			text_append_char(out, '?');
		else
			text_append_bytes(out, (const char *)bytes, len);
		n_glyphs++;
		len = len ? len : 1;
		bytes += len;
		left -= len;
	}
}

void utf8_append_printable(struct text *out, const char *string)
{
	utf8_append_printable_bytes(out, string, strlen(string));
}
