/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum { RULE_BITS = 20, CAPTURE_BITS = 10 };

void coverage_init(struct coverage *coverage)
{
	memset(coverage, 0, sizeof(*coverage));
}

static void clear_finding(struct coverage_finding *finding)
{
	if (finding)
		free(finding->by);
	free(finding);
}

void coverage_clear(struct coverage *coverage)
{
	for (size_t i = 0; i < coverage->n_rules; i++)
		clear_finding(coverage->rules[i].finding);
	free(coverage->rules);
	free(coverage->chains);
	free(coverage->by_place);
	index_clear(&coverage->flows);
	coverage_init(coverage);
}

static void add_rule(struct coverage *coverage, const struct event_counter *event)
{
	if (coverage->n_rules == coverage->rules_capacity) {
		coverage->rules_capacity = alloc_grown_capacity(coverage->rules_capacity, coverage->n_rules + 1);
		coverage->rules = alloc_resize(coverage->rules, coverage->rules_capacity, sizeof(*coverage->rules));
	}
	coverage->rules[coverage->n_rules++] =
		(struct coverage_rule){ .place = event->rule, .is_simulated = event->is_simulated };
}

static void add_chain(struct coverage *coverage, const struct event_chain *event)
{
	if (coverage->n_chains == coverage->chains_capacity) {
		coverage->chains_capacity = alloc_grown_capacity(coverage->chains_capacity, coverage->n_chains + 1);
		coverage->chains = alloc_resize(coverage->chains, coverage->chains_capacity, sizeof(*coverage->chains));
	}
	coverage->chains[coverage->n_chains++] = (struct coverage_chain){
		.family = event->family, .table = event->table, .chain = event->chain, .policy = event->policy,
		.n_references = event->n_references,
	};
}

void coverage_hear_rule(void *owner, const struct event *event)
{
	if (event->kind == EVENT_COUNTER)
		add_rule(owner, &event->counter);
	else if (event->kind == EVENT_CHAIN)
		add_chain(owner, &event->chain);
}

/* Without a context argument for the comparison: a pair of pointer and index. */
struct keyed { const struct rule_place *place; size_t index; };

static int compare_keyed(const void *a, const void *b)
{
	uintptr_t one = (uintptr_t)((const struct keyed *)a)->place, two = (uintptr_t)((const struct keyed *)b)->place;

	return one < two ? -1 : one > two;
}

static void order_by_place(struct coverage *coverage)
{
	struct keyed *keyed = alloc_zeroed(coverage->n_rules + 1, sizeof(*keyed));

	for (size_t i = 0; i < coverage->n_rules; i++)
		keyed[i] = (struct keyed){ coverage->rules[i].place, i };
	qsort(keyed, coverage->n_rules, sizeof(*keyed), compare_keyed);
	coverage->by_place = alloc_zeroed(coverage->n_rules + 1, sizeof(*coverage->by_place));
	for (size_t i = 0; i < coverage->n_rules; i++)
		coverage->by_place[i] = keyed[i].index;
	free(keyed);
}

/* Only ever asked for places of the ruleset. */
static struct coverage_rule *find_rule(const struct coverage *coverage, const struct rule_place *place)
{
	size_t first = 0, n = coverage->n_rules;

	while (n > 1) {
		size_t half = n / 2;

		if ((uintptr_t)coverage->rules[coverage->by_place[first + half]].place <= (uintptr_t)place)
			first += half;
		n -= half;
	}
	return &coverage->rules[coverage->by_place[first]];
}

static void keep_finding(void *owner, const struct finding *finding)
{
	struct coverage_finding *kept = alloc_zeroed(1, sizeof(*kept));

	kept->kind = finding->kind;
	kept->n_by = finding->n_by;
	kept->by = alloc_zeroed(finding->n_by + 1, sizeof(*kept->by));
	memcpy(kept->by, finding->by, finding->n_by * sizeof(*kept->by));
	find_rule(owner, finding->rule)->finding = kept;
}

void coverage_prove(struct coverage *coverage, const struct ruleset *ruleset)
{
	if (coverage->is_proved)
		return;
	coverage->is_proved = true;
	if (!coverage->by_place)
		order_by_place(coverage);
	coverage->is_partial = !ruleset_find_useless(ruleset, keep_finding, coverage);
}

void coverage_begin(struct coverage *coverage)
{
	if (!coverage->by_place)
		order_by_place(coverage);
	coverage->n_captures++;
	coverage->next_rule = coverage->next_chain = 0;
}

/* Few rules match most packets. */
static struct coverage_rule *find_matched(struct coverage *coverage, const struct rule_place *place)
{
	struct coverage_rule **recent = &coverage->recent[place->line % COVERAGE_RECENT];

	if (!*recent || (*recent)->place != place)
		*recent = find_rule(coverage, place);
	return *recent;
}

static void add_match(struct coverage *coverage, const struct event *event, const struct rule_place *place)
{
	const struct event_outcome *told = &event->outcome;
	struct coverage_rule *rule = find_matched(coverage, place);
	struct coverage_packet packet = { coverage->n_captures, event->packet };
	uint64_t number = (uint64_t)(rule - coverage->rules);

	if (!rule->first.number)
		rule->first = packet;
	rule->last = packet;
	rule->n_ctstates[told->ctstate]++;
	/* What repeats an earlier packet is of its flow. */
	if (told->entry && !told->is_repeat)
		rule->n_flows += index_add(&coverage->flows, (told->entry << CAPTURE_BITS | coverage->n_captures) << RULE_BITS | number, 0);
}

void coverage_hear(void *owner, const struct event *event)
{
	struct coverage *coverage = owner;

	if (event->kind == EVENT_OUTCOME) {
		coverage->n_packets++;
		for (size_t i = 0; i < event->outcome.n_matched; i++)
			add_match(coverage, event, event->outcome.matched[i]);
	} else if (event->kind == EVENT_COUNTER) {
		struct coverage_rule *rule = &coverage->rules[coverage->next_rule++];

		rule->n_tried += event->counter.n_tried;
		rule->n_packets += event->counter.n_packets;
		rule->n_bytes += event->counter.n_bytes;
	} else if (event->kind == EVENT_CHAIN) {
		struct coverage_chain *chain = &coverage->chains[coverage->next_chain++];

		chain->n_entered += event->chain.n_entered;
		chain->n_packets += event->chain.n_packets;
		chain->n_bytes += event->chain.n_bytes;
	}
}

enum coverage_status coverage_status(const struct coverage_rule *rule)
{
	if (rule->n_packets)
		return COVERAGE_MATCHED;
	if (rule->finding && rule->finding->kind != FINDING_REDUNDANT)
		return COVERAGE_USELESS;
	return rule->n_tried ? COVERAGE_UNMATCHED : COVERAGE_UNREACHED;
}
