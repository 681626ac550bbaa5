/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay report: one page that holds everything. */
#include <stdlib.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/play.h"
#include "replay/options.h"
#include "replay/run_options.h"

struct report_options {
	struct run_options run;		/* first: its options store into it */
	const char *file;
	struct text out;		/* "html=FILE" */
};

static bool store_file(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct report_options *)target)->file = value;
	return true;
}

static const struct cli_option own_options[] = {
	{ "output", 'o', "FILE.html", "the page; - is standard output", store_file },
};

static const struct cli_option_table option_table = {
	.options = own_options,
	.n_options = sizeof(own_options) / sizeof(own_options[0]),
	.inherited = &run_option_table,
};

static enum exit_code report(struct report_options *options, struct diagnostics *diagnostics)
{
	struct replay_count count;

	if (!options->file) {
		diag_error_plain(diagnostics, "where to? -o FILE.html");
		return cli_report(diagnostics);
	}
	text_printf(&options->out, "html=%s", options->file);
	options->run.view.format = NULL;
	/* It tells what these packets have done. */
	options->run.zero_counters = true;
	options->run.outs = alloc_resize(options->run.outs, options->run.n_outs + 1, sizeof(*options->run.outs));
	options->run.outs[options->run.n_outs++] = text_string(&options->out);
	return play_run(&options->run, &count);
}

static enum exit_code run_report(const struct command *command, int argc, char **argv)
{
	struct report_options options = { .file = NULL };
	struct diagnostics diagnostics;
	enum exit_code code;
	bool wants_help;

	run_options_init(&options.run);
	text_init(&options.out);
	diag_init(&diagnostics);
	if (!cli_options_parse(command->options, argc, argv, &options, &wants_help, &diagnostics))
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = cli_print_help(command);
	else
		code = report(&options, &diagnostics);
	diag_clear(&diagnostics);
	run_options_clear(&options.run);
	text_clear(&options.out);
	return code;
}

const struct command command_report = {
	.name = "report",
	.synopsis = "-r CAPTURE RULES... -o FILE.html",
	.summary = "one page to look at, with everything in it",
	.options = &option_table,
	.run = run_report,
};
