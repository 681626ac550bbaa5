/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What several trackers share. */
#include "conntrack/tracker.h"
#include "packet/checksum.h"

const char tracker_cut_reason[] = "cut by the snap length: cannot be judged";

bool tracker_has_bad_checksum(const struct tracker_packet *seen)
{
	return seen->hook == HOOK_PREROUTING && seen->settings->checksum && !seen->packet->is_checksum_trusted &&
	       checksum_known_l4(seen->packet) == CHECKSUM_BAD;
}

void tracker_set_timeout(struct tracker_result *result, const struct tracker_timeout *timeout,
			 const struct conntrack_settings *settings)
{
	result->timeout_seconds = *(const uint32_t *)(const void *)((const char *)settings + timeout->offset);
	result->timeout_from = timeout->name;
}

bool tracker_ports_to_tuple(const struct packet *packet, struct tuple *tuple)
{
	tuple->source_port = packet->source_port;
	tuple->destination_port = packet->destination_port;
	return packet->has_ports;
}
