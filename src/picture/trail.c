/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/trail.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sink/explain_words.h"

/* Of a run of rules that did not match, the first and the last ones are shown. */
enum { FIRST_MISSES = 3, LAST_MISSES = 2 };

static struct trail_line *add(struct trail *trail, enum trail_kind kind, unsigned indent)
{
	struct trail_line *line;

	if (trail->n_lines == trail->capacity) {
		trail->capacity = alloc_grown_capacity(trail->capacity, trail->n_lines + 1);
		trail->lines = alloc_resize(trail->lines, trail->capacity, sizeof(*trail->lines));
	}
	line = &trail->lines[trail->n_lines++];
	*line = (struct trail_line){ .kind = kind, .indent = indent, .text = "", .detail = "" };
	return line;
}

static const char *keep(struct trail *trail, struct text *text)
{
	const char *kept = arena_copy_string(&trail->arena, text_string(text));

	text_reset(text);
	return kept;
}

static void add_hook(struct trail *trail, const struct story_step *step, struct text *text)
{
	struct trail_line *line = add(trail, TRAIL_HOOK, 0);

	line->text = hook_name(step->hook);
	if (step->in[0])
		text_printf(text, "in by %s", step->in);
	if (step->out[0])
		text_printf(text, "%sout by %s", step->in[0] ? ", " : "", step->out);
	line->detail = keep(trail, text);
}

static void add_lookup(struct trail *trail, const struct event_lookup *lookup, struct text *text)
{
	struct trail_line *line = add(trail, TRAIL_TRACKING, 0);

	explain_words_print_finding(lookup, text);
	line->text = keep(trail, text);
	if (lookup->cell[0])
		text_printf(text, "%s", lookup->cell);
	if (text->len && (lookup->sentence || lookup->reason.words))
		text_append(text, ": ");
	if (lookup->sentence)
		text_append(text, lookup->sentence);
	else
		complaint_print(&lookup->reason, text);
	line->detail = keep(trail, text);
}

static const char *rule_text(struct trail *trail, const struct rule_place *rule, struct text *text)
{
	if (rule->written)
		explain_words_print_written(rule, text);
	else
		text_append(text, rule->text);
	return keep(trail, text);
}

static void add_rule(struct trail *trail, enum trail_kind kind, unsigned indent, const struct story_step *step, struct text *text)
{
	struct trail_line *line = add(trail, kind, indent);

	line->rule = step->rule;
	line->text = rule_text(trail, step->rule, text);
	if (step->kind == STORY_MISS)
		line->detail = arena_copy_string(&trail->arena, step->words);
}

/* The rule that has just matched decided; a policy was told nowhere else. */
static void add_decision(struct trail *trail, unsigned indent, const struct story_step *step, struct text *text)
{
	struct trail_line *line = trail->n_lines ? &trail->lines[trail->n_lines - 1] : NULL;

	if (!line || line->kind != TRAIL_MATCH || line->rule != step->rule) {
		line = add(trail, TRAIL_DECIDED, indent);
		line->rule = step->rule;
		text_printf(text, "%s %s: %s", step->rule->number ? "" : "the end of chain", step->rule->chain, step->rule->text);
		line->text = keep(trail, text);
	}
	line->kind = TRAIL_DECIDED;
	line->verdict = step->verdict;
}

static unsigned add_step(struct trail *trail, unsigned indent, const struct story_step *step, struct text *text)
{
	struct trail_line *line;

	switch (step->step) {
	case STEP_TABLE:
		line = add(trail, TRAIL_TABLE, 0);
		text_printf(text, "table %s, chain %s", step->rule->table, step->rule->chain);
		line->text = keep(trail, text);
		return 0;
	case STEP_JUMP:
	case STEP_GOTO:
		line = add(trail, TRAIL_CHAIN, indent + 1);
		text_printf(text, "%s chain %s", step->step == STEP_GOTO ? "for good to" : "into", step->rule->target);
		line->text = keep(trail, text);
		return indent + 1;
	case STEP_RETURN:
	case STEP_END:
		line = add(trail, TRAIL_CHAIN, indent);
		line->text = step->step == STEP_RETURN ? "back, by this rule" : "back, at the end of the chain";
		return indent ? indent - 1 : 0;
	case STEP_DECIDED:
		add_decision(trail, indent, step, text);
		return indent;
	}
	return indent;
}

static size_t count_misses(const struct story *story, size_t i)
{
	size_t n = 0;

	while (i + n < story->n_steps && story->steps[i + n].kind == STORY_MISS && story->steps[i + n].depth == 0)
		n++;
	return n;
}

/* A run of misses, shortened in its middle. Returns its length. */
static size_t add_misses(struct trail *trail, const struct story *story, size_t i, unsigned indent, struct text *text)
{
	size_t n = count_misses(story, i);

	for (size_t k = 0; k < n; k++) {
		if (n > FIRST_MISSES + LAST_MISSES + 1 && k == FIRST_MISSES) {
			text_printf(text, "%zu more rules do not match", n - FIRST_MISSES - LAST_MISSES);
			add(trail, TRAIL_MORE, indent)->text = keep(trail, text);
			k = n - LAST_MISSES;
		}
		add_rule(trail, TRAIL_MISS, indent, &story->steps[i + k], text);
	}
	return n;
}

/* The last decision that was not ACCEPT, or else the last one of the filter table, is the packet's. */
static void mark_last_word(struct trail *trail)
{
	const struct rule_place *rule = trail->packet->decided_by;

	for (size_t i = trail->n_lines; i-- > 0;) {
		if (trail->lines[i].kind == TRAIL_DECIDED && trail->lines[i].rule == rule) {
			trail->lines[i].is_last_word = true;
			/* REJECT is a DROP to the chain, and more than that to the packet. */
			trail->lines[i].verdict = trail->packet->verdict;
			return;
		}
	}
}

static void add_answer(struct trail *trail, const struct story_step *step, struct text *text)
{
	text_printf(text, "the host answers: %s", step->words ? step->words : "");
	add(trail, TRAIL_ANSWER, 0)->text = keep(trail, text);
}

void trail_make(const struct tale *tale, struct trail *trail)
{
	const struct story *story = &tale->story;
	unsigned indent = 0;
	struct text text;

	memset(trail, 0, sizeof(*trail));
	arena_init(&trail->arena);
	if (!tale->story_packet)
		return;
	trail->packet = &tale->packets[tale->story_packet - 1];
	text_init(&text);
	for (size_t i = 0; i < story->n_steps; i++) {
		const struct story_step *step = &story->steps[i];

		/* What becomes of the host's own answers is told by `explain -v`. */
		if (step->depth > 0)
			continue;
		if (step->kind == STORY_HOOK)
			add_hook(trail, step, &text);
		else if (step->kind == STORY_LOOKUP)
			add_lookup(trail, step->lookup, &text);
		else if (step->kind == STORY_MISS)
			i += add_misses(trail, story, i, indent, &text) - 1;
		else if (step->kind == STORY_RULE)
			add_rule(trail, TRAIL_MATCH, indent, step, &text);
		else if (step->kind == STORY_STEP)
			indent = add_step(trail, indent, step, &text);
		else if (step->kind == STORY_REPLY)
			add_answer(trail, step, &text);
	}
	mark_last_word(trail);
	text_clear(&text);
}

void trail_clear(struct trail *trail)
{
	arena_clear(&trail->arena);
	free(trail->lines);
	memset(trail, 0, sizeof(*trail));
}
