/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The options behind an IPv4 header, as a host reads them that receives the packet.
 * Linux 6.18, ip_options.c: __ip_options_compile(); ip_input.c: ip_rcv_options().
 */
#ifndef PACKET_IP_OPTIONS_H
#define PACKET_IP_OPTIONS_H

#include <stdint.h>

#include "packet/packet.h"

enum ip_options_result {
	IP_OPTIONS_FINE,		/* or there are none */
	IP_OPTIONS_MISTAKE,		/* the sender gets a parameter problem */
	IP_OPTIONS_SOURCE_ROUTE,	/* the packet wants to choose its way: not taken (accept_source_route is off) */
};

/* Of a packet with an IPv4 header that is whole. *pointer: of a mistake, which byte, from the header's first. */
enum ip_options_result ip_options_check(const struct packet *packet, uint8_t *pointer);

#endif
