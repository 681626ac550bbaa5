/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/stretch.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void stretch_init(struct stretch *stretch, const struct rule_list *rules)
{
	memset(stretch, 0, sizeof(*stretch));
	stretch->rules = rules;
	stretch->counts = alloc_zeroed(rules->n_lines + 1, sizeof(*stretch->counts));
	tale_init_whole(&stretch->tale);
	stretch->tale.skips_packets = true;
}

void stretch_clear(struct stretch *stretch)
{
	free(stretch->counts);
	tale_clear(&stretch->tale);
	memset(stretch, 0, sizeof(*stretch));
}

static bool is_among(const struct rule_place *place, const struct rule_place *const *places, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (places[i] == place)
			return true;
	return false;
}

static void count(struct stretch *stretch, const struct rule_place *place)
{
	long line = rule_list_find(stretch->rules, place);

	if (line != RULE_LIST_NONE)
		stretch->counts[line]++;
}

/* A rule that a packet met twice counts once. */
static void count_packet(struct stretch *stretch, const struct event_packet *journey)
{
	for (size_t i = 0; i < journey->n_matched; i++)
		if (!is_among(journey->matched[i], journey->matched, i))
			count(stretch, journey->matched[i]);
	if (!is_among(journey->decided_by, journey->matched, journey->n_matched))
		count(stretch, journey->decided_by);
	stretch->first++;
}

void stretch_listen(void *owner, const struct event *event)
{
	struct stretch *stretch = owner;

	if (event->kind == EVENT_PACKET && !stretch->is_begun)
		count_packet(stretch, &event->journey);
	tale_add(&stretch->tale, event);
}

void stretch_forget_past(struct stretch *stretch)
{
	tale_forget_past(&stretch->tale);
}

void stretch_begin(struct stretch *stretch)
{
	tale_forget_past(&stretch->tale);
	stretch->tale.skips_packets = false;
	stretch->is_begun = true;
}

/* What each array holds, in the order in which they are handed over. */
struct sizes {
	size_t first, n_packets, n_entries, n_moments;
	struct vtime end;
};

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
	const struct tale *tale = &stretch->tale;
	struct sizes sizes = { stretch->first, tale->n_packets, tale->n_entries, tale->n_moments, tale->end };
	bool is_ok = write_items(stream, &sizes, 1, sizeof(sizes)) &&
		     write_items(stream, stretch->counts, stretch->rules->n_lines, sizeof(*stretch->counts)) &&
		     write_items(stream, tale->packets, tale->n_packets, sizeof(*tale->packets)) &&
		     write_items(stream, tale->entries, tale->n_entries, sizeof(*tale->entries)) &&
		     write_items(stream, tale->moments, tale->n_moments, sizeof(*tale->moments));

	for (size_t i = 0; i < tale->n_packets && is_ok; i++) {
		const struct tale_packet *packet = &tale->packets[i];

		is_ok = write_string(stream, packet->words) && write_string(stream, packet->cell) &&
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

static bool read_packet(struct arena *arena, FILE *stream, struct tale_packet *packet)
{
	const struct rule_place **matched;

	if (!read_string(arena, stream, &packet->words) || !read_string(arena, stream, &packet->cell))
		return false;
	if (!packet->n_matched)
		return true;
	matched = arena_alloc(arena, packet->n_matched * sizeof(packet->matched[0]));
	packet->matched = matched;
	return fread(matched, sizeof(packet->matched[0]), packet->n_matched, stream) == packet->n_matched;
}

bool stretch_read(struct stretch *stretch, FILE *stream)
{
	struct tale *tale = &stretch->tale;
	struct sizes sizes;
	bool is_ok;

	if (fread(&sizes, sizeof(sizes), 1, stream) != 1)
		return false;
	free(stretch->counts);
	free(tale->moments);
	stretch->first = sizes.first;
	stretch->is_begun = true;
	tale->end = sizes.end;
	stretch->counts = read_items(stream, stretch->rules->n_lines, sizeof(*stretch->counts));
	tale->packets = read_items(stream, sizes.n_packets, sizeof(*tale->packets));
	tale->entries = read_items(stream, sizes.n_entries, sizeof(*tale->entries));
	tale->moments = read_items(stream, sizes.n_moments, sizeof(*tale->moments));
	is_ok = stretch->counts && tale->packets && tale->entries && tale->moments;
	tale->n_packets = is_ok ? sizes.n_packets : 0;
	tale->n_entries = is_ok ? sizes.n_entries : 0;
	tale->n_moments = is_ok ? sizes.n_moments : 0;
	for (size_t i = 0; i < tale->n_packets && is_ok; i++)
		is_ok = read_packet(&tale->arena, stream, &tale->packets[i]);
	return is_ok;
}
