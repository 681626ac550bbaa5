/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a format prints of a rule, kept: a few rules decide about most packets.
 *
 * A format owns one cache for each form in which it prints rules. A rule's place in the cache follows from its address; two
 * that share one drive each other out, so memory is bounded whatever the number of rules.
 */
#ifndef SINK_PLACE_CACHE_H
#define SINK_PLACE_CACHE_H

#include "base/text.h"
#include "event/event.h"

enum { PLACE_CACHE_SLOTS = 256 };

struct place_cache {
	struct {
		const struct rule_place *place;	/* NULL: free */
		struct text printed;
	} slots[PLACE_CACHE_SLOTS];
};

/* Appends the form to the text. */
typedef void place_print(const struct rule_place *place, struct text *out);

/* All zero is empty, too. */
void place_cache_clear(struct place_cache *cache);

/* What `print` prints of the rule, which is always the same function for one cache. Valid until the next call. */
const struct text *place_cache_print(struct place_cache *cache, const struct rule_place *place, place_print *print);

#endif
