/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rules whose answer hangs on more than the packet and its entry: on the kernel's clock, on chance, or on what they remember
 * of packets before. What meets one of them cannot be compared, or no longer.
 */
#ifndef CLI_COMPARE_CLOCK_H
#define CLI_COMPARE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"

/* A rule with such a match. */
struct compare_timed {
	const struct rule_place *rule;
	const char *words;	/* where the match stands in the rule's text */
	const char *match;	/* "-m limit" */
	bool needs_doubt;	/* what it remembers is the same on both sides until a packet was not comparable */
	bool only_logs;		/* whether it matches changes nothing else: its packets can be compared but for it */
	bool reads_sets;	/* what it remembers is in a set: other rules change it, or nobody */
	uint64_t n_asked;
};

struct compare_clock {
	bool is_real_time;		/* the clocks agree: rules that read them can be compared */
	bool has_aging_sets;		/* some set has elements that end in time, on the kernel's clock */
	bool changes_sets;		/* some rule adds to a set, or takes from it */
	struct compare_timed *timed;	/* owned */
	size_t n_timed;
	const struct rule_place **ignored;	/* owned; those of them that only log */
	size_t n_ignored;
	const char *read;		/* the packet at hand met such a match: which; NULL: none */
	const char *may_drop;		/* it met one that may have dropped it, in a rule that only logs: which; NULL: none */
};

void compare_clock_clear(struct compare_clock *clock);

/* Before the first packet: every rule there is. */
void compare_clock_hear_rule(struct compare_clock *clock, const struct rule_place *rule);

/*
 * The packet at hand met this rule: it matched (`words` NULL), or `words` begin with the option that failed. `has_doubt`: a packet
 * before was not comparable.
 */
void compare_clock_note(struct compare_clock *clock, const struct rule_place *rule, const char *words, bool has_doubt);

/* Is this one of the rules of which it is not compared whether they match? */
bool compare_clock_ignores(const struct compare_clock *clock, const struct rule_place *rule);

/* The same of a rule of this family, as accounts name it: "filter INPUT 2". */
bool compare_clock_ignores_words(const struct compare_clock *clock, uint8_t family, const char *words);

#endif
