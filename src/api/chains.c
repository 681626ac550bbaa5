/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay_chains(): the rules, chain by chain. */
#include <assert.h>
#include <string.h>

#include "api/api.h"

/* Counted first, then filled. */
struct building {
	struct ctreplay *replay;
	struct ctreplay_chain *chains;	/* in the arena, as the rules; NULL while they are counted */
	struct ctreplay_listed_rule *rules;
	size_t n_chains, n_rules;
};

static const struct ctreplay_rule *keep_rule(struct ctreplay *replay, const struct rule_place *place)
{
	struct ctreplay_rule *rule;

	if (!place)
		return NULL;
	rule = arena_alloc(&replay->arena, sizeof(*rule));
	*rule = api_view_rule(place);
	return rule;
}

static void add_chain(struct building *building, const struct event_chain *chain)
{
	building->chains[building->n_chains] = (struct ctreplay_chain){
		.family = chain->family, .table = chain->table, .chain = chain->chain, .policy = chain->policy,
		.policy_rule = keep_rule(building->replay, chain->place), .n_references = chain->n_references,
		.rules = &building->rules[building->n_rules],
	};
}

static void add_rule(struct building *building, const struct event_counter *counter)
{
	building->rules[building->n_rules] = (struct ctreplay_listed_rule){
		.rule = api_view_rule(counter->rule), .is_simulated = counter->is_simulated,
		.listing = arena_copy_string(&building->replay->arena, counter->listing),
		.written = counter->rule->written, .written_len = counter->rule->written_len,
	};
	building->chains[building->n_chains - 1].n_rules++;
}

static void hear(void *owner, const struct event *event)
{
	struct building *building = owner;
	bool is_chain = event->kind == EVENT_CHAIN;

	if (building->chains && is_chain)
		add_chain(building, &event->chain);
	else if (building->chains)
		add_rule(building, &event->counter);
	building->n_chains += is_chain;
	building->n_rules += !is_chain;
}

const struct ctreplay_chain *ctreplay_chains(struct ctreplay *replay, size_t *n)
{
	struct building building = { .replay = replay };
	struct ctreplay_chain *chains;

	if (!replay->chains && replay->state != API_FRESH && replay->state != API_FAILED) {
		scene_visit_rules(&replay->replay.scene, hear, &building);
		chains = arena_alloc(&replay->arena, (building.n_chains + 1) * sizeof(*chains));
		building.rules = arena_alloc(&replay->arena, (building.n_rules + 1) * sizeof(*building.rules));
		building.chains = chains;
		building.n_chains = building.n_rules = 0;
		scene_visit_rules(&replay->replay.scene, hear, &building);
		replay->chains = chains;
		replay->n_chains = building.n_chains;
	}
	*n = replay->n_chains;
	return replay->chains;
}
