/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one side says about one packet, as words: collected from its events, so that two
 * sides can be compared word for word and shown side by side.
 */
#ifndef CLI_COMPARE_FACTS_H
#define CLI_COMPARE_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "cli/compare_clock.h"
#include "cli/compare_doubt.h"
#include "event/event.h"

enum fact {
	FACT_PATH, FACT_INTERFACES, FACT_CTSTATE, FACT_COMPLAINT, FACT_VERDICT, FACT_DECISION, FACT_RULES, FACT_ENTRY, FACT_STATUS, FACT_HELPER,
	FACT_EVENTS, FACT_EXPECTATIONS, FACT_REPLIES, FACT_MARK, FACT_SENT, FACT_COUNT,
};

/* Entries, by id. */
struct compare_ids {
	uint64_t *ids;		/* owned */
	size_t n, capacity;
};

struct compare_facts {
	struct text facts[FACT_COUNT];
	struct text story;			/* how it came to that, one line each */
	uint64_t entry;				/* id of the packet's entry; 0: none */
	bool has_unsimulated;
	bool hangs_on_socket;			/* TPROXY handed it on */
	bool hangs_on_slots;			/* dropped by connlimit: the kernel's own draw decides whether it does so too */
	struct compare_ids touched;		/* entries that the packet changed, began or ended, or that it may be about */
	struct compare_ids masters;		/* those whose expectations it made or ended */
	const struct compare_clock *clock;	/* borrowed: which rules are left out; NULL: none */
	const struct compare_doubt *doubt;	/* borrowed: the entries of which events are left out; NULL: none */
	enum compare_side side;			/* whose entries these are */
};

void compare_facts_init(struct compare_facts *facts);
void compare_facts_clear(struct compare_facts *facts);

/* Before each packet. */
void compare_facts_reset(struct compare_facts *facts);

/* EVENT_BIT()s that compare_facts_add() understands. */
uint32_t compare_facts_kinds(void);
void compare_facts_add(struct compare_facts *facts, const struct event *event);

/* An expectation as both sides can know it: without the time that it has left. */
void compare_facts_print_expectation(const struct expectation_view *expectation, struct text *out);

/* One event's line, as both sides are compared by it. */
void compare_facts_print_event(const struct event *event, struct text *out);

/* An entry that the packet may be about, whatever is said of the packet; one whose expectations it changed. 0: none. */
void compare_facts_touch(struct compare_facts *facts, uint64_t entry);
void compare_facts_touch_master(struct compare_facts *facts, uint64_t entry);

/* In place of compare_facts_add(), for what a kernel said elsewhere: a rule that matched, an event of an entry. */
void compare_facts_take_rule(struct compare_facts *facts, const char *rule);
void compare_facts_take_event(struct compare_facts *facts, uint64_t entry, const char *line);

/* "verdict", "decided by", ...: for people, and the "what" of JSON. */
const char *compare_fact_name(enum fact fact);

/* The entry as both sides can know it: its line in /proc/net/nf_conntrack, without what only that file tells. */
void compare_facts_print_entry(const struct entry_view *entry, struct vtime now, struct text *out);

#endif
