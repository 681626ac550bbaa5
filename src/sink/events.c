/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What `conntrack -E` would print, line by line. conntrack-tools 1.4.7. */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "sink/conntrack_words.h"
#include "sink/entry_print.h"
#include "sink/entry_save.h"
#include "sink/entry_xml.h"
#include "sink/expectation_print.h"
#include "sink/time_print.h"

enum { MICROSECOND_DIGITS = 6 };

struct events {
	struct text *out;
	uint32_t words, flags;
	struct entry_clock clock;
};

static void *open_events(const struct sink_options *options, struct output *output)
{
	struct events *events = alloc_zeroed(1, sizeof(*events));

	events->out = &output->buffer;
	events->words = options->words;
	events->flags = options->words | (options->words & CONNTRACK_WORD_TIMESTAMP ? ENTRY_PRINT_WHEN : 0);
	if (events->words & CONNTRACK_WORD_XML)
		text_append(events->out, entry_xml_head);
	return events;
}

static void print_line(const struct events *events, const struct event *event)
{
	if (events->words & CONNTRACK_WORD_TIMESTAMP) {
		text_append_char(events->out, '[');
		time_print_absolute(events->clock.origin_seconds, events->clock.origin_ns, events->clock.now,
				    MICROSECOND_DIGITS, events->out);
		text_append(events->out, "]\t");
	}
	if (event->kind == EVENT_EXPECTATION)
		expectation_print_event(&event->expectation, events->clock.now, events->out);
	else
		entry_print_event(&event->conntrack, &events->clock, events->flags, events->out);
}

static void on_event(void *state, const struct event *event)
{
	struct events *events = state;

	events->clock.now = event->time;
	if (event->kind == EVENT_RUN) {
		conntrack_words_keep_origin(&events->clock, &event->run);
		return;
	}
	if ((event->kind == EVENT_EXPECTATION) != ((events->words & CONNTRACK_WORD_EXPECT) != 0))
		return;
	if (events->words & CONNTRACK_WORD_SAVE)
		entry_save_print_event(&event->conntrack, event->time, events->out);
	else if (events->words & CONNTRACK_WORD_XML)
		entry_xml_print_event(&event->conntrack, &events->clock, events->flags, events->out);
	else
		print_line(events, event);
	text_append_char(events->out, '\n');
}

static void close_events(void *state)
{
	struct events *events = state;

	if (events->words & CONNTRACK_WORD_XML)
		text_append(events->out, entry_xml_tail);
	free(events);
}

static const struct sink_word words[] = {
	CONNTRACK_COMMON_WORDS,
	{ "timestamp", CONNTRACK_WORD_TIMESTAMP, 0, "the absolute time in front, as -o timestamp prints it" },
	{ "expect", CONNTRACK_WORD_EXPECT, EVENT_BIT(EVENT_EXPECTATION),
	  "events of expectations instead, as `conntrack -E expect` prints them" },
	{ 0 },
};

const struct sink_type sink_events = {
	.name = "events",
	.summary = "conntrack events, as `conntrack -E` prints them",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_CONNTRACK),
	.words = words,
	.refuse = conntrack_words_refuse,
	.open = open_events,
	.on_event = on_event,
	.close = close_events,
};
