/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/explain_story.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/summary.h"
#include "sink/expectation_print.h"

void story_init(struct story *story)
{
	memset(story, 0, sizeof(*story));
	arena_init(&story->arena);
}

void story_clear(struct story *story)
{
	arena_clear(&story->arena);
	free(story->steps);
	free(story->probes);
	free(story->ended);
	story_init(story);
}

void story_reset(struct story *story)
{
	arena_clear(&story->arena);
	story->n_steps = story->n_probes = story->table = 0;
	story->depth = 0;
}

static struct story_step *add_step(struct story *story, enum story_kind kind)
{
	struct story_step *step;

	if (story->n_steps == story->steps_capacity) {
		story->steps_capacity = alloc_grown_capacity(story->steps_capacity, story->n_steps + 1);
		story->steps = alloc_resize(story->steps, story->steps_capacity, sizeof(*story->steps));
	}
	step = &story->steps[story->n_steps++];
	*step = (struct story_step){ .kind = kind, .depth = story->depth };
	return step;
}

/* A hook deeper than what was told before belongs to a packet that the host has just made: its place is kept. */
static void add_hook(struct story *story, const struct event_hook *hook)
{
	struct story_step *step;

	if (hook->depth > story->depth)
		add_step(story, STORY_REPLY);
	story->depth = hook->depth;
	step = add_step(story, STORY_HOOK);
	step->hook = hook->hook;
	step->in = arena_copy_string(&story->arena, hook->in);
	step->out = arena_copy_string(&story->arena, hook->out);
}

/* The place kept for the answer whose way has just ended; one that went no way gets a new one. */
static struct story_step *find_reply(struct story *story)
{
	if (story->depth == 0)
		return add_step(story, STORY_REPLY);
	story->depth--;
	for (size_t i = story->n_steps; i-- > 0;)
		if (story->steps[i].kind == STORY_REPLY && story->steps[i].depth == story->depth)
			return &story->steps[i];
	return add_step(story, STORY_REPLY);
}

static void add_reply(struct story *story, const struct event_reply *reply)
{
	struct story_step *step = find_reply(story);
	struct text text;

	text_init(&text);
	summary_print(reply->packet, &text);
	step->words = arena_copy_string(&story->arena, text_string(&text));
	step->rule = reply->decided_by;
	step->verdict = reply->verdict;
	text_clear(&text);
}

static void add_lookup(struct story *story, const struct event_lookup *lookup)
{
	struct event_lookup *copy = arena_alloc(&story->arena, sizeof(*copy));

	*copy = *lookup;
	add_step(story, STORY_LOOKUP)->lookup = copy;
}

static void add_binding(struct story *story, const struct event_binding *binding)
{
	struct event_binding *copy = arena_alloc(&story->arena, sizeof(*copy));

	*copy = *binding;
	add_step(story, STORY_BINDING)->binding = copy;
}

/* What ends by itself, or with its master, is no part of the packet's way. */
static void add_expectation(struct story *story, const struct event_expectation *expectation)
{
	struct text text;

	if (expectation->end == EXPECTATION_EXPIRED || expectation->end == EXPECTATION_ORPHANED ||
	    expectation->end == EXPECTATION_MET)
		return;
	text_init(&text);
	expectation_print_sentence(expectation, &text);
	add_step(story, STORY_EXPECTATION)->words = arena_copy_string(&story->arena, text_string(&text));
	text_clear(&text);
}

static void add_miss(struct story *story, const struct event_miss *miss)
{
	struct story_step *step = add_step(story, STORY_MISS);

	step->rule = miss->rule;
	step->miss = miss->kind;
	step->n_failed = miss->n_failed;
	step->is_jump = miss->is_jump;
	step->words = arena_copy_string(&story->arena, miss->words);
}

static void add_chain_step(struct story *story, const struct event_step *told)
{
	struct story_step *step = add_step(story, STORY_STEP);

	step->step = told->step;
	step->rule = told->rule;
	step->verdict = told->verdict;
	if (told->step == STEP_TABLE)
		story->table = story->n_steps - 1;
}

static void add_probe(struct story *story, const struct event_probe *told)
{
	struct story_probe *probe;

	if (story->depth)
		return;
	if (story->n_probes == story->probes_capacity) {
		story->probes_capacity = alloc_grown_capacity(story->probes_capacity, story->n_probes + 1);
		story->probes = alloc_resize(story->probes, story->probes_capacity, sizeof(*story->probes));
	}
	probe = &story->probes[story->n_probes++];
	probe->table = story->table;
	probe->probe = *told;
	probe->probe.words = arena_copy_string(&story->arena, told->words);
}

/* Outlives the packet. */
static void add_ended(struct story *story, const struct event *event)
{
	const struct event_conntrack *told = &event->conntrack;

	if (!(told->bits & CONNTRACK_EVENT_DESTROY))
		return;
	if (!story->ended)
		story->ended = alloc_zeroed(STORY_MOST_ENDED, sizeof(*story->ended));
	story->ended[story->next_ended++ % STORY_MOST_ENDED] = (struct story_ended){
		.tuple = { told->entry.tuple[0], told->entry.tuple[1] }, .id = told->entry.id, .time = event->time,
		.expired = told->expired, .timeout_seconds = told->entry.timeout_seconds,
	};
}

void story_add(struct story *story, const struct event *event)
{
	struct story_step *step;

	/* Between the packets the host may send something of its own accord: no packet's story. */
	if (!event->packet && event->kind != EVENT_CONNTRACK)
		return;
	switch (event->kind) {
	case EVENT_HOOK:
		add_hook(story, &event->hook);
		break;
	case EVENT_LOOKUP:
		add_lookup(story, event->lookup);
		break;
	case EVENT_BINDING:
		add_binding(story, event->binding);
		break;
	case EVENT_ROUTE:
		if (event->route.depth == story->depth)		/* an answer's way is not begun yet */
			add_step(story, STORY_ROUTE)->words = arena_copy_string(&story->arena, event->route.words);
		break;
	case EVENT_EXPECTATION:
		add_expectation(story, &event->expectation);
		break;
	case EVENT_RULE:
		add_step(story, STORY_RULE)->rule = event->rule.rule;
		break;
	case EVENT_MISS:
		add_miss(story, &event->miss);
		break;
	case EVENT_STEP:
		add_chain_step(story, &event->step);
		break;
	case EVENT_PROBE:
		add_probe(story, &event->probe);
		break;
	case EVENT_CONNTRACK:
		add_ended(story, event);
		break;
	case EVENT_LOG:
		step = add_step(story, STORY_LOG);
		step->rule = event->log.rule;
		step->words = arena_copy_string(&story->arena, event->log.prefix ? event->log.prefix : "");
		break;
	case EVENT_REPLY:
		add_reply(story, &event->reply);
		break;
	default:
		break;
	}
}

const struct event_lookup *story_lookup(const struct story *story)
{
	for (size_t i = story->n_steps; i-- > 0;)
		if (story->steps[i].kind == STORY_LOOKUP && story->steps[i].depth == 0)
			return story->steps[i].lookup;
	return NULL;
}

const struct story_ended *story_find_ended(const struct story *story, const struct tuple *tuple)
{
	for (size_t n = 0; story->ended && n < STORY_MOST_ENDED && n < story->next_ended; n++) {
		const struct story_ended *ended = &story->ended[(story->next_ended - 1 - n) % STORY_MOST_ENDED];

		if (tuple_is_equal(&ended->tuple[0], tuple) || tuple_is_equal(&ended->tuple[1], tuple))
			return ended;
	}
	return NULL;
}

const struct entry_view *story_entry_before(const struct story *story)
{
	for (size_t i = 0; i < story->n_steps; i++)
		if (story->steps[i].kind == STORY_LOOKUP && story->steps[i].depth == 0)
			return story->steps[i].lookup->before.id ? &story->steps[i].lookup->before : NULL;
	return NULL;
}

size_t story_end_of_table(const struct story *story, size_t index)
{
	size_t end = index + 1;

	while (end < story->n_steps && story->steps[end].depth == story->steps[index].depth &&
	       story->steps[end].kind != STORY_HOOK && story->steps[end].kind != STORY_LOOKUP &&
	       story->steps[end].kind != STORY_REPLY && story->steps[end].kind != STORY_BINDING &&
	       story->steps[end].kind != STORY_ROUTE &&
	       !(story->steps[end].kind == STORY_STEP && story->steps[end].step == STEP_TABLE))
		end++;
	return end;
}

size_t story_decision(const struct story *story, size_t table)
{
	size_t end = story_end_of_table(story, table);

	for (size_t i = table; i < end; i++)
		if (story->steps[i].kind == STORY_STEP && story->steps[i].step == STEP_DECIDED)
			return i;
	return end;
}

size_t story_last_table(const struct story *story)
{
	for (size_t i = story->n_steps; i-- > 0;) {
		const struct story_step *step = &story->steps[i];

		if (step->kind == STORY_STEP && step->step == STEP_TABLE && step->depth == 0)
			return i;
	}
	return story->n_steps;
}
