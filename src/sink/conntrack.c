/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots of the connection tracking table, as `conntrack -L` prints them. conntrack-tools 1.4.7. */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "sink/entry_print.h"
#include "sink/expectation_print.h"
#include "sink/listing.h"

enum { WORD_EXPECT = 1 << 2 };

struct conntrack_listing {
	struct text *out;
	uint32_t words;		/* enum entry_print_flag, WORD_EXPECT */
	struct listing listing;
};

static void *open_listing(const struct sink_options *options, struct output *output)
{
	struct conntrack_listing *conntrack = alloc_zeroed(1, sizeof(*conntrack));

	conntrack->out = &output->buffer;
	conntrack->words = options->words;
	return conntrack;
}

static void on_event(void *state, const struct event *event)
{
	struct conntrack_listing *conntrack = state;

	if (event->kind == EVENT_SNAPSHOT) {
		listing_begin(&conntrack->listing, &event->snapshot, conntrack->out);
		return;
	}
	if ((event->kind == EVENT_EXPECTATION_ENTRY) != ((conntrack->words & WORD_EXPECT) != 0))
		return;
	if (event->kind == EVENT_EXPECTATION_ENTRY)
		expectation_print_list(&event->expectation_entry.expectation, event->time, conntrack->out);
	else
		entry_print_list(&event->entry.entry, event->time, conntrack->words, conntrack->out);
	text_append_char(conntrack->out, '\n');
}

static void close_listing(void *state)
{
	free(state);
}

static const struct sink_word words[] = {
	{ "extended", ENTRY_PRINT_EXTENDED, 0, "the network protocol's columns in front, as -o extended prints them" },
	{ "id", ENTRY_PRINT_ID, 0, "the entry's number at the end, as -o id prints it" },
	{ "expect", WORD_EXPECT, EVENT_BIT(EVENT_EXPECTATION_ENTRY), "the expectations instead, as `conntrack -L expect` prints them" },
	{ 0 },
};

const struct sink_type sink_conntrack = {
	.name = "conntrack",
	.summary = "snapshots of the table, as `conntrack -L` prints it",
	.kinds = EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY),
	.words = words,
	.open = open_listing,
	.on_event = on_event,
	.close = close_listing,
};
