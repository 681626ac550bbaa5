/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Suites of cases, as other programs run them. */
#include <assert.h>
#include <stdlib.h>

#include "api/api.h"
#include "api/suite_case.h"
#include "base/alloc.h"
#include "suite/results.h"
#include "suite/suite.h"

static_assert((int)CTREPLAY_CASE_PASSED == CASE_PASSED && (int)CTREPLAY_CASE_FAILED == CASE_FAILED &&
	      (int)CTREPLAY_CASE_BROKEN == CASE_BROKEN, "the API's numbers never change");

struct ctreplay_suite {
	struct suite suite;
	struct ctreplay_case *cases;	/* owned array */
	size_t n_cases;
	struct api_messages messages;
	struct text words;		/* about the case that was run last */
	struct suite_watcher watcher;
};

static void view_cases(struct ctreplay_suite *suite)
{
	suite->n_cases = suite->suite.n_cases;
	suite->cases = alloc_zeroed(suite->n_cases + 1, sizeof(*suite->cases));
	for (size_t i = 0; i < suite->n_cases; i++) {
		const struct suite_case *suite_case = &suite->suite.cases[i];

		suite->cases[i] = (struct ctreplay_case){
			.name = suite_case->name, .line = suite_case->line, .files = suite_case->files, .n_files = suite_case->n_files,
		};
	}
}

struct ctreplay_suite *ctreplay_suite_read(const char *path)
{
	struct ctreplay_suite *suite = alloc_zeroed(1, sizeof(*suite));
	struct diagnostics diagnostics;

	api_messages_init(&suite->messages);
	text_init(&suite->words);
	diag_init(&diagnostics);
	if (suite_parse(&suite->suite, path, rules_files_read, &diagnostics))
		view_cases(suite);
	api_messages_take(&suite->messages, &diagnostics);
	return suite;
}

void ctreplay_suite_destroy(struct ctreplay_suite *suite)
{
	if (!suite)
		return;
	suite_clear(&suite->suite);
	free(suite->cases);
	api_messages_clear(&suite->messages);
	text_clear(&suite->words);
	free(suite);
}

const struct ctreplay_message *ctreplay_suite_messages(const struct ctreplay_suite *suite, size_t *n)
{
	*n = suite->messages.n_messages;
	return suite->messages.messages;
}

const char *ctreplay_suite_message_text(const struct ctreplay_suite *suite)
{
	return text_string(&suite->messages.text);
}

const struct ctreplay_case *ctreplay_suite_cases(const struct ctreplay_suite *suite, size_t *n)
{
	*n = suite->n_cases;
	return suite->cases;
}

void ctreplay_suite_watch(struct ctreplay_suite *suite, ctreplay_go_on *go_on, void *owner)
{
	suite->watcher = (struct suite_watcher){ .go_on = go_on, .owner = owner };
}

enum ctreplay_case_status ctreplay_suite_run(struct ctreplay_suite *suite, size_t index, enum ctreplay_recording recording,
					     const char **words)
{
	enum case_status status = CASE_BROKEN;

	text_reset(&suite->words);
	if (index < suite->n_cases)
		status = suite_case_run(&suite->suite, &suite->suite.cases[index], recording, &suite->watcher, &suite->words);
	else
		text_append(&suite->words, "there is no such case");
	*words = text_string(&suite->words);
	return (enum ctreplay_case_status)status;
}
