/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A stretch of a replay: its packets, the entries that were there when it began or came meanwhile, and how often each rule
 * had matched before. Folded from the event stream: what goes before the stretch is counted and forgotten, what follows
 * is kept. Whoever walks through a replay looks at one stretch at a time, so memory does not grow with the capture.
 *
 * A stretch can be handed from one copy of the process to another, which has constants (names, places of rules) at the same
 * addresses: pointers to them are handed over as they are.
 */
#ifndef PICTURE_STRETCH_H
#define PICTURE_STRETCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "picture/rule_list.h"
#include "picture/tale.h"

struct stretch {
	const struct rule_list *rules;	/* borrowed */
	size_t first;			/* packets before it */
	uint64_t *counts;		/* owned; by line of the list: packets before it that the rule matched, or the policy decided */
	struct tale tale;
	bool is_begun;			/* packets are kept now */
};

/* Kinds of events that stretch_listen() wants. */
#define STRETCH_KINDS (EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_CONNTRACK))

void stretch_init(struct stretch *stretch, const struct rule_list *rules);
void stretch_clear(struct stretch *stretch);

/* A stream_listener whose owner is the stretch. */
void stretch_listen(void *stretch, const struct event *event);

/* Forgets what is over, so that what is kept does not grow. Before it begins. */
void stretch_forget_past(struct stretch *stretch);

/* From the next packet on. */
void stretch_begin(struct stretch *stretch);

/* Hands it over; false: the other side has gone. */
bool stretch_write(const struct stretch *stretch, FILE *stream);
/* Into one that was initialised for the same rules. False: it did not come whole. */
bool stretch_read(struct stretch *stretch, FILE *stream);

#endif
