/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/options.h"

#include <string.h>

#include "rules/options_value.h"

static const struct option_spec *resolve_alias(const struct option_spec *options, size_t n_options,
					       const struct option_spec *option)
{
	if (!(option->flags & OPTION_IS_ALIAS))
		return option;
	for (size_t i = 0; i < n_options; i++) {
		if (strcmp(options[i].name, option->alias_of) == 0)
			return &options[i];
	}
	return NULL;
}

const struct option_spec *options_find(const struct option_spec *options, size_t n_options, const char *name)
{
	const struct option_spec *found = NULL;
	size_t len = strlen(name);

	for (size_t i = 0; i < n_options; i++) {
		if (strcmp(options[i].name, name) == 0)
			return resolve_alias(options, n_options, &options[i]);
	}
	for (size_t i = 0; i < n_options && len; i++) {
		const struct option_spec *option;

		if (strncmp(options[i].name, name, len) != 0)
			continue;
		option = resolve_alias(options, n_options, &options[i]);
		if (found && found != option)
			return NULL;
		found = option;
	}
	return found;
}

unsigned options_value_count(const struct option_spec *option)
{
	if (option->kind == OPTION_FLAG)
		return 0;
	return option->kind == OPTION_CUSTOM ? option->n_values : 1;
}

/* May the option stand here at all? */
static bool check_use(const struct option_spec *option, const struct option_marks *marks, const struct argument *name,
		      bool is_inverted, struct diagnostics *diagnostics)
{
	if (is_inverted && !(option->flags & OPTION_INVERTIBLE)) {
		diag_error(diagnostics, name->where, "leave out the `!`", "--%s cannot be inverted", option->name);
		return false;
	}
	if (options_is_seen(marks, option->mark) && !(option->flags & OPTION_REPEATABLE)) {
		diag_error(diagnostics, name->where, "once is enough", "--%s is given twice", option->name);
		return false;
	}
	if (marks->seen & option->excludes) {
		diag_error(diagnostics, name->where, "take one of them", "--%s cannot stand together with %s", option->name,
			   option->excluded_names);
		return false;
	}
	if (option->needs & ~marks->seen) {
		diag_error(diagnostics, name->where, NULL, "--%s must stand behind %s", option->name, option->needed_names);
		return false;
	}
	return true;
}

bool options_store(const struct option_spec *option, void *config, const struct argument *name, bool is_inverted,
		   const struct argument *values, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct option_marks *marks = config;

	if (!check_use(option, marks, name, is_inverted, diagnostics))
		return false;
	marks->seen |= (uint32_t)1 << option->mark;
	if (is_inverted)
		marks->inverted |= (uint32_t)1 << option->mark;
	if (option->kind == OPTION_FLAG)
		return true;
	if (option->kind == OPTION_CUSTOM)
		return option->parse(config, values, place, diagnostics);
	return options_value_store(option, (char *)config + option->offset, values, place, diagnostics);
}

bool options_check(const struct option_spec *options, size_t n_options, const void *config, const char *extension,
		   struct source_range where, struct diagnostics *diagnostics)
{
	bool is_complete = true;

	for (size_t i = 0; i < n_options; i++) {
		const struct option_spec *option = &options[i];

		if (!(option->flags & OPTION_REQUIRED) || options_is_seen(config, option->mark))
			continue;
		diag_error(diagnostics, where, NULL, "%s needs --%s%s%s", extension, option->name,
			   option->value_name ? " " : "", option->value_name ? option->value_name : "");
		is_complete = false;
	}
	return is_complete;
}
