/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules as a list to look at: a head for every chain, its rules, its policy; and which of them a packet met. */
#ifndef PICTURE_RULE_LIST_H
#define PICTURE_RULE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "event/event.h"

/* A line of the list: a chain's head, or a rule, or its policy. */
struct rule_line {
	const struct rule_place *place;	/* NULL: a head, or a policy */
	const char *family, *table, *chain;
	const char *policy;		/* of a policy's line: "DROP" */
};

struct placed_line { const struct rule_place *place; size_t index; };

struct rule_list {
	struct rule_line *lines;	/* owned */
	size_t n_lines, capacity;
	struct placed_line *placed;	/* owned; the lines of rules, in order of where their places are in memory */
	size_t n_placed;
};

void rule_list_init(struct rule_list *list);
void rule_list_clear(struct rule_list *list);

/* A stream_listener of EVENT_CHAIN and EVENT_COUNTER whose owner is the list: each chain is told before its rules. */
void rule_list_listen(void *list, const struct event *event);

/* After the last of them, before anything is looked for. */
void rule_list_finish(struct rule_list *list);

enum { RULE_LIST_NONE = -1 };

/* The index of the line of a rule, or of the policy that this place is; RULE_LIST_NONE for NULL and places of no list. */
long rule_list_find(const struct rule_list *list, const struct rule_place *place);

/* True when the place is the policy of this line. */
bool rule_line_is_policy(const struct rule_line *line, const struct rule_place *place);

#endif
