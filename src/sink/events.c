/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `conntrack -E` would print, line by line. conntrack-tools 1.4.7. */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "sink/entry_print.h"
#include "sink/expectation_print.h"
#include "sink/time_print.h"

enum { WORD_EXTENDED = ENTRY_PRINT_EXTENDED, WORD_ID = ENTRY_PRINT_ID, WORD_TIMESTAMP = 1 << 2, WORD_EXPECT = 1 << 3, MICROSECOND_DIGITS = 6 };

struct events {
	struct text *out;
	uint32_t words;
	int64_t origin_seconds;
	uint32_t origin_ns;
};

static void *open_events(const struct sink_options *options, struct output *output)
{
	struct events *events = alloc_zeroed(1, sizeof(*events));

	events->out = &output->buffer;
	events->words = options->words;
	return events;
}

static void on_event(void *state, const struct event *event)
{
	struct events *events = state;

	if (event->kind == EVENT_RUN) {
		events->origin_seconds = event->run.origin_seconds;
		events->origin_ns = event->run.origin_ns;
		return;
	}
	if ((event->kind == EVENT_EXPECTATION) != ((events->words & WORD_EXPECT) != 0))
		return;
	if (events->words & WORD_TIMESTAMP) {
		text_append_char(events->out, '[');
		time_print_absolute(events->origin_seconds, events->origin_ns, event->time, MICROSECOND_DIGITS,
				    events->out);
		text_append(events->out, "]\t");
	}
	if (event->kind == EVENT_EXPECTATION)
		expectation_print_event(&event->expectation, event->time, events->out);
	else
		entry_print_event(&event->conntrack, event->time, events->words, events->out);
	text_append_char(events->out, '\n');
}

static void close_events(void *state)
{
	free(state);
}

static const struct sink_word words[] = {
	{ "extended", WORD_EXTENDED, 0, "the network protocol's columns in front, as -o extended prints them" },
	{ "id", WORD_ID, 0, "the entry's number at the end, as -o id prints it" },
	{ "timestamp", WORD_TIMESTAMP, 0, "the absolute time in front, as -o timestamp prints it" },
	{ "expect", WORD_EXPECT, EVENT_BIT(EVENT_EXPECTATION), "events of expectations instead, as `conntrack -E expect` prints them" },
	{ 0 },
};

const struct sink_type sink_events = {
	.name = "events",
	.summary = "conntrack events, as `conntrack -E` prints them",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_CONNTRACK),
	.words = words,
	.open = open_events,
	.on_event = on_event,
	.close = close_events,
};
