/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sentences about a packet's lookup, its window check and its entry: what explain says in text and in JSON. */
#ifndef SINK_EXPLAIN_WORDS_H
#define SINK_EXPLAIN_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "event/event.h"

/* "udp 10.0.0.2:40000 > 10.0.0.1:53"; of ICMP the type, code and id too. */
void explain_words_print_flow(const struct tuple *tuple, struct text *out);

/* What the lookup found and what that means: "entry #1, and the packet is a reply in it: ESTABLISHED". INVALID is not said. */
void explain_words_print_finding(const struct event_lookup *lookup, struct text *out);

/* One bound of the window check: `value` must be `relation` `limit`. */
struct explain_bound {
	const char *name;	/* "SEQ" */
	uint32_t value;
	bool must_be_below;	/* of the limit; else above, or equal where `may_be_equal` */
	bool may_be_equal;
	uint32_t limit;
	const char *meaning;	/* "as far as the receiver's window reaches" */
	bool holds;
};

enum { EXPLAIN_MOST_BOUNDS = 5 };

/* Fills `bounds`; how many there are: 0 when no window was checked. */
size_t explain_words_bounds(const struct tcp_bounds *checked, struct explain_bound bounds[EXPLAIN_MOST_BOUNDS]);

/* "SEQ 4000 must be below 3001 (as far as the receiver's window reaches): no, 1000 too high". */
void explain_words_print_bound(const struct explain_bound *bound, struct text *out);

/* True when the numbers decided what became of the packet. */
bool explain_words_is_decided_by_bounds(const struct event_lookup *lookup);

/* What a status bit means, for people; NULL for bits that say nothing to them. */
const char *explain_words_status(uint32_t bit);

/* "filter INPUT rule 3 (dns.rules:9)", "the policy of filter INPUT (dns.rules:6)". */
void explain_words_print_rule(const struct rule_place *place, struct text *out);

/* The rule as the user wrote it, on one line. */
void explain_words_print_written(const struct rule_place *place, struct text *out);

#endif
