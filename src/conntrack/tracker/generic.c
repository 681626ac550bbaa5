/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Every protocol without a tracker of its own: one entry an address pair. Linux 6.18, nf_conntrack_proto_generic.c. */
#include <stddef.h>

#include "conntrack/tracker.h"

static bool packet_to_tuple(const struct packet *packet, struct tuple *tuple)
{
	(void)packet;
	(void)tuple;
	return true;
}

static struct tracker_result update(struct connection *connection, const struct tracker_packet *seen)
{
	(void)connection;
	return (struct tracker_result){
		.action = TRACKER_ACCEPT, .timeout_seconds = seen->settings->generic_timeout, .timeout_from = "generic_timeout",
	};
}

const struct tracker tracker_generic = {
	.name = "unknown",
	.protocol = 0,
	.packet_to_tuple = packet_to_tuple,
	.update = update,
};
