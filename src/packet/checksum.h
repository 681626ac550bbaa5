/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Internet checksums (RFC 1071) and SCTP's CRC32c (RFC 9260), of whole packets. */
#ifndef PACKET_CHECKSUM_H
#define PACKET_CHECKSUM_H

#include <stddef.h>
#include <stdint.h>

#include "packet/packet.h"

enum checksum_state {
	CHECKSUM_VALID,
	CHECKSUM_BAD,
	CHECKSUM_ABSENT,	/* UDP field 0, or a protocol without one */
	CHECKSUM_UNKNOWN,	/* cut by the snap length, or a later fragment: cannot be judged */
};

/* Ones' complement sum of bytes, not folded, added to `sum`; odd lengths are padded with zero. */
uint64_t checksum_add(uint64_t sum, const uint8_t *bytes, size_t len);

/* What is carried out of 16 bits is added again, until nothing is. A sum that is not 0 does not become 0 by that. */
static inline uint16_t checksum_fold(uint64_t sum)
{
	sum = (sum & UINT32_MAX) + (sum >> 32);
	sum = (sum & UINT32_MAX) + (sum >> 32);
	sum = (sum & UINT16_MAX) + (sum >> 16);
	return (uint16_t)((sum & UINT16_MAX) + (sum >> 16));
}

/* Folded and complemented, ready to be stored in host order. */
static inline uint16_t checksum_finish(uint64_t sum)
{
	return (uint16_t)~checksum_fold(sum);
}

/*
 * The layer 4 checksum of TCP, UDP, UDPLITE, ICMP, ICMPv6, SCTP, DCCP; pseudo header included. A first fragment is judged
 * as it is, as Linux does: it hardly ever adds up.
 */
enum checksum_state checksum_verify_l4(const struct packet *packet);

/*
 * Of a packet that was just decoded: looks before somebody asks checksum_known_l4(), in another thread for instance, and keeps the answer
 * until the packet is rewritten.
 */
void checksum_note_l4(struct packet *packet);

/* As checksum_verify_l4(). */
static inline enum checksum_state checksum_known_l4(const struct packet *packet)
{
	return packet->l4_checksum ? (enum checksum_state)(packet->l4_checksum - 1) : checksum_verify_l4(packet);
}

/* What the layer 4 checksum field of TCP, UDP, UDPLITE, ICMP, ICMPv6 should hold; the packet must be whole. */
uint16_t checksum_compute_l4(const struct packet *packet);

/* Where a layer 4 header keeps its checksum (2 bytes; SCTP 4), from its first byte; -1: it has none. */
int checksum_field_offset(uint8_t protocol);

/*
 * CRC32c over `len` bytes with the checksum field taken as zero, in the byte order in which
 * cursor_u32() reads what SCTP stores.
 */
uint32_t checksum_crc32c(const uint8_t *bytes, size_t len, size_t field_offset);

#endif
