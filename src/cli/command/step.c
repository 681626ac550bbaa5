/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay step: the replay in the terminal, packet by packet, forwards and backwards. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/inside.h"
#include "capture/filter.h"
#include "cli/checkpoints.h"
#include "cli/cli.h"
#include "cli/play.h"
#include "cli/step_screen.h"
#include "picture/stepper.h"
#include "replay/options.h"
#include "replay/capture_file.h"

#ifdef HAVE_NCURSES

enum { FIRST_INTERVAL = 32768 };	/* packets: they are told again in no more time than a key takes */

struct walk {
	const struct command *command;
	int argc;			/* the command line: a packet's explanation is a replay of its own */
	char **argv;
	struct play play;
	struct rule_list rules;
	struct checkpoints checkpoints;
};

static bool is_possible(const struct play *play)
{
	const char *live = play_live_capture(play);

	if (live && strcmp(live, "-") == 0)
		cli_complain("-r -: standard input is where the keys come from: put the capture into a file");
	else if (live)
		cli_complain("-r %s: step goes back, and what comes by a pipe is there once: put the capture into a file", live);
	else if (play->n_outs)
		cli_complain("--out: step writes nothing; `ctreplay run` does");
	else if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		cli_complain("step needs a terminal; `ctreplay run` and `ctreplay report` do not");
	else
		return true;
	return false;
}

/* Plays again, up to the packet, under the same rules. */
static void explain(void *owner, uint64_t packet, struct text *out)
{
	const struct walk *walk = owner;
	struct diagnostics diagnostics;
	struct play play;
	char number[24];
	bool wants_help;

	diag_init(&diagnostics);
	play_init(&play);
	snprintf(number, sizeof(number), "%" PRIu64, packet);
	if (play_parse(walk->command, walk->argc, walk->argv, &play, &wants_help, &diagnostics) &&
	    ctreplay_borrow_rules(play.replay, walk->play.replay) && ctreplay_set(play.replay, "packet", number) &&
	    ctreplay_output(play.replay, "explain", play_gather, out) && ctreplay_open(play.replay) &&
	    ctreplay_run(play.replay, packet) == CTREPLAY_PACKET)
		ctreplay_finish(play.replay);
	play_clear(&play);
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
	if (capture_file_open_all(&file, walk->play.captures, walk->play.n_captures, &inside_options(walk->play.replay)->limits, &diagnostics))
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
	const struct stepper_source source = { &walk->rules, walk->checkpoints.n_packets, file_name(walk->play.captures[0]), find, filter, walk };
	enum step_result result;
	struct stepper stepper;

	if (!source.n_packets) {
		cli_complain("%s holds no packets", walk->play.captures[0]);
		return EXIT_BAD_INPUT;
	}
	stepper_init(&stepper, &source);
	result = step_screen_run(&stepper, explain, walk);
	stepper_clear(&stepper);
	if (result == STEP_NO_TERMINAL)
		cli_complain("this terminal cannot be used (TERM is %s)", getenv("TERM") ? getenv("TERM") : "not set");
	else if (result == STEP_NO_REPLAY)
		cli_complain("%s: it cannot be read again, or there is no memory for another process", walk->play.captures[0]);
	return result == STEP_DONE ? EXIT_DONE : EXIT_SYSTEM;
}

static enum exit_code step(struct walk *walk)
{
	struct play *play = &walk->play;
	enum exit_code code;
	bool is_open;

	if (!is_possible(play))
		return EXIT_BAD_INPUT;
	is_open = play_open(play, NULL);
	code = play_report(play);
	if (!is_open)
		return code;
	rule_list_init(&walk->rules);
	inside_visit_rules(play->replay, rule_list_listen, &walk->rules);
	rule_list_finish(&walk->rules);
	checkpoints_init(&walk->checkpoints, play, &walk->rules, FIRST_INTERVAL);
	code = checkpoints_play(&walk->checkpoints);
	if (code == EXIT_DONE)
		code = show(walk);
	checkpoints_clear(&walk->checkpoints);
	rule_list_clear(&walk->rules);
	return code;
}

static enum exit_code run_step(const struct command *command, int argc, char **argv)
{
	struct walk walk = { .command = command, .argc = argc, .argv = argv };
	enum exit_code code;

	play_init(&walk.play);
	if (play_begin(command, argc, argv, &walk.play, &code))
		code = step(&walk);
	play_clear(&walk.play);
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
