/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which conversation a packet belongs to, by its own addresses and ports alone: for those who group packets. */
#ifndef PACKET_FLOW_H
#define PACKET_FLOW_H

#include <stdint.h>

#include "packet/packet.h"

/*
 * The same number for both directions of a flow, and, but for one chance in 2^64, another one for every other flow.
 * Later fragments, which have no ports, are a flow of their own; 0 for what is not IP.
 */
uint64_t flow_key(const struct packet *packet);

#endif
