/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/kernel_counters.h"

void kernel_counters_emit(void *owner, const struct event *event)
{
	const struct kernel_counters_patch *patch = owner;
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

void kernel_counters_compare(void *owner, const struct event *event)
{
	const struct kernel_counters_check *check = owner;
	const struct rule_place *rule = event->counter.rule;
	const struct tables_counter *counter =
		tables_find_counter(check->counters, rule->family, rule->table, rule->chain, rule->number);
	uint64_t kernel[2] = { counter ? counter->n_packets : 0, counter ? counter->n_bytes : 0 };
	uint64_t ours[2] = { event->counter.n_packets, event->counter.n_bytes };

	compare_counter(check->compare, rule, kernel, ours);
}
