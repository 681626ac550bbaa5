/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the header does not have: how the stepper's tale hears the engine's own events, which change with the engine. docs/library.md says
 * more of it.
 */
#ifndef API_INSIDE_H
#define API_INSIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "api/ctreplay.h"
#include "event/stream.h"
#include "replay/run_options.h"

/* What was asked for. Before the first packet it may be changed. */
struct run_options *inside_options(struct ctreplay *replay);

/* Before the first packet: a listener; without `is_filtered` also of packets that are not shown. Those of the outputs come before it. */
void inside_listen(struct ctreplay *replay, uint32_t kinds, bool is_filtered, stream_listener *listener, void *owner);

/* EVENT_CHAIN and EVENT_COUNTER for every chain and rule of an open replay, with the counters that the rules file brings. */
void inside_visit_rules(const struct ctreplay *replay, stream_listener *listener, void *owner);

#endif
