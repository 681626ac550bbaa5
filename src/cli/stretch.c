/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/stretch.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void stretch_init(struct stretch *stretch, const struct rule_list *rules)
{
	memset(stretch, 0, sizeof(*stretch));
	stretch->rules = rules;
	stretch->counts = alloc_zeroed(rules->n_lines + 1, sizeof(*stretch->counts));
	arena_init(&stretch->arena);
	stretch->moments = alloc_one_more(NULL, 0, &stretch->moments_capacity, sizeof(*stretch->moments));
	stretch->n_moments = 1;
}

void stretch_clear(struct stretch *stretch)
{
	free(stretch->counts);
	free(stretch->packets);
	free(stretch->entries);
	free(stretch->moments);
	arena_clear(&stretch->arena);
	memset(stretch, 0, sizeof(*stretch));
}

static struct stretch_entry *find_entry(const struct stretch *stretch, uint64_t id)
{
	size_t low = 0, high = stretch->n_entries;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (stretch->entries[middle].id < id)
			low = middle + 1;
		else
			high = middle;
	}
	return low < stretch->n_entries && stretch->entries[low].id == id ? &stretch->entries[low] : NULL;
}

static void add_entry(struct stretch *stretch, uint64_t id)
{
	size_t place;

	stretch->entries = alloc_one_more(stretch->entries, stretch->n_entries, &stretch->entries_capacity, sizeof(*stretch->entries));
	/* Ids count creations, entries come in order of confirmation: nearly always the same. */
	place = stretch->n_entries++;
	for (; place > 0 && stretch->entries[place - 1].id > id; place--)
		stretch->entries[place] = stretch->entries[place - 1];
	stretch->entries[place] = (struct stretch_entry){ .id = id };
}

static struct stretch_moment *append_moment(struct stretch *stretch, struct stretch_entry *entry)
{
	if (entry->last)
		stretch->moments[entry->last].next = stretch->n_moments;
	else
		entry->first = stretch->n_moments;
	entry->last = stretch->n_moments;
	stretch->moments = alloc_one_more(stretch->moments, stretch->n_moments, &stretch->moments_capacity, sizeof(*stretch->moments));
	return &stretch->moments[stretch->n_moments++];
}

/* The entry is what `view` says from now on; of one packet the last word counts. */
static void add_moment(struct stretch *stretch, int64_t time_ns, uint64_t packet, const struct ctreplay_entry *view)
{
	struct stretch_entry *entry = find_entry(stretch, view->id);
	struct stretch_moment *moment;

	if (!entry)
		return;
	entry->original = view->original;
	entry->reply = view->reply;
	entry->status = view->status;
	moment = &stretch->moments[entry->last];
	if (!entry->last || !packet || moment->packet != packet)
		moment = append_moment(stretch, entry);
	moment->time_ns = time_ns;
	moment->ends_ns = view->ends_ns;
	moment->state = view->state;
	moment->status = view->status;
	moment->packet = packet;
}

static void add_event(struct stretch *stretch, const struct ctreplay_event *event)
{
	struct stretch_entry *entry;

	if (event->kind == CTREPLAY_EVENT_NEW)
		add_entry(stretch, event->entry.id);
	if (event->kind != CTREPLAY_EVENT_DESTROY) {
		add_moment(stretch, event->time_ns, event->packet, &event->entry);
		return;
	}
	entry = find_entry(stretch, event->entry.id);
	if (entry) {
		entry->end_ns = event->time_ns;
		entry->is_over = true;
	}
}

void stretch_add_events(struct stretch *stretch, const struct ctreplay_event *events, size_t n_events)
{
	for (size_t i = 0; i < n_events; i++)
		add_event(stretch, &events[i]);
}

/* The lines of the rules that the packet matched, in the arena. */
static void find_matched(struct stretch *stretch, const struct ctreplay_packet *packet, struct stretch_packet *kept)
{
	uint32_t *matched;

	if (!packet->n_matched)
		return;
	matched = arena_alloc(&stretch->arena, packet->n_matched * sizeof(*matched));
	for (size_t i = 0; i < packet->n_matched; i++) {
		long line = rule_list_find(stretch->rules, &packet->matched[i]);

		if (line != RULE_LIST_NONE)
			matched[kept->n_matched++] = (uint32_t)line;
	}
	kept->matched = matched;
}

static void keep_packet(struct stretch *stretch, const struct ctreplay_packet *packet, const char *words)
{
	const char *reason = packet->reason ? packet->reason : packet->invalid_reason;
	struct stretch_packet *kept;

	stretch->packets = alloc_one_more(stretch->packets, stretch->n_packets, &stretch->packets_capacity, sizeof(*stretch->packets));
	kept = &stretch->packets[stretch->n_packets++];
	*kept = (struct stretch_packet){
		.number = packet->number, .time_ns = packet->time_ns, .words = arena_copy_string(&stretch->arena, words),
		.reason = reason ? arena_copy_string(&stretch->arena, reason) : NULL, .verdict = packet->verdict, .ctstate = packet->ctstate,
		.change = packet->change, .decided_by = rule_list_find(stretch->rules, packet->decided_by),
	};
	find_matched(stretch, packet, kept);
	if (!packet->entry)
		return;
	kept->entry = packet->entry->id;
	kept->state = packet->entry->state;
	kept->status = packet->entry->status;
}

/* Is it among the first `n` that the packet matched, too? */
static bool is_among(const struct ctreplay_rule *rule, const struct ctreplay_packet *packet, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (packet->matched[i].number == rule->number && strcmp(packet->matched[i].chain, rule->chain) == 0 &&
		    strcmp(packet->matched[i].table, rule->table) == 0)
			return true;
	return false;
}

static void count(struct stretch *stretch, const struct ctreplay_rule *rule)
{
	long line = rule_list_find(stretch->rules, rule);

	if (line != RULE_LIST_NONE)
		stretch->counts[line]++;
}

/* A rule that a packet met twice counts once. */
static void count_packet(struct stretch *stretch, const struct ctreplay_packet *packet)
{
	for (size_t i = 0; i < packet->n_matched; i++)
		if (!is_among(&packet->matched[i], packet, i))
			count(stretch, &packet->matched[i]);
	if (packet->decided_by && !is_among(packet->decided_by, packet, packet->n_matched))
		count(stretch, packet->decided_by);
	stretch->first++;
}

void stretch_add_packet(struct stretch *stretch, const struct ctreplay_packet *packet, const char *words)
{
	if (packet->entry && packet->change != CTREPLAY_ENDED)
		add_moment(stretch, packet->time_ns, packet->number, packet->entry);
	if (stretch->is_begun)
		keep_packet(stretch, packet, words);
	else
		count_packet(stretch, packet);
}

void stretch_forget_past(struct stretch *stretch)
{
	struct stretch_moment *moments = alloc_zeroed(stretch->n_entries + 1, sizeof(*moments));
	size_t n_entries = 0, n_moments = 1;

	for (size_t i = 0; i < stretch->n_entries; i++) {
		struct stretch_entry *entry = &stretch->entries[i];

		if (entry->is_over)
			continue;
		if (entry->last) {
			moments[n_moments] = stretch->moments[entry->last];
			moments[n_moments].next = 0;
			entry->first = entry->last = n_moments++;
		}
		stretch->entries[n_entries++] = *entry;
	}
	free(stretch->moments);
	stretch->moments = moments;
	stretch->moments_capacity = stretch->n_entries + 1;
	stretch->n_moments = n_moments;
	stretch->n_entries = n_entries;
}

void stretch_begin(struct stretch *stretch)
{
	stretch_forget_past(stretch);
	stretch->is_begun = true;
}

/* Packets may come at the same time. */
static bool is_until(const struct stretch_moment *moment, const struct stretch_packet *packet)
{
	return moment->time_ns < packet->time_ns || (moment->time_ns == packet->time_ns && moment->packet <= packet->number);
}

const struct stretch_moment *stretch_find_moment(const struct stretch *stretch, const struct stretch_entry *entry,
						 const struct stretch_packet *packet)
{
	const struct stretch_moment *found = NULL;

	for (size_t i = entry->first; i && is_until(&stretch->moments[i], packet); i = stretch->moments[i].next)
		found = &stretch->moments[i];
	return found;
}

/* What each array holds, in the order in which they are handed over. */
struct sizes { size_t first, n_packets, n_entries, n_moments; };

static bool write_items(FILE *stream, const void *items, size_t n, size_t size)
{
	return !n || fwrite(items, size, n, stream) == n;
}

static bool write_string(FILE *stream, const char *string)
{
	size_t len = string ? strlen(string) : 0;

	return write_items(stream, &len, 1, sizeof(len)) && write_items(stream, string, len, 1);
}

bool stretch_write(const struct stretch *stretch, FILE *stream)
{
	struct sizes sizes = { stretch->first, stretch->n_packets, stretch->n_entries, stretch->n_moments };
	bool is_ok = write_items(stream, &sizes, 1, sizeof(sizes)) &&
		     write_items(stream, stretch->counts, stretch->rules->n_lines, sizeof(*stretch->counts)) &&
		     write_items(stream, stretch->packets, stretch->n_packets, sizeof(*stretch->packets)) &&
		     write_items(stream, stretch->entries, stretch->n_entries, sizeof(*stretch->entries)) &&
		     write_items(stream, stretch->moments, stretch->n_moments, sizeof(*stretch->moments));

	for (size_t i = 0; i < stretch->n_packets && is_ok; i++) {
		const struct stretch_packet *packet = &stretch->packets[i];

		is_ok = write_string(stream, packet->words) && write_string(stream, packet->reason) &&
			write_items(stream, packet->matched, packet->n_matched, sizeof(packet->matched[0]));
	}
	return is_ok && fflush(stream) == 0;
}

/* NULL when they do not come. */
static void *read_items(FILE *stream, size_t n, size_t size)
{
	void *items = alloc_zeroed(n + 1, size);

	if (!n || fread(items, size, n, stream) == n)
		return items;
	free(items);
	return NULL;
}

static bool read_string(struct arena *arena, FILE *stream, const char **string)
{
	size_t len;
	char *copy;

	if (fread(&len, sizeof(len), 1, stream) != 1)
		return false;
	if (!len) {
		*string = *string ? "" : NULL;
		return true;
	}
	copy = arena_alloc(arena, len + 1);
	copy[len] = '\0';
	*string = copy;
	return fread(copy, 1, len, stream) == len;
}

static bool read_packet(struct arena *arena, FILE *stream, struct stretch_packet *packet)
{
	uint32_t *matched;

	if (!read_string(arena, stream, &packet->words) || !read_string(arena, stream, &packet->reason))
		return false;
	if (!packet->n_matched)
		return true;
	matched = arena_alloc(arena, packet->n_matched * sizeof(packet->matched[0]));
	packet->matched = matched;
	return fread(matched, sizeof(packet->matched[0]), packet->n_matched, stream) == packet->n_matched;
}

bool stretch_read(struct stretch *stretch, FILE *stream)
{
	struct sizes sizes;
	bool is_ok;

	if (fread(&sizes, sizeof(sizes), 1, stream) != 1)
		return false;
	free(stretch->counts);
	free(stretch->moments);
	stretch->first = sizes.first;
	stretch->is_begun = true;
	stretch->counts = read_items(stream, stretch->rules->n_lines, sizeof(*stretch->counts));
	stretch->packets = read_items(stream, sizes.n_packets, sizeof(*stretch->packets));
	stretch->entries = read_items(stream, sizes.n_entries, sizeof(*stretch->entries));
	stretch->moments = read_items(stream, sizes.n_moments, sizeof(*stretch->moments));
	is_ok = stretch->counts && stretch->packets && stretch->entries && stretch->moments;
	stretch->n_packets = is_ok ? sizes.n_packets : 0;
	stretch->n_entries = is_ok ? sizes.n_entries : 0;
	stretch->n_moments = is_ok ? sizes.n_moments : 0;
	for (size_t i = 0; i < stretch->n_packets && is_ok; i++)
		is_ok = read_packet(&stretch->arena, stream, &stretch->packets[i]);
	return is_ok;
}
