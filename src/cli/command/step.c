/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay step: the replay in the terminal, packet by packet, forwards and backwards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "capture/filter.h"
#include "cli/cli.h"
#include "cli/options.h"
#include "cli/replay.h"
#include "cli/run_options.h"
#include "cli/step_screen.h"
#include "picture/stepper.h"

#ifdef HAVE_NCURSES

/* The command line: a packet's explanation is a replay of its own. */
struct line {
	int argc;
	char **argv;
	struct ruleset *ruleset;	/* of the first replay */
	const char *const *captures;
	size_t n_captures;
};

static bool has_keys(const struct run_options *options, struct diagnostics *diagnostics)
{
	if (!options->capture || strcmp(options->capture, "-") != 0)
		return true;
	diag_error_plain(diagnostics, "-r -: standard input is where the keys come from: put the capture into a file");
	return false;
}

/* Plays again, up to the packet, for a sink that writes into memory. */
static void explain(void *owner, uint64_t packet, struct text *out)
{
	const struct line *line = owner;
	struct packet_range range = { packet, packet };
	struct sink_options sink_options = { .color = false };
	struct run_options options;
	struct diagnostics diagnostics;
	struct output output;
	struct replay replay;
	struct sink sink;
	bool wants_help;

	diag_init(&diagnostics);
	run_options_init(&options);
	cli_options_parse(&run_option_table, line->argc, line->argv, &options, &wants_help, &diagnostics);
	options.n_outs = 0;
	options.view.format = NULL;
	options.stops_early = true;
	options.ranges = alloc_resize(options.ranges, 1, sizeof(range));
	options.ranges[0] = range;
	options.n_ranges = 1;
	output_init(&output);
	if (replay_open(&replay, &options, line->ruleset)) {
		sink_open(&sink, sink_find("explain"), &sink_options, &output);
		stream_add(&replay.stream, sink.kinds, sink_listen, &sink);
		replay_play(&replay);
		sink_close(&sink);
		text_append(out, text_string(&output.buffer));
	}
	output_clear(&output);
	replay_close(&replay);
	run_options_clear(&options);
	diag_clear(&diagnostics);
}

/* A stepper_filter: the capture is read once more. */
static bool filter(void *owner, const char *expression, bool *passes, size_t n, struct text *error)
{
	const struct line *line = owner;
	struct capture_file file;
	struct diagnostics diagnostics;
	struct filter *compiled = NULL;
	struct packet packet;

	diag_init(&diagnostics);
	packet_init(&packet);
	if (capture_file_open_all(&file, line->captures, line->n_captures, &diagnostics))
		compiled = filter_create(expression, file.source->link_type, error);
	for (size_t i = 0; compiled && i < n && packet_source_next(file.source, &packet) == PACKET_SOURCE_PACKET; i++)
		passes[i] = filter_is_passed(compiled, &packet);
	filter_destroy(compiled);
	packet_clear(&packet);
	diag_clear(&diagnostics);
	capture_file_close(&file);
	return compiled != NULL;
}

static enum exit_code show(struct stepper *stepper, struct line *line)
{
	if (!stepper->tale.n_packets) {
		cli_complain("%s holds no packets", line->captures[0]);
		return EXIT_BAD_INPUT;
	}
	if (step_screen_run(stepper, explain, line))
		return EXIT_DONE;
	cli_complain("this terminal cannot be used (TERM is %s)", getenv("TERM") ? getenv("TERM") : "not set");
	return EXIT_SYSTEM;
}

static enum exit_code step(struct run_options *options, struct line *line, struct diagnostics *diagnostics)
{
	enum exit_code code = EXIT_BAD_INPUT;
	struct stepper stepper;
	struct replay replay;

	if (!has_keys(options, diagnostics))
		return cli_report(diagnostics);
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		diag_error_plain(diagnostics, "step needs a terminal; `ctreplay run` and `ctreplay report` do not");
		return cli_report(diagnostics);
	}
	options->view.format = NULL;
	line->captures = options->captures;
	line->n_captures = options->n_captures;
	stepper_init(&stepper, filter, line);
	if (replay_open(&replay, options, NULL)) {
		/* --packets would leave holes in the table. */
		replay.hears_all = true;
		stream_add(&replay.stream, STEPPER_KINDS, stepper_listen, &stepper);
		line->ruleset = replay.scene.ruleset;
		code = replay_play(&replay);
		if (code == EXIT_DONE)
			code = show(&stepper, line);
	}
	stepper_clear(&stepper);
	replay_close(&replay);
	return code;
}

enum exit_code command_step(const struct command *command, int argc, char **argv)
{
	struct run_options options;
	struct line line = { .argc = argc, .argv = argv };
	struct diagnostics diagnostics;
	enum exit_code code;
	bool wants_help;

	run_options_init(&options);
	diag_init(&diagnostics);
	if (!cli_options_parse(&run_option_table, argc, argv, &options, &wants_help, &diagnostics))
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = cli_print_help(command, &run_option_table);
	else
		code = step(&options, &line, &diagnostics);
	diag_clear(&diagnostics);
	run_options_clear(&options);
	return code;
}

#else

enum exit_code command_step(const struct command *command, int argc, char **argv)
{
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return cli_print_help(command, &run_option_table);
	cli_complain("step was not built in: ncurses was missing (Debian: libncurses-dev); `ctreplay report` shows the same in a browser");
	return EXIT_SYSTEM;
}

#endif
