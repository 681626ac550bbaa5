/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of a packet in JSON: by far the most common one. */
#ifndef SINK_JSON_PACKET_H
#define SINK_JSON_PACKET_H

#include "event/event.h"
#include "sink/json_parts.h"
#include "sink/json_writer.h"
#include "sink/pieces.h"

/* All zero is empty. What many lines have in common: see json_packet.c. */
struct json_packet {
	struct pieces treatments;
	struct json_kept parts;
};

/* What stands behind the first keys, into the object that is open. */
void json_packet_write(struct json_packet *kept, struct json_writer *writer, const struct event *event);

void json_packet_clear(struct json_packet *kept);

#endif
