/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A packet's way through one table, for people: rule by rule, from chain to chain. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sink/explain_page.h"
#include "sink/explain_why.h"
#include "sink/explain_words.h"

enum { MOST_NEAREST = 3 };

/* What came behind a rule that matched: its step, skipping what it logged; NULL: the packet went on. */
static const struct story_step *find_outcome(const struct explain_page *page, size_t rule, size_t end)
{
	for (size_t i = rule + 1; i < end; i++) {
		const struct story_step *step = &page->story->steps[i];

		if (step->kind == STORY_LOG)
			continue;
		return step->kind == STORY_STEP && step->rule == page->story->steps[rule].rule ? step : NULL;
	}
	return NULL;
}

static void print_rule(struct explain_page *page, size_t index, size_t end)
{
	const struct rule_place *rule = page->story->steps[index].rule;
	const struct story_step *outcome = find_outcome(page, index, end);
	enum text_style style = STYLE_PLAIN;
	struct text *line = &page->line;

	text_printf(line, "rule %u matches: ", rule->number);
	if (!outcome)
		text_printf(line, "%s, and the packet goes on", *rule->target ? rule->target : "it counts");
	else if (outcome->step == STEP_DECIDED)
		text_append(line, rule->target);
	else if (outcome->step == STEP_RETURN)
		text_append(line, "RETURN, back out of this chain");
	else
		text_printf(line, "%s chain %s", outcome->step == STEP_GOTO ? "for good to" : "into", rule->target);
	if (outcome && outcome->step == STEP_DECIDED)
		style = explain_page_verdict_style(outcome->verdict);
	explain_page_append_file(line, rule);
	explain_page_end_line(page, style);
	explain_page_add_written(page, rule);
}

static void print_miss(struct explain_page *page, const struct story_step *step)
{
	text_printf(&page->line, "rule %u %s: %s", step->rule->number,
		    step->miss == MISS_MALFORMED ? "finds the packet malformed: DROP" :
		    step->miss == MISS_UNSIMULATED ? "cannot be simulated, taken as no match" : "does not match",
		    step->words);
	explain_page_append_more(page, step->n_failed);
	explain_page_append_file(&page->line, step->rule);
	explain_page_end_line(page, step->miss == MISS_MALFORMED ? STYLE_RED : STYLE_DIM);
	explain_page_add_written(page, step->rule);
}

static void print_skipped(struct explain_page *page, unsigned *n_missed)
{
	if (*n_missed)
		explain_page_add_line(page, STYLE_DIM, *n_missed == 1 ? "%u rule does not match" : "%u rules do not match", *n_missed);
	*n_missed = 0;
}

static void print_near_miss(struct explain_page *page, const struct story_step *step)
{
	explain_words_print_rule(step->rule, &page->line);
	text_printf(&page->line, ": %s", step->words);
	explain_page_append_more(page, step->n_failed);
	explain_page_end_line(page, STYLE_PLAIN);
	explain_page_add_written(page, step->rule);
}

static void print_nearest(struct explain_page *page, size_t table)
{
	size_t nearest[MOST_NEAREST], n = explain_why_nearest(page->story, table, nearest, MOST_NEAREST);

	if (!n || page->options->is_full || page->options->why_not)
		return;
	explain_page_add_line(page, STYLE_PLAIN, "nearest to letting it through:");
	page->indent++;
	for (size_t i = 0; i < n; i++)
		print_near_miss(page, &page->story->steps[nearest[i]]);
	page->indent--;
}

static void print_policy(struct explain_page *page, const struct story_step *step, size_t table)
{
	text_printf(&page->line, "end of chain %s: policy %s", step->rule->chain, verdict_name(step->verdict));
	explain_page_append_file(&page->line, step->rule);
	explain_page_end_line(page, explain_page_verdict_style(step->verdict));
	if (step->verdict == VERDICT_DROP)
		print_nearest(page, table);
}

/* How deep in chains the packet is; a goto forgets its own chain. */
struct depths {
	unsigned base;
	unsigned *returns;	/* indents to go back to; owned */
	size_t n_returns;
};

static void follow(struct explain_page *page, struct depths *depths, const struct story_step *step)
{
	if (step->step == STEP_JUMP)
		depths->returns[depths->n_returns++] = page->indent;
	if (step->step == STEP_JUMP || step->step == STEP_GOTO)
		page->indent++;
	else if (step->step == STEP_RETURN || step->step == STEP_END)
		page->indent = depths->n_returns ? depths->returns[--depths->n_returns] : depths->base;
}

static void print_chain_step(struct explain_page *page, struct depths *depths, const struct story_step *step, size_t table)
{
	if (step->step == STEP_END)
		explain_page_add_line(page, STYLE_DIM, "end of the chain");
	if (step->step == STEP_DECIDED && step->rule->number == 0) {
		page->indent = depths->base;
		print_policy(page, step, table);
	} else {
		follow(page, depths, step);
	}
}

/* A table that let the packet pass without a word is one line in the short form. */
static bool is_silent(const struct explain_page *page, size_t table, size_t end)
{
	size_t decision = story_decision(page->story, table);

	if (page->options->is_full || decision == end || page->story->steps[decision].verdict != VERDICT_ACCEPT)
		return false;
	for (size_t i = table; i < end; i++)
		if (page->story->steps[i].kind == STORY_RULE)
			return false;
	return strcmp(page->story->steps[table].rule->table, "filter") != 0;
}

static void print_steps(struct explain_page *page, size_t table, size_t end)
{
	struct depths depths = { .base = page->indent, .returns = alloc_zeroed(end - table + 1, sizeof(unsigned)) };
	unsigned n_missed = 0;

	for (size_t i = table + 1; i < end; i++) {
		const struct story_step *step = &page->story->steps[i];
		bool is_shown = page->options->is_full || (step->kind == STORY_MISS && step->miss != MISS_FAILED);

		if (step->kind == STORY_MISS && !is_shown) {
			n_missed++;
			continue;
		}
		print_skipped(page, &n_missed);
		if (step->kind == STORY_RULE)
			print_rule(page, i, end);
		else if (step->kind == STORY_MISS)
			print_miss(page, step);
		else if (step->kind == STORY_STEP)
			print_chain_step(page, &depths, step, table);
	}
	print_skipped(page, &n_missed);
	page->indent = depths.base;
	free(depths.returns);
}

void explain_table_print(struct explain_page *page, size_t table, size_t end)
{
	const struct rule_place *policy = page->story->steps[table].rule;

	if (is_silent(page, table, end)) {
		explain_page_add_line(page, STYLE_DIM, "table %s, chain %s: no rule matches, policy ACCEPT", policy->table, policy->chain);
		return;
	}
	explain_page_add_line(page, STYLE_PLAIN, "table %s, chain %s", policy->table, policy->chain);
	page->indent++;
	print_steps(page, table, end);
	page->indent--;
}
