/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_writer.h"

#include "base/utf8.h"
#include "sink/time_print.h"

enum { NANOSECOND_DIGITS = 9 };

static void append_escaped(struct text *out, unsigned char c)
{
	static const char letters[] = { ['\b'] = 'b', ['\t'] = 't', ['\n'] = 'n', ['\f'] = 'f', ['\r'] = 'r' };

	if (c == '"' || c == '\\')
		text_append_bytes(out, (char[]){ '\\', (char)c }, 2);
	else if (c < sizeof(letters) && letters[c])
		text_append_bytes(out, (char[]){ '\\', letters[c] }, 2);
	else
		text_printf(out, "\\u%04x", c);
}

static void append_string(struct text *out, const char *bytes, size_t left)
{
	while (left) {
		size_t plain = utf8_plain_len(bytes, left), character;

		text_append_bytes(out, bytes, plain);
		bytes += plain;
		left -= plain;
		if (!left)
			return;
		character = utf8_len((const unsigned char *)bytes, left);
		if ((unsigned char)bytes[0] < 0x80)
			append_escaped(out, (unsigned char)bytes[0]);
		else if (character)
			text_append_bytes(out, bytes, character);
		else
			text_append(out, "\\ufffd");
		bytes += character ? character : 1;
		left -= character ? character : 1;
	}
}

void json_writer_add_bytes(struct json_writer *writer, const char *key, const char *bytes, size_t len)
{
	json_writer_begin_string(writer, key);
	append_string(writer->out, bytes, len);
	text_append_char(writer->out, '"');
}

void json_writer_end_string(struct json_writer *writer, size_t start)
{
	struct text *out = writer->out;
	size_t len = out->len - start;
	struct text printed;

	if (utf8_plain_len(out->bytes + start, len) < len) {
		text_init(&printed);
		text_append_bytes(&printed, out->bytes + start, len);
		text_end_at(out, out->bytes + start);
		append_string(out, printed.bytes, len);
		text_clear(&printed);
	}
	text_append_char(out, '"');
}

void json_writer_add_time(struct json_writer *writer, const char *key, struct vtime time)
{
	json_writer_begin_string(writer, key);
	time_print(time, NANOSECOND_DIGITS, writer->out);
	json_writer_end_word(writer);
}
