/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/verify_options.h"

#include <string.h>

#include "replay/outputs.h"

static bool store_backend(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct verify_options *options = target;

	if (strcmp(value, "legacy") == 0)
		options->backend = TABLES_LEGACY;
	else if (strcmp(value, "nft") == 0)
		options->backend = TABLES_NFT;
	else {
		diag_error_plain(diagnostics, "--backend '%s': expected legacy or nft", value);
		return false;
	}
	return true;
}

static bool store_json(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct verify_options *)target)->is_json = true;
	return true;
}

static bool store_kernel_only(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct verify_options *)target)->is_kernel_only = true;
	return true;
}

static bool store_kernel_command(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct verify_options *)target)->kernel_command = value;
	return true;
}

static bool store_real_time(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct verify_options *)target)->is_real_time = true;
	return true;
}

static bool store_all(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct verify_options *)target)->shows_all = true;
	return true;
}

static bool store_inherited(void *target, const char *name, const char *value, struct diagnostics *diagnostics)
{
	static const char *const shown[] = { "out", "color", "quiet", "threads", "read" };
	struct verify_options *options = target;

	options->has_snapshots |= strcmp(name, "snapshot") == 0;
	/* The kernel's formats are not the replay's. */
	if (strcmp(name, "out") != 0 && !play_set(&options->play, name, value, diagnostics))
		return false;
	for (size_t i = 0; i < sizeof(shown) / sizeof(shown[0]); i++)
		if (strcmp(name, shown[i]) == 0)
			return cli_options_store(&run_option_table, name, value, &options->shown, diagnostics);
	return true;
}

static const struct cli_option own_options[] = {
	{ "backend", 0, "legacy|nft", "which iptables loads the rules (legacy)", store_backend },
	{ "kernel-only", 0, NULL, "show what the kernel says; --out works as in `run`", store_kernel_only },
	{ "kernel-command", 0, "COMMAND", "ask another kernel: COMMAND runs its arguments there\n"
	  "COMMAND is a line for the shell, which runs the command line behind it there (a virtual machine, User-Mode Linux, "
	  "**ssh**(1)); the answers are compared here. The files that are named must be there under the same names.",
	  store_kernel_command },
	{ "json", 0, NULL, "differences and the result as JSON lines\n"
	  "With `--kernel-only` they are the kernel's answers.",
	  store_json },
	{ "real-time", 0, NULL, "wait as long as the capture took\n"
	  "Rules that read the kernel's clock (`limit`, `hashlimit`, `recent`) can then be compared. Without it, packets that "
	  "meet them are reported as not comparable.",
	  store_real_time },
	{ "all", 0, NULL, "every difference, not only the first 20 packets'", store_all },
};

const struct cli_option_table verify_option_table = {
	.options = own_options,
	.n_options = sizeof(own_options) / sizeof(own_options[0]),
	.inherited = &run_option_table,
	.store_word = play_add_rules,
	.store_inherited = store_inherited,
};

bool verify_options_are_answering(const struct verify_options *options)
{
	return options->is_kernel_only && options->is_json;
}

bool verify_options_list_at_end(const struct verify_options *options)
{
	bool lists = false;

	for (size_t i = 0; i < options->shown.n_outs; i++)
		lists |= outputs_is_of_listings(options->shown.outs[i]);
	return lists && !options->has_snapshots;
}

bool verify_options_check(const struct verify_options *options, struct diagnostics *diagnostics)
{
	if (options->shown.n_outs && !options->is_kernel_only)
		diag_error_plain(diagnostics, "--out goes with --kernel-only: it shows what the kernel says");
	if (options->shown.n_outs && verify_options_are_answering(options))
		diag_error_plain(diagnostics, "--kernel-only shows either --out or --json");
	if (options->kernel_command && options->is_kernel_only)
		diag_error_plain(diagnostics, "--kernel-only shows what the kernel says that runs here: no --kernel-command");
	if (options->kernel_command && play_live_capture(&options->play))
		diag_error_plain(diagnostics, "--kernel-command: both need the capture, so it cannot be standard input or a pipe");
	return diagnostics->n_errors == 0;
}
