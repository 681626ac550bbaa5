/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/test_plan.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/json_document.h"
#include "replay/rules_files.h"

void test_plan_init(struct test_plan *plan)
{
	memset(plan, 0, sizeof(*plan));
}

void test_plan_clear(struct test_plan *plan)
{
	for (size_t i = 0; i < plan->n_suites; i++)
		ctreplay_suite_destroy(plan->suites[i]);
	for (size_t i = 0; i < plan->n_paths; i++)
		free(plan->paths[i]);
	free(plan->suites);
	free(plan->paths);
	free(plan->items);
	test_plan_init(plan);
}

static void add_path(struct test_plan *plan, const char *path)
{
	plan->paths = alloc_resize(plan->paths, plan->n_paths + 1, sizeof(*plan->paths));
	plan->paths[plan->n_paths++] = alloc_copy(path, strlen(path));
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Names in a folder, sorted; the caller frees. NULL: it cannot be read. */
static char **list_folder(const char *path, size_t *n_names)
{
	DIR *folder = opendir(path);
	struct dirent *entry;
	char **names = NULL;
	size_t n = 0;

	if (!folder)
		return NULL;
	names = alloc_zeroed(1, sizeof(*names));
	while ((entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		names = alloc_resize(names, n + 2, sizeof(*names));
		names[n++] = alloc_copy(entry->d_name, strlen(entry->d_name));
	}
	closedir(folder);
	qsort(names, n, sizeof(*names), compare_names);
	*n_names = n;
	return names;
}

static bool is_folder(const char *path)
{
	struct stat status;

	return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

/* A suite is an object with "cases"; other files of JSON may stand beside it: hosts, expectations. */
static bool looks_like_suite(const char *path)
{
	struct diagnostics diagnostics;
	struct json_document document;
	struct source source;
	bool is_suite = false;

	diag_init(&diagnostics);
	if (rules_files_read(path, &source, &diagnostics)) {
		/* What is no JSON at all is told when it is read as a suite. */
		is_suite = !json_document_parse(&document, &source, &diagnostics) || cJSON_HasObjectItem(document.root, "cases");
		json_document_clear(&document);
		source_clear(&source);
	}
	diag_clear(&diagnostics);
	return is_suite;
}

static bool add_folder(struct test_plan *plan, const char *path, struct diagnostics *diagnostics)
{
	size_t n_names = 0;
	char **names = list_folder(path, &n_names);
	bool is_ok = names != NULL;
	struct text below;

	if (!names)
		diag_error_plain(diagnostics, "%s: %s", path, strerror(errno));
	text_init(&below);
	for (size_t i = 0; i < n_names; i++) {
		size_t len = strlen(names[i]);

		text_reset(&below);
		text_printf(&below, "%s%s%s", path, path[strlen(path) - 1] == '/' ? "" : "/", names[i]);
		if (is_folder(text_string(&below)))
			is_ok &= add_folder(plan, text_string(&below), diagnostics);
		else if (len > 5 && strcmp(names[i] + len - 5, ".json") == 0 && looks_like_suite(text_string(&below)))
			add_path(plan, text_string(&below));
		free(names[i]);
	}
	text_clear(&below);
	free(names);
	return is_ok;
}

bool test_plan_add(struct test_plan *plan, const char *path, struct diagnostics *diagnostics)
{
	size_t n_before = plan->n_paths;

	if (!*path || !is_folder(path)) {
		add_path(plan, path);
		return true;
	}
	if (!add_folder(plan, path, diagnostics))
		return false;
	if (plan->n_paths > n_before)
		return true;
	diag_error_plain(diagnostics, "%s: no suite below this folder: a *.json with \"cases\"", path);
	return false;
}

/* False when the suite is not as it must be. */
static bool add_items(struct test_plan *plan, struct ctreplay_suite *suite, const char *path, const char *filter)
{
	const struct ctreplay_case *cases;
	size_t n;

	cases = ctreplay_suite_cases(suite, &n);
	plan->items = alloc_resize(plan->items, plan->n_items + n + 1, sizeof(*plan->items));
	for (size_t i = 0; i < n; i++)
		if (!filter || strstr(cases[i].name, filter) || strstr(path, filter))
			plan->items[plan->n_items++] = (struct test_item){ suite, path, i, &cases[i] };
	return n > 0;
}

bool test_plan_read(struct test_plan *plan, const char *filter, struct text *said)
{
	bool is_ok = true;

	plan->suites = alloc_zeroed(plan->n_paths + 1, sizeof(struct ctreplay_suite *));
	for (size_t i = 0; i < plan->n_paths; i++) {
		struct ctreplay_suite *suite = ctreplay_suite_read(plan->paths[i]);

		plan->suites[plan->n_suites++] = suite;
		text_append(said, ctreplay_suite_message_text(suite));
		is_ok &= add_items(plan, suite, plan->paths[i], filter);
	}
	if (!is_ok)
		plan->n_items = 0;
	else if (!plan->n_items && filter)
		text_printf(said, "ctreplay: error: no case's name holds '%s'\n", filter);
	else if (!plan->n_items)
		text_append(said, "ctreplay: error: no cases\n");
	return plan->n_items > 0;
}

/* Where the suites lie is no part of it: each machine may have them elsewhere. FNV-1a. */
uint64_t test_plan_sum(const struct test_plan *plan)
{
	uint64_t sum = 14695981039346656037u;

	for (size_t i = 0; i < plan->n_items; i++) {
		const struct ctreplay_case *suite_case = plan->items[i].suite_case;

		for (const char *at = suite_case->name; *at; at++)
			sum = (sum ^ (unsigned char)*at) * 1099511628211u;
		sum = (sum ^ suite_case->line) * 1099511628211u;
	}
	return sum;
}
