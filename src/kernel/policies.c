/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/policies.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/spawn.h"

enum { MOST_WORDS = 64 };

static const char blanks[] = " \t\r";

static bool run_nfct(const char *const *argv, struct text *error)
{
	struct text output;
	enum spawn_result result;

	text_init(&output);
	result = spawn_run(argv, NULL, &output);
	if (result == SPAWN_NOT_FOUND)
		text_append(error, "nfct was not found (package nfct)");
	else if (result == SPAWN_FAILED)
		text_printf(error, "nfct: %s", text_string(&output));
	while (error->len && error->bytes[error->len - 1] == '\n')
		error->bytes[--error->len] = '\0';
	text_clear(&output);
	return result == SPAWN_OK;
}

/* Takes the line apart where it stands. */
static bool load_line(char *line, struct text *error)
{
	const char *argv[MOST_WORDS + 2] = { "nfct" };
	size_t n = 1;
	char *rest = NULL;

	line[strcspn(line, "#")] = '\0';
	for (char *word = strtok_r(line, blanks, &rest); word && n <= MOST_WORDS; word = strtok_r(NULL, blanks, &rest))
		if (n > 1 || strcmp(word, "nfct") != 0)
			argv[n++] = word;
	return n == 1 || run_nfct(argv, error);
}

bool policies_load(const char *lines, struct text *error)
{
	char *copy = alloc_copy(lines, strlen(lines)), *rest = NULL;
	bool is_ok = true;

	for (char *line = strtok_r(copy, "\n", &rest); line && is_ok; line = strtok_r(NULL, "\n", &rest))
		is_ok = load_line(line, error);
	free(copy);
	return is_ok;
}
