/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The only code that changes a packet's bytes. Field and checksum change together
 * (RFC 1624), and the decoded fields follow. The first change copies the packet into
 * its own buffer, so the capture's bytes are never touched.
 *
 * A checksum that was wrong before stays wrong by the same amount.
 */
#ifndef PACKET_REWRITE_H
#define PACKET_REWRITE_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/packet.h"

void rewrite_ttl(struct packet *packet, uint8_t ttl);		/* or hop limit */
void rewrite_tos(struct packet *packet, uint8_t tos);		/* or traffic class */

/* Addresses: the IPv4 header checksum and the pseudo header's part of the layer 4 checksum follow. */
void rewrite_source(struct packet *packet, const struct address *address);
void rewrite_destination(struct packet *packet, const struct address *address);

/*
 * The address alone: no checksum follows. Of the packet itself, and of the one that an ICMP error quotes. For translations
 * that keep the sum, or that leave it wrong as Linux does.
 */
void rewrite_source_alone(struct packet *packet, const struct address *address);
void rewrite_destination_alone(struct packet *packet, const struct address *address);
void rewrite_quoted_source_alone(struct packet *packet, const struct address *address);
void rewrite_quoted_destination_alone(struct packet *packet, const struct address *address);

/* Ports of TCP, UDP, UDPLITE, SCTP, DCCP; the identifier of ICMP and ICMPv6. Nothing where the field was cut. */
void rewrite_source_port(struct packet *packet, uint16_t port);
void rewrite_destination_port(struct packet *packet, uint16_t port);
void rewrite_icmp_id(struct packet *packet, uint16_t id);

/*
 * The same in the packet that an ICMP error quotes (decode_embedded()): the quoted headers' checksums follow as far as
 * they are there, then the error's own. Nothing where the quote is too short.
 */
void rewrite_quoted_source(struct packet *packet, const struct address *address);
void rewrite_quoted_destination(struct packet *packet, const struct address *address);
void rewrite_quoted_source_port(struct packet *packet, uint16_t port);
void rewrite_quoted_destination_port(struct packet *packet, uint16_t port);
void rewrite_quoted_icmp_id(struct packet *packet, uint16_t id);

/*
 * SCTP's CRC32c in a quote becomes that of as much as is quoted, when the common header is: so Linux has it after a
 * translation. Linux 6.18, sctp_manip_pkt().
 */
void rewrite_quoted_crc(struct packet *packet);

/*
 * A wrong checksum of TCP or UDP becomes right: what the network card would have done behind the place where the packet was
 * captured. Nothing where the packet was cut, or is a fragment.
 */
void rewrite_checksum(struct packet *packet);

/*
 * Replaces `len` bytes at `offset` from the start of the layer 4 header (TCP sequence numbers, options, flags). False,
 * and nothing changed, when they were not all captured.
 */
bool rewrite_l4_bytes(struct packet *packet, uint32_t offset, const uint8_t *bytes, uint32_t len);

/*
 * Puts `new_len` bytes in the place of the `old_len` bytes at `offset` from the start of the layer 4 header; the IP and
 * UDP lengths follow. False, and nothing changed, when the packet was cut, is a fragment, or would become too long.
 */
bool rewrite_resize(struct packet *packet, uint32_t offset, uint32_t old_len, const uint8_t *bytes, uint32_t new_len);

/*
 * An ICMP error whose quoted packet was rewritten by somebody who took it for a UDP datagram: at the places of UDP's length and
 * checksum are these, the latter unless it was 0, and the checksum of ICMP is what it was, `checksum`.
 * Linux 6.18, nf_nat_mangle_udp_packet().
 */
void rewrite_error_as_datagram(struct packet *packet, uint16_t checksum);

#endif
