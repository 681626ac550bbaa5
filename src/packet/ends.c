/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/ends.h"

struct tuple ends_of(const struct packet *packet)
{
	struct tuple ends = {
		.source = packet->source, .destination = packet->destination,
		.protocol = packet->protocol, .family = packet->family,
	};

	if (packet->has_ports) {
		ends.source_port = packet->source_port;
		ends.destination_port = packet->destination_port;
	} else if (packet->has_l4 && packet_is_icmp(packet)) {
		ends.source_port = packet->icmp_id;
		ends.destination_port = (uint16_t)(packet->icmp_type << 8 | packet->icmp_code);
	}
	return ends;
}
