/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The options of `ctreplay verify`. */
#ifndef CLI_VERIFY_OPTIONS_H
#define CLI_VERIFY_OPTIONS_H

#include <stdbool.h>

#include "cli/play.h"
#include "kernel/tables.h"
#include "replay/options.h"
#include "replay/run_options.h"

struct verify_options {
	struct play play;		/* first: the options of `run` store into it */
	struct run_options shown;	/* what the formats of --out want to know */
	bool has_snapshots;
	enum tables_backend backend;
	bool is_json, is_kernel_only, is_real_time, shows_all;
	const char *kernel_command;	/* NULL: the kernel that runs here */
	int argc;
	char **argv;			/* the command's own */
};

extern const struct cli_option_table verify_option_table;

/* Is this the half of --kernel-command that asks? */
bool verify_options_are_answering(const struct verify_options *options);

/* Is one of the formats nothing but listings of the table, and nothing said of when? */
bool verify_options_list_at_end(const struct verify_options *options);

/* What does not go together. False when something does not, told. */
bool verify_options_check(const struct verify_options *options, struct diagnostics *diagnostics);

#endif
