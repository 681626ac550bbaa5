/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots of the connection tracking table, as /proc/net/nf_conntrack shows them. */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "packet/address.h"
#include "sink/entry_print.h"
#include "sink/expectation_print.h"
#include "sink/listing.h"

enum { WORD_LEGACY = 1 << 0, WORD_EXPECT = 1 << 1 };

struct table {
	struct text *out;
	bool is_legacy, is_of_expectations;
	struct listing listing;
};

static void *open_table(const struct sink_options *options, struct output *output)
{
	struct table *table = alloc_zeroed(1, sizeof(*table));

	table->out = &output->buffer;
	table->is_legacy = (options->words & WORD_LEGACY) != 0;
	table->is_of_expectations = (options->words & WORD_EXPECT) != 0;
	return table;
}

static void on_event(void *state, const struct event *event)
{
	struct table *table = state;

	if (event->kind == EVENT_SNAPSHOT) {
		listing_begin(&table->listing, &event->snapshot, table->out);
		return;
	}
	if ((event->kind == EVENT_EXPECTATION_ENTRY) != table->is_of_expectations)
		return;
	if (event->kind == EVENT_EXPECTATION_ENTRY)
		expectation_print_proc(&event->expectation_entry.expectation, event->time, table->out);
	else if (!table->is_legacy || event->entry.entry.tuple[0].family == FAMILY_IPV4)
		entry_print_proc(&event->entry.entry, event->time, table->is_legacy, table->out);
	else
		return;
	text_append_char(table->out, '\n');
}

static void close_table(void *state)
{
	free(state);
}

static const struct sink_word words[] = {
	{ "legacy", WORD_LEGACY, 0, "as /proc/net/ip_conntrack: IPv4 alone, without the network protocol's columns" },
	{ "expect", WORD_EXPECT, EVENT_BIT(EVENT_EXPECTATION_ENTRY), "the expectations instead, as /proc/net/nf_conntrack_expect shows them" },
	{ 0 },
};

const struct sink_type sink_table = {
	.name = "table",
	.summary = "snapshots of the table, as /proc/net/nf_conntrack shows it",
	.kinds = EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY),
	.words = words,
	.open = open_table,
	.on_event = on_event,
	.close = close_table,
};
