/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stretch of a replay: its packets, the entries that were there when it began or came meanwhile, and how often each rule
 * had matched before. Folded from what a replay tells of each packet: what goes before the stretch is counted and forgotten, what
 * follows is kept. Whoever walks through a replay looks at one stretch at a time, so memory does not grow with the capture.
 *
 * A stretch can be handed from one copy of the process to another, which has names of states at the same addresses: pointers to them
 * are handed over as they are.
 */
#ifndef CLI_STRETCH_H
#define CLI_STRETCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "api/ctreplay.h"
#include "base/arena.h"
#include "cli/rule_list.h"

struct stretch_packet {
	uint64_t number;
	int64_t time_ns;
	const char *words;		/* in a line */
	const char *reason;		/* lost outside the rules, or INVALID: why; or NULL */
	enum ctreplay_verdict verdict;
	enum ctreplay_ctstate ctstate;
	enum ctreplay_change change;
	uint64_t entry;			/* id; 0: none */
	const char *state;		/* the entry's after the packet; static, or NULL */
	uint32_t status;
	long decided_by;		/* line of the rules, or RULE_LIST_NONE */
	const uint32_t *matched;	/* lines of those whose counters rose, in order */
	size_t n_matched;
};

/* The entry as it was from this moment to its next one. */
struct stretch_moment {
	int64_t time_ns, ends_ns;
	const char *state;
	uint32_t status;
	uint64_t packet;		/* that caused it; 0: none */
	size_t next;			/* of the same entry; 0: the last */
};

struct stretch_entry {
	uint64_t id;
	struct ctreplay_tuple original, reply;	/* as they were last seen */
	uint32_t status;
	int64_t end_ns;			/* meaningful when it is over */
	bool is_over;
	size_t first, last;		/* moments; 0: none */
};

struct stretch {
	const struct rule_list *rules;	/* borrowed */
	size_t first;			/* packets before it */
	uint64_t *counts;		/* owned; by line of the list: packets before it that the rule matched, or the policy decided */
	struct arena arena;
	struct stretch_packet *packets;	/* owned, as are all arrays here */
	size_t n_packets, packets_capacity;
	struct stretch_entry *entries;	/* in order of their ids */
	size_t n_entries, entries_capacity;
	struct stretch_moment *moments;	/* the first is nobody's */
	size_t n_moments, moments_capacity;
	bool is_begun;			/* packets are kept now */
};

void stretch_init(struct stretch *stretch, const struct rule_list *rules);
void stretch_clear(struct stretch *stretch);

/* What conntrack told, in order; and then the packet during which it did. `words` may be NULL before the stretch begins. */
void stretch_add_events(struct stretch *stretch, const struct ctreplay_event *events, size_t n_events);
void stretch_add_packet(struct stretch *stretch, const struct ctreplay_packet *packet, const char *words);

/* Forgets what is over, so that what is kept does not grow. Before it begins. */
void stretch_forget_past(struct stretch *stretch);

/* From the next packet on. */
void stretch_begin(struct stretch *stretch);

/* The entry as it was behind the packet: NULL: it was not there yet. */
const struct stretch_moment *stretch_find_moment(const struct stretch *stretch, const struct stretch_entry *entry,
						 const struct stretch_packet *packet);

/* Hands it over; false: the other side has gone. */
bool stretch_write(const struct stretch *stretch, FILE *stream);
/* Into one that was initialised for the same rules. False: it did not come whole. */
bool stretch_read(struct stretch *stretch, FILE *stream);

#endif
