/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/comparison.h"

#include <string.h>

#include "packet/flow.h"

void comparison_init(struct comparison *comparison)
{
	memset(comparison, 0, sizeof(*comparison));
	comparison->turn = &comparison->turns[0];
}

void comparison_clear(struct comparison *comparison)
{
	for (size_t i = 0; i < (size_t)COMPARISON_MOST_TURNS * COMPARISON_SIDES; i++) {
		struct outcome *outcome = &comparison->turns[i / COMPARISON_SIDES].outcomes[i % COMPARISON_SIDES];

		text_clear(&outcome->answer);
		text_clear(&outcome->log);
	}
	index_clear(&comparison->flows);
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

void comparison_hear_first(void *comparison, const struct event *event)
{
	hear(&((struct comparison *)comparison)->turn->outcomes[SIDE_FIRST], event);
}

void comparison_hear_second(void *comparison, const struct event *event)
{
	hear(&((struct comparison *)comparison)->turn->outcomes[SIDE_SECOND], event);
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

void comparison_begin(struct comparison *comparison)
{
	reset_outcome(&comparison->turn->outcomes[SIDE_FIRST]);
	reset_outcome(&comparison->turn->outcomes[SIDE_SECOND]);
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
static bool is_same_rule(struct comparison *comparison, const struct rule_place *a, const struct rule_place *b)
{
	struct comparison_pair *pair;

	if (!a || !b || a == b)
		return a == b;
	pair = &comparison->pairs[(a->number * 31 + b->number) % COMPARISON_PAIRS];
	if (pair->first != a || pair->second != b)
		*pair = (struct comparison_pair){ a, b, says_the_same(a, b) };
	return pair->is_same;
}

static bool is_same_reason(const char *a, const char *b)
{
	return a && b ? strcmp(a, b) == 0 : a == b;
}

static uint32_t compare(struct comparison *comparison)
{
	const struct outcome *old = &comparison->turn->outcomes[SIDE_FIRST], *new = &comparison->turn->outcomes[SIDE_SECOND];
	uint32_t kinds = 0;

	if (old->verdict != new->verdict)
		kinds |= DIFFERS_VERDICT;
	if (!is_same_rule(comparison, old->decided_by, new->decided_by) || !is_same_reason(old->reason, new->reason))
		kinds |= DIFFERS_RULE;
	if (old->ctstate != new->ctstate)
		kinds |= DIFFERS_CTSTATE;
	if (!is_same_nat(old, new))
		kinds |= DIFFERS_NAT;
	if (!is_same_text(&old->answer, &new->answer))
		kinds |= DIFFERS_ANSWER;
	if (!is_same_text(&old->log, &new->log))
		kinds |= DIFFERS_LOG;
	return kinds;
}

/* What repeats another packet is of that one's flow, which was counted with it; unless that packet was not shown. */
static bool counts_flow(const struct comparison *comparison, const struct packet *packet)
{
	const struct outcome *outcomes = comparison->turn->outcomes;
	bool is_repeat = outcomes[SIDE_FIRST].is_repeat || outcomes[SIDE_SECOND].is_repeat;

	return packet->family != FAMILY_NONE && (!is_repeat || comparison->is_filtered);
}

void comparison_judge(struct comparison *comparison, const struct packet *packet)
{
	struct comparison_turn *turn = comparison->turn;

	turn->kinds = compare(comparison);
	turn->is_counted = counts_flow(comparison, packet);
	if (!turn->is_counted && !turn->kinds)
		return;
	turn->flow = flow_key(packet);
	index_foresee(&comparison->flows, turn->flow);
}

bool comparison_end(struct comparison *comparison)
{
	const struct comparison_turn *turn = comparison->turn;

	comparison->n_packets++;
	if (turn->is_counted)
		comparison->n_flows += index_add(&comparison->flows, turn->flow, 0);
	comparison->n_uncertain += turn->outcomes[SIDE_FIRST].is_uncertain || turn->outcomes[SIDE_SECOND].is_uncertain;
	return turn->kinds != 0;
}

uint32_t comparison_flow(struct comparison *comparison)
{
	uint64_t key = comparison->turn->flow;
	uint32_t *flow = index_find(&comparison->flows, key);

	/* Of what is not IP no flow was counted. */
	if (!flow && index_add(&comparison->flows, key, 0))
		flow = index_find(&comparison->flows, key);
	if (!*flow)
		*flow = ++comparison->n_different_flows;
	return *flow;
}
