/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay run: the main job. */
#include "cli/cli.h"
#include "cli/play.h"
#include "replay/run_options.h"

enum exit_code command_run(const struct command *command, int argc, char **argv)
{
	struct run_options options;
	struct diagnostics diagnostics;
	struct replay_count count;
	enum exit_code code;
	bool wants_help;

	run_options_init(&options);
	diag_init(&diagnostics);
	if (!cli_options_parse(&run_option_table, argc, argv, &options, &wants_help, &diagnostics))
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = cli_print_help(command, &run_option_table);
	else {
		options.is_confined = true;
		code = play_run(&options, &count);
	}
	diag_clear(&diagnostics);
	run_options_clear(&options);
	return code;
}
