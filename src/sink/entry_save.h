/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A connection tracking entry as `conntrack -L -o save` and `-E -o save` print it, for `conntrack -R`. conntrack-tools 1.4.7. */
#ifndef SINK_ENTRY_SAVE_H
#define SINK_ENTRY_SAVE_H

#include "sink/entry_columns.h"

/* Without the newline. */
void entry_save_print_list(const struct entry_view *entry, struct vtime now, struct text *out);
void entry_save_print_event(const struct event_conntrack *event, struct vtime now, struct text *out);

#endif
