/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The addresses and ports of a packet in text, made once for a line in which they stand more than once. Copies are of a fixed length, a
 * few stores, where a length that varies is a call.
 */
#ifndef PACKET_PRINTED_ENDS_H
#define PACKET_PRINTED_ENDS_H

#include <string.h>

#include "base/text.h"
#include "packet/packet.h"

enum { PRINTED_PORT_ROOM = 8, PRINTED_IPV4_ROOM = 16 };

struct printed_end {
	uint8_t address_len, port_len;	/* port_len 0: there is no port */
	char port[PRINTED_PORT_ROOM];
	char address[ADDRESS_ROOM];
};

struct printed_ends {
	struct printed_end source, destination;
};

static inline void printed_end_make(struct printed_end *end, enum family family, const struct address *address, bool has_port,
				    uint16_t port)
{
	end->address_len = (uint8_t)(address_write(end->address, family, address) - end->address);
	end->port_len = has_port ? (uint8_t)(text_write_u64(end->port, port) - end->port) : 0;
}

static inline void printed_ends_make(struct printed_ends *ends, const struct packet *packet)
{
	enum family family = (enum family)packet->family;

	printed_end_make(&ends->source, family, &packet->source, packet->has_ports, packet->source_port);
	printed_end_make(&ends->destination, family, &packet->destination, packet->has_ports, packet->destination_port);
}

/* Writes the address at `at`, where ADDRESS_ROOM bytes are free; returns what is behind it. */
static inline char *printed_end_write_address(const struct printed_end *end, char *at)
{
	memcpy(at, end->address, PRINTED_IPV4_ROOM);
	if (end->address_len > PRINTED_IPV4_ROOM)
		memcpy(at, end->address, ADDRESS_ROOM);
	return at + end->address_len;
}

/* The same of the port, where PRINTED_PORT_ROOM bytes are free; nothing where there is none. */
static inline char *printed_end_write_port(const struct printed_end *end, char *at)
{
	memcpy(at, end->port, PRINTED_PORT_ROOM);
	return at + end->port_len;
}

#endif
