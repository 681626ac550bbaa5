/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/json_writer.h"

#include <string.h>

#include "base/utf8.h"
#include "sink/time_print.h"

enum { NANOSECOND_DIGITS = 9, LONGEST_KEY = 60 };

void json_writer_init(struct json_writer *writer, struct text *out)
{
	writer->out = out;
	writer->needs_comma = false;
}

/* What stands before a value: comma, key, colon; one append. */
static void begin_value(struct json_writer *writer, const char *key)
{
	char prefix[LONGEST_KEY + 4];
	size_t len = 0, key_len = key ? strlen(key) : 0;

	if (writer->needs_comma)
		prefix[len++] = ',';
	if (key && key_len <= LONGEST_KEY) {
		prefix[len++] = '"';
		memcpy(prefix + len, key, key_len);
		len += key_len;
		prefix[len++] = '"';
		prefix[len++] = ':';
	}
	if (len)
		text_append_bytes(writer->out, prefix, len);
	writer->needs_comma = true;
}

static void open_bracket(struct json_writer *writer, const char *key, char bracket)
{
	begin_value(writer, key);
	text_append_char(writer->out, bracket);
	writer->needs_comma = false;
}

static void close_bracket(struct json_writer *writer, char bracket)
{
	text_append_char(writer->out, bracket);
	writer->needs_comma = true;
}

void json_writer_open_object(struct json_writer *writer, const char *key)
{
	open_bracket(writer, key, '{');
}

void json_writer_close_object(struct json_writer *writer)
{
	close_bracket(writer, '}');
}

void json_writer_open_array(struct json_writer *writer, const char *key)
{
	open_bracket(writer, key, '[');
}

void json_writer_close_array(struct json_writer *writer)
{
	close_bracket(writer, ']');
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

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

static void append_string(struct text *out, const unsigned char *bytes, size_t len)
{
	size_t at = 0;

	text_append_char(out, '"');
	while (at < len) {
		size_t end = at, character;

		while (end < len && is_plain(bytes[end]))
			end++;
		text_append_bytes(out, (const char *)bytes + at, end - at);
		at = end;
		if (at == len)
			break;
		character = utf8_len(bytes + at, len - at);
		if (bytes[at] < 0x80)
			append_escaped(out, bytes[at]);
		else if (character)
			text_append_bytes(out, (const char *)bytes + at, character);
		else
			text_append(out, "\\ufffd");
		at += character ? character : 1;
	}
	text_append_char(out, '"');
}

void json_writer_add_bytes(struct json_writer *writer, const char *key, const char *bytes, size_t len)
{
	begin_value(writer, key);
	append_string(writer->out, (const unsigned char *)bytes, len);
}

void json_writer_add_string(struct json_writer *writer, const char *key, const char *string)
{
	if (string)
		json_writer_add_bytes(writer, key, string, strlen(string));
	else
		json_writer_add_null(writer, key);
}

void json_writer_add_name(struct json_writer *writer, const char *key, const char *string)
{
	json_writer_add_string(writer, key, string && *string ? string : NULL);
}

void json_writer_add_u64(struct json_writer *writer, const char *key, uint64_t value)
{
	begin_value(writer, key);
	text_append_u64(writer->out, value);
}

void json_writer_add_bool(struct json_writer *writer, const char *key, bool value)
{
	begin_value(writer, key);
	text_append(writer->out, value ? "true" : "false");
}

void json_writer_add_null(struct json_writer *writer, const char *key)
{
	begin_value(writer, key);
	text_append(writer->out, "null");
}

void json_writer_add_time(struct json_writer *writer, const char *key, struct vtime time)
{
	begin_value(writer, key);
	text_append_char(writer->out, '"');
	time_print(time, NANOSECOND_DIGITS, writer->out);
	text_append_char(writer->out, '"');
}
