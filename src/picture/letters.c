/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/letters.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"

void letters_init(struct letters *letters, size_t width)
{
	*letters = (struct letters){ .width = width };
}

void letters_clear(struct letters *letters)
{
	free(letters->cells);
	letters_init(letters, 0);
}

/* NULL: outside. */
static struct letters_cell *find(struct letters *letters, size_t x, size_t y)
{
	if (x >= letters->width || y >= LETTERS_MOST_ROWS)
		return NULL;
	if (y >= letters->capacity) {
		size_t capacity = alloc_grown_capacity(letters->capacity, y + 1);

		letters->cells = alloc_resize(letters->cells, capacity * letters->width, sizeof(*letters->cells));
		memset(letters->cells + letters->capacity * letters->width, 0,
		       (capacity - letters->capacity) * letters->width * sizeof(*letters->cells));
		letters->capacity = capacity;
	}
	if (y >= letters->n_rows)
		letters->n_rows = y + 1;
	return &letters->cells[y * letters->width + x];
}

void letters_put(struct letters *letters, size_t x, size_t y, const char *string)
{
	const char *at;
	struct text text;

	text_init(&text);
	utf8_append_printable(&text, string);
	for (at = text_string(&text); *at; x++) {
		size_t len = (unsigned char)*at < 0x80 ? 1 : utf8_len((const unsigned char *)at, strlen(at));
		struct letters_cell *cell = find(letters, x, y);

		if (cell) {
			memcpy(cell->bytes, at, len);
			cell->bytes[len] = '\0';
		}
		at += len;
	}
	text_clear(&text);
}

void letters_put_left_of(struct letters *letters, size_t x, size_t y, const char *string)
{
	size_t len = utf8_count(string, strlen(string));

	letters_put(letters, len < x ? x - len : 0, y, string);
}

void letters_put_around(struct letters *letters, size_t x, size_t y, size_t most, const char *string)
{
	size_t len = utf8_count(string, strlen(string));
	struct text cut;

	text_init(&cut);
	if (len > most && most > 1) {
		size_t bytes = 0;

		for (size_t n = 0; n < most - 1; n++)
			do
				bytes++;
			while (((unsigned char)string[bytes] & 0xc0) == 0x80);
		text_append_bytes(&cut, string, bytes);
		text_append_char(&cut, '~');
		string = text_string(&cut);
		len = most;
	}
	letters_put(letters, len / 2 < x ? x - len / 2 : 0, y, string);
	text_clear(&cut);
}

void letters_fill(struct letters *letters, size_t x, size_t y, size_t to_x, size_t to_y, char c)
{
	for (size_t row = y; row <= to_y; row++) {
		for (size_t column = x; column <= to_x; column++) {
			struct letters_cell *cell = find(letters, column, row);

			if (cell && !cell->bytes[0])
				cell->bytes[0] = c;
		}
	}
}

void letters_write(const struct letters *letters, struct text *out)
{
	for (size_t y = 0; y < letters->n_rows; y++) {
		const struct letters_cell *row = &letters->cells[y * letters->width];
		size_t len = letters->width;

		while (len && (!row[len - 1].bytes[0] || row[len - 1].bytes[0] == ' '))
			len--;
		for (size_t x = 0; x < len; x++)
			text_append(out, row[x].bytes[0] ? row[x].bytes : " ");
		text_append_char(out, '\n');
	}
}
