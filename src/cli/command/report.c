/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay report: one page that holds everything. */
#include "cli/cli.h"
#include "cli/play.h"
#include "replay/options.h"

struct report_options {
	struct play play;		/* first: the options of `run` store into it */
	const char *file;
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
	.store_word = play_add_rules,
	.store_inherited = play_set,
};

static enum exit_code report(struct report_options *options)
{
	struct play *play = &options->play;
	enum exit_code code;
	struct text out;

	if (!options->file) {
		cli_complain("where to? -o FILE.html");
		return EXIT_BAD_INPUT;
	}
	text_init(&out);
	text_printf(&out, "html=%s", options->file);
	/* It tells what these packets have done. */
	if (play_set(play, "zero", NULL, NULL) && play_set(play, "out", text_string(&out), NULL))
		code = play_run(play, NULL);
	else
		code = play_report(play);
	text_clear(&out);
	return code;
}

static enum exit_code run_report(const struct command *command, int argc, char **argv)
{
	struct report_options options = { .file = NULL };
	enum exit_code code;

	play_init(&options.play);
	if (play_begin(command, argc, argv, &options.play, &code))
		code = report(&options);
	play_clear(&options.play);
	return code;
}

const struct command command_report = {
	.name = "report",
	.synopsis = "-r CAPTURE RULES... -o FILE.html",
	.summary = "one page to look at, with everything in it",
	.options = &option_table,
	.run = run_report,
};
