/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/replay.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "cli/batch.h"
#include "cli/findings.h"
#include "cli/interrupt.h"
#include "cli/sandbox.h"
#include "host/simulator.h"

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

static bool is_chosen(const struct run_options *options, uint64_t number)
{
	for (size_t i = 0; i < options->n_ranges; i++)
		if (number >= options->ranges[i].first && number <= options->ranges[i].last)
			return true;
	return options->n_ranges == 0;
}

/* True when no packet that comes now can be shown any more, and nothing else is wanted of them. */
static bool is_done(const struct run_options *options, uint64_t number)
{
	if (!options->stops_early || options->n_outs)
		return false;
	for (size_t i = 0; i < options->n_ranges; i++)
		if (number < options->ranges[i].last)
			return false;
	return options->n_ranges != 0;
}

/* What nobody is to see of a packet is not built. */
static void choose(struct replay *replay, const struct packet *packet)
{
	const struct filter *filter = replay->scene.filter;
	bool is_shown = is_chosen(replay->options, packet->number) && (!filter || filter_is_passed(filter, packet));

	if (replay->before_packet)
		replay->before_packet(replay->owner);
	replay->outputs.is_shown = is_shown;
	stream_mute(&replay->stream, !is_shown && !replay->hears_all);
	replay->count.n_packets++;
	replay->count.n_shown += is_shown;
}

static void replay_packets(struct replay *replay, struct simulator *simulator)
{
	struct progress progress = { .is_wanted = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO), .last = time(NULL) };
	/* Packets from a pipe are told as they come. */
	size_t most = strcmp(replay->options->capture, "-") == 0 ? 1 : BATCH_MOST, n;
	struct batch batch;
	bool is_over = false;

	batch_init(&batch);
	while (!is_over && !interrupt_came() && !outputs_have_failed(&replay->outputs) &&
	       (n = batch_fill(&batch, &replay->scene.lookahead, most)) > 0) {
		simulator_prefetch(simulator, batch.packets, n);
		for (size_t i = 0; i < n && !is_over && !interrupt_came(); i++) {
			choose(replay, &batch.packets[i]);
			simulator_replay(simulator, &batch.packets[i]);
			outputs_flush(&replay->outputs);
			show_progress(&progress, batch.packets[i].number);
			is_over = is_done(replay->options, batch.packets[i].number);
		}
	}
	stream_mute(&replay->stream, false);
	batch_clear(&batch);
	if (progress.was_shown)
		fputs("\r                              \r", stderr);
}

void replay_init(struct replay *replay, struct run_options *options)
{
	*replay = (struct replay){ .options = options };
	stream_init(&replay->stream);
	scene_init(&replay->scene, options);
}

bool replay_open(struct replay *replay, struct run_options *options, struct ruleset *ruleset)
{
	bool is_open;

	replay_init(replay, options);
	replay->scene.ruleset = ruleset;
	replay->scene.borrows_ruleset = ruleset != NULL;
	is_open = scene_open(&replay->scene);
	cli_report(&replay->scene.diagnostics);
	if (is_open)
		diag_clear(&replay->scene.diagnostics);
	return is_open;
}

void replay_close(struct replay *replay)
{
	scene_clear(&replay->scene);
}

/* The capture ends here: somebody pressed Ctrl-C. */
static void tell_interrupted(struct replay *replay)
{
	struct event event = { .kind = EVENT_WARNING };
	struct text text;

	text_init(&text);
	text_printf(&text, "interrupted: packets behind packet %" PRIu64 " were not replayed", replay->count.n_packets);
	event.warning.text = text_string(&text);
	stream_emit(&replay->stream, &event);
	text_clear(&text);
}

enum exit_code replay_play(struct replay *replay)
{
	const struct packet_source *source = replay->scene.capture.source;
	struct diagnostics *diagnostics = &replay->scene.diagnostics;
	struct simulator *simulator;
	bool is_complete;

	if (!outputs_open(&replay->outputs, replay->options, &replay->stream, diagnostics)) {
		cli_report(diagnostics);
		return replay->outputs.has_failed_to_open ? EXIT_SYSTEM : EXIT_BAD_INPUT;
	}
	if (replay->options->is_confined)
		(void)sandbox_enter();
	simulator = scene_create_simulator(&replay->scene, &replay->stream);
	scene_emit_run(&replay->scene, &replay->stream);
	interrupt_watch();
	replay_packets(replay, simulator);
	if (interrupt_came())
		tell_interrupted(replay);
	/* What the signal did to a read that waited is no fault of the capture. */
	is_complete = interrupt_came() || replay->scene.lookahead.last_result != PACKET_SOURCE_ERROR;
	findings_emit(replay->scene.ruleset, &replay->stream);
	if (!outputs_have_failed(&replay->outputs))
		simulator_finish(simulator, source->n_backwards);
	simulator_destroy(simulator);
	if (!outputs_close(&replay->outputs, is_complete, diagnostics)) {
		cli_report(diagnostics);
		return EXIT_SYSTEM;
	}
	interrupt_obey();
	if (is_complete)
		return EXIT_DONE;
	diag_error_plain(diagnostics, "%s", text_string(&source->error));
	return cli_report(diagnostics);
}

enum exit_code replay_run(struct run_options *options, struct replay_count *count)
{
	enum exit_code code = EXIT_BAD_INPUT;
	struct replay replay;

	if (replay_open(&replay, options, NULL))
		code = replay_play(&replay);
	*count = replay.count;
	replay_close(&replay);
	return code;
}
