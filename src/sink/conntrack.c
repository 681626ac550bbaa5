/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots of the connection tracking table, as `conntrack -L` prints them. conntrack-tools 1.4.7. */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "sink/conntrack_words.h"
#include "sink/entry_print.h"
#include "sink/entry_save.h"
#include "sink/entry_xml.h"
#include "sink/expectation_print.h"
#include "sink/listing.h"

struct conntrack_listing {
	struct text *out;
	uint32_t words;
	struct listing listing;
	struct entry_clock clock;
};

static void *open_listing(const struct sink_options *options, struct output *output)
{
	struct conntrack_listing *conntrack = alloc_zeroed(1, sizeof(*conntrack));

	conntrack->out = &output->buffer;
	conntrack->words = options->words;
	conntrack->listing.is_xml = (options->words & CONNTRACK_WORD_XML) != 0;
	if (conntrack->listing.is_xml)
		text_append(conntrack->out, entry_xml_head);
	return conntrack;
}

static void print_entry(const struct conntrack_listing *conntrack, const struct entry_view *entry)
{
	if (conntrack->words & CONNTRACK_WORD_EXPECT)
		return;
	if (conntrack->words & CONNTRACK_WORD_SAVE)
		entry_save_print_list(entry, conntrack->clock.now, conntrack->out);
	else if (conntrack->words & CONNTRACK_WORD_XML)
		entry_xml_print_list(entry, &conntrack->clock, conntrack->words, conntrack->out);
	else
		entry_print_list(entry, &conntrack->clock, conntrack->words, conntrack->out);
	text_append_char(conntrack->out, '\n');
}

static void print_expectation(const struct conntrack_listing *conntrack, const struct expectation_view *expectation)
{
	expectation_print_list(expectation, conntrack->clock.now, conntrack->out);
	text_append_char(conntrack->out, '\n');
}

static void on_event(void *state, const struct event *event)
{
	struct conntrack_listing *conntrack = state;

	conntrack->clock.now = event->time;
	if (event->kind == EVENT_RUN)
		conntrack_words_keep_origin(&conntrack->clock, &event->run);
	else if (event->kind == EVENT_SNAPSHOT)
		listing_begin(&conntrack->listing, &event->snapshot, conntrack->out);
	else if (event->kind == EVENT_ENTRY)
		print_entry(conntrack, &event->entry.entry);
	else
		print_expectation(conntrack, &event->expectation_entry.expectation);
}

static void close_listing(void *state)
{
	struct conntrack_listing *conntrack = state;

	if (conntrack->listing.is_xml)
		text_append(conntrack->out, entry_xml_tail);
	free(conntrack);
}

static const struct sink_word words[] = {
	CONNTRACK_COMMON_WORDS,
	{ "timestamp", CONNTRACK_WORD_TIMESTAMP, 0, "accepted as by the tool; it changes nothing in a listing" },
	{ "expect", CONNTRACK_WORD_EXPECT, EVENT_BIT(EVENT_EXPECTATION_ENTRY),
	  "the expectations instead, as `conntrack -L expect` prints them" },
	{ 0 },
};

const struct sink_type sink_conntrack = {
	.name = "conntrack",
	.summary = "snapshots of the table, as `conntrack -L` prints it",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY),
	.words = words,
	.refuse = conntrack_words_refuse,
	.open = open_listing,
	.on_event = on_event,
	.close = close_listing,
};
