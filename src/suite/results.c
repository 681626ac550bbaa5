/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite/results.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sink/json_writer.h"

enum { MOST_CASES = 10000000 };

static const char *const names[CASE_STATUSES] = {
	[CASE_MISSING] = "missing", [CASE_PASSED] = "passed", [CASE_FAILED] = "failed", [CASE_BROKEN] = "broken",
};

const char *case_status_name(enum case_status status)
{
	return names[status];
}

void results_init(struct results *results, size_t n_cases)
{
	*results = (struct results){ .n_cases = n_cases, .shard = 1, .n_shards = 1 };
	results->cases = alloc_zeroed(n_cases + 1, sizeof(*results->cases));
}

static void clear_case(struct case_result *result)
{
	free(result->suite);
	free(result->name);
	free(result->words);
	memset(result, 0, sizeof(*result));
}

void results_clear(struct results *results)
{
	for (size_t i = 0; i < results->n_cases; i++)
		clear_case(&results->cases[i]);
	free(results->cases);
	memset(results, 0, sizeof(*results));
}

static char *copy(const char *string)
{
	return string && *string ? alloc_copy(string, strlen(string)) : NULL;
}

void results_set(struct results *results, size_t index, enum case_status status, const char *suite, uint32_t line,
		 const char *name, const char *words)
{
	struct case_result *result = &results->cases[index];

	clear_case(result);
	*result = (struct case_result){
		.status = status, .suite = copy(suite), .name = copy(name), .line = line, .words = copy(words),
	};
}

static void open_line(struct json_writer *writer, struct text *out, const char *kind)
{
	json_writer_init(writer, out);
	json_writer_open_object(writer, NULL);
	json_writer_add_string(writer, "kind", kind);
}

static void close_line(struct json_writer *writer)
{
	json_writer_close_object(writer);
	text_append_char(writer->out, '\n');
}

void results_print_begin(const struct results *results, struct text *out)
{
	struct json_writer writer;
	char suites[17];

	open_line(&writer, out, "begin");
	json_writer_add_u64(&writer, "shard", results->shard);
	json_writer_add_u64(&writer, "shards", results->n_shards);
	json_writer_add_u64(&writer, "cases", results->n_cases);
	snprintf(suites, sizeof(suites), "%016" PRIx64, results->suites);
	json_writer_add_string(&writer, "suites", suites);
	close_line(&writer);
}

void results_print_case(const struct results *results, size_t index, struct text *out)
{
	const struct case_result *result = &results->cases[index];
	struct json_writer writer;

	open_line(&writer, out, "case");
	json_writer_add_u64(&writer, "index", index + 1);
	json_writer_add_string(&writer, "suite", result->suite ? result->suite : "");
	json_writer_add_u64(&writer, "line", result->line);
	json_writer_add_string(&writer, "name", result->name ? result->name : "");
	json_writer_add_string(&writer, "result", case_status_name(result->status));
	json_writer_add_string(&writer, "words", result->words ? result->words : "");
	close_line(&writer);
}

void results_print_end(struct text *out)
{
	struct json_writer writer;

	open_line(&writer, out, "end");
	close_line(&writer);
}

static const char *string_of(const cJSON *object, const char *key)
{
	const char *string = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));

	return string ? string : "";
}

/* A whole number in 0 .. most; -1: there is none. */
static int64_t number_of(const cJSON *object, const char *key, int64_t most)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!cJSON_IsNumber(item) || !(item->valuedouble >= 0) || item->valuedouble > (double)most)
		return -1;
	return (int64_t)item->valuedouble;
}

static bool read_case(struct results *results, const cJSON *object)
{
	int64_t index = number_of(object, "index", (int64_t)results->n_cases), line = number_of(object, "line", UINT32_MAX);
	const char *result = string_of(object, "result");

	if (index < 1 || line < 0)
		return false;
	for (unsigned i = CASE_PASSED; i < CASE_STATUSES; i++)
		if (strcmp(result, names[i]) == 0) {
			results_set(results, (size_t)index - 1, (enum case_status)i, string_of(object, "suite"), (uint32_t)line,
				    string_of(object, "name"), string_of(object, "words"));
			return true;
		}
	return false;
}

bool results_read_line(struct results *results, const char *line)
{
	cJSON *object = cJSON_Parse(line);
	bool is_case = object && strcmp(string_of(object, "kind"), "case") == 0 && read_case(results, object);

	cJSON_Delete(object);
	return is_case;
}

/* One file of results on its way in. */
struct merging {
	struct results *results;
	const struct source *source;
	struct diagnostics *diagnostics;
	struct source_range where;	/* of the line */
	bool is_first, has_begun;
};

static bool begin(struct merging *merging, const cJSON *object)
{
	int64_t n_cases = number_of(object, "cases", MOST_CASES), shard = number_of(object, "shard", UINT32_MAX);
	int64_t n_shards = number_of(object, "shards", UINT32_MAX);
	uint64_t suites = strtoull(string_of(object, "suites"), NULL, 16);

	merging->has_begun = true;
	if (n_cases < 0 || shard < 1 || n_shards < shard) {
		diag_error(merging->diagnostics, merging->where, NULL, "this is no beginning of results");
		return false;
	}
	if (merging->is_first) {
		results_init(merging->results, (size_t)n_cases);
		merging->results->n_shards = (uint32_t)n_shards;
		merging->results->suites = suites;
	} else if ((size_t)n_cases != merging->results->n_cases || n_shards != merging->results->n_shards) {
		diag_error(merging->diagnostics, merging->where, NULL, "these are results of another run: %lld cases in %lld shards",
			   (long long)n_cases, (long long)n_shards);
		return false;
	} else if (suites != merging->results->suites) {
		diag_error(merging->diagnostics, merging->where, NULL,
			   "these are results of another run: its suites were not the same");
		return false;
	}
	return true;
}

static bool take_case(struct merging *merging, const cJSON *object)
{
	int64_t index = number_of(object, "index", (int64_t)merging->results->n_cases);

	if (index >= 1 && merging->results->cases[index - 1].status != CASE_MISSING) {
		diag_error(merging->diagnostics, merging->where, NULL, "case %lld was told of already", (long long)index);
		return false;
	}
	if (read_case(merging->results, object))
		return true;
	diag_error(merging->diagnostics, merging->where, NULL, "this is no case of the run");
	return false;
}

static bool take_line(struct merging *merging, const char *line, bool is_whole)
{
	cJSON *object = cJSON_Parse(line);
	const char *kind = object ? string_of(object, "kind") : "";
	bool is_ok = true;

	if (strcmp(kind, "begin") == 0 && !merging->has_begun)
		is_ok = begin(merging, object);
	else if (strcmp(kind, "case") == 0 && merging->has_begun)
		is_ok = take_case(merging, object);
	else if (strcmp(kind, "end") != 0 && is_whole) {
		diag_error(merging->diagnostics, merging->where, NULL, "this is no line of results");
		is_ok = false;
	}
	cJSON_Delete(object);
	return is_ok;
}

bool results_merge(struct results *results, const struct source *source, bool is_first, struct diagnostics *diagnostics)
{
	struct merging merging = {
		.results = results, .source = source, .diagnostics = diagnostics, .is_first = is_first,
	};
	const char *at = source->text, *end = source->text + source->len;
	bool is_ok = true;

	while (at < end && is_ok) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		size_t len = newline ? (size_t)(newline - at) : (size_t)(end - at);
		char *line = alloc_copy(at, len);

		merging.where = (struct source_range){ .source = source, .offset = (uint32_t)(at - source->text), .len = 1 };
		is_ok = take_line(&merging, line, newline != NULL);
		free(line);
		at += len + 1;
	}
	if (is_ok && !merging.has_begun) {
		diag_error_plain(diagnostics, "%s: these are no results of ctreplay test", source->name);
		is_ok = false;
	}
	return is_ok;
}

bool results_is_ours(const struct results *results, size_t index)
{
	return index % results->n_shards == results->shard - 1;
}

void results_count(const struct results *results, size_t counts[CASE_STATUSES])
{
	memset(counts, 0, CASE_STATUSES * sizeof(*counts));
	for (size_t i = 0; i < results->n_cases; i++)
		if (results_is_ours(results, i))
			counts[results->cases[i].status]++;
}
