/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the header does not have: how parts of this program that hear the engine's own events (judges, coverage, the stepper's
 * tale) take part in a replay of libctreplay. Events change with the engine. docs/library.md says who uses this.
 */
#ifndef API_INSIDE_H
#define API_INSIDE_H

#include <stdint.h>

#include "api/ctreplay.h"
#include "event/stream.h"
#include "replay/rules_files.h"

/* Before the first packet: a listener, also of packets that are not shown. Those of the outputs come before it. */
void inside_listen(struct ctreplay *replay, uint32_t kinds, stream_listener *listener, void *owner);

/* Likewise: EVENT_COUNTER and EVENT_CHAIN tell how often rules were tried and chains entered. */
void inside_count_tries(struct ctreplay *replay);

/*
 * Of an open replay, and as long as it is there: its rules, the files that they stand in, the link type (DLT_) of its capture, what
 * an input may cost.
 */
const struct ruleset *inside_ruleset(const struct ctreplay *replay);
const struct rules_files *inside_rules_files(const struct ctreplay *replay);
int inside_link_type(const struct ctreplay *replay);
const struct limits *inside_limits(const struct ctreplay *replay);

/* EVENT_CHAIN and EVENT_COUNTER for every chain and rule of an open replay, with the counters that the rules file brings. */
void inside_visit_rules(const struct ctreplay *replay, stream_listener *listener, void *owner);

#endif
