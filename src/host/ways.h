/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whole journeys, remembered. Most packets of a connection go the way that the packet before them went: the same hooks, the
 * same route, the same rules, the same verdict. Where all of that follows from the connection and a few fields of the packet,
 * the next packet is tracked and counted by the same rules, and has arrived; nothing else is looked at.
 *
 * Different ways are few, connections are many: a connection keeps the number of its way for each direction. What makes ways
 * void is simple: any action of the operator forgets them all. What is remembered is exactly what walk_packet() would do:
 * tests/unit/test_host_ways.c runs both.
 */
#ifndef HOST_WAYS_H
#define HOST_WAYS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/interned.h"
#include "conntrack/conntrack.h"
#include "event/stream.h"
#include "event/words.h"
#include "packet/packet.h"

struct evaluation;
struct eval_trace;
struct journey;
struct walk;

enum { WAYS_MOST_TABLES = 8 };

struct ways {
	struct interned records;
	uint32_t n_forgotten;		/* ways up to this number hold no more */
	bool is_off;			/* for tests: every packet walks */
};

/* What a journey gathers for those that may follow it. All zero at its start. */
struct way_notes {
	bool has_begun;			/* the rest counts */
	bool is_once;			/* something on the way does not happen again, or not in the same way */
	uint8_t n_paths;
	uint32_t terms;			/* of the packet as it came */
	uint32_t trail;			/* what rules/recall knows of the rules on the way: read and written by eval */
	uint32_t paths[WAYS_MOST_TABLES];	/* eval_result.path of each table, in order */
};

struct way;

/* What became of a packet that was to follow its way. */
struct way_outcome {
	struct tracking tracking;	/* to be released, if it followed */
	const struct way *way;		/* that it followed; until the next walk */
	enum verdict verdict;		/* likewise */
	bool is_tracked;		/* it did not, but it is tracked already: */
	enum conntrack_verdict tracked;
};

void ways_init(struct ways *ways);
void ways_clear(struct ways *ways);

/* From now on everything may be different. */
void ways_forget(struct ways *ways);

/* May packets follow ways? Not where somebody wants to hear what happens on them; of their end everything can be told. */
bool ways_are_open(const struct ways *ways, const struct stream *stream);

/*
 * A packet as it was captured; time has moved to it. True: it followed its connection's way, and all has happened
 * that a walk would have done, but that its bytes are as they were. False: it has to walk; outcome->is_tracked says from where.
 * `is_told`: it will be told, so what is translated has to walk.
 */
bool ways_follow(struct walk *walk, const struct packet *packet, bool is_told, struct way_outcome *outcome);

/* What follows from the way alone of what is told of a packet that took it, whose other fields are zero. */
void ways_describe(const struct way *way, struct event_packet *told);

/* Changes the packet as the walk would have. */
void ways_apply(const struct way *way, struct packet *packet);

/* Of a packet that followed its way: adds the rules that it met, and says which decided. */
void ways_trace(const struct walk *walk, const struct packet *packet, const struct way_outcome *outcome, struct eval_trace *trace);
const struct rule_place *ways_decided_by(const struct way_outcome *outcome);

/* A packet that walks was tracked: what is known of its connection's way, which its rules will use. */
void ways_begin(const struct ways *ways, struct journey *journey);

/* A table was traversed; `path` is eval_result.path. */
static inline void ways_add(struct way_notes *notes, uint32_t path)
{
	if (!path || notes->n_paths == WAYS_MOST_TABLES)
		notes->is_once = true;
	else
		notes->paths[notes->n_paths++] = path;
}

/* A walk is over: its connection remembers it. */
void ways_note(struct ways *ways, const struct evaluation *evaluation, const struct journey *journey);

/* The fields of a packet that its way may depend on, besides those by which its connection is found; way_notes.terms. */
uint32_t ways_terms_of(const struct packet *packet);

#endif
