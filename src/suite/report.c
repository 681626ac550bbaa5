/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "suite/report.h"

#include <inttypes.h>
#include <string.h>

static const char *text_of(const char *string)
{
	return string ? string : "";
}

/* Each line of the words behind a prefix. */
static void add_lines(const char *words, const char *prefix, struct text *out)
{
	while (*words) {
		size_t len = strcspn(words, "\n");

		text_append(out, prefix);
		text_append_bytes(out, words, len);
		text_append_char(out, '\n');
		words += len + (words[len] == '\n');
	}
}

static void print_counts(const struct results *results, struct text *out)
{
	size_t counts[CASE_STATUSES];

	results_count(results, counts);
	text_printf(out, "%zu passed, %zu failed", counts[CASE_PASSED], counts[CASE_FAILED]);
	if (counts[CASE_BROKEN])
		text_printf(out, ", %zu could not be run", counts[CASE_BROKEN]);
	if (counts[CASE_MISSING])
		text_printf(out, ", %zu not run", counts[CASE_MISSING]);
}

/* The case of this shard before it, which is known, is of another suite. */
static bool begins_suite(const struct results *results, size_t index)
{
	return index < results->n_shards ||
	       strcmp(text_of(results->cases[index - results->n_shards].suite), text_of(results->cases[index].suite)) != 0;
}

static void add_text(const struct results *results, size_t index, struct text *out)
{
	static const char *const marks[CASE_STATUSES] = {
		[CASE_MISSING] = "not run", [CASE_PASSED] = "ok", [CASE_FAILED] = "FAILED", [CASE_BROKEN] = "BROKEN",
	};
	const struct case_result *result = &results->cases[index];

	if (begins_suite(results, index) && result->suite)
		text_printf(out, "%s\n", result->suite);
	if (!result->name) {
		text_printf(out, "  %-7s case %zu\n", marks[result->status], index + 1);
		return;
	}
	text_printf(out, "  %-7s %s", marks[result->status], result->name);
	if (result->status != CASE_PASSED)
		text_printf(out, "  (%s:%" PRIu32 ")", text_of(result->suite), result->line);
	text_append_char(out, '\n');
	add_lines(text_of(result->words), "            ", out);
}

static void end_text(const struct results *results, struct text *out)
{
	text_append_char(out, '\n');
	text_append_count(out, results->n_cases, "case");
	if (results->n_shards > 1)
		text_printf(out, ", part %" PRIu32 " of %" PRIu32, results->shard, results->n_shards);
	text_append(out, ": ");
	print_counts(results, out);
	text_append_char(out, '\n');
}

static void begin_tap(const struct results *results, struct text *out)
{
	size_t n_ours = (results->n_cases + results->n_shards - results->shard) / results->n_shards;

	text_printf(out, "TAP version 13\n1..%zu\n", n_ours);
}

/* `#` would begin a directive. */
static void add_description(const char *name, struct text *out)
{
	for (; *name; name++)
		text_append(out, (char[]){ *name == '#' ? '\\' : *name, *name == '#' ? '#' : '\0', '\0' });
}

static void add_tap(const struct results *results, size_t index, struct text *out)
{
	const struct case_result *result = &results->cases[index];

	text_printf(out, "%sok %zu - %s: ", result->status == CASE_PASSED ? "" : "not ", index / results->n_shards + 1,
		    text_of(result->suite));
	add_description(result->name ? result->name : "not run", out);
	text_append_char(out, '\n');
	add_lines(text_of(result->words), "# ", out);
}

static void end_tap(const struct results *results, struct text *out)
{
	text_append(out, "# ");
	print_counts(results, out);
	text_append_char(out, '\n');
}

static void open_junit_suite(const struct results *results, size_t index, struct text *out)
{
	size_t counts[CASE_STATUSES] = { 0 }, n = 0;

	for (size_t i = index; i < results->n_cases && (i == index || !begins_suite(results, i)); i += results->n_shards, n++)
		counts[results->cases[i].status]++;
	text_append(out, "<testsuite name=\"");
	text_append_xml(out, text_of(results->cases[index].suite));
	text_printf(out, "\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\">\n", n, counts[CASE_FAILED],
		    counts[CASE_BROKEN] + counts[CASE_MISSING]);
}

static void add_junit_case(const struct case_result *result, struct text *out)
{
	const char *tag = result->status == CASE_FAILED ? "failure" : "error";

	text_append(out, "<testcase classname=\"");
	text_append_xml(out, text_of(result->suite));
	text_append(out, "\" name=\"");
	text_append_xml(out, result->name ? result->name : "not run");
	text_append(out, "\" file=\"");
	text_append_xml(out, text_of(result->suite));
	text_printf(out, "\" line=\"%" PRIu32 "\"", result->line);
	if (result->status == CASE_PASSED) {
		text_append(out, "/>\n");
		return;
	}
	text_printf(out, "><%s message=\"%s\">", tag, case_status_name(result->status));
	text_append_xml(out, text_of(result->words));
	text_printf(out, "</%s></testcase>\n", tag);
}

/* A suite's counts stand before its cases: everything is written at the end. */
static void end_junit(const struct results *results, struct text *out)
{
	text_append(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n");
	for (size_t i = results->shard - 1; i < results->n_cases; i += results->n_shards) {
		if (begins_suite(results, i))
			open_junit_suite(results, i, out);
		add_junit_case(&results->cases[i], out);
		if (i + results->n_shards >= results->n_cases || begins_suite(results, i + results->n_shards))
			text_append(out, "</testsuite>\n");
	}
	text_append(out, "</testsuites>\n");
}

/* A workflow command: % and line ends are escaped, in properties : and , too. */
static void add_escaped(const char *string, bool is_property, struct text *out)
{
	for (; *string; string++) {
		if (*string == '%' || *string == '\n' || *string == '\r' || (is_property && (*string == ':' || *string == ',')))
			text_printf(out, "%%%02X", (unsigned char)*string);
		else
			text_append_char(out, *string);
	}
}

static void add_github(const struct results *results, size_t index, struct text *out)
{
	const struct case_result *result = &results->cases[index];

	if (result->status == CASE_PASSED)
		return;
	text_append(out, "::error file=");
	add_escaped(text_of(result->suite), true, out);
	text_printf(out, ",line=%" PRIu32 ",title=", result->line);
	add_escaped(result->name ? result->name : "a case was not run", true, out);
	text_append(out, "::");
	add_escaped(result->words ? result->words : case_status_name(result->status), false, out);
	text_append_char(out, '\n');
}

static const struct report_format formats[] = {
	{ "text", "for people", NULL, add_text, end_text },
	{ "tap", "Test Anything Protocol, for prove and others", begin_tap, add_tap, end_tap },
	{ "junit", "XML that most CI systems show", NULL, NULL, end_junit },
	{ "github", "annotations of a GitHub workflow", NULL, add_github, end_text },
	{ NULL, NULL, NULL, NULL, NULL },
};

const struct report_format *report_formats(void)
{
	return formats;
}

const struct report_format *report_find(const char *name)
{
	for (const struct report_format *format = formats; format->name; format++)
		if (strcmp(format->name, name) == 0)
			return format;
	return NULL;
}
