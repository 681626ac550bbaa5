/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a translated packet back to what it may have been: which nat rule could have made its address, and for which
 * addresses and ports that rule stands. For captures that show a connection's first packet behind the translation.
 */
#ifndef RULES_ORIGIN_H
#define RULES_ORIGIN_H

#include <stdbool.h>
#include <stdint.h>

#include "nat/range.h"
#include "packet/packet.h"
#include "rules/ruleset.h"

/* A packet behind its translation, and where that was captured. */
struct origin_question {
	const struct packet *packet;
	enum hook hook;			/* where the rule stands */
	enum nat_side side;		/* which side of the packet it changed */
	const char *out;		/* of POSTROUTING: the interface by which it left; NULL: not known */
	bool is_own;			/* the address is one of the host's: MASQUERADE makes no other */
};

struct origin {
	struct address first, last;	/* where the rule's packets had the address that it changes: one, or a range */
	uint16_t port;			/* 0: the port that the packet has */
};

/* The first rule of the nat table that a hook can reach and that could have made that side of the packet. False: none. */
bool origin_find(const struct ruleset *ruleset, const struct origin_question *question, struct origin *origin);

/* Without looking at the rule's other conditions: may that side be one that a rule made? MASQUERADE's do not count. */
bool origin_may_be_made(const struct ruleset *ruleset, const struct origin_question *question);

#endif
