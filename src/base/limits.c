/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/limits.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define USUAL_RULES_PASSED UINT64_C(200000000)
#define USUAL_RULES_EXPANDED UINT64_C(500000)
#define USUAL_RULES_BYTES (UINT64_C(256) << 20)
#define USUAL_RULES_TRIED UINT64_C(10000000)
#define USUAL_SET_ELEMENTS UINT64_C(2097152)
#define USUAL_SHELL_REPEATS UINT64_C(200000)
#define USUAL_SHELL_BYTES (UINT64_C(64) << 20)
#define USUAL_SCRIPT_BYTES (UINT64_C(256) << 20)
#define USUAL_FILTER_BYTES UINT64_C(10000)
#define USUAL_ACTIONS_PASSED UINT64_C(20000000)
#define USUAL_LISTINGS UINT64_C(1000000)
#define USUAL_UNFOLDING UINT64_C(1000)

static const struct limit table[] = {
	{ "rules-passed", offsetof(struct limits, rules_passed), USUAL_RULES_PASSED,
	  "rules that commands like -D, -I and -X pass on their way, while rules are read" },
	{ "rules-expanded", offsetof(struct limits, rules_expanded), USUAL_RULES_EXPANDED,
	  "rules that lists of addresses stand for, beyond one for each" },
	{ "rules-bytes", offsetof(struct limits, rules_bytes), USUAL_RULES_BYTES,
	  "bytes of memory that rules take, beyond 200 for each byte of their files" },
	{ "rules-tried", offsetof(struct limits, rules_tried), USUAL_RULES_TRIED,
	  "rules that a packet tries in one table, by jumps; then it is dropped" },
	{ "set-elements", offsetof(struct limits, set_elements), USUAL_SET_ELEMENTS,
	  "elements that the ranges of ipset files name, beyond one for each line" },
	{ "shell-repeats", offsetof(struct limits, shell_repeats), USUAL_SHELL_REPEATS,
	  "commands that a script's loops and functions repeat" },
	{ "shell-bytes", offsetof(struct limits, shell_bytes), USUAL_SHELL_BYTES,
	  "bytes that the variables in a shell script's commands stand for" },
	{ "script-bytes", offsetof(struct limits, script_bytes), USUAL_SCRIPT_BYTES,
	  "bytes that the frames of a packet script take, beyond 20 for each of its own" },
	{ "filter-bytes", offsetof(struct limits, filter_bytes), USUAL_FILTER_BYTES,
	  "bytes of tcpdump filters, together, of those that have more than 256" },
	{ "actions-passed", offsetof(struct limits, actions_passed), USUAL_ACTIONS_PASSED,
	  "entries, routes and rules that actions look at and leave as they are" },
	{ "listings", offsetof(struct limits, listings), USUAL_LISTINGS, "listings that --snapshot every makes" },
	{ "unfolding", offsetof(struct limits, unfolding), USUAL_UNFOLDING,
	  "times its size that a compressed capture may become, beyond 256 MiB" },
};

enum { N_LIMITS = sizeof(table) / sizeof(table[0]) };

const struct limits limits_usual = {
	.rules_passed = USUAL_RULES_PASSED, .rules_expanded = USUAL_RULES_EXPANDED, .rules_bytes = USUAL_RULES_BYTES,
	.rules_tried = USUAL_RULES_TRIED, .set_elements = USUAL_SET_ELEMENTS, .shell_repeats = USUAL_SHELL_REPEATS,
	.shell_bytes = USUAL_SHELL_BYTES, .script_bytes = USUAL_SCRIPT_BYTES, .filter_bytes = USUAL_FILTER_BYTES,
	.actions_passed = USUAL_ACTIONS_PASSED, .listings = USUAL_LISTINGS, .unfolding = USUAL_UNFOLDING,
};

const struct limit *limits_table(size_t *n_limits)
{
	*n_limits = N_LIMITS;
	return table;
}

static const struct limit *find(const char *name, size_t len)
{
	for (size_t i = 0; i < N_LIMITS; i++)
		if (strncmp(table[i].name, name, len) == 0 && table[i].name[len] == '\0')
			return &table[i];
	return NULL;
}

bool limits_parse(struct limits *limits, const char *text, struct diagnostics *diagnostics)
{
	const char *equals = strchr(text, '=');
	const struct limit *limit = equals ? find(text, (size_t)(equals - text)) : NULL;
	unsigned long long value;
	char *end;

	if (!limit) {
		diag_error_plain(diagnostics, "--limit '%s': NAME=NUMBER is needed; `ctreplay list limits` has the names", text);
		return false;
	}
	errno = 0;
	value = strtoull(equals + 1, &end, 10);
	if (!isdigit((unsigned char)equals[1]) || *end || errno || value == 0) {
		diag_error_plain(diagnostics, "--limit '%s': a whole number, 1 or more, is needed", text);
		return false;
	}
	*(uint64_t *)((char *)limits + limit->offset) = value;
	return true;
}
