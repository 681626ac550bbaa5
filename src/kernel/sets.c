/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/sets.h"
#include "base/spawn.h"

#include <stddef.h>


static bool run_ipset(const char *command, const char *input, struct text *output, struct text *error)
{
	const char *const argv[] = { "ipset", command, NULL };
	enum spawn_result result = spawn_run(argv, input, output);

	if (result == SPAWN_NOT_FOUND)
		text_append(error, "ipset was not found (package ipset)");
	else if (result == SPAWN_FAILED)
		text_printf(error, "ipset %s: %s", command, text_string(output));
	while (error->len && error->bytes[error->len - 1] == '\n')
		error->bytes[--error->len] = '\0';
	return result == SPAWN_OK;
}

bool sets_load(const char *lines, struct text *error)
{
	struct text output;
	bool is_ok;

	text_init(&output);
	is_ok = run_ipset("restore", lines, &output, error);
	text_clear(&output);
	return is_ok;
}

bool sets_save(struct text *lines, struct text *error)
{
	return run_ipset("save", NULL, lines, error);
}
