/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The packets that REJECT makes, and the IP layer's own ICMP errors. Linux 6.18, nf_reject_ipv4.c, nf_reject_ipv6.c.
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

/*
 * ICMP destination unreachable (type 3) or ICMPv6 (type 1) with `code`, sent from `source`. `knows_dccp`: of a kernel to which DCCP is more than
 * a number, and which does not sum it.
 */
bool reply_unreachable(const struct packet *offending, uint8_t code, const struct address *source, bool knows_dccp,
		       struct packet *reply);

/* A TCP reset. */
bool reply_tcp_reset(const struct packet *offending, struct packet *reply);

/* An ICMP or ICMPv6 error of the IP layer itself: type, code, and the four bytes before the quote, in host order. */
struct reply_error {
	uint8_t type, code;
	uint32_t rest;
};

/* Such an error sent from `source`. Nobody looks at layer 4's checksum for it. Linux 6.18, __icmp_send(), icmp6_send(). */
bool reply_icmp_error(const struct packet *offending, const struct reply_error *error, const struct address *source,
		      struct packet *reply);

#endif
