/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * JSON (RFC 8259) written straight into a text, with no tree in between.
 *
 * The writer places the commas. `key` is a plain ASCII literal, or NULL inside an array
 * and for the outermost value. What is written is always valid JSON and valid UTF-8: bytes of a
 * string that are not UTF-8 become U+FFFD, one for each such byte.
 */
#ifndef SINK_JSON_WRITER_H
#define SINK_JSON_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "clock/vtime.h"

struct json_writer {
	struct text *out;	/* borrowed */
	bool needs_comma;	/* before the next key or value */
};

void json_writer_init(struct json_writer *writer, struct text *out);

void json_writer_open_object(struct json_writer *writer, const char *key);
void json_writer_close_object(struct json_writer *writer);
void json_writer_open_array(struct json_writer *writer, const char *key);
void json_writer_close_array(struct json_writer *writer);

/* A NULL string is written as null. */
void json_writer_add_string(struct json_writer *writer, const char *key, const char *string);
void json_writer_add_bytes(struct json_writer *writer, const char *key, const char *bytes, size_t len);

/* `string`, or null when it is NULL or empty. */
void json_writer_add_name(struct json_writer *writer, const char *key, const char *string);

void json_writer_add_u64(struct json_writer *writer, const char *key, uint64_t value);
void json_writer_add_bool(struct json_writer *writer, const char *key, bool value);
void json_writer_add_null(struct json_writer *writer, const char *key);

/* Decimal seconds with nine digits behind the point, in a string: exact in every reader. */
void json_writer_add_time(struct json_writer *writer, const char *key, struct vtime time);

#endif
