/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packets that REJECT makes. Linux 6.18, nf_reject_ipv4.c and nf_reject_ipv6.c.
 *
 * Each function fills `reply` (initialised by the caller, cleared by the caller) with
 * decoded bytes of its own: number and time of the offending packet, valid checksums.
 * False when Linux would stay silent: fragments, ICMP errors, RST to RST, bad layer 4
 * checksum, headers too short.
 */
#ifndef PACKET_REPLY_H
#define PACKET_REPLY_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/packet.h"

/* ICMP destination unreachable (type 3) or ICMPv6 (type 1) with `code`, sent from `source`. */
bool reply_unreachable(const struct packet *offending, uint8_t code, const struct address *source,
		       struct packet *reply);

/* A TCP reset. */
bool reply_tcp_reset(const struct packet *offending, struct packet *reply);

/* ICMP or ICMPv6 time exceeded in transit, code 0, sent from `source`. */
bool reply_time_exceeded(const struct packet *offending, const struct address *source, struct packet *reply);

#endif
