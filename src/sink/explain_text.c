/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/explain_text.h"

#include <string.h>

#include "packet/summary.h"
#include "sink/explain_page.h"
#include "sink/explain_words.h"
#include "sink/packet_words.h"
#include "sink/time_print.h"

enum { MICROSECOND_DIGITS = 6 };

static void print_fragments(struct explain_page *page)
{
	if (!page->journey->n_fragments)
		return;
	text_append(&page->line, "put together from the fragments in packets");
	for (size_t i = 0; i < page->journey->n_fragments; i++) {
		text_append(&page->line, i ? ", " : " ");
		text_append_u64(&page->line, page->journey->fragments[i]);
	}
	explain_page_end_line(page, STYLE_PLAIN);
}

/* Where it was captured, and what it answers, as far as that changes what is done with it. */
static void print_sighting(struct explain_page *page)
{
	const struct event_packet *journey = page->journey;

	if (journey->is_turned_back) {
		packet_words_print_arrival(journey, &page->line);
		explain_page_end_line(page, STYLE_DIM);
	}
	if (journey->difference) {
		text_printf(&page->line, "prediction differs: %s", journey->difference);
		explain_page_end_line(page, STYLE_RED);
	}
	if (journey->phantom_of) {
		packet_words_print_phantom(journey, &page->line);
		explain_page_end_line(page, STYLE_YELLOW);
	}
}

static void print_unjudged(struct explain_page *page)
{
	const struct event_packet *journey = page->journey;
	bool is_copy = journey->sighting == SIGHTED_LEAVING || journey->sighting == SIGHTED_AGAIN;

	text_append(&page->line, is_copy ? "not judged again: " : "not judged: ");
	if (sighting_is_passed_over(journey->sighting) || journey->is_left_out)
		packet_words_print_copy(journey, &page->line);
	else
		text_append(&page->line, journey->reason ? journey->reason : "netfilter looks at IP alone");
	explain_page_end_line(page, STYLE_DIM);
}

/* "packet 3 at 12.000000 s: UDP ..." and the verdict with who decided. */
static void print_head(struct explain_page *page)
{
	const struct event_packet *journey = page->journey;
	struct text *line = &page->line;

	text_append(line, "packet ");
	text_append_u64(line, page->event->packet);
	text_append(line, " at ");
	time_print(page->event->time, MICROSECOND_DIGITS, line);
	text_append(line, " s: ");
	summary_print(journey->packet, line);
	explain_page_end_line(page, STYLE_BOLD);
	print_sighting(page);
	if (journey->verdict == VERDICT_NONE) {
		print_unjudged(page);
		return;
	}
	print_fragments(page);
	text_append(line, verdict_name(journey->verdict));
	if (journey->reason)
		text_printf(line, ": %s", journey->reason);
	if (journey->decided_by) {
		text_append(line, journey->reason ? ", by " : " by ");
		explain_words_print_rule(journey->decided_by, line);
	} else if (!journey->reason) {
		text_append(line, ": no rule decided");
	}
	explain_page_end_line(page, explain_page_verdict_style(journey->verdict));
	if (journey->unsimulated) {
		text_append(line, "this may be otherwise: not simulated: ");
		explain_words_print_rule(journey->unsimulated, line);
		explain_page_end_line(page, STYLE_YELLOW);
	}
}

static const char *hook_words(const struct story_step *step)
{
	switch (step->hook) {
	case HOOK_INPUT: return "it is for this host";
	case HOOK_FORWARD: return "it is for somebody else";
	case HOOK_OUTPUT: return "this host sends it";
	case HOOK_POSTROUTING: return "it leaves";
	default: return "it comes in";
	}
}

static void print_hook(struct explain_page *page, const struct story_step *step)
{
	text_printf(&page->line, "%s: %s", hook_name(step->hook), hook_words(step));
	if (*step->in && step->hook != HOOK_INPUT)
		text_printf(&page->line, "%s %s", step->hook == HOOK_PREROUTING ? " by" : ", in by", step->in);
	if (*step->out)
		text_printf(&page->line, "%s %s", step->hook == HOOK_FORWARD ? ", out by" : " by", step->out);
	explain_page_end_line(page, STYLE_BOLD);
}

static void print_bounds(struct explain_page *page, const struct event_lookup *lookup)
{
	struct explain_bound bounds[EXPLAIN_MOST_BOUNDS];
	size_t n = explain_words_bounds(&lookup->bounds, bounds);
	const char *label = "window";

	if (!n || lookup->is_new || !(page->options->is_full || explain_words_is_decided_by_bounds(lookup)))
		return;
	for (size_t i = 0; i < n; i++) {
		if (bounds[i].holds && !page->options->is_full)
			continue;
		explain_words_print_bound(&bounds[i], explain_page_begin_item(page, label));
		explain_page_end_line(page, bounds[i].holds ? STYLE_DIM : STYLE_YELLOW);
		label = "";
	}
	if (lookup->bounds.is_liberal) {
		text_append(explain_page_begin_item(page, ""),
			    "let through all the same: picked up in the middle, or tcp_be_liberal is set");
		explain_page_end_line(page, STYLE_DIM);
	}
}

/* The state machine: what it was, what it became, and why. */
static void print_state(struct explain_page *page, const struct event_lookup *lookup)
{
	const char *from = strstr(lookup->cell, " in "), *to = lookup->after.id ? lookup->after.state : NULL;
	struct text *line;

	if (lookup->ctstate == CTSTATE_INVALID) {
		line = explain_page_begin_item(page, "INVALID");
		if (lookup->reason.words)
			complaint_print(&lookup->reason, line);
		else
			text_append(line, "no reason is known");
		if (lookup->sentence)
			text_printf(line, ": %s", lookup->sentence);
		if (*lookup->cell)
			text_printf(line, "  [%s]", lookup->cell);
		explain_page_end_line(page, STYLE_RED);
		return;
	}
	if (!*lookup->cell && !lookup->reason.words)
		return;
	line = explain_page_begin_item(page, "state");
	if (from && to && strcmp(from + 4, to) != 0)
		text_printf(line, "%s -> %s", from + 4, to);
	else if (from)
		text_printf(line, "%s%s", from + 4, lookup->is_reopened ? " ends" : " stays");
	if (from && lookup->reason.words)
		text_append(line, ": ");
	complaint_print(&lookup->reason, line);
	if (*lookup->cell)
		text_printf(line, "  [%s]", lookup->cell);
	explain_page_end_line(page, STYLE_PLAIN);
}

/* Why there is nothing: the entry of this flow has ended. */
static void print_ended(struct explain_page *page, const struct event_lookup *lookup)
{
	const struct story_ended *ended = story_find_ended(page->story, &lookup->tuple);
	struct text *line;

	if (!ended || lookup->result != LOOKUP_NOTHING || (!ended->expired && ended->time.ns == page->event->time.ns))
		return;
	line = explain_page_begin_item(page, "");
	text_append(line, "entry #");
	text_append_u64(line, ended->id);
	text_append(line, ended->expired ? " of this flow expired at " : " of this flow was removed at ");
	time_print(ended->time, MICROSECOND_DIGITS, line);
	text_append(line, " s, ");
	time_print((struct vtime){ .ns = page->event->time.ns - ended->time.ns }, MICROSECOND_DIGITS, line);
	text_append(line, " s ago");
	if (ended->expired)
		text_printf(line, ", after %u s without a packet", ended->timeout_seconds);
	explain_page_end_line(page, STYLE_YELLOW);
}

static void print_lookup(struct explain_page *page, const struct event_lookup *lookup)
{
	explain_page_add_line(page, STYLE_PLAIN, "connection tracking");
	page->indent++;
	if (lookup->tuple.family) {
		explain_words_print_flow(&lookup->tuple, explain_page_begin_item(page, "looks for"));
		if (lookup->is_quoted)
			text_append(&page->line, ", which would answer the packet that the error quotes");
		explain_page_end_line(page, STYLE_PLAIN);
	}
	explain_words_print_finding(lookup, explain_page_begin_item(page, "finds"));
	explain_page_end_line(page, STYLE_PLAIN);
	print_ended(page, lookup);
	print_state(page, lookup);
	print_bounds(page, lookup);
	page->indent--;
}

/* NOTRACK leaves no lookup that could be told. */
static void print_untracked(struct explain_page *page)
{
	if (page->is_untracked_told || page->journey->ctstate != CTSTATE_UNTRACKED || story_lookup(page->story))
		return;
	page->is_untracked_told = true;
	explain_page_add_line(page, STYLE_PLAIN, "connection tracking: skipped, as table raw wanted: UNTRACKED");
}

static void print_reply(struct explain_page *page, const struct story_step *step)
{
	text_append(&page->line, "the host answers: ");
	text_append(&page->line, step->words ? step->words : "");
	if (step->verdict != VERDICT_NONE && (step->verdict != VERDICT_ACCEPT || step->rule)) {
		text_printf(&page->line, ": %s", verdict_name(step->verdict));
		if (step->rule) {
			text_append(&page->line, " by ");
			explain_words_print_rule(step->rule, &page->line);
		}
	}
	explain_page_end_line(page, explain_page_verdict_style(step->verdict));
}

static void print_route(struct explain_page *page, const struct story_step *step)
{
	text_append(explain_page_begin_item(page, "route"), step->words);
	explain_page_end_line(page, STYLE_PLAIN);
}

static void print_helper(struct explain_page *page, const struct story_step *step)
{
	text_append(&page->line, "helper: ");
	text_append(&page->line, step->words);
	explain_page_end_line(page, STYLE_PLAIN);
}

/* The steps of one depth; those of answers, which are deeper, follow their answer with -v. */
static void print_way(struct explain_page *page)
{
	const struct story *story = page->story;
	unsigned base = page->indent;

	for (size_t i = 0; i < story->n_steps; i++) {
		const struct story_step *step = &story->steps[i];
		size_t end;

		if (step->depth && !page->options->is_full)
			continue;
		page->indent = base + 2 * step->depth + (step->kind != STORY_HOOK);
		if (step->kind == STORY_HOOK)
			print_hook(page, step);
		else if (step->kind == STORY_LOOKUP)
			print_lookup(page, step->lookup);
		else if (step->kind == STORY_BINDING)
			explain_binding_print(page, step->binding);
		else if (step->kind == STORY_ROUTE)
			print_route(page, step);
		else if (step->kind == STORY_EXPECTATION)
			print_helper(page, step);
		else if (step->kind == STORY_REPLY)
			print_reply(page, step);
		else if (step->kind == STORY_STEP && step->step == STEP_TABLE) {
			end = story_end_of_table(story, i);
			explain_table_print(page, i, end);
			if (step->depth == 0 && strcmp(step->rule->table, "raw") == 0)
				print_untracked(page);
			i = end - 1;
		}
	}
	page->indent = base;
}

void explain_text_print(const struct explain_text *text, const struct story *story, const struct event *event)
{
	struct explain_page page = { .options = text, .story = story, .event = event, .journey = &event->journey };

	text_init(&page.line);
	print_head(&page);
	page.indent = 1;
	print_way(&page);
	explain_entry_print(&page);
	if (text->why_not)
		explain_why_print(&page);
	text_clear(&page.line);
}
