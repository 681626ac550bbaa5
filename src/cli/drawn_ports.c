/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/drawn_ports.h"

#include <stdlib.h>

#include "base/alloc.h"

static bool holds(const struct drawn_ports *ports, const struct drawn_source *source)
{
	for (size_t i = 0; i < ports->n_sources; i++)
		if (ports->sources[i].port == source->port && ports->sources[i].protocol == source->protocol &&
		    address_is_equal(&ports->sources[i].address, &source->address))
			return true;
	return false;
}

bool drawn_ports_note(struct drawn_ports *ports, const struct packet *packet, bool has_drawn)
{
	struct drawn_source source = {
		.address = packet->source,
		.port = packet->has_ports ? packet->source_port : packet->icmp_id,
		.protocol = packet->protocol,
	};
	bool is_known = (has_drawn || ports->n_sources) && holds(ports, &source);

	if (!has_drawn || is_known)
		return is_known;
	ports->sources = alloc_resize(ports->sources, ports->n_sources + 1, sizeof(*ports->sources));
	ports->sources[ports->n_sources++] = source;
	return true;
}

void drawn_ports_clear(struct drawn_ports *ports)
{
	free(ports->sources);
}
