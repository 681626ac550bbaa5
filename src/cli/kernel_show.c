/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/kernel_show.h"

#include "api/inside.h"
#include "cli/terminal.h"

bool kernel_show_open(struct outputs *outputs, const struct run_options *options, const struct ctreplay *replay, struct stream *stream,
		      struct diagnostics *diagnostics)
{
	struct ctreplay_screen terminal = terminal_screen();
	struct screen screen = { terminal.file, terminal.has_color, terminal.columns, "text" };

	if (!outputs_open(outputs, options, &screen, stream, diagnostics))
		return false;
	inside_tell_run(replay, stream);
	return true;
}

const struct rule_place *kernel_show_find_place(const void *replay, enum family family, const char *table, const char *chain,
						uint32_t number)
{
	return inside_find_place(replay, (uint8_t)family, table, chain, number);
}

struct patch {
	const struct tables_counters *counters;
	struct stream *stream;
};

/* Listener: the same with the kernel's numbers goes on to the stream. */
static void patch_counter(void *owner, const struct event *event)
{
	const struct patch *patch = owner;
	const struct tables_counter *counter;
	struct event patched = *event;

	if (event->kind == EVENT_COUNTER) {
		const struct rule_place *rule = event->counter.rule;

		counter = tables_find_counter(patch->counters, rule->family, rule->table, rule->chain, rule->number);
		patched.counter.n_packets = counter ? counter->n_packets : 0;
		patched.counter.n_bytes = counter ? counter->n_bytes : 0;
	} else {
		counter = tables_find_counter(patch->counters, event->chain.family, event->chain.table, event->chain.chain, 0);
		patched.chain.n_packets = counter ? counter->n_packets : 0;
		patched.chain.n_bytes = counter ? counter->n_bytes : 0;
	}
	stream_emit(patch->stream, &patched);
}

void kernel_show_counters(const struct ctreplay *replay, const struct tables_counters *counters, struct stream *stream)
{
	struct patch patch = { .counters = counters, .stream = stream };

	inside_visit_rules(replay, patch_counter, &patch);
}
