/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The view of `explain`: for each packet its whole way, from the lookup of its entry to the rule that decided. What is
 * told on the way is kept until the packet's journey is over.
 */
#include <stdlib.h>

#include "base/alloc.h"
#include "sink/explain_json.h"
#include "sink/explain_story.h"
#include "sink/explain_text.h"
#include "sink/sink.h"
#include "sink/text_layout.h"

enum { WORD_FULL = 1 << 0, WORD_JSON = 1 << 1, WORD_WHY_NOT = 1 << 2, WORD_BRIEF = 1 << 3 };

struct explain {
	struct text_layout layout;
	struct story story;
	struct text *out;
	uint32_t words;
	const char *why_not;
	bool has_begun;		/* something was written */
};

static void *open_explain(const struct sink_options *options, struct output *output)
{
	struct explain *explain = alloc_zeroed(1, sizeof(*explain));

	text_layout_init(&explain->layout, &output->buffer, true);
	explain->layout.has_color = options->color;
	story_init(&explain->story);
	explain->out = &output->buffer;
	explain->words = options->words;
	if (options->words & WORD_WHY_NOT)
		explain->why_not = options->why_not ? options->why_not : verdict_name(VERDICT_ACCEPT);
	return explain;
}

/* What was taken for the host decides the path of every packet. */
static void write_run(struct explain *explain, const struct event_run *run)
{
	if (explain->words & WORD_JSON || !run->host || !*run->host)
		return;
	text_layout_add_line(&explain->layout, STYLE_DIM, run->host);
	if (run->captured_on) {
		struct text line;

		text_init(&line);
		text_printf(&line, "captured on %s", run->captured_on);
		text_layout_add_line(&explain->layout, STYLE_DIM, text_string(&line));
		text_clear(&line);
	}
	explain->has_begun = true;
}

static void write_packet(struct explain *explain, const struct event *event)
{
	struct explain_text text = {
		.layout = &explain->layout,
		.is_full = (explain->words & WORD_FULL) != 0,
		.why_not = explain->why_not,
		.is_brief = (explain->words & WORD_BRIEF) != 0,
	};

	if (explain->words & WORD_JSON) {
		explain_json_print(&explain->story, event, explain->why_not, explain->out);
	} else {
		if (explain->has_begun)
			text_layout_add_line(&explain->layout, STYLE_PLAIN, "");
		explain->has_begun = true;
		explain_text_print(&text, &explain->story, event);
	}
	story_reset(&explain->story);
}

static void on_event(void *state, const struct event *event)
{
	struct explain *explain = state;

	if (event->kind == EVENT_RUN)
		write_run(explain, &event->run);
	else if (event->kind == EVENT_PACKET)
		write_packet(explain, event);
	else
		story_add(&explain->story, event);
}

static void close_explain(void *state)
{
	struct explain *explain = state;

	text_layout_clear(&explain->layout);
	story_clear(&explain->story);
	free(explain);
}

static const struct sink_word words[] = {
	{ "full", WORD_FULL, 0, "every rule that was tried, and the window check's numbers" },
	{ "json", WORD_JSON, 0, "one JSON object a packet" },
	{ "why-not", WORD_WHY_NOT, EVENT_BIT(EVENT_PROBE), "which rules would have accepted it, and what kept them" },
	{ "brief", WORD_BRIEF, 0, "of why-not the three nearest rules" },
	{ 0 },
};

const struct sink_type sink_explain = {
	.name = "explain",
	.summary = "the view of `explain`: each packet's way, rule by rule, and why",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_HOOK) | EVENT_BIT(EVENT_RULE) | EVENT_BIT(EVENT_LOG) | EVENT_BIT(EVENT_REPLY) |
		 EVENT_BIT(EVENT_PACKET) | EVENT_PACKET_PHANTOM | EVENT_BIT(EVENT_LOOKUP) | EVENT_BIT(EVENT_MISS) | EVENT_BIT(EVENT_STEP) |
		 EVENT_BIT(EVENT_BINDING) | EVENT_BIT(EVENT_ROUTE) |
		 EVENT_BIT(EVENT_CONNTRACK) | EVENT_BIT(EVENT_EXPECTATION),
	.hidden_kinds = EVENT_BIT(EVENT_CONNTRACK),
	.words = words,
	.open = open_explain,
	.on_event = on_event,
	.close = close_explain,
};
