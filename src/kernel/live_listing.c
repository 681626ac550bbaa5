/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is listed after a packet, or at the end: the table, sets, counters of rules, and the summary. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernel/live_parts.h"
#include "kernel/sets.h"

struct listing {
	struct live *live;
	struct aged_entry **rows;
	size_t n_rows, capacity;
};

static void take_row(void *owner, const struct kernel_entry *entry)
{
	struct listing *listing = owner;
	struct aged_entry *aged = ages_find(&listing->live->ages, entry->kernel_id);
	bool was_armed;

	if (!aged)
		aged = ages_note(&listing->live->ages, entry, ages_real_time(), &was_armed);
	if (listing->n_rows == listing->capacity) {
		listing->capacity = alloc_grown_capacity(listing->capacity, listing->n_rows + 1);
		listing->rows = alloc_resize(listing->rows, listing->capacity, sizeof(struct aged_entry *));
	}
	aged->entry = *entry;
	listing->rows[listing->n_rows++] = aged;
}

static int compare_rows(const void *a, const void *b)
{
	const struct aged_entry *left = *(struct aged_entry *const *)a, *right = *(struct aged_entry *const *)b;

	return left->id < right->id ? -1 : left->id > right->id;
}

bool live_emit_table(struct live *live, const char *label, struct text *error)
{
	struct stream *stream = live->options.stream;
	struct listing listing = { .live = live };
	struct event event = { .kind = EVENT_SNAPSHOT };

	/* Whoever lists the table after a packet does so at least a tick later. */
	stream->packet = 0;
	stream->time.ns = live->ages.now.ns + VTIME_NS_PER_SECOND / live->options.hz;
	if (!entries_visit(&live->entries, take_row, &listing)) {
		text_printf(error, "the conntrack table could not be listed: %s", strerror(errno));
		free(listing.rows);
		return false;
	}
	if (listing.n_rows)
		qsort(listing.rows, listing.n_rows, sizeof(struct aged_entry *), compare_rows);
	event.snapshot = (struct event_snapshot){ .label = label, .n_entries = listing.n_rows };
	if (stream_wants(stream, EVENT_SNAPSHOT))
		stream_emit(stream, &event);
	for (size_t i = 0; i < listing.n_rows && stream_wants(stream, EVENT_ENTRY); i++) {
		struct event row = { .kind = EVENT_ENTRY };

		live_tell_view(live, listing.rows[i], &listing.rows[i]->entry, &row.entry.entry);
		stream_emit(stream, &row);
	}
	entries_visit_expectations(&live->entries, live_expectations_refresh, &live->expectations);
	for (size_t i = 0; i < live->expectations.n; i++)
		live_tell_waiting(live, &live->expectations.list[i]);
	stream->time = live->ages.now;
	free(listing.rows);
	return true;
}

bool live_read_counters(struct live *live, struct tables_counters *counters, struct text *error)
{
	memset(counters, 0, sizeof(*counters));
	for (size_t i = 0; i < live->n_tables; i++)
		if (!tables_read_counters(counters, live->options.backend, live->tables[i].family, live->tables[i].name,
					  error))
			return false;
	return true;
}

void live_emit_summary(struct live *live, uint64_t n_backwards)
{
	struct event event = { .kind = EVENT_SUMMARY };

	live->summary.n_backwards = n_backwards;
	live->summary.n_created = live->ages.n_created;
	live->summary.n_live = live->ages.n_live;
	event.summary = live->summary;
	live->options.stream->packet = 0;
	stream_emit(live->options.stream, &event);
}

bool live_emit_sets(struct live *live, struct text *error)
{
	struct stream *stream = live->options.stream;
	struct text lines;
	char *rest, *end;
	bool is_ok = true;

	text_init(&lines);
	if (live->has_sets && stream_wants(stream, EVENT_SET))
		is_ok = sets_save(&lines, error);
	stream->packet = 0;
	for (rest = lines.bytes; is_ok && rest && (end = strchr(rest, '\n')); rest = end + 1) {
		struct event event = { .kind = EVENT_SET, .set = { .line = rest } };

		*end = '\0';
		stream_emit(stream, &event);
	}
	text_clear(&lines);
	return is_ok;
}
