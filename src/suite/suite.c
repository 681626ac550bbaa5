/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite/suite.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "suite/suite_parts.h"

/*
 * Keys that stand for options of `ctreplay run`. In a case they replace what the suite says for all, but for those that
 * add to it.
 */
enum { IS_PATH = 1, ADDS = 2, MAY_BE_NUMBER = 4 };

static const struct setting {
	const char *key, *option;	/* option NULL: a word by itself */
	unsigned bits;
} settings[] = {
	{ "capture", "-r", IS_PATH },
	{ "rules", NULL, IS_PATH },
	{ "rules4", "-4", IS_PATH },
	{ "rules6", "-6", IS_PATH },
	{ "host", "--host", IS_PATH },
	{ "ipset", "--ipset", IS_PATH },
	{ "actions", "--actions", IS_PATH },
	{ "annotations", "--annotations", IS_PATH },
	{ "timeouts", "--timeouts", IS_PATH },
	{ "local", "--local", 0 },
	{ "route", "--route", 0 },
	{ "sysctl", "--sysctl", ADDS | MAY_BE_NUMBER },
	{ "captured-on", "--captured-on", 0 },
	{ "kernel", "--kernel", 0 },
	{ "track", "--track", 0 },
	{ "hz", "--hz", MAY_BE_NUMBER },
	{ "seed", "--seed", MAY_BE_NUMBER },
};

enum { N_SETTINGS = sizeof(settings) / sizeof(settings[0]) };

/* A case, or what holds for all cases, on its way in. */
struct reading {
	struct suite *suite;
	const struct json_document *document;
	const cJSON *values[N_SETTINGS];
	const cJSON *name, *expect, *must_fail, *cases;
};

const char *suite_path(struct suite *suite, const char *path)
{
	struct text text;
	char *copy;

	if (path[0] == '/')
		return path;
	text_init(&text);
	text_printf(&text, "%s%s", suite->folder, path);
	copy = arena_copy(&suite->arena, text_string(&text), text.len);
	text_clear(&text);
	return copy;
}

static void add_argument(struct suite_case *suite_case, const char *argument)
{
	suite_case->arguments =
		alloc_resize(suite_case->arguments, suite_case->n_arguments + 1, sizeof(*suite_case->arguments));
	suite_case->arguments[suite_case->n_arguments++] = argument;
}

static void add_file(struct suite_case *suite_case, const char *path)
{
	suite_case->files = alloc_resize(suite_case->files, suite_case->n_files + 1, sizeof(*suite_case->files));
	suite_case->files[suite_case->n_files++] = path;
}

static bool add_text(struct reading *reading, struct suite_case *suite_case, const struct setting *setting, const char *text)
{
	if (setting->bits & IS_PATH) {
		text = suite_path(reading->suite, text);
		add_file(suite_case, text);
	}
	if (setting->option)
		add_argument(suite_case, setting->option);
	add_argument(suite_case, text);
	return true;
}

/* A string, a number where that makes sense, or a member of an object: "NAME=VALUE". */
static bool add_value(struct reading *reading, struct suite_case *suite_case, const struct setting *setting, const cJSON *item,
		      bool is_member)
{
	struct text text;
	bool is_ok = cJSON_IsString(item) || ((setting->bits & MAY_BE_NUMBER) && cJSON_IsNumber(item));

	if (!is_ok)
		return json_document_refuse(reading->document, item, NULL,
					    (setting->bits & MAY_BE_NUMBER) ? "expected a string or a number" : "expected a string");
	text_init(&text);
	if (is_member)
		text_printf(&text, "%s=", item->string);
	if (cJSON_IsString(item))
		text_append(&text, item->valuestring);
	else
		text_printf(&text, "%.17g", item->valuedouble);
	is_ok = add_text(reading, suite_case, setting, arena_copy(&reading->suite->arena, text_string(&text), text.len));
	text_clear(&text);
	return is_ok;
}

static bool add_setting(struct reading *reading, struct suite_case *suite_case, const struct setting *setting,
			const cJSON *value)
{
	bool is_ok = true;

	if (!cJSON_IsArray(value) && !(cJSON_IsObject(value) && (setting->bits & ADDS)))
		return add_value(reading, suite_case, setting, value, false);
	for (const cJSON *item = value->child; item; item = item->next)
		is_ok &= add_value(reading, suite_case, setting, item, cJSON_IsObject(value));
	return is_ok;
}

static bool add_settings(struct reading *reading, const struct reading *common, struct suite_case *suite_case)
{
	bool is_ok = true;

	for (size_t i = 0; i < N_SETTINGS; i++) {
		const cJSON *own = reading->values[i], *shared = common->values[i];

		if (shared && (!own || (settings[i].bits & ADDS)))
			is_ok &= add_setting(reading, suite_case, &settings[i], shared);
		if (own)
			is_ok &= add_setting(reading, suite_case, &settings[i], own);
	}
	return is_ok;
}

static size_t find_setting(const char *key)
{
	size_t i = 0;

	while (i < N_SETTINGS && strcmp(settings[i].key, key) != 0)
		i++;
	return i;
}

bool suite_refuse_twice(const struct json_document *document, const cJSON *item)
{
	diag_error(document->diagnostics, json_document_key(document, item), NULL, "\"%s\" stands here twice", item->string);
	return false;
}

/* Where the value of a key is kept; NULL: it is unknown, or says nothing that is. */
static const cJSON **place_of(struct reading *reading, const char *key, bool is_case)
{
	size_t setting = find_setting(key);

	if (setting < N_SETTINGS)
		return &reading->values[setting];
	if (is_case && strcmp(key, "name") == 0)
		return &reading->name;
	if (is_case && strcmp(key, "expect") == 0)
		return &reading->expect;
	if (is_case && strcmp(key, "must-fail") == 0)
		return &reading->must_fail;
	return !is_case && strcmp(key, "cases") == 0 ? &reading->cases : NULL;
}

static bool refuse_key(const struct reading *reading, const cJSON *item, bool is_case)
{
	const char *own[] = { "about", is_case ? "name" : "cases", is_case ? "expect" : "cases", is_case ? "must-fail" : "cases" };
	enum { N_OWN = sizeof(own) / sizeof(own[0]) };
	const char *names[N_SETTINGS + N_OWN];
	const char *nearest;
	struct text hint;

	for (size_t i = 0; i < N_SETTINGS; i++)
		names[i] = settings[i].key;
	memcpy(names + N_SETTINGS, own, sizeof(own));
	nearest = diag_nearest(item->string, names, N_SETTINGS + N_OWN);
	text_init(&hint);
	if (nearest)
		text_printf(&hint, "did you mean %s?", nearest);
	diag_error(reading->document->diagnostics, json_document_key(reading->document, item),
		   nearest ? text_string(&hint) : NULL, "unknown key \"%s\"", item->string);
	text_clear(&hint);
	return false;
}

static bool read_object(struct reading *reading, const cJSON *object, bool is_case)
{
	bool is_ok = true;

	if (!cJSON_IsObject(object))
		return json_document_refuse(reading->document, object, NULL, "expected an object: { ... }");
	for (const cJSON *item = object->child; item; item = item->next) {
		const cJSON **place = place_of(reading, item->string, is_case);

		if (place && *place)
			is_ok = suite_refuse_twice(reading->document, item);
		else if (place)
			*place = item;
		else if (strcmp(item->string, "about") != 0 && (is_case || strcmp(item->string, "$schema") != 0))
			is_ok = refuse_key(reading, item, is_case);
	}
	return is_ok;
}

/* Expectations in a file of their own: an array, or what --record wrote. */
static bool read_expect_file(struct reading *reading, struct suite_case *suite_case, suite_read_file *read)
{
	struct suite *suite = reading->suite;
	struct source *source = &suite->expect_sources[suite->n_expect_sources];
	struct json_document document;
	bool is_ok;

	suite_case->expect_file = suite_path(suite, reading->expect->valuestring);
	add_file(suite_case, suite_case->expect_file);
	if (!read(suite_case->expect_file, source, reading->document->diagnostics))
		return false;
	suite->n_expect_sources++;
	is_ok = json_document_parse(&document, source, reading->document->diagnostics) &&
		suite_parse_expectations(suite, suite_case, &document, document.root);
	json_document_clear(&document);
	return is_ok;
}

static bool exists(const char *path)
{
	FILE *file = fopen(path, "rb");

	if (file)
		fclose(file);
	return file != NULL;
}

/* A file that is not there yet is one to be recorded. */
static bool read_expect(struct reading *reading, struct suite_case *suite_case, suite_read_file *read)
{
	if (!reading->expect)
		return true;
	suite_case->has_expect = true;
	if (!cJSON_IsString(reading->expect))
		return suite_parse_expectations(reading->suite, suite_case, reading->document, reading->expect);
	suite_case->expect_file = suite_path(reading->suite, reading->expect->valuestring);
	return !exists(suite_case->expect_file) || read_expect_file(reading, suite_case, read);
}

static bool read_case(struct suite *suite, const struct reading *common, const cJSON *item, suite_read_file *read)
{
	struct reading reading = { .suite = suite, .document = common->document };
	struct suite_case *suite_case = &suite->cases[suite->n_cases++];
	bool is_ok = read_object(&reading, item, true);

	suite_case->where = json_document_value(common->document, item);
	source_move(&suite->place, &suite->source, suite_case->where.offset);
	suite_case->line = suite->place.line;
	if (!reading.name)
		return is_ok && json_document_refuse(common->document, item, "a sentence that says what it proves",
						     "a case needs a \"name\"");
	is_ok &= json_document_string(common->document, reading.name, &suite_case->name);
	if (is_ok && map_find(&suite->names, suite_case->name))
		return json_document_refuse(common->document, reading.name, NULL, "another case has this name");
	if (is_ok)
		map_add(&suite->names, suite_case->name, suite_case);
	if (reading.must_fail)
		is_ok &= json_document_bool(common->document, reading.must_fail, &suite_case->must_fail);
	is_ok &= add_settings(&reading, common, suite_case);
	is_ok &= read_expect(&reading, suite_case, read);
	return is_ok;
}

static bool read_cases(struct suite *suite, const struct reading *common, suite_read_file *read)
{
	bool is_ok = true;
	int n = cJSON_GetArraySize(common->cases);

	suite->cases = alloc_zeroed((size_t)n + 1, sizeof(*suite->cases));
	suite->expect_sources = alloc_zeroed((size_t)n + 1, sizeof(*suite->expect_sources));
	for (const cJSON *item = common->cases->child; item && diag_has_room(suite->document.diagnostics); item = item->next)
		is_ok &= read_case(suite, common, item, read);
	return is_ok;
}

bool suite_parse(struct suite *suite, const char *path, suite_read_file *read, struct diagnostics *diagnostics)
{
	struct reading common = { .suite = suite, .document = &suite->document };
	const char *slash = strrchr(path, '/');

	memset(suite, 0, sizeof(*suite));
	arena_init(&suite->arena);
	suite->filter_room.most = limits_usual.filter_bytes;
	map_init(&suite->names);
	suite->folder = slash ? arena_copy(&suite->arena, path, (size_t)(slash - path) + 1) : "";
	if (!read(path, &suite->source, diagnostics) || !json_document_parse(&suite->document, &suite->source, diagnostics) ||
	    !read_object(&common, suite->document.root, false))
		return false;
	if (!common.cases || !cJSON_IsArray(common.cases) || !common.cases->child)
		return json_document_refuse(&suite->document, common.cases ? common.cases : suite->document.root,
					    "\"cases\": [ { \"name\": ..., \"capture\": ..., \"expect\": [ ... ] } ]",
					    "a suite needs \"cases\"");
	return read_cases(suite, &common, read);
}

void suite_clear(struct suite *suite)
{
	for (size_t i = 0; i < suite->n_cases; i++) {
		struct suite_case *suite_case = &suite->cases[i];

		free(suite_case->arguments);
		free(suite_case->files);
		free(suite_case->expectations);
	}
	for (size_t i = 0; i < suite->n_expect_sources; i++)
		source_clear(&suite->expect_sources[i]);
	free(suite->expect_sources);
	free(suite->cases);
	map_clear(&suite->names);
	json_document_clear(&suite->document);
	source_clear(&suite->source);
	arena_clear(&suite->arena);
	memset(suite, 0, sizeof(*suite));
}
