/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/kernel_counters.h"

void kernel_counters_compare(const struct tables_counters *kernel, const struct places *places, struct ctreplay *replay, struct compare *compare)
{
	size_t n;
	const struct ctreplay_counter *counters = ctreplay_counters(replay, &n);

	for (size_t i = 0; i < n; i++) {
		const struct ctreplay_rule *rule = &counters[i].rule;
		const struct rule_place made = places_make(rule), *known = places_of(places, rule);
		const struct tables_counter *counter;
		uint64_t ours[2] = { counters[i].n_packets, counters[i].n_bytes }, theirs[2] = { 0, 0 };

		if (!rule->number)
			continue;	/* of a policy every packet was compared */
		counter = tables_find_counter(kernel, rule->family, rule->table, rule->chain, rule->number);
		if (counter) {
			theirs[0] = counter->n_packets;
			theirs[1] = counter->n_bytes;
		}
		compare_counter(compare, known ? known : &made, theirs, ours);
	}
}
