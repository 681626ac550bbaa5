/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Snapshots of the connection tracking table, as /proc/net/nf_conntrack shows them. */
#include "sink/sink.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "packet/address.h"
#include "sink/entry_print.h"
#include "sink/listing.h"

enum { WORD_LEGACY = 1 << 0 };

struct table {
	struct text *out;
	bool is_legacy;
	struct listing listing;
};

static void *open_table(const struct sink_options *options, struct output *output)
{
	struct table *table = alloc_zeroed(1, sizeof(*table));

	table->out = &output->buffer;
	table->is_legacy = (options->words & WORD_LEGACY) != 0;
	return table;
}

static void on_event(void *state, const struct event *event)
{
	struct table *table = state;
	const struct entry_view *entry = &event->entry.entry;

	if (event->kind == EVENT_SNAPSHOT) {
		listing_begin(&table->listing, &event->snapshot, table->out);
		return;
	}
	if (table->is_legacy && entry->tuple[0].family != FAMILY_IPV4)
		return;
	entry_print_proc(entry, event->time, table->is_legacy, table->out);
	text_append_char(table->out, '\n');
}

static void close_table(void *state)
{
	free(state);
}

static const struct sink_word words[] = {
	{ "legacy", WORD_LEGACY, 0, "as /proc/net/ip_conntrack: IPv4 alone, without the network protocol's columns" },
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
