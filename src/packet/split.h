/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A packet that leaves in pieces: as long as those in which it came, or as long as its way takes them.
 *
 * RFC 791, 3.2; RFC 8200, 4.5. Linux 6.18: ip_fragment(), ip_do_fragment(), ip_options_fragment(), ip6_fragment(),
 * ip6_find_1stfragopt().
 */
#ifndef PACKET_SPLIT_H
#define PACKET_SPLIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/packet.h"

/* What is known of its pieces, and of its way. All zero: it leaves whole. */
struct split {
	const uint32_t *lens;		/* of the pieces' data as they came, by offset; borrowed */
	size_t n_lens;			/* 0: it came whole */
	uint32_t longest;		/* of these pieces, IP header included */
	uint32_t identification;	/* of IPv6's; the kernel draws another */
	bool is_rewritten;		/* its payload was: their borders are lost */
	uint32_t mtu;			/* of the way; 0: it takes everything */
};

/* Going through the pieces. Private. */
struct splitting {
	const struct packet *packet;
	const struct split *split;
	uint32_t header_len;		/* of the part that each piece has, without IPv6's fragment header */
	uint32_t next_header_at;	/* IPv6: offset of the byte that names what follows that part */
	uint32_t most;			/* data of a piece */
	uint32_t offset;		/* of the next piece's data */
	size_t n_made;
	bool keeps_lens, is_whole;
};

enum { SPLIT_MOST_HEADER = 8 };		/* by how much a piece may be longer than its packet */

void splitting_begin(struct splitting *splitting, const struct packet *packet, const struct split *split);

/*
 * Writes the next piece's bytes, as far as they were captured, to `bytes`, which has room for packet->len +
 * SPLIT_MOST_HEADER; `total_len` becomes its length by its IP header. Returns how many were written; 0: that was all.
 */
uint32_t splitting_next(struct splitting *splitting, uint8_t *bytes, uint32_t *total_len);

#endif
