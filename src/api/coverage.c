/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay_cover(): what captures exercised of the rules (replay/coverage), in the API's terms. */
#include <assert.h>
#include <stdlib.h>

#include "api/api.h"
#include "base/alloc.h"
#include "replay/findings.h"

static_assert((int)CTREPLAY_RULE_MATCHED == COVERAGE_MATCHED && (int)CTREPLAY_RULE_UNMATCHED == COVERAGE_UNMATCHED &&
	      (int)CTREPLAY_RULE_UNREACHED == COVERAGE_UNREACHED && (int)CTREPLAY_RULE_USELESS == COVERAGE_USELESS &&
	      COVERAGE_STATUSES == 4, "the API's numbers never change");

static void cover(struct ctreplay *replay, struct ctreplay *first)
{
	replay->options.counts_tries = replay->options.zero_counters = true;
	replay->has_listeners = true;
	if (first) {
		replay->covers = first->covers;
		return;
	}
	replay->covered = alloc_zeroed(1, sizeof(*replay->covered));
	coverage_init(&replay->covered->coverage);
	arena_init(&replay->covered->arena);
	replay->covers = &replay->covered->coverage;
}

bool ctreplay_cover(struct ctreplay *replay, struct ctreplay *first)
{
	if (!api_is_fresh(replay))
		return false;
	if (replay->covers)
		return api_fail(replay, "it is counted already");
	if (first && (!first->covers || !first->replay.scene.ruleset || first->replay.scene.ruleset != replay->replay.scene.ruleset))
		return api_fail(replay, "the first replay has other rules, or does not count");
	cover(replay, first);
	return true;
}

void api_coverage_open(struct ctreplay *replay)
{
	if (replay->covered)
		scene_visit_rules(&replay->replay.scene, coverage_hear_rule, replay->covers);
}

void api_coverage_start(struct ctreplay *replay)
{
	bool is_heard;

	if (!replay->covers)
		return;
	coverage_begin(replay->covers);
	is_heard = stream_add(&replay->replay.stream, COVERAGE_KINDS, coverage_hear, replay->covers);
	assert(is_heard);	/* outputs leave room for it */
}

void api_coverage_destroy(struct api_coverage *covered)
{
	if (!covered)
		return;
	coverage_clear(&covered->coverage);
	arena_clear(&covered->arena);
	free(covered);
}

static void view_finding(const struct coverage_rule *rule, struct arena *arena, struct ctreplay_covered_rule *view)
{
	static const enum ctreplay_finding findings[] = {
		[FINDING_SHADOWED] = CTREPLAY_SHADOWED, [FINDING_IMPOSSIBLE] = CTREPLAY_IMPOSSIBLE, [FINDING_REDUNDANT] = CTREPLAY_REDUNDANT,
	};
	struct ctreplay_rule *by;
	struct finding finding;
	struct text words;

	view->finding_text = "";
	if (!rule->finding)
		return;
	finding = (struct finding){ rule->finding->kind, rule->place, rule->finding->by, rule->finding->n_by };
	text_init(&words);
	findings_print(&finding, &words);
	by = arena_alloc(arena, (finding.n_by + 1) * sizeof(*by));
	for (size_t i = 0; i < finding.n_by; i++)
		by[i] = api_view_rule(finding.by[i]);
	view->finding = findings[finding.kind];
	view->finding_text = arena_copy_string(arena, text_string(&words));
	view->by = by;
	view->n_by = finding.n_by;
	text_clear(&words);
}

static void view_rule(const struct coverage_rule *rule, struct arena *arena, struct ctreplay_covered_rule *view)
{
	*view = (struct ctreplay_covered_rule){
		.rule = api_view_rule(rule->place), .covering = (enum ctreplay_covering)coverage_status(rule),
		.is_simulated = rule->is_simulated, .n_tried = rule->n_tried, .n_packets = rule->n_packets, .n_bytes = rule->n_bytes,
		.n_flows = rule->n_flows, .first = rule->first.number, .last = rule->last.number,
		.first_capture = rule->first.capture, .last_capture = rule->last.capture,
	};
	for (unsigned i = 0; i < CTSTATE_COUNT; i++)
		view->n_ctstates[i] = rule->n_ctstates[i];
	view_finding(rule, arena, view);
}

static const struct ctreplay_covered_rule *view_rules(const struct coverage *coverage, struct arena *arena)
{
	struct ctreplay_covered_rule *rules = arena_alloc(arena, (coverage->n_rules + 1) * sizeof(*rules));

	for (size_t i = 0; i < coverage->n_rules; i++)
		view_rule(&coverage->rules[i], arena, &rules[i]);
	return rules;
}

static const struct ctreplay_covered_chain *view_chains(const struct coverage *coverage, struct arena *arena)
{
	struct ctreplay_covered_chain *chains = arena_alloc(arena, (coverage->n_chains + 1) * sizeof(*chains));

	for (size_t i = 0; i < coverage->n_chains; i++) {
		const struct coverage_chain *chain = &coverage->chains[i];

		chains[i] = (struct ctreplay_covered_chain){
			.family = chain->family, .table = chain->table, .chain = chain->chain, .policy = chain->policy,
			.n_references = chain->n_references, .n_entered = chain->n_entered,
			.n_packets = chain->n_packets, .n_bytes = chain->n_bytes,
		};
	}
	return chains;
}

const struct ctreplay_coverage *ctreplay_coverage(struct ctreplay *replay)
{
	struct api_coverage *covered = replay->covered;

	if (!covered || !replay->replay.scene.ruleset)
		return NULL;
	coverage_prove(&covered->coverage, replay->replay.scene.ruleset);
	arena_clear(&covered->arena);
	arena_init(&covered->arena);
	covered->view = (struct ctreplay_coverage){
		.rules = view_rules(&covered->coverage, &covered->arena), .n_rules = covered->coverage.n_rules,
		.chains = view_chains(&covered->coverage, &covered->arena), .n_chains = covered->coverage.n_chains,
		.n_captures = covered->coverage.n_captures, .n_packets = covered->coverage.n_packets,
		.is_partial = covered->coverage.is_partial,
	};
	return &covered->view;
}
