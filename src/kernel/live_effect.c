/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one packet did to the kernel's entries and expectations, and what came to its end before: known from ctnetlink's events, and from a
 * look at the packet's entry.
 */
#include <string.h>

#include "kernel/live_parts.h"
#include "kernel/probes.h"
#include "kernel/tuples.h"

const uint64_t *live_entries(const struct live *live, size_t *n)
{
	*n = live->n_packet_entries;
	return live->packet_entries;
}

/* Is an entry that has the packet's tuple in the packet's zone? Where that is not known any may be. */
static bool may_be_in_zone(const struct live *live, const struct aged_entry *entry, const struct tuple *tuple)
{
	struct tuple zoned = *tuple;

	zoned.zone = live->path.zone;
	return !live->path.has_zone || tuple_is_equal(&entry->entry.tuple[0], &zoned) || tuple_is_equal(&entry->entry.tuple[1], &zoned);
}

static void note_entry(struct live *live, const struct aged_entry *entry)
{
	if (live->n_packet_entries < LIVE_MOST_ENTRIES)
		live->packet_entries[live->n_packet_entries++] = entry->id;
	else
		live->hazard = "its tuple is in too many zones";
}

static void note_entries_of(struct live *live, const struct tuple *tuple)
{
	const struct aged_entry *entry = NULL;

	while ((entry = ages_find_tuple(&live->ages, tuple, entry)))
		if (may_be_in_zone(live, entry, tuple))
			note_entry(live, entry);
}

void live_note_entries(struct live *live, const struct live_effect *effect, const struct tuple *tuple)
{
	struct tuple answer;

	if (effect->packet_entry)
		note_entry(live, effect->packet_entry);
	if (!tuple)
		return;
	answer = *tuple;
	tuples_turn_round(&answer);
	note_entries_of(live, &answer);
	if (!effect->packet_entry)
		note_entries_of(live, tuple);
}

static bool knows_zone(const struct live *live, uint16_t zone)
{
	for (size_t i = 0; i < live->n_zones; i++)
		if (live->zones[i] == zone)
			return true;
	return false;
}

static bool learn_zone(struct live *live, uint16_t zone, struct text *error)
{
	if (knows_zone(live, zone) || live->n_zones == LIVE_MOST_ZONES)
		return true;
	live->zones[live->n_zones++] = zone;
	return probes_add_zone(live->options.sees_tracking, zone, error);
}

bool live_learn_zones(struct live *live, struct text *error)
{
	if (!live->entries.has_zones)
		return true;
	if (!live->n_zones && !learn_zone(live, 0, error))
		return false;
	for (size_t i = 0; i < live->entries.n_events; i++) {
		const struct kernel_event *told = &live->entries.events[i];

		if (told->kind != KERNEL_EVENT_NEW)
			continue;
		if (!learn_zone(live, told->entry.tuple[0].zone, error) || !learn_zone(live, told->entry.tuple[1].zone, error))
			return false;
	}
	return true;
}

/*
 * The entry that a packet with this tuple belongs to, as far as it is known. Where there are zones the packet told its own: but a new one's
 * first packet did not, which `newest` tells from those before.
 */
static struct aged_entry *find_packet_entry(const struct live *live, const struct tuple *tuple, uint64_t newest)
{
	struct aged_entry *entry = NULL;
	struct tuple zoned = *tuple;

	if (!live->entries.has_zones)
		return ages_find_tuple(&live->ages, tuple, NULL);
	zoned.zone = live->path.zone;
	if (live->path.has_zone)
		return ages_find_in_zone(&live->ages, &zoned, live->path.direction);
	while ((entry = ages_find_tuple(&live->ages, tuple, entry)))
		if (entry->id > newest)
			return entry;
	return NULL;
}

/* Both ask for the entry anew; what the kernel no longer has stays as it was. */
static struct aged_entry *look_again(struct live *live, const struct tuple *tuple, struct vtime real,
				     bool *was_armed)
{
	struct kernel_entry entry;

	if (!entries_find(&live->entries, tuple, &entry))
		return NULL;
	return ages_note(&live->ages, &entry, real, was_armed);
}

static struct aged_entry *look_at_entry_again(struct live *live, const struct kernel_entry *entry, struct vtime real,
					      bool *was_armed)
{
	struct kernel_entry now;

	return entries_find_again(&live->entries, entry, &now) ? ages_note(&live->ages, &now, real, was_armed) : NULL;
}

static void end_by_packet(struct live *live, const struct kernel_event *told, struct live_effect *effect)
{
	struct aged_entry *aged = ages_find(&live->ages, told->entry.kernel_id);
	struct kernel_entry last;

	if (!aged)
		return;
	live->summary.n_destroyed++;
	last = aged->entry;
	if (told->entry.has_protocol)
		last.state = told->entry.state;
	if (told->entry.has_counters) {
		memcpy(last.n_packets, told->entry.n_packets, sizeof(last.n_packets));
		memcpy(last.n_bytes, told->entry.n_bytes, sizeof(last.n_bytes));
	}
	live_tell_destroy(live, aged, &last, false);
	if (aged == effect->packet_entry) {
		effect->ended = *aged;
		effect->has_ended = true;
		effect->packet_entry = NULL;
	}
	ages_forget(&live->ages, aged);
}

/* Its events do not tell the zone: that of the entry whose helper made it, which is the packet's. */
static void take_expectation(struct live *live, const struct kernel_event *told, const struct live_effect *effect)
{
	struct live_expectation ended;

	if (told->kind == KERNEL_EVENT_EXPECT)
		live_tell_expectation(live, live_expectations_add(&live->expectations, &told->expectation,
								  effect->packet_entry ? entries_zone(&effect->packet_entry->entry) : 0,
								  live->ages.now), EXPECTATION_LIVES);
	else if (live_expectations_take(&live->expectations, &told->expectation, &ended))
		live_tell_expectation(live, &ended, EXPECTATION_MET);
}

void live_end_expectations(struct live *live, struct vtime now)
{
	struct live_expectation ended;

	while (live_expectations_take_due(&live->expectations, &live->entries, now, &ended)) {
		live->options.stream->time = ended.deadline;
		live_tell_expectation(live, &ended, EXPECTATION_EXPIRED);
	}
}

void live_look_at_expectations(struct live *live, struct vtime now)
{
	struct live_expectation ended;

	if (!live->expectations.n || !live_expectations_refresh(&live->expectations, &live->entries, now))
		return;
	while (live_expectations_take_unlisted(&live->expectations, &ended))
		live_tell_expectation(live, &ended, EXPECTATION_WITHDRAWN);
}

/* What the kernel ends with an entry, before it: where it was waited for, its events came while others ended. */
static void end_expectations_of(struct live *live, const struct aged_entry *master)
{
	struct live_expectation ended;

	while (live_expectations_take_of(&live->expectations, &master->entry, &ended))
		live_tell_expectation(live, &ended, EXPECTATION_ORPHANED);
}

/* And behind it: the calls that a PPTP connection announced. */
static void end_calls_of(struct live *live, const struct aged_entry *master)
{
	for (size_t i = 0; i < live->entries.n_events; i++) {
		const struct kernel_event *told = &live->entries.events[i];
		struct live_effect effect = { .packet_entry = NULL };
		const struct aged_entry *other;

		if (told->is_own || told->kind != KERNEL_EVENT_DESTROY)
			continue;
		other = ages_find(&live->ages, told->entry.kernel_id);
		/* What is over by itself, its own end tells. */
		if (other && other != master && other->end.deadline.ns > live->moves_to.ns)
			end_by_packet(live, told, &effect);
	}
}

void live_end_entry(void *owner, const struct aged_entry *ended)
{
	struct live *live = owner;

	entries_read_events(&live->entries);
	live_end_expectations(live, ended->end.deadline);
	live->options.stream->time = ended->end.deadline;
	end_expectations_of(live, ended);
	live->summary.n_expired++;
	live_tell_destroy(live, ended, &ended->entry, true);
	end_calls_of(live, ended);
}

static void take_event(struct live *live, const struct kernel_event *told, struct vtime real, struct live_effect *effect)
{
	struct kernel_entry before;
	struct aged_entry *aged;
	bool was_armed;

	if (told->kind == KERNEL_EVENT_DESTROY) {
		end_by_packet(live, told, effect);
		return;
	}
	if (told->kind != KERNEL_EVENT_NEW && told->kind != KERNEL_EVENT_UPDATE) {
		take_expectation(live, told, effect);
		return;
	}
	aged = ages_find(&live->ages, told->entry.kernel_id);
	before = aged ? aged->entry : told->entry;
	if (aged && aged == effect->packet_entry)
		before = effect->before;
	aged = look_at_entry_again(live, &told->entry, real, &was_armed);
	if (!aged)
		aged = ages_note(&live->ages, &told->entry, real, &was_armed);
	if (aged == effect->packet_entry)
		effect->was_armed |= was_armed;
	if (told->kind == KERNEL_EVENT_NEW) {
		live_tell_new(live, aged, told);
		return;
	}
	live_tell_update(live, aged, told, &before);
	if (aged == effect->packet_entry)
		effect->before.status = told->entry.status;
}

/*
 * A new packet that arrived and has no entry went on with the one that was in its own one's way: that of its answers. Linux 6.1,
 * __nf_ct_resolve_clash(), where zones let both be.
 */
static struct aged_entry *look_at_joined(struct live *live, const struct tuple *tuple)
{
	struct tuple answer = *tuple;
	struct aged_entry *entry = NULL;
	struct kernel_entry now;

	if (!live->path.has_zone || live->path.ctstate != CTSTATE_NEW || live->path.verdict != VERDICT_ACCEPT)
		return NULL;
	tuples_turn_round(&answer);
	answer.zone = live->path.zone;
	for (int direction = 0; direction < 2 && !entry; direction++)
		entry = ages_find_in_zone(&live->ages, &answer, (enum direction)direction);
	/* It counts the packet, and lives no longer for it. */
	if (entry && entries_find_again(&live->entries, &entry->entry, &now))
		entry->entry = now;
	return entry;
}

/* The packet's entry as it is now. */
static struct aged_entry *look_at_packet_entry(struct live *live, const struct tuple *tuple, struct vtime real,
					       struct live_effect *effect, bool *was_armed)
{
	struct aged_entry *entry = effect->packet_entry;

	*was_armed = true;
	if (entry)
		return look_at_entry_again(live, &entry->entry, real, was_armed);
	entry = find_packet_entry(live, tuple, effect->newest);
	if (entry)
		return entry;
	if (!live->entries.has_zones)
		return look_again(live, tuple, real, was_armed);
	*was_armed = false;
	return effect->has_ended ? NULL : look_at_joined(live, tuple);
}

/* Where the packet does not tell its zone, it may have changed the time that any of these has left. */
static void look_at_all_zones(struct live *live, const struct tuple *tuple, struct vtime real)
{
	struct aged_entry *entry = NULL;
	bool was_armed;

	while (live->entries.has_zones && !live->path.has_zone && (entry = ages_find_tuple(&live->ages, tuple, entry)))
		look_at_entry_again(live, &entry->entry, real, &was_armed);
}

void live_read_effect(struct live *live, const struct tuple *tuple, struct vtime real, struct live_effect *effect)
{
	bool was_armed;

	for (size_t i = 0; i < live->entries.n_events; i++)
		if (!live->entries.events[i].is_own)
			take_event(live, &live->entries.events[i], real, effect);
	if (!tuple)
		return;
	effect->packet_entry = look_at_packet_entry(live, tuple, real, effect, &was_armed);
	effect->was_armed |= effect->packet_entry && was_armed;
	if (effect->packet_entry)
		effect->has_ended = false;
	look_at_all_zones(live, tuple, real);
}

void live_start_effect(struct live *live, const struct tuple *tuple, struct live_effect *effect)
{
	memset(effect, 0, sizeof(*effect));
	effect->newest = live->ages.n_created;
	effect->packet_entry = tuple ? find_packet_entry(live, tuple, effect->newest) : NULL;
	if (effect->packet_entry)
		effect->before = effect->packet_entry->entry;
}
