/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Bytes to meaning: link layer, then IPv4 or IPv6, then the fixed header of layer 4.
 *
 * Linux 6.18: ip_rcv_core(), ip6_rcv_core(), ipv6_skip_exthdr(); link types as in
 * libpcap's pcap-linktype(7). Every byte is read through base/cursor. A frame from
 * which nothing can be said is data, not an error: status and problem tell.
 */
#ifndef PACKET_DECODE_H
#define PACKET_DECODE_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/packet.h"

/* True when decode_frame() understands the libpcap DLT_ value. */
bool decode_supports_link_type(int link_type);

/* "ARP", "LLDP", ...: payloads of Ethernet that are not IP but have a name; else NULL. */
const char *decode_ethertype_name(uint16_t ethertype);

/*
 * Fills everything after the frame fields from packet->frame, captured_len and
 * original_len. A direction or interface that the source already knew (pcapng) is
 * kept; SLL and SLL2 set it.
 */
void decode_frame(struct packet *packet, int link_type);

/*
 * The packet turns out to be the host's own: a wrong IP header checksum means that the network card was to fill it in.
 * Linux 6.18, __ip_local_out(), ip_send_check(). Does nothing to other packets.
 */
void decode_accept_ip_checksum(struct packet *packet);

/* The same for bytes that start at the IP header (embedded packets, generated replies). */
void decode_ip(struct packet *packet, const uint8_t *bytes, uint32_t captured_len, uint32_t original_len);

/*
 * The same for bytes that take the place of those that were decoded (a datagram of which the packet was the last
 * fragment): the frame, the link layer and what else stands before `status` stay.
 */
void decode_replaced(struct packet *packet, const uint8_t *bytes, uint32_t len, uint32_t original_len);

/*
 * The packet quoted by an ICMP or ICMPv6 error in `packet`, of the same family, whatever version it says, as Linux reads it.
 * `inner` is set to zero and filled as far as the quote goes (its bytes are borrowed from packet). Its total_len
 * is the quote's length, whatever its header says: that is what Linux sees. False when
 * the packet quotes nothing or the quote holds no IP header.
 */
bool decode_embedded(const struct packet *packet, struct packet *inner);

#endif
