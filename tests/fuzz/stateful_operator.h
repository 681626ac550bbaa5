/* SPDX-License-Identifier: GPL-2.0-or-later */
/* fuzz_stateful: the steps that an operator takes, found before the replay begins. */
#ifndef TESTS_FUZZ_STATEFUL_OPERATOR_H
#define TESTS_FUZZ_STATEFUL_OPERATOR_H

#include "stateful_play.h"

static const struct sysctl *choose_sysctl(uint8_t which, uint16_t number, uint32_t *value)
{
	size_t n;
	const struct sysctl *all = settings_sysctls(&n), *sysctl = &all[which % n];

	*value = sysctl->min + (sysctl->max - sysctl->min < number ? sysctl->max - sysctl->min : number);
	return sysctl;
}

static void plan_filter(const uint8_t *step, struct entry_filter *filter)
{
	static const uint8_t protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP, PROTOCOL_SCTP };

	filter->has_protocol = step[2] & 1;
	filter->protocol = protocols[step[2] >> 1 & 3];
	if (step[2] & 8) {
		enum filter_end end = (enum filter_end)(step[2] >> 4 & 3);

		filter->has_address[end] = true;
		filter->address[end] = (struct masked_address){ .address = address_at(step[1]) };
		filter->address[end].mask = segments_address("255.255.255.255");
	}
	filter->has_mark = step[2] & 64;
	filter->mark = step[3];
	filter->mark_mask = 0xff;
	filter->status = step[2] & 128 ? STATUS_ASSURED : 0;
}

static void plan_change(const uint8_t *step, struct entry_change_set *change)
{
	*change = (struct entry_change_set){
		.has_mark = step[4] & 1, .has_timeout = (step[4] & 2) || step[0] % DEED_COUNT == DEED_CREATE, .mark = step[5],
		.mark_mask = 0xff, .timeout_seconds = step[5], .status = step[4] & 4 ? STATUS_ASSURED : 0,
		.add_labels = { step[4] & 8 ? 2 : 0 }, .remove_labels = { step[4] & 16 ? 32 : 0 },
	};
}

static const struct ruleset *load_on_top(struct play *play, const struct ruleset *rules)
{
	const struct ruleset *base = play->n_loaded ? play->loaded[play->n_loaded - 1] : play->rulesets[play->first];

	play->loaded[play->n_loaded] = ruleset_overlay(base, rules);
	return play->loaded[play->n_loaded++];
}

/* What the operator does, with its time; false: the step is a packet. */
static bool plan_action(struct play *play, const uint8_t *step, struct operator_action *action)
{
	switch (step[0] % DEED_COUNT) {
	case DEED_REMOVE:
		action->kind = OPERATOR_REMOVE;
		plan_filter(step, &action->filter);
		return true;
	case DEED_CHANGE:
		action->kind = OPERATOR_CHANGE;
		plan_filter(step, &action->filter);
		plan_change(step, &action->change);
		return true;
	case DEED_CREATE:
		action->kind = OPERATOR_CREATE;
		action->original = flow_of(step, step[3] & 1 ? PROTOCOL_TCP : PROTOCOL_UDP);
		plan_change(step, &action->change);
		action->change.has_state = step[3] & 1;
		action->change.state = TCP_STATE_ESTABLISHED;
		return true;
	case DEED_RELOAD:
		action->kind = OPERATOR_RELOAD;
		action->ruleset = load_on_top(play, play->rulesets[step[1] % N_RULESETS]);
		action->keeps_counters = step[2] & 1;
		return true;
	case DEED_LINK:
		action->kind = OPERATOR_LINK;
		action->interface = step[1] & 1 ? "eth2" : "eth1";
		action->is_up = step[1] & 2;
		return true;
	case DEED_SYSCTL:
		action->kind = OPERATOR_SYSCTL;
		action->sysctl = choose_sysctl(step[1], (uint16_t)(step[2] << 8 | step[3]), &action->value);
		play->has_silence |= strcmp(action->sysctl->name, "net.netfilter.nf_conntrack_events") == 0;
		return true;
	default:
		return false;
	}
}

static void plan_actions(struct play *play)
{
	int64_t now = 0;

	for (size_t i = 0; i < play->n_steps; i++) {
		const uint8_t *step = play->steps + i * STEP_LEN;
		struct operator_action action = { .text = "deed", .file = "actions", .line = (uint32_t)i + 1 };

		now += step_ns(step);
		action.time.ns = now;
		if (plan_action(play, step, &action))
			play->actions[play->n_actions++] = action;
	}
}

#endif
