/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Walking through a replay: where one stands, where one stops, and what the rules and the table looked like there. Whoever
 * owns the replay tells any stretch of it again, so every way is as short backwards as forwards. Knows no terminal.
 */
#ifndef CLI_STEPPER_H
#define CLI_STEPPER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/ctreplay.h"
#include "base/text.h"
#include "cli/rule_list.h"
#include "cli/stretch.h"

enum breakpoint_kind { BREAK_PACKET, BREAK_VERDICT, BREAK_STATE, BREAK_RULE, BREAK_ENTRY, BREAK_FILTER };

struct breakpoint {
	enum breakpoint_kind kind;
	uint64_t number;		/* PACKET, ENTRY */
	enum ctreplay_verdict verdict;
	long rule;			/* line of the rules */
	char *words;			/* as it was typed; owned. STATE: see `state` */
	const char *state;		/* within `words` */
	bool *passes;			/* FILTER: for each number of a packet, from 1 on; owned */
	size_t n_passes;
};

enum { STEPPER_MOST_BREAKPOINTS = 32 };

/* Which packets pass a tcpdump filter: fills passes[0 .. n-1] for packets 1 to n. False: `error` tells why. */
typedef bool stepper_filter(void *owner, const char *expression, bool *passes, size_t n, struct text *error);

/* The stretch that holds packet `index`, counted from 0; borrowed until three others were asked for. NULL: it cannot be had. */
typedef const struct stretch *stepper_find(void *owner, size_t index);

/* The replay that one walks through. */
struct stepper_source {
	const struct rule_list *rules;
	size_t n_packets;		/* at least one */
	const char *capture;		/* what the title calls it */
	uint32_t hz;			/* the kernel's ticks a second, in which it counts the time left */
	stepper_find *find;
	stepper_filter *filter;
	void *owner;
};

struct stepper {
	const struct stepper_source *source;	/* borrowed */
	struct breakpoint breakpoints[STEPPER_MOST_BREAKPOINTS];
	size_t n_breakpoints;
	size_t at;			/* index of the packet where one stands */
};

void stepper_init(struct stepper *stepper, const struct stepper_source *source);
void stepper_clear(struct stepper *stepper);

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

/* To the packet of this number. False: there is none, and one stays. */
bool stepper_go_to_number(struct stepper *stepper, uint64_t number);

/* A packet, borrowed as its stretch is. NULL: the replay cannot be told again. */
const struct stretch_packet *stepper_packet_at(const struct stepper *stepper, size_t index);
/* The packet where one stands. */
const struct stretch_packet *stepper_packet(const struct stepper *stepper);

/* What the rule, or the policy, of this line of the list did for a packet. */
enum stepper_effect { EFFECT_NONE, EFFECT_MATCHED, EFFECT_DECIDED };
enum stepper_effect stepper_effect(size_t line, const struct stretch_packet *packet);

/* "ESTABLISHED"; for protocols without states "unreplied", "replied", "assured". */
const char *stepper_state(const char *state, uint32_t status);

/* Packets up to here that the rule of this line of the list matched, or that the policy decided. */
uint64_t stepper_count(const struct stepper *stepper, size_t line);

/* A row of the connection table as it is behind the packet where one stands. */
struct stepper_row {
	const struct stretch_entry *entry;
	const struct stretch_moment *moment;
	enum { ROW_SAME, ROW_NEW, ROW_REFRESHED, ROW_CHANGED, ROW_ENDED } change;	/* since the packet before */
};

/* Fills at most `most` rows from the `skip`ped ones on; how many there are in all. Those that changed come first. */
size_t stepper_table(const struct stepper *stepper, struct stepper_row *rows, size_t skip, size_t most);

#endif
