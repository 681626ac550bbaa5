/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fragments: where a piece belongs in its datagram, and the datagram put together again.
 *
 * RFC 791, 3.2; RFC 8200, 4.5. Linux 6.18: ip_frag_queue(), ip_frag_reasm(), find_prev_fhdr(),
 * ipv6frag_thdr_truncated(), nf_ct_frag6_reasm(). What may be put together, and until when,
 * host/defrag knows.
 */
#ifndef PACKET_FRAGMENT_H
#define PACKET_FRAGMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/packet.h"

enum fragment_kind {
	FRAGMENT_NONE,		/* whole; or its fragment header cannot be found */
	FRAGMENT_PIECE,
	FRAGMENT_SHORT,		/* IPv6: the packet ends within its fragment header */
	FRAGMENT_HEADLESS,	/* IPv6: a first fragment without the whole chain of headers */
};

/* What the headers of a piece say. Offsets into the datagram are bytes of its data. */
struct fragment {
	uint32_t identification;
	uint32_t offset, end;		/* of the datagram's data; end is exclusive */
	bool has_more;
	uint32_t header_len;		/* from the first byte of IP to the piece's data; IPv6: the fragment header included */
	uint32_t next_header_at;	/* IPv6: offset of the byte that names the fragment header */
};

/* False for what is certainly no fragment, atomic ones included: nearly every packet. */
static inline bool fragment_may_be(const struct packet *packet)
{
	return packet->is_fragment || (packet->family == FAMILY_IPV6 && (packet->has_ip_options || packet->l4_unreachable));
}

/* Fills `fragment` for a PIECE. IPv6's atomic fragments are pieces too. */
enum fragment_kind fragment_find(const struct packet *packet, struct fragment *fragment);

/* A piece that was taken out of its packet; whoever holds it owns the bytes. */
struct fragment_piece {
	uint64_t packet;		/* number of the packet that brought it */
	uint32_t offset, len;
	uint32_t captured_len;		/* <= len: the bytes that are there */
	bool begins_run;		/* host/defrag's: it did not follow the piece that was last then */
	uint8_t *bytes;
};

/* A datagram's pieces, in order and without a gap, and what the whole will say. */
struct fragment_whole {
	enum family family;
	const uint8_t *header;		/* of the piece with offset 0, fragment header included */
	uint32_t header_len, header_captured_len;
	uint32_t next_header_at;
	const struct fragment_piece *pieces;
	size_t n_pieces;
	bool dont_fragment;		/* IPv4 */
	uint8_t ecn;			/* bits to add to the TOS or traffic class */
};

/* Makes `packet` the piece with offset 0 once more, as it came: bytes of its own, decoded anew. */
void fragment_restore(struct packet *packet, const struct fragment_whole *whole);

/* The length of the whole by its IP header. */
uint32_t fragment_whole_len(const struct fragment_whole *whole);

/*
 * Makes `packet` the whole: its bytes become a copy of its own, decoded anew; number, time, frame and link stay those
 * of the piece that it was. What the snap length cut from a piece is cut from the whole, with all that follows.
 */
void fragment_join(struct packet *packet, const struct fragment_whole *whole);

#endif
