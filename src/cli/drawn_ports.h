/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Whose ports NAT has drawn at random: another kernel, or another run, draws another, and keeps it for the source's other
 * connections too.
 */
#ifndef CLI_DRAWN_PORTS_H
#define CLI_DRAWN_PORTS_H

#include <stdbool.h>
#include <stddef.h>

#include "packet/packet.h"

struct drawn_source {
	struct address address;
	uint16_t port;			/* or ICMP identifier */
	uint8_t protocol;
};

struct drawn_ports {
	struct drawn_source *sources;	/* owned */
	size_t n_sources;
};

/* After a packet: `has_drawn` when a port was drawn for it. True when its source's port is a matter of chance. */
bool drawn_ports_note(struct drawn_ports *ports, const struct packet *packet, bool has_drawn);
void drawn_ports_clear(struct drawn_ports *ports);

#endif
