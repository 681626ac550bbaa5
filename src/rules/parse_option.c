/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options that iptables 1.8.9 itself knows (iptables.c, original_opts), without those of extensions. */
#include <string.h>

#include "rules/parse.h"

static const struct generic_option options[] = {
	{ "append", 'A', GENERIC_COMMAND, 1, false },
	{ "delete", 'D', GENERIC_COMMAND, 1, true },
	{ "check", 'C', GENERIC_COMMAND, 1, false },
	{ "insert", 'I', GENERIC_COMMAND, 1, true },
	{ "replace", 'R', GENERIC_COMMAND, 2, false },
	{ "list", 'L', GENERIC_COMMAND, 0, true },
	{ "list-rules", 'S', GENERIC_COMMAND, 0, true },
	{ "flush", 'F', GENERIC_COMMAND, 0, true },
	{ "zero", 'Z', GENERIC_COMMAND, 0, true },
	{ "new-chain", 'N', GENERIC_COMMAND, 1, false },
	{ "delete-chain", 'X', GENERIC_COMMAND, 0, true },
	{ "rename-chain", 'E', GENERIC_COMMAND, 2, false },
	{ "policy", 'P', GENERIC_COMMAND, 2, false },
	{ "source", 's', GENERIC_RULE, 1, false },
	{ "src", 's', GENERIC_RULE, 1, false },
	{ "destination", 'd', GENERIC_RULE, 1, false },
	{ "dst", 'd', GENERIC_RULE, 1, false },
	{ "protocol", 'p', GENERIC_RULE, 1, false },
	{ "in-interface", 'i', GENERIC_RULE, 1, false },
	{ "out-interface", 'o', GENERIC_RULE, 1, false },
	{ "fragments", 'f', GENERIC_RULE, 0, false },
	{ "match", 'm', GENERIC_RULE, 1, false },
	{ "jump", 'j', GENERIC_RULE, 1, false },
	{ "goto", 'g', GENERIC_RULE, 1, false },
	{ "set-counters", 'c', GENERIC_RULE, 1, false },
	{ "table", 't', GENERIC_RULE, 1, false },
	{ "ipv4", '4', GENERIC_RULE, 0, false },
	{ "ipv6", '6', GENERIC_RULE, 0, false },
	{ "numeric", 'n', GENERIC_IGNORED, 0, false },
	{ "verbose", 'v', GENERIC_IGNORED, 0, false },
	{ "exact", 'x', GENERIC_IGNORED, 0, false },
	{ "line-numbers", '0', GENERIC_IGNORED, 0, false },
	{ "wait", 'w', GENERIC_IGNORED, 0, true },
	{ "wait-interval", 'W', GENERIC_IGNORED, 1, false },
	{ "modprobe", 'M', GENERIC_IGNORED, 1, false },
	{ "version", 'V', GENERIC_COMMAND, 0, false },
	{ "help", 'h', GENERIC_COMMAND, 0, true },
};

enum { N_OPTIONS = sizeof(options) / sizeof(options[0]) };

const struct generic_option *parse_option_table(size_t *n_options)
{
	*n_options = N_OPTIONS;
	return options;
}

const struct generic_option *parse_option_by_letter(char letter)
{
	for (size_t i = 0; i < N_OPTIONS; i++) {
		if (options[i].letter == letter && letter != '0')
			return &options[i];
	}
	return NULL;
}

const struct generic_option *parse_option_by_name(const char *name, bool is_exact, size_t *n_fitting)
{
	const struct generic_option *found = NULL;
	size_t len = strlen(name);

	*n_fitting = 0;
	for (size_t i = 0; i < N_OPTIONS; i++) {
		if (options[i].name[0] != name[0])
			continue;
		if (strcmp(options[i].name, name) == 0) {
			*n_fitting = 1;
			return &options[i];
		}
		if (is_exact || strncmp(options[i].name, name, len) != 0)
			continue;
		/* Two spellings of one option are not ambiguous. */
		if (!found || found->letter != options[i].letter)
			(*n_fitting)++;
		found = &options[i];
	}
	return found;
}
