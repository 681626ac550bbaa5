/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A growing string: what everything that writes text writes into.
 *
 * Always NUL-terminated once something was appended. The owner calls text_clear().
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

struct text {
	char *bytes;		/* owned; NULL while nothing was appended */
	size_t len;		/* without the NUL */
	size_t capacity;
};

void text_init(struct text *text);
void text_clear(struct text *text);	/* frees; the text is empty and usable again */
void text_reset(struct text *text);	/* empties; keeps the memory */

void text_append_bytes(struct text *text, const char *bytes, size_t len);
void text_append(struct text *text, const char *string);
void text_append_char(struct text *text, char c);
void text_append_u64(struct text *text, uint64_t value);	/* decimal */
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
