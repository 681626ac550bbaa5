/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * For targets that eat JSON: libFuzzer changes it as what it is. A member is taken out, doubled, renamed, given another value, or the
 * place of one elsewhere in the document; what is no JSON, and every third time what is, is changed as bytes. Of several
 * documents, a line each, one is changed. Inputs stay what a user would write.
 */
#ifndef TESTS_FUZZ_JSON_MUTATOR_H
#define TESTS_FUZZ_JSON_MUTATOR_H

#include "base/json_document.h"
#include "base/random.h"
#include "base/text.h"
#include "fuzz.h"

/* The target's own: keys that its readers know, and words that values are made of; NULL at the end. */
extern const char *const json_keys[], *const json_words[];

#ifdef FUZZ_LIBFUZZER

size_t LLVMFuzzerMutate(uint8_t *data, size_t len, size_t room);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t room, unsigned seed);

static uint64_t random_below(struct random *random, uint64_t n)
{
	return random_u64(random) % n;
}

static const char *choose(const char *const *words, struct random *random)
{
	size_t n = 0;

	while (words[n])
		n++;
	return words[random_below(random, n)];
}

static size_t count_values(const cJSON *item)
{
	size_t n = 0;

	for (; item; item = item->next)
		n += 1 + count_values(item->child);
	return n;
}

/* The n-th value below `*parent`, and in it the one that holds it. */
static cJSON *find_value(cJSON **parent, size_t *n)
{
	for (cJSON *item = (*parent)->child; item; item = item->next) {
		cJSON *inner = item, *found;

		if ((*n)-- == 0)
			return item;
		found = find_value(&inner, n);
		if (found) {
			*parent = inner;
			return found;
		}
	}
	return NULL;
}

static cJSON *choose_value(cJSON *root, struct random *random, cJSON **parent)
{
	size_t n = count_values(root->child);

	*parent = root;
	if (!n)
		return NULL;
	n = random_below(random, n);
	return find_value(parent, &n);
}

static cJSON *make_value(struct random *random)
{
	static const double numbers[] = { 0, 1, 2, 24, 32, 64, 128, 129, 255, 65535, 65536, 2147483648.0, 4294967295.0, 4294967296.0, 1e18, 1e300, -1, 0.5 };

	switch (random_below(random, 8)) {
	case 0:
		return cJSON_CreateNumber(numbers[random_below(random, sizeof(numbers) / sizeof(numbers[0]))]);
	case 1:
		return cJSON_CreateBool(random_below(random, 2) != 0);
	case 2:
		return random_below(random, 2) ? cJSON_CreateNull() : cJSON_CreateArray();
	case 3:
		return cJSON_CreateObject();
	default:
		return cJSON_CreateString(choose(json_words, random));
	}
}

static void put_value(cJSON *parent, cJSON *place, cJSON *value)
{
	char *key = place->string ? strdup(place->string) : NULL;

	if (key) {
		cJSON_Delete(cJSON_DetachItemViaPointer(parent, place));
		cJSON_AddItemToObject(parent, key, value);
	} else if (!cJSON_ReplaceItemViaPointer(parent, place, value)) {
		cJSON_Delete(value);
	}
	free(key);
}

static void add_value(cJSON *parent, const char *key, cJSON *value)
{
	if (cJSON_IsObject(parent))
		cJSON_AddItemToObject(parent, key ? key : "", value);
	else
		cJSON_AddItemToArray(parent, value);
}

static void change_json(cJSON *root, struct random *random)
{
	cJSON *parent, *other_parent, *item = choose_value(root, random, &parent), *other = choose_value(root, random, &other_parent);

	if (!item) {
		if (cJSON_IsObject(root) || cJSON_IsArray(root))
			add_value(root, choose(json_keys, random), make_value(random));
		return;
	}
	switch (random_below(random, 6)) {
	case 0:
		cJSON_Delete(cJSON_DetachItemViaPointer(parent, item));
		break;
	case 1:
		add_value(parent, item->string, cJSON_Duplicate(item, true));
		break;
	case 2:
		if (item->string) {
			cJSON_AddItemToObject(parent, choose(json_keys, random), cJSON_Duplicate(item, true));
			cJSON_Delete(cJSON_DetachItemViaPointer(parent, item));
		}
		break;
	case 3:
		put_value(parent, item, make_value(random));
		break;
	case 4:
		put_value(parent, item, cJSON_Duplicate(other, true));
		break;
	default:
		if (cJSON_IsObject(item) || cJSON_IsArray(item))
			parent = item;
		add_value(parent, choose(json_keys, random), make_value(random));
		break;
	}
}

/* The changed document of `len` bytes, into `out`; false: it is none. */
static bool change_document(const uint8_t *data, size_t len, struct random *random, struct text *out)
{
	struct diagnostics diagnostics;
	struct json_document document;
	struct source source;
	char *printed = NULL;

	diag_init(&diagnostics);
	source_init(&source, "json", (const char *)data, len);
	if (json_document_parse(&document, &source, &diagnostics)) {
		for (uint64_t n = 1 + random_below(random, 3); n > 0; n--)
			change_json(document.root, random);
		printed = cJSON_PrintUnformatted(document.root);
	}
	if (printed)
		text_append(out, printed);
	cJSON_free(printed);
	json_document_clear(&document);
	source_clear(&source);
	diag_clear(&diagnostics);
	return printed != NULL;
}

/* Lines that are documents: one is changed, the others stay. */
static bool change_line(const uint8_t *data, size_t len, struct random *random, struct text *out)
{
	size_t at = random_below(random, len), start = at, end = at;

	while (start > 0 && data[start - 1] != '\n')
		start--;
	while (end < len && data[end] != '\n')
		end++;
	text_append_bytes(out, (const char *)data, start);
	if (!change_document(data + start, end - start, random, out))
		return false;
	text_append_bytes(out, (const char *)data + end, len - end);
	return true;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t len, size_t room, unsigned seed)
{
	struct random random;
	struct text out;
	bool is_changed;

	random_init(&random, seed);
	text_init(&out);
	is_changed = len && random_below(&random, 3) && (change_document(data, len, &random, &out) || change_line(data, len, &random, &out));
	if (is_changed && out.len <= room) {
		len = out.len;
		memcpy(data, text_string(&out), len);
	} else {
		len = LLVMFuzzerMutate(data, len, room);
	}
	text_clear(&out);
	return len;
}

#endif
#endif
