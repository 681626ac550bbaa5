/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The counters of a kernel's rules at the end: shown as our own events, or compared with ours. Listeners, and what they own. */
#ifndef CLI_KERNEL_COUNTERS_H
#define CLI_KERNEL_COUNTERS_H

#include "cli/compare.h"
#include "event/stream.h"
#include "kernel/tables.h"

struct kernel_counters_patch {
	const struct tables_counters *counters;
	struct stream *stream;
};

/* Of EVENT_COUNTER and EVENT_CHAIN: the same with the kernel's numbers goes on to the stream. */
void kernel_counters_emit(void *patch, const struct event *event);

struct kernel_counters_check {
	const struct tables_counters *counters;
	struct compare *compare;
};

/* Of our simulator's EVENT_COUNTER. */
void kernel_counters_compare(void *check, const struct event *event);

#endif
