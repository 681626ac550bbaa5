/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay run: the main job. Options, rules, capture, host; then packet by packet; then what stands at the end. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture/filter.h"
#include "cli/batch.h"
#include "cli/capture_file.h"
#include "cli/cli.h"
#include "cli/lookahead.h"
#include "cli/outputs.h"
#include "cli/run_options.h"
#include "host/guess.h"
#include "host/simulator.h"

struct run {
	struct run_options options;
	struct ruleset *ruleset;
	struct capture_file capture;
	struct lookahead lookahead;
	struct filter *filter;		/* NULL: everything is shown */
	struct stream stream;
	struct outputs outputs;
	struct text host;		/* what is said of the host */
	struct diagnostics diagnostics;
};

/* What the options leave open but others imply. */
static bool complete_options(struct run_options *options, struct diagnostics *diagnostics)
{
	struct snapshot_plan *plan = &options->snapshots;
	bool has_plan = plan->at_end || plan->after_each || plan->every.ns || plan->n_at || plan->n_after_packets;

	if (!options->capture)
		diag_error_plain(diagnostics, "no capture: -r FILE names one (- is standard input)");
	if (!options->rules.n_files)
		diag_error_plain(diagnostics, "no rules: name one or more files of iptables rules");
	for (size_t i = 0; i < options->n_outs && !has_plan; i++)
		plan->at_end |= strncmp(options->outs[i], "table", 5) == 0 || strncmp(options->outs[i], "conntrack", 9) == 0;
	return diagnostics->n_errors == 0;
}

static void print_host(struct run *run, bool is_guessed, const struct text *why)
{
	struct topology *topology = &run->options.topology;

	text_append(&run->host, "host ");
	topology_print(topology, &run->host);
	if (is_guessed)
		text_printf(&run->host, " (found from the capture: %s; --local says otherwise)", text_string(why));
	else if (topology->has_assumed_default)
		text_printf(&run->host, " (everything else is reached by %s; --route says otherwise)",
			    topology->routes[topology->n_routes - 1].interface);
}

/* Reads ahead as far as needed, and finishes the host: as described, or as the first packets show it. */
static void find_host(struct run *run)
{
	struct topology *topology = &run->options.topology;
	bool is_guessed = topology->n_addresses == 0;
	struct guess guess;
	struct text why;

	guess_init(&guess);
	text_init(&why);
	lookahead_init(&run->lookahead, run->capture.source);
	lookahead_read(&run->lookahead, is_guessed ? LOOKAHEAD_MOST_PACKETS : 1, is_guessed ? &guess : NULL);
	if (is_guessed)
		guess_apply(&guess, topology, &why);
	topology_finish(topology);
	print_host(run, is_guessed, &why);
	guess_clear(&guess);
	text_clear(&why);
}

static bool open_filter(struct run *run)
{
	struct text error;

	if (!run->options.packets)
		return true;
	text_init(&error);
	run->filter = filter_create(run->options.packets, run->capture.source->link_type, &error);
	if (!run->filter)
		diag_error_plain(&run->diagnostics, "--packets: %s", text_string(&error));
	text_clear(&error);
	return run->filter != NULL;
}

static void emit_run(struct run *run)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	static const char *const names[2][TABLE_COUNT] = {
		{ "ipv4 raw", "ipv4 mangle", "ipv4 nat", "ipv4 filter", "ipv4 security" },
		{ "ipv6 raw", "ipv6 mangle", "ipv6 nat", "ipv6 filter", "ipv6 security" },
	};
	const char *tables[2 * TABLE_COUNT];
	int64_t origin = run->capture.source->origin_ns;
	struct event event = { .kind = EVENT_RUN };
	size_t n_tables = 0;

	for (size_t f = 0; f < 2; f++)
		for (int table = 0; table < TABLE_COUNT; table++)
			if (ruleset_has_table(run->ruleset, families[f], (enum table)table))
				tables[n_tables++] = names[f][table];
	event.run = (struct event_run){
		.origin_seconds = origin / VTIME_NS_PER_SECOND,
		.origin_ns = (uint32_t)(origin % VTIME_NS_PER_SECOND),
		.capture = run->options.capture,
		.host = text_string(&run->host),
		.tables = tables,
		.n_tables = n_tables,
	};
	stream_emit(&run->stream, &event);
}

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

static void replay(struct run *run, struct simulator *simulator)
{
	struct progress progress = { .is_wanted = isatty(STDERR_FILENO) && !isatty(STDOUT_FILENO), .last = time(NULL) };
	/* Packets from a pipe are told as they come. */
	size_t most = strcmp(run->options.capture, "-") == 0 ? 1 : BATCH_MOST, n;
	struct batch batch;

	batch_init(&batch);
	while (!outputs_have_failed(&run->outputs) && (n = batch_fill(&batch, &run->lookahead, most)) > 0) {
		simulator_prefetch(simulator, batch.packets, n);
		for (size_t i = 0; i < n; i++) {
			run->outputs.is_shown = !run->filter || filter_is_passed(run->filter, &batch.packets[i]);
			simulator_replay(simulator, &batch.packets[i]);
			outputs_flush(&run->outputs);
			show_progress(&progress, batch.packets[i].number);
		}
	}
	batch_clear(&batch);
	if (progress.was_shown)
		fputs("\r                              \r", stderr);
}

static enum exit_code simulate(struct run *run)
{
	struct simulator_options options = {
		.ruleset = run->ruleset,
		.topology = &run->options.topology,
		.stream = &run->stream,
		.settings = run->options.settings,
		.snapshots = run->options.snapshots,
		.track = run->options.track,
		.zero_counters = run->options.zero_counters,
		.hash_seed = run->options.seed,
	};
	const struct packet_source *source = run->capture.source;
	struct simulator *simulator;
	bool is_complete;

	if (!outputs_open(&run->outputs, &run->options, &run->stream, &run->diagnostics)) {
		cli_report(&run->diagnostics);
		return run->outputs.has_failed_to_open ? EXIT_SYSTEM : EXIT_BAD_INPUT;
	}
	simulator = simulator_create(&options);
	emit_run(run);
	replay(run, simulator);
	is_complete = run->lookahead.last_result != PACKET_SOURCE_ERROR;
	if (!outputs_have_failed(&run->outputs))
		simulator_finish(simulator, source->n_backwards);
	simulator_destroy(simulator);
	if (!outputs_close(&run->outputs, is_complete, &run->diagnostics)) {
		cli_report(&run->diagnostics);
		return EXIT_SYSTEM;
	}
	if (is_complete)
		return EXIT_DONE;
	diag_error_plain(&run->diagnostics, "%s", text_string(&source->error));
	return cli_report(&run->diagnostics);
}

/* Everything that can be refused is refused before the first packet is replayed. */
static enum exit_code prepare_and_simulate(struct run *run)
{
	run->ruleset = rules_files_load(&run->options.rules, run->options.is_strict, &run->diagnostics);
	if (!run->ruleset || !capture_file_open(&run->capture, run->options.capture, &run->diagnostics))
		return cli_report(&run->diagnostics);
	find_host(run);
	if (run->lookahead.last_result == PACKET_SOURCE_ERROR && run->lookahead.n_held == 0)
		diag_error_plain(&run->diagnostics, "%s", text_string(&run->capture.source->error));
	else
		open_filter(run);
	if (cli_report(&run->diagnostics) != EXIT_DONE)
		return EXIT_BAD_INPUT;
	diag_clear(&run->diagnostics);
	return simulate(run);
}

enum exit_code command_run(const struct command *command, int argc, char **argv)
{
	struct run run = { .ruleset = NULL };
	enum exit_code code;
	bool wants_help;

	run_options_init(&run.options);
	stream_init(&run.stream);
	text_init(&run.host);
	diag_init(&run.diagnostics);
	if (!cli_options_parse(&run_option_table, argc, argv, &run.options, &wants_help, &run.diagnostics))
		code = cli_report(&run.diagnostics);
	else if (wants_help)
		code = cli_print_help(command, &run_option_table);
	else if (!complete_options(&run.options, &run.diagnostics))
		code = cli_report(&run.diagnostics);
	else
		code = prepare_and_simulate(&run);
	diag_clear(&run.diagnostics);
	ruleset_destroy(run.ruleset);
	lookahead_clear(&run.lookahead);
	filter_destroy(run.filter);
	capture_file_close(&run.capture);
	run_options_clear(&run.options);
	text_clear(&run.host);
	return code;
}
