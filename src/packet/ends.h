/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Between whom a packet travels, as people and NAT see it. */
#ifndef PACKET_ENDS_H
#define PACKET_ENDS_H

#include "packet/packet.h"
#include "packet/tuple.h"

/* Addresses and ports of a packet; of ICMP the identifier as source port, type << 8 | code as the other. Zone 0. */
struct tuple ends_of(const struct packet *packet);

#endif
