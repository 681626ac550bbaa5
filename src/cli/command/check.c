/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay check and ctreplay format: rules without packets. */
#include <stdio.h>
#include <string.h>

#include "base/limits.h"
#include "cli/cli.h"
#include "replay/options.h"
#include "replay/rules_files.h"
#include "rules/lint.h"

struct rules_options {
	struct rules_files files;
	struct ruleset_options rules;
	struct limits limits;
	struct policies_file policies;
	bool has_counters, wants_lint;
};

static bool store_word(void *target, const char *word, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	rules_files_add(&((struct rules_options *)target)->files, word, FAMILY_NONE);
	return true;
}

static bool store_rules4(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	rules_files_add(&((struct rules_options *)target)->files, value, FAMILY_IPV4);
	return true;
}

static bool store_rules6(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	rules_files_add(&((struct rules_options *)target)->files, value, FAMILY_IPV6);
	return true;
}

static bool store_ipset(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	rules_files_add_sets(&((struct rules_options *)target)->files, value);
	return true;
}

static bool store_noflush(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct rules_options *)target)->rules.keeps_tables = true;
	return true;
}

static bool store_limit(void *target, const char *value, struct diagnostics *diagnostics)
{
	return limits_parse(&((struct rules_options *)target)->limits, value, diagnostics);
}

static bool store_strict(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct rules_options *)target)->rules.is_strict = true;
	return true;
}

static bool store_counters(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct rules_options *)target)->has_counters = true;
	return true;
}

static bool store_lint(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct rules_options *)target)->wants_lint = true;
	return true;
}

static bool store_kernel(void *target, const char *value, struct diagnostics *diagnostics)
{
	return profile_parse(value, &((struct rules_options *)target)->rules.profile, diagnostics);
}

static bool store_timeouts(void *target, const char *value, struct diagnostics *diagnostics)
{
	return policies_file_name(&((struct rules_options *)target)->policies, value, diagnostics);
}

/* What only check has comes first, what only format has last. */
static const struct cli_option options[] = {
	{ "lint", 0, NULL, "say what a careful reviewer would; `ctreplay list lint`\nThe exit status is 1 when there is a remark.", store_lint },
	{ "4", '4', "RULES", "a file of IPv4 rules, whatever its content looks like", store_rules4 },
	{ "6", '6', "RULES", "a file of IPv6 rules", store_rules6 },
	{ "kernel", 0, "6.1|6.12|6.18", "the kernel that loads the rules (6.18)", store_kernel },
	{ "ipset", 0, "FILE", "the sets of -m set and -j SET, as `ipset save` prints them\nMay be repeated.", store_ipset },
	{ "timeouts", 0, "FILE", "timeout policies for -j CT --timeout\nA line each, as `nfct add timeout` makes them.", store_timeouts },
	{ "noflush", 0, NULL, "a save file adds to the tables of the files before it\n`iptables-restore --noflush` does that.", store_noflush },
	{ "strict", 0, NULL, "a rule that cannot be simulated is an error", store_strict },
	{ "limit", 0, "NAME=N", "what an input may cost beyond its size; may be repeated\n`ctreplay list limits` has the names and the usual numbers. Reaching one is told.", store_limit },
	{ "counters", 'c', NULL, "with the counters that the rules came with, as iptables-save -c", store_counters },
};

static const struct cli_option_table check_options = {
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]) - 1,
	.store_word = store_word,
};

static const struct cli_option_table format_options = {
	.options = options + 1,
	.n_options = sizeof(options) / sizeof(options[0]) - 1,
	.store_word = store_word,
};

static size_t print_remarks(const struct ruleset *ruleset, struct text *out)
{
	struct diagnostics remarks;
	size_t n_remarks;

	diag_init(&remarks);
	n_remarks = ruleset_lint(ruleset, &remarks);
	diag_print(&remarks, out);
	text_append_count(out, n_remarks, "remark");
	text_append_char(out, '\n');
	diag_clear(&remarks);
	return n_remarks;
}

static enum exit_code print_check(const struct rules_options *asked, const struct ruleset *ruleset)
{
	const struct rules_files *files = &asked->files;
	const struct rule_place *rule;
	struct ruleset_counts counts;
	enum exit_code code;
	struct ruleset_walk unsimulated = { .program = 0 }, unfollowed = { .program = 0 };
	size_t n_remarks = 0;
	const char *reason;
	struct text text;

	text_init(&text);
	ruleset_count(ruleset, &counts);
	while ((rule = ruleset_next_unsimulated(ruleset, &unsimulated, &reason)))
		text_printf(&text, "%s:%u: not simulated: %s: %s\n", rule->file, rule->line, reason, rule->text);
	while ((rule = ruleset_next_unfollowed(ruleset, &unfollowed, &reason)))
		text_printf(&text, "%s:%u: not seen by OUTPUT and POSTROUTING: %s: %s\n", rule->file, rule->line, reason, rule->text);
	for (size_t i = 0; i < files->n_files; i++)
		text_printf(&text, "%s%s", i ? ", " : "", files->files[i].path);
	text_append(&text, ": valid: ");
	text_append_count(&text, counts.n_tables, "table");
	text_append(&text, ", ");
	text_append_count(&text, counts.n_chains, "chain");
	text_append(&text, ", ");
	text_append_count(&text, counts.n_rules, "rule");
	if (counts.n_unsimulated)
		text_printf(&text, ", of them %zu not simulated", counts.n_unsimulated);
	text_append_char(&text, '\n');
	if (asked->wants_lint)
		n_remarks = print_remarks(ruleset, &text);
	code = cli_print(&text);
	text_clear(&text);
	return code == EXIT_DONE && n_remarks ? EXIT_DIFFERENT : code;
}

static enum exit_code print_format(const struct rules_options *asked, const struct ruleset *ruleset)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	enum exit_code code;
	struct text text;
	bool has_both = ruleset_has_family(ruleset, FAMILY_IPV4) && ruleset_has_family(ruleset, FAMILY_IPV6);

	text_init(&text);
	for (size_t i = 0; i < 2; i++) {
		if (!ruleset_has_family(ruleset, families[i]))
			continue;
		if (has_both)
			text_printf(&text, "# %s\n", families[i] == FAMILY_IPV4 ? "iptables-save" : "ip6tables-save");
		ruleset_print(ruleset, families[i], asked->has_counters, &text);
	}
	code = cli_print(&text);
	text_clear(&text);
	return code;
}

static enum exit_code load_and_print(const struct command *command, int argc, char **argv,
				     enum exit_code (*print)(const struct rules_options *, const struct ruleset *))
{
	struct rules_options target = { .rules = { .is_strict = false }, .limits = limits_usual };
	struct diagnostics diagnostics;
	struct ruleset *ruleset = NULL;
	struct conntrack_settings settings;
	bool wants_help = false;
	enum exit_code code;

	diag_init(&diagnostics);
	rules_files_init(&target.files);
	policies_file_init(&target.policies);
	target.rules.limits = &target.limits;
	target.rules.policies = &target.policies.policies;
	settings_init(&settings);
	settings.profile = target.rules.profile;
	if (cli_options_parse(command->options, argc, argv, &target, &wants_help, &diagnostics) && !wants_help) {
		if (target.files.n_files && policies_file_load(&target.policies, &settings, &diagnostics))
			ruleset = rules_files_load(&target.files, &target.rules, &diagnostics);
		else if (!target.files.n_files)
			diag_error_plain(&diagnostics, "no rules: ctreplay %s %s", command->name, command->synopsis);
	}
	code = cli_report(&diagnostics);
	if (wants_help)
		code = cli_print_help(command);
	else if (ruleset && code == EXIT_DONE)
		code = print(&target, ruleset);
	diag_clear(&diagnostics);
	ruleset_destroy(ruleset);
	rules_files_clear(&target.files);
	policies_file_clear(&target.policies);
	return code;
}

static enum exit_code run_check(const struct command *command, int argc, char **argv)
{
	return load_and_print(command, argc, argv, print_check);
}

static enum exit_code run_format(const struct command *command, int argc, char **argv)
{
	return load_and_print(command, argc, argv, print_format);
}

const struct command command_check = {
	.name = "check",
	.synopsis = "RULES...",
	.summary = "are these rules valid: located errors",
	.options = &check_options,
	.run = run_check,
};

const struct command command_format = {
	.name = "format",
	.synopsis = "RULES...",
	.summary = "the same rules as iptables-save prints them",
	.options = &format_options,
	.run = run_format,
};
