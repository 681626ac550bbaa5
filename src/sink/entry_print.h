/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A connection tracking entry in the three forms that Linux users know:
 *
 *   /proc/net/nf_conntrack   Linux 6.18, nf_conntrack_standalone.c: ct_seq_show()
 *   conntrack -L             conntrack-tools 1.4.7
 *   conntrack -E             the same, one line an event
 *
 * All lines come without the newline. `now` is when the listing is made or the event
 * happens: what is printed is the time that is left then.
 */
#ifndef SINK_ENTRY_PRINT_H
#define SINK_ENTRY_PRINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "clock/vtime.h"
#include "event/event.h"
#include "sink/entry_columns.h"

/* Variants of the forms; what conntrack's -o takes. */
enum entry_print_flag {
	ENTRY_PRINT_EXTENDED = 1 << 0,	/* the network protocol's two columns in front */
	ENTRY_PRINT_ID = 1 << 1,	/* id= at the end */
	ENTRY_PRINT_KTIMESTAMP = 1 << 2,	/* absolute times of begin and end, where nf_conntrack_timestamp keeps them */
	ENTRY_PRINT_LABELS = 1 << 3,	/* labels=, by number */
	ENTRY_PRINT_WHEN = 1 << 4,	/* the time of an event, where the form has a place for it */
};

/* The /proc line; without the network protocol's columns and the zone when `is_legacy` (/proc/net/ip_conntrack). */
void entry_print_proc(const struct entry_view *entry, struct vtime now, bool is_legacy, struct text *out);

void entry_print_list(const struct entry_view *entry, const struct entry_clock *clock, uint32_t flags, struct text *out);

void entry_print_event(const struct event_conntrack *event, const struct entry_clock *clock, uint32_t flags,
		       struct text *out);

/* "tcp", "udp", "icmpv6", ...; NULL for a protocol without a tracker of its own. */
const char *entry_print_protocol(uint8_t protocol);

/* The part of a tuple behind its addresses, with a space at the end: "sport=1 dport=2 "; in the kernel's own words or conntrack's. */
void entry_print_keys(const struct tuple *tuple, bool is_proc, struct text *out);

/* True when the tuple holds ports. */
bool entry_print_has_ports(const struct tuple *tuple);

#endif
