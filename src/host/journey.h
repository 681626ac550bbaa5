/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One packet on its way through the host, and what became of it. Its stages write into it; the simulator tells it.
 */
#ifndef HOST_JOURNEY_H
#define HOST_JOURNEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conntrack/connection.h"
#include "event/event.h"
#include "host/routing.h"
#include "host/ways.h"
#include "packet/packet.h"
#include "packet/split.h"
#include "rules/eval.h"
#include "rules/subject.h"

struct walk;

struct journey {
	struct packet *packet;
	struct subject subject;
	struct tracking tracking;
	struct eval_trace *trace;		/* borrowed */
	size_t n_hooks;
	struct routing routing;			/* where it goes, once that was asked */
	struct way_notes way;			/* for the packets that follow */
	const char *in, *out;			/* first and last interface of the whole way; "" for none */
	enum verdict verdict;
	const struct rule_place *decided_by;
	bool decided_by_filter;
	bool has_left;				/* past POSTROUTING; for an answer to the host itself the way goes on */
	const char *reason;
	bool was_unconfirmed;			/* the packet made its entry */
	const uint64_t *fragments;		/* packets that it was put together from; valid until the next packet */
	size_t n_fragments;			/* not 0: walk->whole is what was put together */
	struct split split;			/* how it leaves: in these pieces again, or as its way takes it */
	unsigned depth;				/* 0: from the capture; else a reply to a packet of depth - 1 */
	enum hook hooks[HOOK_COUNT * 2];	/* the first n_hooks; what is behind them is not set */
};

/* A packet before its first hook. `trace` is borrowed. */
void journey_start(struct journey *journey, const struct walk *walk, struct packet *packet, struct eval_trace *trace);

/* Asks where a packet goes that came in, behind PREROUTING. */
void journey_route_input(struct journey *journey, const struct walk *walk);

/* Asks where a packet of the host goes: first, and again when OUTPUT changed it. False, and dropped: nowhere. */
bool journey_route_output(struct journey *journey, const struct walk *walk);

/* Sets the verdict, and why where no rule says it; always false, which callers return as "the packet is gone". */
bool journey_end(struct journey *journey, enum verdict verdict, const char *reason);

/* Dropped by something that is no rule. */
bool journey_drop(struct journey *journey, const char *reason);

/*
 * Whose word counts as "the rule that decided": for a packet that is lost, the rule that lost it; for one that gets
 * through, the filter table's last word, else the last explicit rule of any other table.
 */
void journey_note_decision(struct journey *journey, enum table table, const struct eval_result *result);

#endif
