/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `verify --kernel-only`: the formats of --out show what the kernel says, so they hear its events. What else they show, where the rules
 * stand for one, is known from a replay that is open.
 */
#ifndef CLI_KERNEL_SHOW_H
#define CLI_KERNEL_SHOW_H

#include <stdbool.h>

#include "api/ctreplay.h"
#include "base/diag.h"
#include "cli/places.h"
#include "event/stream.h"
#include "kernel/tables.h"
#include "replay/outputs.h"
#include "replay/run_options.h"

/* The formats that `options` name hear `stream`, which is told of the replay first. False after an error. */
bool kernel_show_open(struct outputs *outputs, const struct run_options *options, struct ctreplay *replay, struct stream *stream,
		      struct diagnostics *diagnostics);

/* After the last packet: EVENT_CHAIN and EVENT_COUNTER for all rules, with the kernel's counters. */
void kernel_show_counters(struct ctreplay *replay, const struct places *places, const struct tables_counters *counters,
			  struct stream *stream);

#endif
