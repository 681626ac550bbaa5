/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walking through a replay: where one stands, where one stops, and what the rules and the table looked like there. The
 * whole replay has been heard already (a whole tale), so every way is as short backwards as forwards. Knows no terminal.
 */
#ifndef PICTURE_STEPPER_H
#define PICTURE_STEPPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "event/event.h"
#include "picture/tale.h"

/* A line of the list of rules: a chain's head, or a rule, or its policy. */
struct stepper_rule {
	const struct rule_place *place;	/* NULL: a head, or a policy that no packet met */
	const char *family, *table, *chain;
	const char *policy;		/* of a policy's line: "DROP" */
};

enum breakpoint_kind { BREAK_PACKET, BREAK_VERDICT, BREAK_STATE, BREAK_RULE, BREAK_ENTRY, BREAK_FILTER };

struct breakpoint {
	enum breakpoint_kind kind;
	uint64_t number;		/* PACKET, ENTRY */
	enum verdict verdict;
	const struct rule_place *rule;
	char *words;			/* as it was typed; owned. STATE: see `state` */
	const char *state;		/* within `words` */
	bool *passes;			/* FILTER: for each packet; owned */
};

enum { STEPPER_MOST_BREAKPOINTS = 32 };

/* Which packets pass a tcpdump filter: fills passes[0 .. n-1]. False: `error` tells why. */
typedef bool stepper_filter(void *owner, const char *expression, bool *passes, size_t n, struct text *error);

struct stepper {
	struct tale tale;
	struct stepper_rule *rules;	/* owned */
	size_t n_rules, rules_capacity;
	struct breakpoint breakpoints[STEPPER_MOST_BREAKPOINTS];
	size_t n_breakpoints;
	size_t at;			/* index of the packet where one stands */
	stepper_filter *filter;
	void *filter_owner;
};

/* Kinds of events that stepper_listen() wants. */
#define STEPPER_KINDS \
	(EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_PACKET) | EVENT_BIT(EVENT_CONNTRACK) | EVENT_BIT(EVENT_CHAIN) | EVENT_BIT(EVENT_COUNTER) | \
	 EVENT_BIT(EVENT_SUMMARY))

void stepper_init(struct stepper *stepper, stepper_filter *filter, void *filter_owner);
void stepper_clear(struct stepper *stepper);

/* A stream_listener whose owner is the stepper. */
void stepper_listen(void *stepper, const struct event *event);

/*
 * "packet 12", "verdict DROP", "state SYN_RECV" (a ctstate, or a protocol's), "rule filter INPUT 3" or "rule dns.rules:9",
 * "entry 2", or a tcpdump filter. False: `error` tells why not.
 */
bool stepper_add_breakpoint(struct stepper *stepper, const char *words, struct text *error);
void stepper_remove_breakpoints(struct stepper *stepper);

/* Goes to the next packet that a breakpoint names, to the last one without; backwards likewise. False: none stopped it. */
bool stepper_continue(struct stepper *stepper, bool is_backwards);

/* The next packet whose line holds the words (letter case aside), from the one where one stands on, and round. */
bool stepper_search(struct stepper *stepper, const char *words);

void stepper_go(struct stepper *stepper, size_t index);

/* The packet where one stands; NULL: there are none. */
const struct tale_packet *stepper_packet(const struct stepper *stepper);

/* What this rule did for a packet. */
enum stepper_effect { EFFECT_NONE, EFFECT_MATCHED, EFFECT_DECIDED };
enum stepper_effect stepper_effect(const struct stepper_rule *rule, const struct tale_packet *packet);

/* Packets up to here that the rule matched, or that the policy decided. */
uint64_t stepper_count(const struct stepper *stepper, const struct stepper_rule *rule);

/* A row of the connection table as it is behind the packet where one stands. */
struct stepper_row {
	const struct tale_entry *entry;
	const struct tale_moment *moment;
	enum { ROW_SAME, ROW_NEW, ROW_REFRESHED, ROW_CHANGED, ROW_ENDED } change;	/* since the packet before */
};

/* Fills at most `most` rows from the `skip`ped ones on; how many there are in all. Those that changed come first. */
size_t stepper_table(const struct stepper *stepper, struct stepper_row *rows, size_t skip, size_t most);

#endif
