/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * `verify --kernel-only`: the formats of --out show what the kernel says, so they hear its events, and not those of a replay. That, and
 * where rules stand in full, is below the header of libctreplay.
 */
#ifndef CLI_KERNEL_SHOW_H
#define CLI_KERNEL_SHOW_H

#include <stdbool.h>

#include "api/ctreplay.h"
#include "base/diag.h"
#include "event/stream.h"
#include "kernel/tables.h"
#include "replay/outputs.h"
#include "replay/run_options.h"

/* The formats that `options` name hear `stream`, which is told of the replay first. False after an error. */
bool kernel_show_open(struct outputs *outputs, const struct run_options *options, const struct ctreplay *replay, struct stream *stream,
		      struct diagnostics *diagnostics);

/* A path_find_place, of a struct ctreplay: all that formats show of a rule. */
const struct rule_place *kernel_show_find_place(const void *replay, enum family family, const char *table, const char *chain,
						uint32_t number);

/* After the last packet: EVENT_CHAIN and EVENT_COUNTER for all rules, with the kernel's counters. */
void kernel_show_counters(const struct ctreplay *replay, const struct tables_counters *counters, struct stream *stream);

#endif
