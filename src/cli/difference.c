/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/difference.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/flow.h"
#include "packet/summary.h"
#include "sink/packet_words.h"

static const char *const names[DIFFERENCE_KINDS] = {
	[DIFFERENCE_VERDICT] = "verdict", [DIFFERENCE_RULE] = "rule", [DIFFERENCE_CTSTATE] = "ctstate",
	[DIFFERENCE_NAT] = "nat", [DIFFERENCE_ANSWER] = "answer", [DIFFERENCE_LOG] = "log",
};

const char *difference_kind_name(enum difference_kind kind)
{
	return names[kind];
}

void difference_init(struct difference *difference)
{
	memset(difference, 0, sizeof(*difference));
	difference->turn = &difference->turns[0];
	difference->wanted = (1u << DIFFERENCE_KINDS) - 1;
}

static void clear_group(struct difference_group *group)
{
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		text_clear(&group->sides[i].nat);
		text_clear(&group->sides[i].answer);
		text_clear(&group->sides[i].log);
	}
	for (size_t i = 0; i < group->n_examples; i++)
		text_clear(&group->examples[i]);
}

void difference_clear(struct difference *difference)
{
	for (size_t i = 0; i < difference->n_groups; i++)
		clear_group(&difference->groups[i]);
	free(difference->groups);
	for (size_t i = 0; i < (size_t)DIFFERENCE_MOST_TURNS * DIFFERENCE_SIDES; i++) {
		struct outcome *outcome = &difference->turns[i / DIFFERENCE_SIDES].outcomes[i % DIFFERENCE_SIDES];

		text_clear(&outcome->nat);
		text_clear(&outcome->answer);
		text_clear(&outcome->log);
	}
	index_clear(&difference->flows);
}

static void hear_outcome(struct outcome *outcome, const struct event_outcome *told)
{
	outcome->verdict = told->verdict;
	outcome->ctstate = told->ctstate;
	outcome->decided_by = told->decided_by;
	outcome->reason = told->reason;
	outcome->is_uncertain = told->unsimulated != NULL;
	outcome->is_repeat = told->is_repeat;
	outcome->was_rewritten = told->was_rewritten;
	if (told->was_rewritten)
		outcome->sent = told->sent;
}

static void hear_reply(struct outcome *outcome, const struct event_reply *told)
{
	text_printf(&outcome->answer, "%s%s (%s)", outcome->answer.len ? ", " : "", told->reason, verdict_name(told->verdict));
}

static void hear_log(struct outcome *outcome, const struct event_log *told)
{
	text_printf(&outcome->log, "%s%s %s \"%s\"", outcome->log.len ? ", " : "", told->rule->chain, told->rule->target,
		    told->prefix ? told->prefix : "");
}

static void hear(struct outcome *outcome, const struct event *event)
{
	if (event->kind == EVENT_OUTCOME)
		hear_outcome(outcome, &event->outcome);
	else if (!event->packet)
		return;		/* between the packets */
	else if (event->kind == EVENT_REPLY)
		hear_reply(outcome, &event->reply);
	else if (event->kind == EVENT_LOG)
		hear_log(outcome, &event->log);
}

void difference_hear_old(void *difference, const struct event *event)
{
	hear(&((struct difference *)difference)->turn->outcomes[SIDE_OLD], event);
}

void difference_hear_new(void *difference, const struct event *event)
{
	hear(&((struct difference *)difference)->turn->outcomes[SIDE_NEW], event);
}

static void reset_outcome(struct outcome *outcome)
{
	outcome->verdict = VERDICT_NONE;
	outcome->ctstate = CTSTATE_NONE;
	outcome->decided_by = NULL;
	outcome->reason = NULL;
	outcome->is_uncertain = outcome->is_repeat = outcome->was_rewritten = false;
	if (outcome->answer.len)
		text_reset(&outcome->answer);
	if (outcome->log.len)
		text_reset(&outcome->log);
}

void difference_turn(struct difference *difference, size_t place)
{
	difference->turn = &difference->turns[place];
}

void difference_begin(struct difference *difference)
{
	reset_outcome(&difference->turn->outcomes[SIDE_OLD]);
	reset_outcome(&difference->turn->outcomes[SIDE_NEW]);
}

static bool is_same_text(const struct text *a, const struct text *b)
{
	return a->len == b->len && (a->len == 0 || memcmp(text_string(a), text_string(b), a->len) == 0);
}

static bool is_same_nat(const struct outcome *a, const struct outcome *b)
{
	return a->was_rewritten == b->was_rewritten && (!a->was_rewritten || tuple_is_equal(&a->sent, &b->sent));
}

static bool says_the_same(const struct rule_place *a, const struct rule_place *b)
{
	return strcmp(a->table, b->table) == 0 && strcmp(a->chain, b->chain) == 0 && strcmp(a->text, b->text) == 0;
}

/* Of two rulesets' rules few pairs meet, again and again. */
static bool is_same_rule(struct difference *difference, const struct rule_place *a, const struct rule_place *b)
{
	struct difference_pair *pair;

	if (!a || !b || a == b)
		return a == b;
	pair = &difference->pairs[(a->number * 31 + b->number) % DIFFERENCE_PAIRS];
	if (pair->old != a || pair->new != b)
		*pair = (struct difference_pair){ a, b, says_the_same(a, b) };
	return pair->is_same;
}

static bool is_same_reason(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static uint32_t compare(struct difference *difference)
{
	const struct outcome *old = &difference->turn->outcomes[SIDE_OLD], *new = &difference->turn->outcomes[SIDE_NEW];
	uint32_t kinds = 0;

	if (old->verdict != new->verdict)
		kinds |= 1 << DIFFERENCE_VERDICT;
	if (!is_same_rule(difference, old->decided_by, new->decided_by) || !is_same_reason(old->reason, new->reason))
		kinds |= 1 << DIFFERENCE_RULE;
	if (old->ctstate != new->ctstate)
		kinds |= 1 << DIFFERENCE_CTSTATE;
	if (!is_same_nat(old, new))
		kinds |= 1 << DIFFERENCE_NAT;
	if (!is_same_text(&old->answer, &new->answer))
		kinds |= 1 << DIFFERENCE_ANSWER;
	if (!is_same_text(&old->log, &new->log))
		kinds |= 1 << DIFFERENCE_LOG;
	return kinds;
}

static bool is_of_group(const struct difference_group *group, uint32_t kinds, const struct outcome *outcomes)
{
	if (group->kinds != kinds)
		return false;
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++)
		if (group->sides[i].verdict != outcomes[i].verdict || group->sides[i].ctstate != outcomes[i].ctstate ||
		    group->sides[i].decided_by != outcomes[i].decided_by ||
		    !is_same_reason(group->sides[i].reason, outcomes[i].reason))
			return false;
	return true;
}

static struct difference_group *add_group(struct difference *difference, uint32_t kinds, uint64_t number)
{
	struct difference_group *group;

	if (difference->n_groups == difference->capacity) {
		difference->capacity = alloc_grown_capacity(difference->capacity, difference->n_groups + 1);
		difference->groups = alloc_resize(difference->groups, difference->capacity, sizeof(*group));
	}
	group = &difference->groups[difference->n_groups++];
	memset(group, 0, sizeof(*group));
	group->kinds = kinds;
	group->first = number;
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		const struct outcome *outcome = &difference->turn->outcomes[i];

		group->sides[i].verdict = outcome->verdict;
		group->sides[i].ctstate = outcome->ctstate;
		group->sides[i].decided_by = outcome->decided_by;
		group->sides[i].reason = outcome->reason;
		text_append(&group->sides[i].nat, text_string(&outcome->nat));
		text_append(&group->sides[i].answer, text_string(&outcome->answer));
		text_append(&group->sides[i].log, text_string(&outcome->log));
	}
	return group;
}

static struct difference_group *find_group(struct difference *difference, uint32_t kinds, uint64_t number)
{
	for (size_t i = 0; i < difference->n_groups; i++)
		if (is_of_group(&difference->groups[i], kinds, difference->turn->outcomes))
			return &difference->groups[i];
	return add_group(difference, kinds, number);
}

/* Each of its packets is another flow's first that differs. */
static void add_to_group(struct difference_group *group, const struct packet *packet)
{
	struct text *example;

	group->n_flows++;
	group->last = packet->number;
	if (group->n_examples == DIFFERENCE_MOST_EXAMPLES)
		return;
	example = &group->examples[group->n_examples++];
	text_printf(example, "packet %" PRIu64 " ", packet->number);
	summary_print(packet, example);
}

/* What repeats another packet is of that one's flow, which was counted with it; unless that packet was not shown. */
static bool counts_flow(const struct difference *difference, const struct packet *packet)
{
	const struct outcome *outcomes = difference->turn->outcomes;
	bool is_repeat = outcomes[SIDE_OLD].is_repeat || outcomes[SIDE_NEW].is_repeat;

	return packet->family != FAMILY_NONE && (!is_repeat || difference->is_filtered);
}

void difference_judge(struct difference *difference, const struct packet *packet)
{
	struct difference_turn *turn = difference->turn;

	turn->kinds = compare(difference) & difference->wanted;
	turn->is_counted = counts_flow(difference, packet);
	if (!turn->is_counted && !turn->kinds)
		return;
	turn->flow = flow_key(packet);
	index_foresee(&difference->flows, turn->flow);
}

uint32_t difference_end(struct difference *difference)
{
	const struct difference_turn *turn = difference->turn;

	difference->n_packets++;
	if (turn->is_counted)
		difference->n_flows += index_add(&difference->flows, turn->flow, 0);
	difference->n_uncertain += turn->outcomes[SIDE_OLD].is_uncertain || turn->outcomes[SIDE_NEW].is_uncertain;
	return turn->kinds;
}

static void print_nat(struct outcome *outcome)
{
	text_reset(&outcome->nat);
	if (outcome->was_rewritten)
		packet_words_print_flow(&outcome->sent, &outcome->nat);
}

/* What is known of the packet's flow: difference.flows. */
static uint32_t *find_cause(struct difference *difference)
{
	/* Of what is not IP no flow was counted. */
	index_add(&difference->flows, difference->turn->flow, 0);
	return index_find(&difference->flows, difference->turn->flow);
}

/* Does what differs only follow from what began with that group? All does once a verdict differed. */
static bool follows(const struct difference_group *group, uint32_t kinds)
{
	uint32_t verdict = 1u << DIFFERENCE_VERDICT;

	return !(kinds & verdict) || group->kinds & verdict;
}

void difference_keep(struct difference *difference, uint32_t kinds, const struct packet *packet)
{
	struct outcome *outcomes = difference->turn->outcomes;
	uint32_t *cause = find_cause(difference);
	struct difference_group *group;

	difference->n_different++;
	print_nat(&outcomes[SIDE_OLD]);
	print_nat(&outcomes[SIDE_NEW]);
	for (unsigned i = 0; i < DIFFERENCE_KINDS; i++)
		difference->n_kinds[i] += kinds >> i & 1;
	if (kinds >> DIFFERENCE_VERDICT & 1)
		difference->n_verdicts[outcomes[SIDE_OLD].verdict][outcomes[SIDE_NEW].verdict]++;
	if (*cause && follows(&difference->groups[*cause - 1], kinds)) {
		difference->groups[*cause - 1].n_later++;
		return;
	}
	group = find_group(difference, kinds, packet->number);
	difference->n_different_flows += *cause == 0;
	*cause = (uint32_t)(group - difference->groups) + 1;
	add_to_group(group, packet);
}
