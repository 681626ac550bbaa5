/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Translates one packet by its connection's two tuples and NAT bits: packets of the connection in both directions,
 * and ICMP errors about them with the packet that they quote. Checksums follow (packet/rewrite).
 * Linux 6.18, nf_nat_core.c: nf_nat_packet(); nf_nat_proto.c: nf_nat_manip_pkt(), nf_nat_icmp_reply_translation().
 */
#ifndef NAT_APPLY_H
#define NAT_APPLY_H

#include <stdbool.h>

#include "conntrack/connection.h"
#include "nat/range.h"
#include "packet/hook.h"
#include "packet/packet.h"

enum nat_side apply_side_of(enum hook hook);

/* An ICMP error, which no nat chain sees, whatever its connection has been through. */
bool apply_is_error(const struct packet *packet, const struct tracking *tracking);

/* Does the packet what its connection's mapping of that side asks for. NULL, or in words why Linux drops it. */
const char *apply_mapping(struct packet *packet, const struct tracking *tracking, enum nat_side side);

/*
 * Turns a packet of a connection that has left back into what it was before any translation. `is_error`: it is an ICMP
 * error about that connection. What of an error's sender was translated away stays so.
 */
void apply_undo(struct packet *packet, const struct connection *connection, enum direction direction, bool is_error);

#endif
