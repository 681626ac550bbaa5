/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The answer to --why-not, for people. */
#include <stdlib.h>

#include "sink/explain_page.h"
#include "sink/explain_why.h"
#include "sink/explain_words.h"

enum { MOST_IN_BRIEF = 3, MOST_CANDIDATES = 10 };

/* "the policy of filter INPUT (rules:5)", or "a rule" where it is not known. */
static void append_rule(struct text *out, const struct rule_place *rule)
{
	if (rule)
		explain_words_print_rule(rule, out);
	else
		text_append(out, "a rule");
}

static void append_obstacle(struct explain_page *page, const struct explain_candidate *candidate)
{
	struct text *line = &page->line;

	switch (candidate->obstacle) {
	case OBSTACLE_CONDITION:
		text_append(line, candidate->words);
		explain_page_append_more(page, candidate->n_failed);
		return;
	case OBSTACLE_PASSED:
		text_append(line, "it would match, but ");
		break;
	case OBSTACLE_BOTH:
		text_printf(line, "%s; and ", candidate->words);
		break;
	case OBSTACLE_DEPENDS:
		text_printf(line, "depends on %s; but ", candidate->words);
		break;
	case OBSTACLE_CHAIN:
		text_printf(line, "chain %s is not entered because of ", candidate->rule->chain);
		append_rule(line, candidate->by);
		text_printf(line, ": %s", candidate->words && *candidate->words ? candidate->words : "not reached");
		return;
	}
	append_rule(line, candidate->by);
	text_append(line, candidate->how == STEP_GOTO ? " had sent the packet to another chain for good" :
		    candidate->how == STEP_RETURN ? " had ended the chain before" : " decided before");
}

static void print_candidate(struct explain_page *page, const struct explain_candidate *candidate)
{
	explain_words_print_rule(candidate->rule, &page->line);
	text_append(&page->line, ": ");
	append_obstacle(page, candidate);
	explain_page_end_line(page, STYLE_PLAIN);
	explain_page_add_written(page, candidate->rule);
}

void explain_why_print(struct explain_page *page)
{
	const char *asked = page->options->why_not;
	struct explain_candidate *candidates;
	size_t n, most = page->options->is_brief ? MOST_IN_BRIEF : MOST_CANDIDATES;

	if (page->journey->verdict == VERDICT_NONE)
		return;
	if (explain_why_is_so(page->journey, asked)) {
		explain_page_add_line(page, STYLE_PLAIN, "why not %s: it is %s", asked, verdict_name(page->journey->verdict));
		return;
	}
	if (!page->journey->decided_by && page->journey->verdict != VERDICT_ACCEPT) {
		explain_page_add_line(page, STYLE_PLAIN, "why not %s: no rule could change it: %s", asked,
			 page->journey->reason ? page->journey->reason : "it was lost outside the rules");
		return;
	}
	candidates = explain_why_find(page->story, page->journey, asked, &n);
	explain_page_add_line(page, STYLE_BOLD,
			      n ? "why not %s? these rules would have, nearest first:" : "why not %s: no rule says so", asked);
	page->indent++;
	for (size_t i = 0; i < n && (i < most || page->options->is_full); i++)
		print_candidate(page, &candidates[i]);
	if (n > most && !page->options->is_full)
		explain_page_add_line(page, STYLE_DIM, page->options->is_brief ? "and %zu more; ctreplay explain --why-not shows them"
									      : "and %zu more; -v shows all", n - most);
	page->indent--;
	free(candidates);
}
