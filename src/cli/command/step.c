/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay step: the replay in the terminal, packet by packet, forwards and backwards. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/checkpoints.h"
#include "cli/cli.h"
#include "cli/play.h"
#include "cli/step_screen.h"
#include "cli/stepper.h"
#include "replay/options.h"

#ifdef HAVE_NCURSES

enum { FIRST_INTERVAL = 32768 };	/* packets: they are told again in no more time than a key takes */

struct walk {
	const struct command *command;
	int argc;			/* the command line: a packet's explanation is a replay of its own */
	char **argv;
	struct play play;
	struct rule_list rules;
	struct checkpoints checkpoints;
	uint32_t hz;
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

/* The same replay once more, under the same rules. False: it cannot be. Clear it either way. */
static bool begin_again(const struct walk *walk, struct play *play)
{
	struct diagnostics diagnostics;
	bool is_ok, wants_help;

	diag_init(&diagnostics);
	play_init(play);
	is_ok = play_parse(walk->command, walk->argc, walk->argv, play, &wants_help, &diagnostics) &&
		ctreplay_borrow_rules(play->replay, walk->play.replay);
	diag_clear(&diagnostics);
	return is_ok;
}

/* Plays again, up to the packet. */
static void explain(void *owner, uint64_t packet, struct text *out)
{
	struct play play;
	char number[24];

	snprintf(number, sizeof(number), "%" PRIu64, packet);
	if (begin_again(owner, &play) && ctreplay_set(play.replay, "packet", number) &&
	    ctreplay_output(play.replay, "explain", play_gather, out) && ctreplay_open(play.replay) &&
	    ctreplay_run(play.replay, packet) == CTREPLAY_PACKET)
		ctreplay_finish(play.replay);
	play_clear(&play);
}

/* A stepper_find. */
static const struct stretch *find(void *owner, size_t index)
{
	struct walk *walk = owner;

	return checkpoints_find(&walk->checkpoints, index);
}

/* Without the name of the option that the filter is given to. */
static void say_error(const struct ctreplay *replay, struct text *error)
{
	static const char option[] = "--packets: ";
	const struct ctreplay_message *messages;
	size_t n;

	messages = ctreplay_messages(replay, &n);
	if (n)
		text_append(error, strncmp(messages[0].text, option, strlen(option)) == 0 ? messages[0].text + strlen(option) : messages[0].text);
}

/* A stepper_filter: plays again, with these packets shown. */
static bool filter(void *owner, const char *expression, bool *passes, size_t n, struct text *error)
{
	struct play play;
	bool is_open = begin_again(owner, &play) && ctreplay_set(play.replay, "packets", expression) && ctreplay_open(play.replay);

	if (!is_open)
		say_error(play.replay, error);
	for (size_t i = 0; is_open && i < n && ctreplay_look(play.replay) == CTREPLAY_PACKET; i++) {
		passes[i] = ctreplay_arrival(play.replay)->is_shown;
		ctreplay_step(play.replay);
	}
	play_clear(&play);
	return is_open;
}

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static enum exit_code show(struct walk *walk)
{
	const struct stepper_source source = { &walk->rules, walk->checkpoints.n_packets, file_name(walk->play.captures[0]), walk->hz,
					       find, filter, walk };
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
	const struct ctreplay_counter *counters;
	const struct ctreplay_chain *chains;
	size_t n_counters, n_chains;
	enum exit_code code;
	bool is_open;

	if (!is_possible(play))
		return EXIT_BAD_INPUT;
	is_open = play_open(play, NULL);
	code = play_report(play);
	if (!is_open)
		return code;
	walk->hz = ctreplay_machine(play->replay)->hz;
	chains = ctreplay_chains(play->replay, &n_chains);
	counters = ctreplay_counters(play->replay, &n_counters);
	rule_list_init(&walk->rules, chains, n_chains, counters, n_counters);
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
