/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * GRE (RFC 2784; version 1 as PPTP uses it, RFC 2637). Linux 6.18, nf_conntrack_proto_gre.c.
 * A source key is known where a PPTP helper has read it (conntrack/gre_keys); without one the two directions of a
 * version 1 tunnel are two entries.
 */
#include <stddef.h>

#include "base/cursor.h"
#include "conntrack/tracker.h"

enum { GRE_VERSION_MASK = 7, GRE_PPTP = 1, GRE_PAYLOAD_PPP = 0x880b };

static bool packet_to_tuple(const struct packet *packet, struct tuple *tuple)
{
	struct cursor cursor = cursor_at(packet->bytes, packet->len, packet->l4_offset);
	uint16_t flags = cursor_u16(&cursor), payload = cursor_u16(&cursor), call_id;

	/* Not version 1: keys are 0. What the snap length cut could have had one. */
	if ((flags & GRE_VERSION_MASK) != GRE_PPTP)
		return !cursor.failed || !packet_is_cut(packet);
	cursor_skip(&cursor, 2);
	call_id = cursor_u16(&cursor);
	/* Linux 6.18, gre_pkt_to_tuple(): too short for a call id, keys are 0 as well. */
	if (cursor.failed)
		return !packet_is_cut(packet);
	tuple->destination_port = call_id;
	return payload == GRE_PAYLOAD_PPP;
}

/* Linux 6.18, nf_conntrack_gre_packet(): an entry keeps the lifetimes that held when it was made. */
static const char *begin(struct connection *connection, const struct tracker_packet *seen)
{
	connection->memory.gre.timeout = seen->settings->gre_timeout;
	connection->memory.gre.stream_timeout = seen->settings->gre_timeout_stream;
	return NULL;
}

static struct tracker_result update(struct connection *connection, const struct tracker_packet *seen)
{
	(void)seen;
	if (connection->status & STATUS_SEEN_REPLY)
		return (struct tracker_result){
			.action = TRACKER_ACCEPT, .timeout_seconds = connection->memory.gre.stream_timeout,
			.timeout_from = "gre_timeout_stream",
			.becomes_assured = true, .reason = "Both directions were seen: a stream.",
		};
	return (struct tracker_result){
		.action = TRACKER_ACCEPT, .timeout_seconds = connection->memory.gre.timeout, .timeout_from = "gre_timeout",
	};
}

const struct tracker tracker_gre = {
	.name = "gre",
	.protocol = PROTOCOL_GRE,
	.packet_to_tuple = packet_to_tuple,
	.memory_size = sizeof(((struct connection *)NULL)->memory.gre),
	.begin = begin,
	.update = update,
};
