/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Configuration that a user wrote in JSON, with // comments: parsed by cJSON, and every message about a value shows the
 * place of that value in the file.
 *
 * What an object may hold is a table of keys; a key that is not in it is an error with the nearest one as its hint.
 */
#ifndef BASE_JSON_DOCUMENT_H
#define BASE_JSON_DOCUMENT_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/index.h"
#include "base/source.h"

struct json_document {
	const struct source *source;		/* borrowed */
	struct diagnostics *diagnostics;	/* borrowed: where its messages go */
	char *text;				/* owned: the source with its comments blanked, offsets kept */
	cJSON *root;				/* owned */
	struct index numbers;			/* of the values, in the order of the text, by their addresses */
	struct json_place *places;		/* owned; by number */
};

/* False after an error, which was added. The caller clears it either way; `source` must outlive the messages. */
bool json_document_parse(struct json_document *document, const struct source *source, struct diagnostics *diagnostics);
void json_document_clear(struct json_document *document);

/* The place of a value; of the key of an object's member. */
struct source_range json_document_value(const struct json_document *document, const cJSON *item);
struct source_range json_document_key(const struct json_document *document, const cJSON *item);

/* An error about a value: always false. */
bool json_document_refuse(const struct json_document *document, const cJSON *item, const char *hint,
			  const char *format, ...) __attribute__((format(printf, 4, 5)));

/* One key that an object may hold. */
struct json_key {
	const char *name;
	/* Takes the value; false after an error. NULL: the key is known and says nothing of interest. */
	bool (*store)(void *target, const struct json_document *document, const cJSON *item);
};

/* Gives every member of an object to its key. False when `object` is none, or after an error in any member. */
bool json_document_read(const struct json_document *document, const cJSON *object, const struct json_key *keys,
			size_t n_keys, void *target);

/* Values of a type; false after an error. The string lives as long as the document. */
bool json_document_string(const struct json_document *document, const cJSON *item, const char **string);
bool json_document_bool(const struct json_document *document, const cJSON *item, bool *is_true);

/* A whole number from 0 to `most`: a number, or a string that holds one (0x for hexadecimal). */
bool json_document_number(const struct json_document *document, const cJSON *item, uint32_t most, uint32_t *number);

#endif
