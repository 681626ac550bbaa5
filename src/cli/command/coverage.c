/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay coverage: which rules captures exercised, and which can do nothing. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/coverage.h"
#include "cli/coverage_print.h"
#include "cli/play.h"
#include "replay/options.h"
#include "replay/run_options.h"

struct coverage_options {
	struct run_options run;		/* first: its options store into it */
	const char **captures;		/* borrowed from argv; owned array */
	size_t n_captures;
	const char *lcov;		/* a file's name, or NULL */
	bool is_json, is_full;
};

static bool store_capture(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct coverage_options *options = target;

	(void)diagnostics;
	options->captures = alloc_resize(options->captures, options->n_captures + 1, sizeof(*options->captures));
	options->captures[options->n_captures++] = value;
	return true;
}

static bool store_lcov(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct coverage_options *)target)->lcov = value;
	return true;
}

static bool store_json(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct coverage_options *)target)->is_json = true;
	return true;
}

static bool store_verbose(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct coverage_options *)target)->is_full = true;
	return true;
}

/* Before those of run, so that they win over its -r. */
static const struct cli_option own_options[] = {
	{ "read", 'r', "FILE", "a capture or packet script; may be repeated: they add up", store_capture },
	{ "lcov", 0, "FILE", "write an lcov tracefile too; - is standard output", store_lcov },
	{ "json", 0, NULL, "one JSON object a rule and chain", store_json },
	{ "verbose", 'v', NULL, "of every rule: packets, flows, states, first and last packet", store_verbose },
};

static const struct cli_option_table option_table = {
	.options = own_options,
	.n_options = sizeof(own_options) / sizeof(own_options[0]),
	.inherited = &run_option_table,
};

/* What a capture adds to the host that it was found to be from belongs to that capture alone: options are read anew. */
struct line { int argc; char **argv; };

static void clear_options(struct coverage_options *options)
{
	run_options_clear(&options->run);
	free(options->captures);
}

static bool parse_options(const struct line *line, struct coverage_options *options, bool *wants_help,
			  struct diagnostics *diagnostics)
{
	*options = (struct coverage_options){ .captures = NULL };
	run_options_init(&options->run);
	options->run.view.format = NULL;
	options->run.zero_counters = options->run.counts_tries = true;
	return cli_options_parse(&option_table, line->argc, line->argv, options, wants_help, diagnostics);
}

static enum exit_code play(struct replay *replay, struct coverage *coverage)
{
	coverage_begin(coverage);
	replay->hears_all = true;
	stream_add(&replay->stream, COVERAGE_KINDS, coverage_hear, coverage);
	return play_all(replay);
}

/* A further capture under the same rules. */
static enum exit_code play_next(const struct line *line, const char *capture, struct ruleset *ruleset,
				struct coverage *coverage)
{
	struct coverage_options options;
	struct diagnostics diagnostics;
	enum exit_code code = EXIT_BAD_INPUT;
	struct replay replay;
	bool wants_help;

	diag_init(&diagnostics);
	parse_options(line, &options, &wants_help, &diagnostics);
	options.run.capture = capture;
	options.run.n_outs = 0;
	if (play_open(&replay, &options.run, ruleset))
		code = play(&replay, coverage);
	replay_clear(&replay);
	clear_options(&options);
	diag_clear(&diagnostics);
	return code;
}

static enum exit_code write_lcov(const struct coverage *coverage, const struct rules_files *files, const char *path)
{
	enum exit_code code = EXIT_DONE;
	struct output output;
	struct text error;

	text_init(&error);
	if (strcmp(path, "-") == 0) {
		output_open_stream(&output, stdout, "standard output", false);
	} else if (!output_open_file(&output, path, &error)) {
		cli_complain("--lcov %s: %s", path, text_string(&error));
		text_clear(&error);
		return EXIT_SYSTEM;
	}
	coverage_print_lcov(coverage, files, &output.buffer);
	if (!output_close(&output, true, &error)) {
		cli_complain("%s", text_string(&error));
		code = EXIT_SYSTEM;
	}
	output_clear(&output);
	text_clear(&error);
	return code;
}

static enum exit_code show(const struct coverage *coverage, const struct coverage_options *options)
{
	enum exit_code code = EXIT_DONE;
	struct text text;

	text_init(&text);
	if (options->is_json)
		coverage_print_json(coverage, &text);
	else if (!options->lcov || strcmp(options->lcov, "-") != 0)
		coverage_print_text(coverage, &options->run.rules, options->is_full, &text);
	code = cli_print(&text);
	text_clear(&text);
	if (code == EXIT_DONE && options->lcov)
		code = write_lcov(coverage, &options->run.rules, options->lcov);
	return code;
}

static enum exit_code cover(const struct line *line, struct coverage_options *options)
{
	enum exit_code code = EXIT_BAD_INPUT;
	struct coverage coverage;
	struct replay replay;

	coverage_init(&coverage);
	options->run.capture = options->n_captures ? options->captures[0] : NULL;
	if (play_open(&replay, &options->run, NULL)) {
		scene_visit_rules(&replay.scene, coverage_hear_rule, &coverage);
		coverage_prove(&coverage, replay.scene.ruleset);
		code = play(&replay, &coverage);
		for (size_t i = 1; i < options->n_captures && code == EXIT_DONE; i++)
			code = play_next(line, options->captures[i], replay.scene.ruleset, &coverage);
		if (code == EXIT_DONE)
			code = show(&coverage, options);
	}
	coverage_clear(&coverage);
	replay_clear(&replay);
	return code;
}

static enum exit_code run_coverage(const struct command *command, int argc, char **argv)
{
	struct coverage_options options;
	struct line line = { argc, argv };
	struct diagnostics diagnostics;
	enum exit_code code;
	bool wants_help;

	diag_init(&diagnostics);
	if (!parse_options(&line, &options, &wants_help, &diagnostics))
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = cli_print_help(command);
	else
		code = cover(&line, &options);
	diag_clear(&diagnostics);
	clear_options(&options);
	return code;
}

const struct command command_coverage = {
	.name = "coverage",
	.synopsis = "-r CAPTURE... RULES...",
	.summary = "which rules captures exercised, and which can do nothing",
	.options = &option_table,
	.run = run_coverage,
};
