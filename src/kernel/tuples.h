/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tuples as ctnetlink writes them, and the tuple of a packet. */
#ifndef KERNEL_TUPLES_H
#define KERNEL_TUPLES_H

#include <stdbool.h>

#include "kernel/netlink.h"
#include "packet/packet.h"
#include "packet/tuple.h"

/* CTA_TUPLE_ORIG and its like: nested attributes. False when something that every tuple has is missing. */
bool tuples_parse(struct netlink_span attributes, struct tuple *tuple);

/* Adds `tuple` as the nested attribute `type`. */
void tuples_put(struct netlink_message *message, uint16_t type, const struct tuple *tuple);

/*
 * The tuple under which the kernel looks the packet up (ICMP errors: the inverted tuple of what they quote). False
 * for packets that have none: fragments but the first, cut or malformed headers. Where the kernel does not track DCCP
 * (Linux 6.18), its tuples have no ports, and none need be there.
 */
bool tuples_of_packet(const struct packet *packet, bool tracks_dccp, struct tuple *tuple);

/* The tuple of an answer. */
void tuples_turn_round(struct tuple *tuple);

#endif
