/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any text as a ruleset: loaded, its messages printed; and what is printed of it must load and print the same again. */
#include "fuzz.h"

#include <stdlib.h>

#include "rules/lint.h"
#include "rules/ruleset.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/rules", "tests/errors", "rules", NULL };

static struct ruleset *load(const struct source *source, enum family family, struct diagnostics *diagnostics)
{
	struct ruleset_input input = { .source = source, .family = family };
	struct ruleset_options options = { .is_strict = false };

	return ruleset_load(&input, 1, &options, diagnostics);
}

static void say(const char *what, const struct text *text)
{
	fprintf(stderr, "%s:\n%s\n", what, text_string(text));
}

/* What loading `printed` and printing it again gives, into `again`. */
static void print_again(const struct text *printed, enum family family, struct text *again)
{
	struct diagnostics diagnostics;
	struct text messages;
	struct source source;
	struct ruleset *ruleset;

	diag_init(&diagnostics);
	text_init(&messages);
	source_init(&source, "printed", text_string(printed), printed->len);
	ruleset = load(&source, family, &diagnostics);
	if (!ruleset) {
		diag_print(&diagnostics, &messages);
		say("printed", printed);
		say("messages", &messages);
	}
	MUST(ruleset);
	ruleset_print(ruleset, family, true, again);
	ruleset_destroy(ruleset);
	diag_clear(&diagnostics);
	source_clear(&source);
	text_clear(&messages);
}

/*
 * What iptables prints and then refuses, and so do we: DNPT and SNPT without a prefix, for it does not print one of length 0, a mask of
 * cluster above 32, and a rate of hashlimit below one byte.
 */
static bool is_unreadable(const char *printed)
{
	for (const char *at = printed; (at = strstr(at, "NPT")); at += strlen("NPT")) {
		const char *second = strstr(at, " --dst-pfx ");

		if (strncmp(at, "NPT --src-pfx ", strlen("NPT --src-pfx ")) != 0 || !second || second > at + strcspn(at, "\n"))
			return true;
	}
	for (const char *at = printed; (at = strstr(at, "--cluster-local-nodemask ")); at++)
		if (strtoul(at + strlen("--cluster-local-nodemask "), NULL, 0) > 32)
			return true;
	return strstr(printed, " 0b/s") != NULL;
}

/* The canonical text of `ruleset` is stable; but its tables come in the reverse order of loading, so every second time. */
static void check_canonical(const struct ruleset *ruleset, enum family family)
{
	struct text first, second, third;

	if (!ruleset_has_family(ruleset, family))
		return;
	text_init(&first);
	ruleset_print(ruleset, family, true, &first);
	if (is_unreadable(text_string(&first))) {
		text_clear(&first);
		return;
	}
	text_init(&second);
	text_init(&third);
	print_again(&first, family, &second);
	print_again(&second, family, &third);
	if (strcmp(text_string(&first), text_string(&third)) != 0) {
		say("printed first", &first);
		say("printed third", &third);
	}
	MUST(strcmp(text_string(&first), text_string(&third)) == 0);
	text_clear(&first);
	text_clear(&second);
	text_clear(&third);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct diagnostics diagnostics;
	struct ruleset *ruleset;
	struct source source;
	struct text text;

	if (len > 65536)
		return 0;
	diag_init(&diagnostics);
	text_init(&text);
	source_init(&source, "fuzz", (const char *)data, len);
	ruleset = load(&source, FAMILY_NONE, &diagnostics);
	diag_print(&diagnostics, &text);
	MUST((ruleset == NULL) == (diagnostics.n_errors > 0));
	MUST(ruleset || text.len > 0);
	if (ruleset) {
		ruleset_lint(ruleset, &diagnostics);
		MUST(diagnostics.n_errors == 0);
		check_canonical(ruleset, FAMILY_IPV4);
		check_canonical(ruleset, FAMILY_IPV6);
	}
	ruleset_destroy(ruleset);
	diag_clear(&diagnostics);
	source_clear(&source);
	text_clear(&text);
	return 0;
}

#include "replay.h"
