/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules as a list to look at: a head for every chain, its rules, its policy; and which of them a packet met. */
#ifndef CLI_RULE_LIST_H
#define CLI_RULE_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "api/ctreplay.h"

struct rule_line {
	enum { LINE_HEAD, LINE_RULE, LINE_POLICY } kind;
	struct ctreplay_rule rule;	/* of a head the family, table and chain alone */
};

struct rule_list {
	struct rule_line *lines;	/* owned */
	size_t n_lines;
	size_t *order;			/* owned; indices of rules and policies, by what names them */
	size_t n_ordered;
};

/* Of what ctreplay_chains() and ctreplay_counters() tell of the same replay. */
void rule_list_init(struct rule_list *list, const struct ctreplay_chain *chains, size_t n_chains, const struct ctreplay_counter *counters,
		    size_t n_counters);
void rule_list_clear(struct rule_list *list);

enum { RULE_LIST_NONE = -1 };

/* The index of the line of a rule, or of a policy; RULE_LIST_NONE for NULL and rules of no list. */
long rule_list_find(const struct rule_list *list, const struct ctreplay_rule *rule);

#endif
