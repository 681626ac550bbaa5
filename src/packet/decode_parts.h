/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The three steps of decode_frame(), private to packet/decode*.c.
 *
 * Each step fills its fields of the packet. One that stops sets status, problem and
 * problem_layer, and returns false.
 */
#ifndef PACKET_DECODE_PARTS_H
#define PACKET_DECODE_PARTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cursor.h"
#include "packet/packet.h"

/* The frame's length is not known: nothing can be said to be longer than it (NFLOG's copy range). */
#define DECODE_LENGTH_UNKNOWN UINT32_MAX

/* Where the link layer's payload begins, and what the link layer says of it. */
struct decode_payload {
	struct cursor cursor;	/* at the first byte after the link headers */
	uint32_t original_len;	/* bytes on the wire from there on, or DECODE_LENGTH_UNKNOWN */
	enum family family;	/* FAMILY_NONE: the version field decides */
};

/* Link headers, with VLAN tags and PPPoE; false when the payload is not IP or the headers are cut. */
bool decode_link(struct packet *packet, int link_type, struct decode_payload *payload);

/* What follows an ethertype, VLAN tags included; also used by the SLL headers. */
bool decode_ethertype(struct packet *packet, uint16_t ethertype, struct decode_payload *payload);

/* The network header and everything after it. */
void decode_network(struct packet *packet, const struct decode_payload *payload);

/* The same, for most packets; false, and nothing changed: for this one it takes decode_network(). */
bool decode_ordinary(struct packet *packet, const struct decode_payload *payload);

/*
 * The headers of an IP packet that a router quoted: nobody checks lengths or
 * checksums there, what Linux sees ends where the quote ends. False: no IP header.
 */
bool decode_quoted(struct packet *packet, enum family family, const uint8_t *bytes, uint32_t captured_len, uint32_t original_len);

/* The fixed header of layer 4, at l4_offset. */
void decode_l4(struct packet *packet);

/* Sets status, problem and problem_layer; always false, for `return decode_stop(...)`. */
bool decode_stop(struct packet *packet, enum decode_status status, const char *layer, const char *problem);

#endif
