/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is listed after a packet, or at the end: the table, sets, counters of rules, and the summary. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernel/live_parts.h"
#include "kernel/sets.h"

struct row {
	struct aged_entry *aged;
	struct kernel_entry seen;	/* at this moment; what the last packet left stays as it was seen then */
};

struct listing {
	struct row *rows;
	size_t n_rows, capacity;
};

static void take_row(void *owner, const struct kernel_entry *entry)
{
	struct listing *listing = owner;

	if (listing->n_rows == listing->capacity) {
		listing->capacity = alloc_grown_capacity(listing->capacity, listing->n_rows + 1);
		listing->rows = alloc_resize(listing->rows, listing->capacity, sizeof(*listing->rows));
	}
	listing->rows[listing->n_rows++] = (struct row){ .seen = *entry };
}

/*
 * Each row finds its age, and what ends within the jiffy between a packet and the listing after it goes: it is not told any more. Behind the
 * dump: an entry that is not known yet may be asked for, and one socket has one answer at a time.
 */
static void age_rows(struct listing *listing, struct live *live, struct vtime time)
{
	size_t n_kept = 0;

	for (size_t i = 0; i < listing->n_rows; i++) {
		struct row *row = &listing->rows[i];
		bool was_armed;

		row->aged = ages_find(&live->ages, row->seen.kernel_id);
		if (!row->aged)
			row->aged = ages_note(&live->ages, &row->seen, ages_real_time(), &was_armed);
		if (!row->aged->is_known || vtime_is_before(time, row->aged->end.deadline))
			listing->rows[n_kept++] = *row;
	}
	listing->n_rows = n_kept;
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *left = a, *right = b;

	return left->aged->id < right->aged->id ? -1 : left->aged->id > right->aged->id;
}

/* "at 31 s": time moves there; "after packet 12" and "end" are read where it is. */
static bool is_at_time(const char *label)
{
	return strncmp(label, "at ", 3) == 0;
}

static bool emit_table(struct live *live, const char *label, struct vtime time, struct text *error)
{
	struct stream *stream = live->options.stream;
	struct listing listing = { .rows = NULL };
	struct event event = { .kind = EVENT_SNAPSHOT };

	if (!entries_visit(&live->entries, take_row, &listing)) {
		text_printf(error, "the conntrack table could not be listed: %s", strerror(errno));
		free(listing.rows);
		return false;
	}
	age_rows(&listing, live, time);
	if (listing.n_rows)
		qsort(listing.rows, listing.n_rows, sizeof(*listing.rows), compare_rows);
	event.snapshot = (struct event_snapshot){ .label = label, .n_entries = listing.n_rows, .n_expectations = live->expectations.n };
	if (stream_wants(stream, EVENT_SNAPSHOT))
		stream_emit(stream, &event);
	for (size_t i = 0; i < listing.n_rows && stream_wants(stream, EVENT_ENTRY); i++) {
		struct event row = { .kind = EVENT_ENTRY };

		live_tell_view(live, listing.rows[i].aged, &listing.rows[i].seen, &row.entry.entry);
		stream_emit(stream, &row);
	}
	live_expectations_refresh(&live->expectations, &live->entries, live->ages.now);
	for (size_t i = 0; i < live->expectations.n; i++)
		live_tell_waiting(live, &live->expectations.list[i]);
	free(listing.rows);
	return true;
}

static bool emit_sets(struct live *live, struct text *error)
{
	struct stream *stream = live->options.stream;
	struct text lines;
	char *rest, *end;
	bool is_ok = true;

	text_init(&lines);
	if (live->has_sets && stream_wants(stream, EVENT_SET))
		is_ok = sets_save(&lines, error);
	for (rest = lines.bytes; is_ok && rest && (end = strchr(rest, '\n')); rest = end + 1) {
		struct event event = { .kind = EVENT_SET, .set = { .line = rest } };

		*end = '\0';
		stream_emit(stream, &event);
	}
	text_clear(&lines);
	return is_ok;
}

bool live_list(struct live *live, const char *label, struct vtime time, struct text *error)
{
	struct stream *stream = live->options.stream;
	bool is_ok;

	stream->packet = 0;
	if (is_at_time(label))
		live_move(live, time);
	stream->time = time;
	is_ok = emit_table(live, label, time, error) && emit_sets(live, error);
	stream->time = live->ages.now;
	return is_ok;
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
