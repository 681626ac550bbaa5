/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection tracking entry as `conntrack -L -o xml` and `-E -o xml` print it. libnetfilter_conntrack 1.0.9. */
#ifndef SINK_ENTRY_XML_H
#define SINK_ENTRY_XML_H

#include "sink/entry_columns.h"

/* What stands before the first entry and behind the last, with newlines. */
extern const char entry_xml_head[], entry_xml_tail[];

/* `flags`: ENTRY_PRINT_KTIMESTAMP, ENTRY_PRINT_LABELS, ENTRY_PRINT_WHEN of sink/entry_print.h. Without the newline. */
void entry_xml_print_list(const struct entry_view *entry, const struct entry_clock *clock, uint32_t flags, struct text *out);
void entry_xml_print_event(const struct event_conntrack *event, const struct entry_clock *clock, uint32_t flags,
			   struct text *out);

#endif
