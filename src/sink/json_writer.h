/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON (RFC 8259) written straight into a text, with no tree in between.
 *
 * The writer places the commas. `key` is a plain ASCII literal, or NULL inside an array
 * and for the outermost value. What is written is always valid JSON and valid UTF-8: bytes of a
 * string that are not UTF-8 become U+FFFD, one for each such byte.
 *
 * A line about a packet has some fifty values. What stands before one, and the values that need no look at each byte, are
 * inline, so that a literal key costs a few stores.
 */
#ifndef SINK_JSON_WRITER_H
#define SINK_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "clock/vtime.h"

struct json_writer {
	struct text *out;	/* borrowed */
	bool needs_comma;	/* before the next key or value */
};

static inline void json_writer_init(struct json_writer *writer, struct text *out)
{
	writer->out = out;
	writer->needs_comma = false;
}

/* Of what is to stand behind other values of an object that is open. */
static inline void json_writer_init_piece(struct json_writer *writer, struct text *out)
{
	writer->out = out;
	writer->needs_comma = true;
}

/* What stands before a value: comma, key, colon. Leaves room for `extra` bytes of the value, and returns where they go. */
static inline char *json_writer_begin(struct json_writer *writer, const char *key, size_t extra)
{
	size_t key_len = key ? strlen(key) : 0;
	char *at = text_room(writer->out, key_len + extra + sizeof(",\"\":"));

	*at = ',';
	at += writer->needs_comma;
	writer->needs_comma = true;
	if (!key)
		return at;
	*at++ = '"';
	memcpy(at, key, key_len);
	at += key_len;
	*at++ = '"';
	*at++ = ':';
	return at;
}

/* `literal` stands for itself: true, 12, [ */
static inline void json_writer_add_literal(struct json_writer *writer, const char *key, const char *literal, size_t len)
{
	char *at = json_writer_begin(writer, key, len);

	memcpy(at, literal, len);
	text_end_at(writer->out, at + len);
}

static inline void json_writer_open_object(struct json_writer *writer, const char *key)
{
	json_writer_add_literal(writer, key, "{", 1);
	writer->needs_comma = false;
}

static inline void json_writer_open_array(struct json_writer *writer, const char *key)
{
	json_writer_add_literal(writer, key, "[", 1);
	writer->needs_comma = false;
}

static inline void json_writer_close_object(struct json_writer *writer)
{
	text_append_char(writer->out, '}');
	writer->needs_comma = true;
}

static inline void json_writer_close_array(struct json_writer *writer)
{
	text_append_char(writer->out, ']');
	writer->needs_comma = true;
}

static inline void json_writer_add_null(struct json_writer *writer, const char *key)
{
	json_writer_add_literal(writer, key, "null", 4);
}

static inline void json_writer_add_bool(struct json_writer *writer, const char *key, bool value)
{
	json_writer_add_literal(writer, key, value ? "true" : "false", value ? 4 : 5);
}

static inline void json_writer_add_u64(struct json_writer *writer, const char *key, uint64_t value)
{
	text_end_at(writer->out, text_write_u64(json_writer_begin(writer, key, TEXT_U64_ROOM), value));
}

/*
 * A string that somebody else prints: into writer->out, between these two. json_writer_end_string() gets what
 * json_writer_begin_string() returned, and escapes what has to be.
 */
static inline size_t json_writer_begin_string(struct json_writer *writer, const char *key)
{
	char *at = json_writer_begin(writer, key, 1);

	*at++ = '"';
	text_end_at(writer->out, at);
	return writer->out->len;
}

void json_writer_end_string(struct json_writer *writer, size_t start);

/* The same of what never has to be escaped: numbers, addresses, times. */
static inline void json_writer_end_word(struct json_writer *writer)
{
	text_append_char(writer->out, '"');
}

/* A NULL string is written as null. */
void json_writer_add_bytes(struct json_writer *writer, const char *key, const char *bytes, size_t len);

static inline void json_writer_add_string(struct json_writer *writer, const char *key, const char *string)
{
	if (string)
		json_writer_add_bytes(writer, key, string, strlen(string));
	else
		json_writer_add_null(writer, key);
}

/* A string from one of the program's own tables, in which nothing has to be escaped; or NULL. */
static inline void json_writer_add_word(struct json_writer *writer, const char *key, const char *word)
{
	size_t len;
	char *at;

	if (!word) {
		json_writer_add_null(writer, key);
		return;
	}
	len = strlen(word);
	at = json_writer_begin(writer, key, len + 2);
	*at++ = '"';
	memcpy(at, word, len);
	at += len;
	*at++ = '"';
	text_end_at(writer->out, at);
}

/* `string`, or null when it is NULL or empty. */
static inline void json_writer_add_name(struct json_writer *writer, const char *key, const char *string)
{
	json_writer_add_string(writer, key, string && *string ? string : NULL);
}

/* Decimal seconds with nine digits behind the point, in a string: exact in every reader. */
void json_writer_add_time(struct json_writer *writer, const char *key, struct vtime time);

#endif
