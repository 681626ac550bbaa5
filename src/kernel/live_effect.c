/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one packet did to the kernel's entries and expectations, and what came to its end before: known from ctnetlink's events, and from a
 * look at the packet's entry.
 */
#include <string.h>

#include "kernel/live_parts.h"
#include "kernel/tuples.h"

const uint64_t *live_entries(const struct live *live)
{
	return live->packet_entries;
}

void live_note_entries(struct live *live, const struct live_effect *effect, const struct tuple *tuple)
{
	const struct aged_entry *entry;
	struct tuple answer;

	if (effect->packet_entry)
		live->packet_entries[0] = effect->packet_entry->id;
	if (!tuple)
		return;
	answer = *tuple;
	tuples_turn_round(&answer);
	entry = ages_find_tuple(&live->ages, &answer);
	if (entry)
		live->packet_entries[1] = entry->id;
}

/* Asks for the entry anew; what the kernel no longer has stays as it was. */
static struct aged_entry *look_again(struct live *live, const struct tuple *tuple, struct vtime real,
				     bool *was_armed)
{
	struct kernel_entry entry;

	if (!entries_find(&live->entries, tuple, &entry))
		return NULL;
	return ages_note(&live->ages, &entry, real, was_armed);
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

static void take_expectation(struct live *live, const struct kernel_event *told)
{
	struct live_expectation ended;

	if (told->kind == KERNEL_EVENT_EXPECT)
		live_tell_expectation(live, live_expectations_add(&live->expectations, &told->expectation, live->ages.now),
				      EXPECTATION_LIVES);
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

/* What the kernel ends together with an entry: its expectations before, and the calls that a PPTP connection announced behind it. */
static void end_with_entry(struct live *live, const struct aged_entry *master, enum kernel_event_kind kind)
{
	for (size_t i = 0; i < live->entries.n_events; i++) {
		const struct kernel_event *told = &live->entries.events[i];
		struct live_effect effect = { .packet_entry = NULL };
		const struct aged_entry *other;

		if (told->is_own || told->kind != kind)
			continue;
		if (kind == KERNEL_EVENT_EXPECT_END) {
			take_expectation(live, told);
			continue;
		}
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
	end_with_entry(live, ended, KERNEL_EVENT_EXPECT_END);
	live->summary.n_expired++;
	live_tell_destroy(live, ended, &ended->entry, true);
	end_with_entry(live, ended, KERNEL_EVENT_DESTROY);
}

static void take_event(struct live *live, const struct kernel_event *told, struct vtime real, struct live_effect *effect)
{
	const struct tuple *tuple = &told->entry.tuple[DIRECTION_ORIGINAL];
	struct kernel_entry before;
	struct aged_entry *aged;
	bool was_armed;

	if (told->kind == KERNEL_EVENT_DESTROY) {
		end_by_packet(live, told, effect);
		return;
	}
	if (told->kind != KERNEL_EVENT_NEW && told->kind != KERNEL_EVENT_UPDATE) {
		take_expectation(live, told);
		return;
	}
	aged = ages_find(&live->ages, told->entry.kernel_id);
	before = aged ? aged->entry : told->entry;
	if (aged && aged == effect->packet_entry)
		before = effect->before;
	aged = look_again(live, tuple, real, &was_armed);
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

void live_read_effect(struct live *live, const struct tuple *tuple, struct vtime real, struct live_effect *effect)
{
	bool was_armed;

	for (size_t i = 0; i < live->entries.n_events; i++)
		if (!live->entries.events[i].is_own)
			take_event(live, &live->entries.events[i], real, effect);
	if (!tuple)
		return;
	if (effect->packet_entry)
		effect->packet_entry = look_again(live, &effect->packet_entry->entry.tuple[0], real, &was_armed);
	else if ((effect->packet_entry = ages_find_tuple(&live->ages, tuple)))
		was_armed = true;
	else
		effect->packet_entry = look_again(live, tuple, real, &was_armed);
	effect->was_armed |= effect->packet_entry && was_armed;
	if (effect->packet_entry)
		effect->has_ended = false;
}

void live_start_effect(struct live *live, const struct tuple *tuple, struct live_effect *effect)
{
	memset(effect, 0, sizeof(*effect));
	effect->newest = live->ages.n_created;
	effect->packet_entry = tuple ? ages_find_tuple(&live->ages, tuple) : NULL;
	if (effect->packet_entry)
		effect->before = effect->packet_entry->entry;
}

