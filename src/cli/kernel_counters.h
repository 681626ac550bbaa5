/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counters of a kernel's rules at the end, compared with ours. */
#ifndef CLI_KERNEL_COUNTERS_H
#define CLI_KERNEL_COUNTERS_H

#include "api/ctreplay.h"
#include "cli/compare.h"
#include "cli/places.h"
#include "kernel/tables.h"

/* Of all rules of a replay that is finished. */
void kernel_counters_compare(const struct tables_counters *kernel, const struct places *places, struct ctreplay *replay,
			     struct compare *compare);

#endif
