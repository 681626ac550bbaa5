/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One packet's way, kept in the order in which it was told, until it can be written as
 * a whole. Owns copies of what events lend; reused for every packet.
 */
#ifndef SINK_EXPLAIN_STORY_H
#define SINK_EXPLAIN_STORY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "event/event.h"

enum story_kind {
	STORY_HOOK,		/* until the next one of the same depth */
	STORY_LOOKUP,
	STORY_RULE,		/* matched */
	STORY_MISS,
	STORY_STEP,		/* see `step` */
	STORY_LOG,
	STORY_BINDING,		/* NAT decided */
	STORY_ROUTE,		/* routing decided: words */
	STORY_EXPECTATION,	/* a helper files or takes back what it expects */
	STORY_REPLY,		/* a packet that the host makes; its own way follows, one deeper */
};

struct story_step {
	enum story_kind kind;
	unsigned depth;			/* 0: the packet itself; 1: an answer to it; ... */
	const struct rule_place *rule;	/* RULE, MISS, STEP, LOG; of REPLY: who decided about it */
	const char *words;		/* MISS: the condition; LOG: the prefix; EXPECTATION: the sentence; REPLY: the packet */
	enum hook hook;			/* HOOK */
	const char *in, *out;		/* HOOK */
	const struct event_lookup *lookup;
	const struct event_binding *binding;
	enum miss_kind miss;
	uint32_t n_failed;		/* MISS */
	bool is_jump;			/* MISS */
	enum chain_step step;
	enum verdict verdict;		/* STEP, REPLY */
};

struct story_probe {
	size_t table;			/* index of the STEP_TABLE that it belongs to */
	struct event_probe probe;
};

/* An entry that has ended: why a packet of its flow finds nothing. */
struct story_ended {
	struct tuple tuple[2];
	uint64_t id;			/* 0: nothing stands here yet */
	struct vtime time;
	bool expired;
	uint32_t timeout_seconds;
};

enum { STORY_MOST_ENDED = 4096 };	/* the last so many are remembered */

struct story {
	struct story_ended *ended;	/* owned; a ring; made with the first one */
	size_t next_ended;
	struct arena arena;
	struct story_step *steps;	/* owned */
	size_t n_steps, steps_capacity;
	struct story_probe *probes;	/* owned */
	size_t n_probes, probes_capacity;
	unsigned depth;			/* of what is told now */
	size_t table;			/* index of the last STEP_TABLE */
};

void story_init(struct story *story);
void story_clear(struct story *story);

/* Forgets the packet before. */
void story_reset(struct story *story);

/* Keeps an event of a packet's journey, and the end of any entry; EVENT_PACKET and all others are not kept. */
void story_add(struct story *story, const struct event *event);

/* The last lookup of the packet itself; NULL when it was not tracked. */
const struct event_lookup *story_lookup(const struct story *story);

/* The entry that `tuple` would have found, the last one that has ended; NULL: none is remembered. */
const struct story_ended *story_find_ended(const struct story *story, const struct tuple *tuple);

/* The entry as the packet found it: before the first lookup. NULL: there was none. */
const struct entry_view *story_entry_before(const struct story *story);

/* The first step behind `index` that is no part of the table that begins there. */
size_t story_end_of_table(const struct story *story, size_t index);

/* Index of the table's STEP_DECIDED; the end of the table when a match dropped the packet. */
size_t story_decision(const struct story *story, size_t table);

/* The table in which the packet was lost: the packet's own last one. n_steps when there is none. */
size_t story_last_table(const struct story *story);

#endif
