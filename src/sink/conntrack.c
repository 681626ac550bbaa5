/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots of the connection tracking table, as `conntrack -L` prints them. conntrack-tools 1.4.7. */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "sink/entry_print.h"
#include "sink/listing.h"

struct conntrack_listing {
	struct text *out;
	uint32_t words;		/* enum entry_print_flag */
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
