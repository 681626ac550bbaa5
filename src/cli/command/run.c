/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay run: the main job. */
#include "base/system.h"
#include "cli/cli.h"
#include "cli/play.h"
#include "replay/run_options.h"

/* Two processors are busy with three threads: reading takes least, writing less than replaying. */
static unsigned default_threads(void)
{
	return system_n_processors() < 2 ? 1 : RUN_MOST_THREADS;
}

static enum exit_code run_run(const struct command *command, int argc, char **argv)
{
	struct run_options options;
	struct diagnostics diagnostics;
	struct replay_count count;
	enum exit_code code;
	bool wants_help;

	run_options_init(&options);
	diag_init(&diagnostics);
	if (!cli_options_parse(command->options, argc, argv, &options, &wants_help, &diagnostics))
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = cli_print_help(command);
	else {
		options.is_confined = true;
		options.n_threads = options.wanted_threads ? options.wanted_threads : default_threads();
		code = play_run(&options, &count);
	}
	diag_clear(&diagnostics);
	run_options_clear(&options);
	return code;
}

const struct command command_run = {
	.name = "run",
	.synopsis = "-r CAPTURE RULES...",
	.summary = "what happens to every packet of a capture",
	.options = &run_option_table,
	.run = run_run,
};
