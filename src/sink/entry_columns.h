/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What of an entry a listing or an event shows, whatever the form it is written in: conntrack's line, its
 * -o save, its -o xml. conntrack-tools 1.4.7 prints what the kernel sends (Linux 6.18, nf_conntrack_netlink.c).
 */
#ifndef SINK_ENTRY_COLUMNS_H
#define SINK_ENTRY_COLUMNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "clock/vtime.h"
#include "event/event.h"

/* When something is printed, and what the absolute time of 0 is. */
struct entry_clock {
	struct vtime now;
	int64_t origin_seconds;
	uint32_t origin_ns;
};

struct entry_columns {
	const char *type;		/* "NEW", "UPDATE", "DESTROY"; NULL: a listing */
	uint32_t timeout_seconds;	/* that are left */
	bool has_timeout, has_state, has_mark, has_counters, has_delta_time, has_helper, has_labels, has_use;
};

struct entry_columns entry_columns_of_listing(const struct entry_view *entry, struct vtime now);
struct entry_columns entry_columns_of_event(const struct event_conntrack *event, struct vtime now);

/* "NEW", "UPDATE" or "DESTROY": the kind of line that the bits make. */
const char *entry_columns_event_type(uint32_t bits);

/* The zone both directions are in; 0 when they differ: then each direction names its own. */
uint16_t entry_columns_zone(const struct entry_view *entry);

/* The protocol as the tool calls it; NULL when it has no name for it. It knows DCCP, whether the kernel tracks it or not. */
const char *entry_columns_protocol(uint8_t protocol);

/* Behind the line of an event that an operator caused: " [USERSPACE] portid=... progname=conntrack"; else nothing. */
void entry_columns_print_user(const struct event_conntrack *event, struct text *out);

#endif
