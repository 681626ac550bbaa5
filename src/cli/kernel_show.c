/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/kernel_show.h"

#include "cli/terminal.h"

/* EVENT_RUN, first. */
static void tell_run(struct ctreplay *replay, struct stream *stream)
{
	const struct ctreplay_machine *machine = ctreplay_machine(replay);
	struct event event = {
		.kind = EVENT_RUN,
		.run = {
			.origin_seconds = machine->origin_unix_ns / VTIME_NS_PER_SECOND,
			.origin_ns = (uint32_t)(machine->origin_unix_ns % VTIME_NS_PER_SECOND),
			.is_empty = machine->is_empty,
			.capture = machine->capture,
			.host = ctreplay_host(replay),
			.captured_on = machine->captured_on,
			.tables = machine->tables,
			.n_tables = machine->n_tables,
		},
	};

	stream_emit(stream, &event);
}

bool kernel_show_open(struct outputs *outputs, const struct run_options *options, struct ctreplay *replay, struct stream *stream,
		      struct diagnostics *diagnostics)
{
	struct ctreplay_screen terminal = terminal_screen();
	struct screen screen = { terminal.file, terminal.has_color, terminal.columns, "text" };

	if (!outputs_open(outputs, options, &screen, stream, diagnostics))
		return false;
	tell_run(replay, stream);
	return true;
}

static void tell_chain(const struct ctreplay_chain *chain, const struct tables_counters *counters, struct stream *stream)
{
	const struct tables_counter *counter = tables_find_counter(counters, chain->family, chain->table, chain->chain, 0);
	struct event event = {
		.kind = EVENT_CHAIN,
		.chain = {
			.family = chain->family, .table = chain->table, .chain = chain->chain, .policy = chain->policy,
			.n_references = chain->n_references,
			.n_packets = counter ? counter->n_packets : 0, .n_bytes = counter ? counter->n_bytes : 0,
		},
	};

	stream_emit(stream, &event);
}

static void tell_rule(const struct ctreplay_listed_rule *listed, const struct places *places, const struct tables_counters *counters,
		      struct stream *stream)
{
	const struct ctreplay_rule *rule = &listed->rule;
	const struct tables_counter *counter = tables_find_counter(counters, rule->family, rule->table, rule->chain, rule->number);
	struct event event = {
		.kind = EVENT_COUNTER,
		.counter = {
			.rule = places_of(places, rule), .listing = listed->listing, .is_simulated = listed->is_simulated,
			.n_packets = counter ? counter->n_packets : 0, .n_bytes = counter ? counter->n_bytes : 0,
		},
	};

	stream_emit(stream, &event);
}

void kernel_show_counters(struct ctreplay *replay, const struct places *places, const struct tables_counters *counters,
			  struct stream *stream)
{
	size_t n_chains;
	const struct ctreplay_chain *chains = ctreplay_chains(replay, &n_chains);

	for (size_t i = 0; i < n_chains; i++) {
		tell_chain(&chains[i], counters, stream);
		for (size_t k = 0; k < chains[i].n_rules; k++)
			tell_rule(&chains[i].rules[k], places, counters, stream);
	}
}
