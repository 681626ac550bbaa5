/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What holds of entries, packets and counters whatever comes: a listener that hears a whole run and aborts where it does not.
 *
 *   An entry begins once, and ends once, behind that; nothing is said of it before and after. What its time ended, ended at its
 *   deadline. Numbers of entries rise. Time does not run backwards.
 *   Each packet has one end. An entry that it has is one that lives, or one that it ended, or one that never began.
 *   A listing has entries that live and whose time is not over, once; no two have the same tuple in the same direction.
 *   What was told of rules that matched is what the counters say, and what was told of entries, what the summary says.
 */
#ifndef TESTS_FUZZ_LIVES_H
#define TESTS_FUZZ_LIVES_H

#include "event/stream.h"
#include "fuzz.h"

enum life { LIFE_NONE, LIFE_ALIVE, LIFE_OVER };

enum { LIVES_MOST_LISTED = 256 };	/* in longer listings tuples are not compared */

struct lives {
	uint8_t *states;		/* enum life, by number; grows */
	uint64_t n_states;
	uint64_t n_begun, n_expired, n_destroyed;
	uint64_t n_packets, last_packet;
	uint64_t n_matched, n_counted;	/* rules that told, rules' counters at the end */
	uint64_t to_list;		/* of the listing at hand */
	struct entry_view listed[LIVES_MOST_LISTED];
	size_t n_listed;
	struct vtime now;
	bool has_zones;			/* the rules make zones: equal tuples are no finding */
	bool has_other_counters;	/* counters did not start at 0, or did so again */
	bool is_over;
};

static inline enum life lives_of(const struct lives *lives, uint64_t id)
{
	return id < lives->n_states ? (enum life)lives->states[id] : LIFE_NONE;
}

static inline void lives_set(struct lives *lives, uint64_t id, enum life life)
{
	if (id >= lives->n_states) {
		uint64_t n = id * 2 + 64;

		lives->states = realloc(lives->states, n);
		MUST(lives->states);
		memset(lives->states + lives->n_states, LIFE_NONE, n - lives->n_states);
		lives->n_states = n;
	}
	lives->states[id] = (uint8_t)life;
}

static inline void lives_hear_conntrack(struct lives *lives, const struct event *event)
{
	const struct event_conntrack *told = &event->conntrack;
	uint64_t id = told->entry.id;

	MUST(id && told->bits);
	if (told->bits & (CONNTRACK_EVENT_NEW | CONNTRACK_EVENT_RELATED)) {
		MUST(lives_of(lives, id) == LIFE_NONE && !(told->bits & CONNTRACK_EVENT_DESTROY));
		lives_set(lives, id, LIFE_ALIVE);
		lives->n_begun++;
		return;
	}
	MUST(lives_of(lives, id) == LIFE_ALIVE);
	if (!(told->bits & CONNTRACK_EVENT_DESTROY))
		return;
	MUST(!told->expired || told->entry.deadline.ns == event->time.ns);
	lives_set(lives, id, LIFE_OVER);
	lives->n_expired += told->expired;
	lives->n_destroyed += !told->expired;
}

static inline void lives_hear_packet(struct lives *lives, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	uint64_t id = journey->entry.id;

	MUST(event->packet > lives->last_packet);
	lives->last_packet = event->packet;
	lives->n_packets++;
	MUST((journey->verdict == VERDICT_ACCEPT) == (journey->as_left != NULL) || sighting_is_passed_over(journey->sighting));
	if (!journey->has_entry)
		return;
	MUST(id);
	if (lives_of(lives, id) == LIFE_NONE)
		MUST(!(journey->entry.status & STATUS_CONFIRMED));
	if (lives_of(lives, id) == LIFE_OVER)
		MUST(journey->change == ENTRY_DESTROYED);
}

static inline bool lives_is_same_flow(const struct entry_view *a, const struct entry_view *b)
{
	return memcmp(&a->tuple[DIRECTION_ORIGINAL], &b->tuple[DIRECTION_ORIGINAL], sizeof(a->tuple[0])) == 0 ||
	       memcmp(&a->tuple[DIRECTION_REPLY], &b->tuple[DIRECTION_REPLY], sizeof(a->tuple[0])) == 0;
}

static inline void lives_hear_entry(struct lives *lives, const struct event *event)
{
	const struct entry_view *entry = &event->entry.entry;

	MUST(lives->to_list-- > 0 && lives_of(lives, entry->id) == LIFE_ALIVE);
	MUST(vtime_is_before(event->time, entry->deadline));
	MUST(entry->status & STATUS_CONFIRMED && !(entry->status & STATUS_DYING));
	for (size_t i = 0; i < lives->n_listed; i++) {
		MUST(lives->listed[i].id < entry->id);
		MUST(lives->has_zones || !lives_is_same_flow(&lives->listed[i], entry));
	}
	if (lives->n_listed < LIVES_MOST_LISTED)
		lives->listed[lives->n_listed++] = *entry;
}

static inline void lives_hear_summary(struct lives *lives, const struct event_summary *summary)
{
	MUST(summary->n_created == lives->n_begun && summary->n_expired == lives->n_expired &&
	     summary->n_destroyed == lives->n_destroyed);
	MUST(summary->n_live == lives->n_begun - lives->n_expired - lives->n_destroyed);
	MUST(summary->n_packets == lives->n_packets);
	MUST(lives->has_other_counters || lives->n_matched == lives->n_counted);
	lives->is_over = true;
}

static inline void lives_hear(void *owner, const struct event *event)
{
	struct lives *lives = owner;

	MUST(!lives->is_over);
	/* A listing is made by somebody who looks a little later. */
	if (event->kind != EVENT_SNAPSHOT && event->kind != EVENT_ENTRY) {
		MUST(!vtime_is_before(event->time, lives->now) && lives->to_list == 0);
		lives->now = event->time;
	}
	switch (event->kind) {
	case EVENT_CONNTRACK:
		lives_hear_conntrack(lives, event);
		break;
	case EVENT_PACKET:
		lives_hear_packet(lives, event);
		break;
	case EVENT_RULE:
		lives->n_matched++;
		break;
	case EVENT_SNAPSHOT:
		lives->to_list = event->snapshot.n_entries;
		lives->n_listed = 0;
		MUST(lives->to_list <= lives->n_begun - lives->n_expired - lives->n_destroyed);
		break;
	case EVENT_ENTRY:
		lives_hear_entry(lives, event);
		break;
	case EVENT_COUNTER:
		lives->n_counted += event->counter.n_packets;
		break;
	case EVENT_SUMMARY:
		lives_hear_summary(lives, &event->summary);
		break;
	default:
		break;
	}
}

/* `lives` is zero but for what is known of the rules. */
static inline void lives_follow(struct lives *lives, struct stream *stream)
{
	MUST(stream_add(stream, EVENT_BIT(EVENT_CONNTRACK) | EVENT_BIT(EVENT_PACKET) | EVENT_PACKET_LEFT | EVENT_BIT(EVENT_RULE) |
			EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY) | EVENT_BIT(EVENT_COUNTER) |
			EVENT_BIT(EVENT_SUMMARY), lives_hear, lives));
}

static inline void lives_clear(struct lives *lives)
{
	free(lives->states);
	lives->states = NULL;
	lives->n_states = 0;
}

#endif
