/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay coverage: which rules captures exercised, and which can do nothing. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/coverage_print.h"
#include "cli/play.h"
#include "replay/options.h"
#include "sink/output.h"

struct coverage_options {
	struct play play;		/* first: the options of `run` store into it */
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
	.store_word = play_add_rules,
	.store_inherited = play_set,
};

/* What a capture adds to the host that it was found to be from belongs to that capture alone: options are read anew. */
struct line { const struct command *command; int argc; char **argv; };

static void init_options(struct coverage_options *options)
{
	*options = (struct coverage_options){ .captures = NULL };
	play_init(&options->play);
}

static void clear_options(struct coverage_options *options)
{
	play_clear(&options->play);
	free(options->captures);
}

/* Opens the replay of one of the captures; none: it is said what is missing. */
static bool open_play(struct play *play, const char *capture)
{
	return (!capture || play_set(play, "read", capture, NULL)) && play_open(play, NULL);
}

static enum exit_code play_capture(struct play *play)
{
	play_some(play, UINT64_MAX);
	return play_finish(play);
}

/* A further capture under the same rules. */
static enum exit_code play_next(const struct line *line, const char *capture, const struct play *first)
{
	struct coverage_options options;
	struct diagnostics diagnostics;
	enum exit_code code;
	bool wants_help, is_open;

	init_options(&options);
	options.play.ignores_outs = true;
	diag_init(&diagnostics);
	is_open = play_parse(line->command, line->argc, line->argv, &options.play, &wants_help, &diagnostics) &&
		  ctreplay_borrow_rules(options.play.replay, first->replay) && ctreplay_cover(options.play.replay, first->replay) &&
		  open_play(&options.play, capture);
	code = play_report(&options.play);
	if (is_open)
		code = play_capture(&options.play);
	clear_options(&options);
	diag_clear(&diagnostics);
	return code;
}

static enum exit_code write_lcov(struct ctreplay *replay, const struct ctreplay_coverage *coverage, const char *path)
{
	enum exit_code code = EXIT_DONE;
	const struct ctreplay_source *sources;
	struct output output;
	struct text error;
	size_t n_sources;

	text_init(&error);
	if (strcmp(path, "-") == 0) {
		output_open_stream(&output, stdout, "standard output", false);
	} else if (!output_open_file(&output, path, &error)) {
		cli_complain("--lcov %s: %s", path, text_string(&error));
		text_clear(&error);
		return EXIT_SYSTEM;
	}
	sources = ctreplay_sources(replay, &n_sources);
	coverage_print_lcov(coverage, sources, n_sources, &output.buffer);
	if (!output_close(&output, true, &error)) {
		cli_complain("%s", text_string(&error));
		code = EXIT_SYSTEM;
	}
	output_clear(&output);
	text_clear(&error);
	return code;
}

static enum exit_code show(const struct coverage_options *options)
{
	struct ctreplay *replay = options->play.replay;
	const struct ctreplay_coverage *coverage = ctreplay_coverage(replay);
	const struct ctreplay_source *sources;
	enum exit_code code = EXIT_DONE;
	struct text text;
	size_t n_sources;

	text_init(&text);
	sources = ctreplay_sources(replay, &n_sources);
	if (options->is_json)
		coverage_print_json(coverage, &text);
	else if (!options->lcov || strcmp(options->lcov, "-") != 0)
		coverage_print_text(coverage, sources, n_sources, options->is_full, &text);
	code = cli_print(&text);
	text_clear(&text);
	if (code == EXIT_DONE && options->lcov)
		code = write_lcov(replay, coverage, options->lcov);
	return code;
}

static enum exit_code cover(const struct line *line, struct coverage_options *options)
{
	struct play *play = &options->play;
	bool is_open = ctreplay_cover(play->replay, NULL) && open_play(play, options->n_captures ? options->captures[0] : NULL);
	enum exit_code code = play_report(play);

	if (!is_open)
		return code;
	code = play_capture(play);
	for (size_t i = 1; i < options->n_captures && code == EXIT_DONE; i++)
		code = play_next(line, options->captures[i], play);
	return code == EXIT_DONE ? show(options) : code;
}

static enum exit_code run_coverage(const struct command *command, int argc, char **argv)
{
	struct line line = { command, argc, argv };
	struct coverage_options options;
	enum exit_code code;

	init_options(&options);
	if (play_begin(command, argc, argv, &options.play, &code))
		code = cover(&line, &options);
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
