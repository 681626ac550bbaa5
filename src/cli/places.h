/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rules of a replay as what the kernel says is told by: where each stands, at an address that stays. */
#ifndef CLI_PLACES_H
#define CLI_PLACES_H

#include <stddef.h>
#include <stdint.h>

#include "api/ctreplay.h"
#include "event/event.h"

struct places {
	struct rule_place *places;	/* owned; their strings are the replay's */
	size_t n;
};

/* Of an open replay. */
void places_fill(struct places *places, struct ctreplay *replay);
void places_clear(struct places *places);

/* NULL when there is none; number 0: the chain's policy, where somebody has set it. */
const struct rule_place *places_find(const struct places *places, uint8_t family, const char *table, const char *chain, uint32_t number);

/* The same of a rule; NULL too where it is one of rules that were loaded later. */
const struct rule_place *places_of(const struct places *places, const struct ctreplay_rule *rule);

/* Any rule as one. */
struct rule_place places_make(const struct ctreplay_rule *rule);

#endif
