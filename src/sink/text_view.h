/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The default view while it is written. Private to text.c and text_row.c. */
#ifndef SINK_TEXT_VIEW_H
#define SINK_TEXT_VIEW_H

#include <stdbool.h>

#include "base/text.h"
#include "event/event.h"
#include "sink/pieces.h"
#include "sink/text_layout.h"

struct text_view {
	struct text_layout layout;
	bool is_quiet, is_full;
	struct text scratch;
	struct pieces kept;	/* the last three cells of a row: see text_row.c */
	struct text notes;	/* lines that follow the packet's own: what was said while it travelled */
};

/* The row of a packet (EVENT_PACKET); its notes are the caller's. */
void text_view_write_row(struct text_view *view, const struct event *event);

/* Moves the scratch text into the next cell. */
void text_view_add_scratch(struct text_view *view, enum text_style style);

void text_view_add_time(struct text_view *view, struct vtime time);

/* The packet as tcpdump would put it; TCP's numbers only where everything is shown. */
void text_view_append_packet(const struct text_view *view, const struct packet *packet, struct text *out);

#endif
