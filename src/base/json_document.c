/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/json_document.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* Comments become spaces, so that offsets stay. */
static void blank_comments(char *text, size_t len)
{
	bool is_string = false;

	for (size_t i = 0; i < len; i++) {
		if (is_string) {
			if (text[i] == '\\' && i + 1 < len)
				i++;
			else if (text[i] == '"' || text[i] == '\n')
				is_string = false;
		} else if (text[i] == '"') {
			is_string = true;
		} else if (text[i] == '/' && i + 1 < len && text[i + 1] == '/') {
			while (i < len && text[i] != '\n')
				text[i++] = ' ';
		}
	}
}

static bool is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

static size_t skip_space(const char *text, size_t at)
{
	while (is_space(text[at]))
		at++;
	return at;
}

/* cJSON points at or shortly behind what it could not read. */
static void refuse_syntax(const struct json_document *document, const char *end)
{
	size_t at = end ? (size_t)(end - document->text) : 0;
	struct source_range where = { .source = document->source };

	if (at > document->source->len)
		at = document->source->len;
	at = skip_space(document->text, at);
	where.offset = (uint32_t)at;
	where.len = at < document->source->len;
	if (at == document->source->len)
		diag_error(document->diagnostics, where, NULL, "the file ends before its JSON does");
	else
		diag_error(document->diagnostics, where, "expected JSON: a value, a comma, or a closing bracket",
			   "this is not JSON");
}

/* Where a value stands, and the key in front of it, if it has one. */
struct json_place { struct source_range key, value; };

/* Numbers the values in the order of the text: 0, 1, 2 ... */
static void number_values(struct json_document *document, const cJSON *item)
{
	for (; item; item = item->next) {
		index_add(&document->numbers, (uintptr_t)item, (uint32_t)document->numbers.n_used);
		if (item->child)
			number_values(document, item->child);
	}
}

/* Behind the token that begins at `at`; brackets are tokens of one character. */
static size_t skip_token(const char *text, size_t at)
{
	if (text[at] == '"') {
		for (at++; text[at] && text[at] != '"'; at++)
			if (text[at] == '\\' && text[at + 1])
				at++;
		return text[at] ? at + 1 : at;
	}
	if (strchr("{}[]:,", text[at]))
		return at + 1;
	while (text[at] && !is_space(text[at]) && !strchr("{}[]:,", text[at]))
		at++;
	return at;
}

/* The text is JSON: cJSON has read it. A string before a colon is a key; every other token but punctuation is a value. */
static void find_places(struct json_document *document)
{
	struct source_range key = { .source = document->source };
	const char *text = document->text;
	size_t n = 0, at = 0;

	number_values(document, document->root);
	document->places = alloc_zeroed(document->numbers.n_used, sizeof(*document->places));
	while (n < document->numbers.n_used && text[at = skip_space(text, at)]) {
		size_t end = skip_token(text, at);
		struct source_range token = {
			.source = document->source, .offset = (uint32_t)at, .len = (uint32_t)(end - at),
		};

		if (text[at] == '"' && text[skip_space(text, end)] == ':')
			key = token;
		else if (!strchr("}]:,", text[at]))
			document->places[n++] = (struct json_place){ key, token };
		at = end;
	}
}

bool json_document_parse(struct json_document *document, const struct source *source, struct diagnostics *diagnostics)
{
	const char *end = NULL;

	*document = (struct json_document){
		.source = source, .diagnostics = diagnostics, .text = alloc_copy(source->text, source->len),
	};
	blank_comments(document->text, source->len);
	if (strlen(document->text) == source->len)
		document->root = cJSON_ParseWithLengthOpts(document->text, source->len + 1, &end, true);
	else
		end = document->text + strlen(document->text);
	if (document->root)
		find_places(document);
	else
		refuse_syntax(document, end);
	return document->root != NULL;
}

void json_document_clear(struct json_document *document)
{
	cJSON_Delete(document->root);
	free(document->text);
	free(document->places);
	index_clear(&document->numbers);
	memset(document, 0, sizeof(*document));
}

/* What is not of the document, and what cJSON made of a text that this does not see so, is at its start. */
static struct json_place place_of(const struct json_document *document, const cJSON *item)
{
	const uint32_t *number = index_find(&document->numbers, (uintptr_t)item);
	const struct source_range start = { .source = document->source };

	return number && document->places[*number].value.source ? document->places[*number] : (struct json_place){ start, start };
}

struct source_range json_document_value(const struct json_document *document, const cJSON *item)
{
	return place_of(document, item).value;
}

struct source_range json_document_key(const struct json_document *document, const cJSON *item)
{
	return place_of(document, item).key;
}

bool json_document_refuse(const struct json_document *document, const cJSON *item, const char *hint,
			  const char *format, ...)
{
	struct text message;
	va_list args;

	text_init(&message);
	va_start(args, format);
	text_vprintf(&message, format, args);
	va_end(args);
	diag_error(document->diagnostics, json_document_value(document, item), hint, "%s", text_string(&message));
	text_clear(&message);
	return false;
}

static bool refuse_key(const struct json_document *document, const cJSON *item, const struct json_key *keys,
		       size_t n_keys)
{
	const char **names = alloc_zeroed(n_keys, sizeof(*names));
	const char *nearest;
	struct text hint;

	for (size_t i = 0; i < n_keys; i++)
		names[i] = keys[i].name;
	text_init(&hint);
	nearest = diag_nearest(item->string, names, n_keys);
	if (nearest)
		text_printf(&hint, "did you mean %s?", nearest);
	diag_error(document->diagnostics, json_document_key(document, item), nearest ? text_string(&hint) : NULL,
		   "unknown key \"%s\"", item->string);
	text_clear(&hint);
	free(names);
	return false;
}

static bool is_repeated(const cJSON *object, const cJSON *item)
{
	for (const cJSON *before = object->child; before != item; before = before->next)
		if (strcmp(before->string, item->string) == 0)
			return true;
	return false;
}

static bool read_member(const struct json_document *document, const cJSON *item, const struct json_key *keys,
			size_t n_keys, void *target)
{
	for (size_t i = 0; i < n_keys; i++)
		if (strcmp(keys[i].name, item->string) == 0)
			return !keys[i].store || keys[i].store(target, document, item);
	return refuse_key(document, item, keys, n_keys);
}

bool json_document_read(const struct json_document *document, const cJSON *object, const struct json_key *keys,
			size_t n_keys, void *target)
{
	bool is_ok = true;

	if (!cJSON_IsObject(object))
		return json_document_refuse(document, object, NULL, "expected an object: { ... }");
	for (const cJSON *item = object->child; item && diag_has_room(document->diagnostics); item = item->next) {
		if (is_repeated(object, item)) {
			diag_error(document->diagnostics, json_document_key(document, item), NULL,
				   "the key \"%s\" stands here twice", item->string);
			is_ok = false;
			continue;
		}
		is_ok &= read_member(document, item, keys, n_keys, target);
	}
	return is_ok;
}

bool json_document_string(const struct json_document *document, const cJSON *item, const char **string)
{
	if (!cJSON_IsString(item))
		return json_document_refuse(document, item, NULL, "expected a string");
	*string = item->valuestring;
	return true;
}

bool json_document_bool(const struct json_document *document, const cJSON *item, bool *is_true)
{
	if (!cJSON_IsBool(item))
		return json_document_refuse(document, item, NULL, "expected true or false");
	*is_true = cJSON_IsTrue(item);
	return true;
}

bool json_document_number(const struct json_document *document, const cJSON *item, uint32_t most, uint32_t *number)
{
	if (cJSON_IsNumber(item) && item->valuedouble >= 0 && item->valuedouble <= most &&
	    item->valuedouble == (double)(uint32_t)item->valuedouble) {
		*number = (uint32_t)item->valuedouble;
		return true;
	}
	if (cJSON_IsString(item) && item->valuestring[0] >= '0' && item->valuestring[0] <= '9') {
		char *end;
		unsigned long long value;

		errno = 0;
		value = strtoull(item->valuestring, &end, 0);
		if (!errno && !*end && value <= most) {
			*number = (uint32_t)value;
			return true;
		}
	}
	return json_document_refuse(document, item, NULL, "expected a whole number from 0 to %u", (unsigned)most);
}
