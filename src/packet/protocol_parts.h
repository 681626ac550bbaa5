/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of services, private to packet/protocol*.c. */
#ifndef PACKET_PROTOCOL_PARTS_H
#define PACKET_PROTOCOL_PARTS_H

#include <stddef.h>
#include <stdint.h>

enum { SERVICE_TCP = 1, SERVICE_UDP = 2, SERVICE_SCTP = 4 };

struct protocol_service_row {
	uint16_t port;
	const char *name;
	uint8_t protocols;	/* SERVICE_TCP ... */
};

extern const struct protocol_service_row protocol_services[];
extern const size_t protocol_n_services;

#endif
