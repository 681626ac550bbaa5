/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/explain_json.h"

#include <stdlib.h>

#include "packet/summary.h"
#include "sink/explain_why.h"
#include "sink/explain_words.h"
#include "sink/json_parts.h"
#include "sink/packet_words.h"

/* A story being written: `next` is the first step that was not. */
struct scribe {
	struct json_writer writer;
	const struct story *story;
	const struct event *event;
	size_t next;
	struct text scratch;
};

/* The rule's keys, and the rule as it was written. */
static void add_rule(struct scribe *scribe, const char *key, const struct rule_place *rule)
{
	struct text *out = scribe->writer.out;

	json_parts_add_rule(&scribe->writer, key, rule);
	if (!rule || !rule->written)
		return;
	out->len--;	/* the closing brace */
	text_reset(&scribe->scratch);
	explain_words_print_written(rule, &scribe->scratch);
	json_writer_add_bytes(&scribe->writer, "written", text_string(&scribe->scratch), scribe->scratch.len);
	json_writer_close_object(&scribe->writer);
}

static void add_bounds(struct scribe *scribe, const struct event_lookup *lookup)
{
	struct explain_bound bounds[EXPLAIN_MOST_BOUNDS];
	struct json_writer *writer = &scribe->writer;
	size_t n = explain_words_bounds(&lookup->bounds, bounds);

	json_writer_open_array(writer, "window");
	for (size_t i = 0; i < n; i++) {
		json_writer_open_object(writer, NULL);
		json_writer_add_string(writer, "name", bounds[i].name);
		json_writer_add_u64(writer, "value", bounds[i].value);
		json_writer_add_string(writer, "must_be", bounds[i].must_be_below ? "below" :
				       bounds[i].may_be_equal ? "not below" : "above");
		json_writer_add_u64(writer, "limit", bounds[i].limit);
		json_writer_add_string(writer, "meaning", bounds[i].meaning);
		json_writer_add_bool(writer, "holds", bounds[i].holds);
		json_writer_close_object(writer);
	}
	json_writer_close_array(writer);
	json_writer_add_bool(writer, "liberal", lookup->bounds.is_liberal);
}

static void add_lookup(struct scribe *scribe, const struct event_lookup *lookup)
{
	static const char *const results[] = {
		[LOOKUP_IMPOSSIBLE] = "impossible", [LOOKUP_NOTHING] = "nothing", [LOOKUP_FOUND] = "found",
	};
	struct json_writer *writer = &scribe->writer;
	bool has_state = lookup->ctstate != CTSTATE_NONE;
	char room[COMPLAINT_ROOM];

	json_writer_open_object(writer, "lookup");
	json_parts_add_addresses(writer, "tuple", lookup->tuple.family ? &lookup->tuple : NULL);
	json_writer_add_bool(writer, "quoted", lookup->is_quoted);
	json_writer_add_string(writer, "result", results[lookup->result]);
	json_writer_add_string(writer, "direction",
			       lookup->result == LOOKUP_FOUND ? packet_words_direction(lookup->direction) : NULL);
	json_writer_add_string(writer, "ctstate", has_state ? ctstate_name(lookup->ctstate) : NULL);
	json_writer_add_bool(writer, "new", lookup->is_new);
	json_writer_add_bool(writer, "reopened", lookup->is_reopened);
	json_writer_add_name(writer, "cell", lookup->cell);
	json_writer_add_string(writer, "from", lookup->before.id ? lookup->before.state : NULL);
	json_writer_add_string(writer, "to", lookup->after.id ? lookup->after.state : NULL);
	json_writer_add_string(writer, "reason", complaint_words(&lookup->reason, room));
	json_writer_add_string(writer, "sentence", lookup->sentence);
	json_writer_add_string(writer, "timeout_from", lookup->timeout_from);
	add_bounds(scribe, lookup);
	json_parts_add_entry(writer, "before", lookup->before.id ? &lookup->before : NULL, scribe->event->time, NULL);
	json_parts_add_entry(writer, "after", lookup->after.id ? &lookup->after : NULL, scribe->event->time, NULL);
	json_writer_close_object(writer);
}

static void add_miss(struct scribe *scribe, const struct story_step *step)
{
	static const char *const kinds[] = {
		[MISS_FAILED] = "no match", [MISS_MALFORMED] = "malformed", [MISS_UNSIMULATED] = "not simulated",
	};
	struct json_writer *writer = &scribe->writer;

	json_writer_open_object(writer, NULL);
	add_rule(scribe, "rule", step->rule);
	json_writer_add_bool(writer, "matched", false);
	json_writer_add_string(writer, "result", kinds[step->miss]);
	json_writer_add_string(writer, "condition", step->words);
	json_writer_add_u64(writer, "conditions_failed", step->n_failed);
	json_writer_close_object(writer);
}

/* What a rule that matched led to: the step or the log behind it. */
static void add_outcome(struct scribe *scribe, size_t end)
{
	static const char *const outcomes[] = {
		[STEP_JUMP] = "jump", [STEP_GOTO] = "goto", [STEP_RETURN] = "return", [STEP_DECIDED] = "decided",
	};
	const struct rule_place *rule = scribe->story->steps[scribe->next].rule;
	struct json_writer *writer = &scribe->writer;
	const struct story_step *step;

	for (scribe->next++; scribe->next < end; scribe->next++) {
		step = &scribe->story->steps[scribe->next];
		if (step->kind != STORY_LOG)
			break;
		json_writer_add_string(writer, "log", step->words);
	}
	step = &scribe->story->steps[scribe->next];
	if (scribe->next == end || step->kind != STORY_STEP || step->rule != rule) {
		json_writer_add_string(writer, "result", "goes on");
		return;
	}
	json_writer_add_string(writer, "result", outcomes[step->step]);
	if (step->step == STEP_DECIDED)
		json_writer_add_string(writer, "verdict", verdict_name(step->verdict));
	scribe->next++;
}

/* The table's rules in the order in which they were tried, those of other chains among them. */
static void add_table(struct scribe *scribe)
{
	struct json_writer *writer = &scribe->writer;
	size_t table = scribe->next++, end = story_end_of_table(scribe->story, table);
	size_t decision = story_decision(scribe->story, table);
	const struct story_step *steps = scribe->story->steps;

	json_writer_add_string(writer, "table", steps[table].rule->table);
	json_writer_add_string(writer, "chain", steps[table].rule->chain);
	json_writer_open_array(writer, "rules");
	while (scribe->next < end) {
		const struct story_step *step = &steps[scribe->next];

		if (step->kind == STORY_RULE) {
			json_writer_open_object(writer, NULL);
			add_rule(scribe, "rule", step->rule);
			json_writer_add_bool(writer, "matched", true);
			add_outcome(scribe, end);
			json_writer_close_object(writer);
			continue;
		}
		if (step->kind == STORY_MISS)
			add_miss(scribe, step);
		scribe->next++;
	}
	json_writer_close_array(writer);
	json_writer_add_string(writer, "verdict", verdict_name(decision < end ? steps[decision].verdict : VERDICT_DROP));
	add_rule(scribe, "decided_by", decision < end ? steps[decision].rule : NULL);
}

static void add_path(struct scribe *scribe, unsigned depth);

static void add_reply(struct scribe *scribe, const struct story_step *step)
{
	struct json_writer *writer = &scribe->writer;

	json_writer_open_object(writer, "answer");
	json_writer_add_string(writer, "summary", step->words);
	json_writer_add_string(writer, "verdict", step->verdict == VERDICT_NONE ? NULL : verdict_name(step->verdict));
	add_rule(scribe, "decided_by", step->rule);
	scribe->next++;
	add_path(scribe, step->depth + 1);
	json_writer_close_object(writer);
}

static void add_step(struct scribe *scribe)
{
	const struct story_step *step = &scribe->story->steps[scribe->next];

	json_writer_open_object(&scribe->writer, NULL);
	if (step->kind == STORY_LOOKUP) {
		add_lookup(scribe, step->lookup);
		scribe->next++;
	} else if (step->kind == STORY_ROUTE) {
		json_writer_add_string(&scribe->writer, "route", step->words);
		scribe->next++;
	} else if (step->kind == STORY_BINDING) {
		json_writer_open_object(&scribe->writer, "binding");
		json_parts_add_binding(&scribe->writer, step->binding);
		json_writer_close_object(&scribe->writer);
		scribe->next++;
	} else if (step->kind == STORY_EXPECTATION) {
		json_writer_add_string(&scribe->writer, "helper", step->words);
		scribe->next++;
	} else if (step->kind == STORY_REPLY) {
		add_reply(scribe, step);
	} else {
		add_table(scribe);
	}
	json_writer_close_object(&scribe->writer);
}

static bool is_at(const struct scribe *scribe, unsigned depth)
{
	return scribe->next < scribe->story->n_steps && scribe->story->steps[scribe->next].depth >= depth;
}

/* The hooks of one packet, with what happened at each. */
static void add_path(struct scribe *scribe, unsigned depth)
{
	struct json_writer *writer = &scribe->writer;

	json_writer_open_array(writer, "path");
	while (is_at(scribe, depth)) {
		const struct story_step *hook = &scribe->story->steps[scribe->next];

		json_writer_open_object(writer, NULL);
		json_writer_add_string(writer, "hook", hook->kind == STORY_HOOK ? hook_name(hook->hook) : NULL);
		json_writer_add_name(writer, "in", hook->in);
		json_writer_add_name(writer, "out", hook->out);
		scribe->next += hook->kind == STORY_HOOK;
		json_writer_open_array(writer, "steps");
		while (is_at(scribe, depth) && scribe->story->steps[scribe->next].kind != STORY_HOOK)
			add_step(scribe);
		json_writer_close_array(writer);
		json_writer_close_object(writer);
	}
	json_writer_close_array(writer);
}

static void add_why_not(struct scribe *scribe, const char *why_not)
{
	static const char *const obstacles[] = {
		[OBSTACLE_CONDITION] = "condition", [OBSTACLE_PASSED] = "not reached",
		[OBSTACLE_BOTH] = "not reached, and condition", [OBSTACLE_DEPENDS] = "not reached, and unknown",
		[OBSTACLE_CHAIN] = "chain not entered",
	};
	struct json_writer *writer = &scribe->writer;
	struct explain_candidate *candidates;
	size_t n;

	candidates = explain_why_find(scribe->story, &scribe->event->journey, why_not, &n);
	json_writer_open_object(writer, "why_not");
	json_writer_add_string(writer, "asked", why_not);
	json_writer_add_bool(writer, "is_so", explain_why_is_so(&scribe->event->journey, why_not));
	json_writer_open_array(writer, "rules");
	for (size_t i = 0; i < n; i++) {
		json_writer_open_object(writer, NULL);
		add_rule(scribe, "rule", candidates[i].rule);
		json_writer_add_string(writer, "obstacle", obstacles[candidates[i].obstacle]);
		json_writer_add_name(writer, "condition", candidates[i].words);
		json_writer_add_u64(writer, "conditions_failed", candidates[i].n_failed);
		add_rule(scribe, "by", candidates[i].by);
		json_writer_close_object(writer);
	}
	json_writer_close_array(writer);
	json_writer_close_object(writer);
	free(candidates);
}

/* The same keys as json's lines of kind packet have. */
static void add_packet(struct scribe *scribe)
{
	const struct event_packet *journey = &scribe->event->journey;
	struct json_writer *writer = &scribe->writer;
	char room[COMPLAINT_ROOM];

	json_writer_add_string(writer, "kind", "explanation");
	json_writer_add_u64(writer, "packet", scribe->event->packet);
	json_writer_add_time(writer, "time", scribe->event->time);
	text_reset(&scribe->scratch);
	summary_print(journey->packet, &scribe->scratch);
	json_writer_add_bytes(writer, "summary", text_string(&scribe->scratch), scribe->scratch.len);
	json_writer_add_string(writer, "verdict",
			       journey->verdict == VERDICT_NONE ? NULL : verdict_name(journey->verdict));
	json_writer_add_string(writer, "ctstate",
			       journey->ctstate == CTSTATE_NONE ? NULL : ctstate_name(journey->ctstate));
	add_rule(scribe, "decided_by", journey->decided_by);
	json_writer_add_string(writer, "reason", journey->reason);
	json_writer_add_string(writer, "invalid_reason", complaint_words(&journey->invalid, room));
	add_rule(scribe, "unsimulated", journey->unsimulated);
}

void explain_json_print(const struct story *story, const struct event *event, const char *why_not, struct text *out)
{
	struct scribe scribe = { .story = story, .event = event };
	const struct event_packet *journey = &event->journey;

	json_writer_init(&scribe.writer, out);
	text_init(&scribe.scratch);
	json_writer_open_object(&scribe.writer, NULL);
	add_packet(&scribe);
	add_path(&scribe, 0);
	json_writer_add_string(&scribe.writer, "change", packet_words_change(journey->change));
	json_parts_add_entry(&scribe.writer, "before", story_entry_before(story), event->time, NULL);
	json_parts_add_entry(&scribe.writer, "entry", journey->has_entry ? &journey->entry : NULL, event->time, NULL);
	json_parts_add_addresses(&scribe.writer, "sent", journey->was_rewritten ? &journey->sent : NULL);
	if (why_not)
		add_why_not(&scribe, why_not);
	json_writer_close_object(&scribe.writer);
	text_append_char(out, '\n');
	text_clear(&scribe.scratch);
}
