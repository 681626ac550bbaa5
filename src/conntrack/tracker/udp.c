/* SPDX-License-Identifier: GPL-2.0-or-later */
/* UDP (RFC 768). Linux 6.18, nf_conntrack_proto_udp.c. */
#include <stddef.h>

#include "conntrack/tracker.h"

enum { UDP_HEADER_LEN = 8, STREAM_AFTER_SECONDS = 2 };

static const char *check(const struct tracker_packet *seen)
{
	const struct packet *packet = seen->packet;

	if (packet->l4_len < UDP_HEADER_LEN)
		return "short packet";
	if (!packet->has_l4)
		return tracker_cut_reason;
	if (packet->udp_len < UDP_HEADER_LEN || packet->udp_len > packet->l4_len)
		return "truncated/malformed packet";
	if (tracker_has_bad_checksum(seen))
		return "bad checksum";
	return NULL;
}

static const char *begin(struct connection *connection, const struct tracker_packet *seen)
{
	connection->memory.udp.stream_from = vtime_add_seconds(seen->now, STREAM_AFTER_SECONDS);
	return NULL;
}

/*
 * The first reply finds SEEN_REPLY not set yet, so it never makes a stream; it is the
 * entry's age that counts, not the gap between packets.
 */
static struct tracker_result update(struct connection *connection, const struct tracker_packet *seen)
{
	if (!connection->is_stream)
		connection->is_stream = vtime_is_before(connection->memory.udp.stream_from, seen->now);
	if (connection->status & STATUS_SEEN_REPLY && connection->is_stream)
		return (struct tracker_result){
			.action = TRACKER_ACCEPT, .timeout_seconds = seen->settings->udp_timeout_stream,
			.timeout_from = "udp_timeout_stream", .becomes_assured = true,
			.reason = "Both directions were seen, and the entry is older than two seconds: a stream.",
		};
	return (struct tracker_result){
		.action = TRACKER_ACCEPT, .timeout_seconds = seen->settings->udp_timeout, .timeout_from = "udp_timeout",
	};
}

const struct tracker tracker_udp = {
	.name = "udp",
	.protocol = PROTOCOL_UDP,
	.memory_size = sizeof(struct vtime),
	.packet_to_tuple = tracker_ports_to_tuple,
	.check = check,
	.begin = begin,
	.update = update,
};
