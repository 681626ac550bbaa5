/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets that the host makes because of another: REJECT's, and its own ICMP errors. Each makes a journey of its own
 * through OUTPUT and POSTROUTING. All but answer_reject() and answer_lost_pieces() end the journey of the packet that is answered.
 */
#ifndef HOST_ANSWER_H
#define HOST_ANSWER_H

#include "host/journey.h"

struct walk;

/* What the REJECT target asked for. Linux 6.18: nf_send_unreach(), nf_send_reset() and their IPv6 twins. */
void answer_reject(struct walk *walk, struct journey *journey);

/* ip_forward(), ip6_forward(): the packet has no hop left. */
void answer_time_exceeded(struct walk *walk, struct journey *journey);

/* ip_options_compile(): `pointer` says which byte of the IPv4 header is wrong. */
void answer_bad_option(struct walk *walk, struct journey *journey, uint8_t pointer);

/* ip_error(), ip6_pkt_drop(): routing refuses it; `code` of ICMP's or ICMPv6's unreachable. */
void answer_unrouted(struct walk *walk, struct journey *journey, uint8_t code, const char *reason);

/*
 * ip_expire(), ip6frag_expire_frag_queue(): the rest of a datagram did not come in time, of which `first` is the piece
 * with offset 0. Its sender hears of it at first->time, between the packets of the capture: by IPv4 from the host for which
 * it was, by IPv6 from a router as well.
 */
void answer_lost_pieces(struct walk *walk, struct packet *first);

/* The way takes no packet of this length: fragmentation needed, packet too big. */
void answer_too_long(struct walk *walk, struct journey *journey);

#endif
