/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/play.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "cli/interrupt.h"
#include "cli/sandbox.h"
#include "cli/terminal.h"

/* A line on the terminal's standard error, when the work takes long and the screen is otherwise still. */
struct progress {
	bool is_wanted;
	bool was_shown;
	time_t last;
};

static void show_progress(struct progress *progress, uint64_t n_packets)
{
	time_t now;

	if (!progress->is_wanted || n_packets % 65536 != 0)
		return;
	now = time(NULL);
	if (now == progress->last)
		return;
	progress->last = now;
	progress->was_shown = true;
	fprintf(stderr, "\r%" PRIu64 " packets", n_packets);
}

static void play_packets(struct replay *replay)
{
	struct progress progress = { .is_wanted = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO), .last = time(NULL) };
	struct packet *packet;

	while (!interrupt_came() && (packet = replay_next(replay))) {
		replay_step(replay, packet);
		show_progress(&progress, replay->count.n_packets);
	}
	if (progress.was_shown)
		fputs("\r                              \r", stderr);
}

bool play_open(struct replay *replay, struct run_options *options, struct ruleset *ruleset)
{
	bool is_open;

	replay_init(replay, options);
	is_open = replay_open(replay, ruleset);
	cli_report(&replay->scene.diagnostics);
	if (is_open)
		diag_clear(&replay->scene.diagnostics);
	return is_open;
}

enum exit_code play_all(struct replay *replay)
{
	struct screen screen = terminal_screen(replay->options->color);
	bool is_written;

	if (!replay_open_outputs(replay, &screen)) {
		cli_report(&replay->scene.diagnostics);
		return replay->outputs.has_failed_to_open ? EXIT_SYSTEM : EXIT_BAD_INPUT;
	}
	if (replay->options->is_confined)
		(void)sandbox_enter();
	replay_start(replay);
	interrupt_watch();
	play_packets(replay);
	is_written = replay_finish(replay, interrupt_came());
	if (is_written)
		interrupt_obey();
	if (is_written && replay->scene.diagnostics.n_errors == 0)
		return EXIT_DONE;
	cli_report(&replay->scene.diagnostics);
	return is_written ? EXIT_BAD_INPUT : EXIT_SYSTEM;
}

enum exit_code play_run(struct run_options *options, struct replay_count *count)
{
	enum exit_code code = EXIT_BAD_INPUT;
	struct replay replay;

	if (play_open(&replay, options, NULL))
		code = play_all(&replay);
	*count = replay.count;
	replay_clear(&replay);
	return code;
}
