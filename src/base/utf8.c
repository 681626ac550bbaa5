/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/utf8.h"

#include <stdbool.h>
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

size_t utf8_count(const char *bytes, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++)
		n += ((unsigned char)bytes[i] & 0xc0) != 0x80;
	return n;
}

/* C0, DEL, and C1 as two bytes. */
static bool is_control(const unsigned char *bytes, size_t len)
{
	return bytes[0] < 0x20 || bytes[0] == 0x7f || (len == 2 && bytes[0] == 0xc2 && bytes[1] < 0xa0);
}

void utf8_append_printable(struct text *out, const char *string)
{
	const unsigned char *bytes = (const unsigned char *)string;
	size_t left = strlen(string);

	while (left) {
		size_t len = bytes[0] < 0x80 ? 1 : utf8_len(bytes, left);

		if (!len || is_control(bytes, len)) {
			text_append_char(out, '?');
			len = len ? len : 1;
		} else {
			text_append_bytes(out, (const char *)bytes, len);
		}
		bytes += len;
		left -= len;
	}
}
