/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What pictures are made of: the packets, the entries and their lives, folded from the event stream. Every picture,
 * drawn or in letters, reads this and nothing else; nothing is computed twice.
 *
 * Memory is bounded: the first TALE_MOST_PACKETS packets and so on are kept, and how many were not is known. A tale owns copies of what
 * events lend; names of states, words and places of rules are constant and outlive it.
 */
#ifndef PICTURE_TALE_H
#define PICTURE_TALE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "event/event.h"
#include "picture/rates.h"
#include "sink/explain_story.h"

enum { TALE_MOST_PACKETS = 4096, TALE_MOST_ENTRIES = 1024, TALE_MOST_MOMENTS = 16384, TALE_MOST_LEVELS = 16384 };

/* A packet; or an answer of the host itself (is_answer), which belongs to the packet before it. */
struct tale_packet {
	uint64_t number;
	struct vtime time;
	const char *words;		/* "UDP 35237 > 53 len 33" */
	struct tuple captured, left;	/* ends as it came, and as it left where it did */
	bool is_answer, from_host, to_host, got_through, was_rewritten;
	enum ctstate ctstate;
	enum direction direction;
	enum verdict verdict;
	const struct rule_place *decided_by;
	const char *reason;		/* or NULL */
	enum entry_change change;
	uint64_t entry;			/* id; 0: none */
	const char *state, *state_before;
	uint32_t status, timeout_seconds;
	struct vtime deadline;
	uint32_t hz;
	const char *cell, *sentence;	/* of the state table; NULL: not told */
};

/* The entry as it was from this moment to its next one. */
struct tale_moment {
	struct vtime time, deadline;
	const char *state;
	uint32_t status;
	uint64_t packet;		/* that caused it; 0: none */
	size_t next;			/* of the same entry; 0: the last */
};

struct tale_entry {
	struct entry_view view;		/* as it was last seen */
	struct vtime start, end;	/* `end` is meaningful when it is over */
	bool is_over, has_expired;
	size_t first, last;		/* moments; 0: none were kept */
};

/* A rule with a bucket, and its level when a packet came. */
struct tale_level {
	struct vtime time;
	uint64_t packet;
	const struct rule_place *rule;
	struct event_bucket bucket;
};

struct tale {
	struct arena arena;
	struct tale_packet *packets;	/* owned, as are all arrays here */
	size_t n_packets, packets_capacity;
	uint64_t n_packets_left_out;
	struct tale_entry *entries;	/* in order of their ids */
	size_t n_entries, entries_capacity;
	uint64_t n_entries_left_out;
	struct tale_moment *moments;	/* the first is nobody's */
	size_t n_moments, moments_capacity;
	uint64_t n_moments_left_out;
	struct tale_level *levels;
	size_t n_levels, levels_capacity;
	uint64_t n_levels_left_out;
	struct rates rates;
	struct story story;		/* of the first packet */
	size_t story_packet;		/* its index + 1 once it is whole; 0 before */
	bool tells_story;
	uint64_t flow;			/* id of the entry whose packets are kept; 0: all */
	struct tuple flow_tuples[2];
	bool is_flow_known;
	struct event_lookup lookup;	/* of the packet on its way; is_lookup_known says whether */
	bool is_lookup_known;
	const char *capture, *host;	/* without folders; without advice */
	struct vtime end;		/* of the last event */
	struct event_summary summary;
};

/* `flow`: keep the packets of this entry, and those that have its addresses and ports; 0: all. */
void tale_init(struct tale *tale, uint64_t flow);
void tale_clear(struct tale *tale);

/* Keeps the way of the first packet that is told. */
void tale_tell_story(struct tale *tale);

void tale_add(struct tale *tale, const struct event *event);

/* The entry of an id; NULL when there is none, or it was left out. */
const struct tale_entry *tale_find_entry(const struct tale *tale, uint64_t id);

/* True for a packet with the entry's addresses and ports, in either direction. */
bool tale_is_of(const struct tale_entry *entry, const struct tale_packet *packet);

#endif
