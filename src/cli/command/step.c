/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay step: the replay in the terminal, packet by packet, forwards and backwards. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "capture/filter.h"
#include "cli/checkpoints.h"
#include "cli/cli.h"
#include "cli/play.h"
#include "cli/step_screen.h"
#include "picture/stepper.h"
#include "replay/options.h"
#include "replay/run_options.h"

#ifdef HAVE_NCURSES

enum { FIRST_INTERVAL = 32768 };	/* packets: they are told again in no more time than a key takes */

struct walk {
	int argc;			/* the command line: a packet's explanation is a replay of its own */
	char **argv;
	struct run_options *options;
	struct replay replay;
	struct rule_list rules;
	struct checkpoints checkpoints;
};

static bool is_possible(const struct run_options *options, struct diagnostics *diagnostics)
{
	const char *live = run_options_live_capture(options);

	if (live && strcmp(live, "-") == 0)
		diag_error_plain(diagnostics, "-r -: standard input is where the keys come from: put the capture into a file");
	else if (live)
		diag_error_plain(diagnostics, "-r %s: step goes back, and what comes by a pipe is there once: put the capture into a file", live);
	else if (options->n_outs)
		diag_error_plain(diagnostics, "--out: step writes nothing; `ctreplay run` does");
	else if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		diag_error_plain(diagnostics, "step needs a terminal; `ctreplay run` and `ctreplay report` do not");
	else
		return true;
	return false;
}

/* Plays again, up to the packet, for a sink that writes into memory. */
static void explain(void *owner, uint64_t packet, struct text *out)
{
	const struct walk *walk = owner;
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
	cli_options_parse(&run_option_table, walk->argc, walk->argv, &options, &wants_help, &diagnostics);
	options.n_outs = 0;
	options.view.format = NULL;
	options.stops_early = true;
	options.ranges = alloc_resize(options.ranges, 1, sizeof(range));
	options.ranges[0] = range;
	options.n_ranges = 1;
	output_init(&output);
	if (play_open(&replay, &options, walk->replay.scene.ruleset)) {
		sink_open(&sink, sink_find("explain"), &sink_options, &output);
		stream_add(&replay.stream, sink.kinds, sink_listen, &sink);
		play_all(&replay);
		sink_close(&sink);
		text_append(out, text_string(&output.buffer));
	}
	output_clear(&output);
	replay_clear(&replay);
	run_options_clear(&options);
	diag_clear(&diagnostics);
}

/* A stepper_find. */
static const struct stretch *find(void *owner, size_t index)
{
	struct walk *walk = owner;

	return checkpoints_find(&walk->checkpoints, index);
}

/* A stepper_filter: the capture is read once more. */
static bool filter(void *owner, const char *expression, bool *passes, size_t n, struct text *error)
{
	const struct walk *walk = owner;
	struct capture_file file;
	struct diagnostics diagnostics;
	struct filter *compiled = NULL;
	struct packet packet;

	diag_init(&diagnostics);
	packet_init(&packet);
	if (capture_file_open_all(&file, walk->options->captures, walk->options->n_captures, &walk->options->limits, &diagnostics))
		compiled = filter_create(expression, file.source->link_type, error);
	for (size_t i = 0; compiled && i < n && packet_source_next(file.source, &packet) == PACKET_SOURCE_PACKET; i++)
		passes[i] = filter_is_passed(compiled, &packet);
	filter_destroy(compiled);
	packet_clear(&packet);
	diag_clear(&diagnostics);
	capture_file_close(&file);
	return compiled != NULL;
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum exit_code show(struct walk *walk)
{
	const struct stepper_source source = { &walk->rules, walk->checkpoints.n_packets, file_name(walk->options->capture), find, filter, walk };
	enum step_result result;
	struct stepper stepper;

	if (!source.n_packets) {
		cli_complain("%s holds no packets", walk->options->capture);
		return EXIT_BAD_INPUT;
	}
	stepper_init(&stepper, &source);
	result = step_screen_run(&stepper, explain, walk);
	stepper_clear(&stepper);
	if (result == STEP_NO_TERMINAL)
		cli_complain("this terminal cannot be used (TERM is %s)", getenv("TERM") ? getenv("TERM") : "not set");
	else if (result == STEP_NO_REPLAY)
		cli_complain("%s: it cannot be read again, or there is no memory for another process", walk->options->capture);
	return result == STEP_DONE ? EXIT_DONE : EXIT_SYSTEM;
}

static enum exit_code step(struct walk *walk, struct diagnostics *diagnostics)
{
	enum exit_code code = EXIT_BAD_INPUT;

	if (!is_possible(walk->options, diagnostics))
		return cli_report(diagnostics);
	walk->options->view.format = NULL;
	if (play_open(&walk->replay, walk->options, NULL)) {
		rule_list_init(&walk->rules);
		scene_visit_rules(&walk->replay.scene, rule_list_listen, &walk->rules);
		rule_list_finish(&walk->rules);
		checkpoints_init(&walk->checkpoints, &walk->replay, &walk->rules, FIRST_INTERVAL);
		code = checkpoints_play(&walk->checkpoints);
		if (code == EXIT_DONE)
			code = show(walk);
		checkpoints_clear(&walk->checkpoints);
		rule_list_clear(&walk->rules);
	}
	replay_clear(&walk->replay);
	return code;
}

static enum exit_code run_step(const struct command *command, int argc, char **argv)
{
	struct run_options options;
	struct walk walk = { .argc = argc, .argv = argv, .options = &options };
	struct diagnostics diagnostics;
	enum exit_code code;
	bool wants_help;

	run_options_init(&options);
	diag_init(&diagnostics);
	if (!cli_options_parse(command->options, argc, argv, &options, &wants_help, &diagnostics))
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = cli_print_help(command);
	else
		code = step(&walk, &diagnostics);
	diag_clear(&diagnostics);
	run_options_clear(&options);
	return code;
}

#else

static enum exit_code run_step(const struct command *command, int argc, char **argv)
{
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return cli_print_help(command);
	cli_complain("step was not built in: ncurses was missing (Debian: libncurses-dev); `ctreplay report` shows the same in a browser");
	return EXIT_SYSTEM;
}

#endif

const struct command command_step = {
	.name = "step",
	.synopsis = "-r CAPTURE RULES...",
	.summary = "the replay in the terminal, forwards and backwards",
	.options = &run_option_table,
	.run = run_step,
};
