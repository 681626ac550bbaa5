/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One direction of a flow, as connection tracking keys it (struct nf_conntrack_tuple).
 *
 * Compared and hashed as 40 plain bytes: no padding, unused fields are zero.
 */
#ifndef PACKET_TUPLE_H
#define PACKET_TUPLE_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "packet/address.h"
#include "packet/packet.h"

enum direction { DIRECTION_ORIGINAL = 0, DIRECTION_REPLY = 1 };

struct tuple {
	struct address source;
	struct address destination;
	uint16_t source_port;		/* host order; ICMP: identifier; GRE: key; else 0 */
	uint16_t destination_port;	/* host order; ICMP: type << 8 | code; GRE: key; else 0 */
	uint16_t zone;			/* conntrack zone of this direction */
	uint8_t protocol;		/* IP protocol number */
	uint8_t family;			/* enum family */
};

static_assert(sizeof(struct tuple) == 40, "tuples are compared as bytes");

static inline bool tuple_is_equal(const struct tuple *a, const struct tuple *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

/* Of ICMP or ICMPv6: both directions have the identifier, and the type stands in for a port. */
static inline bool tuple_is_query(const struct tuple *tuple)
{
	return tuple->protocol == PROTOCOL_ICMP || tuple->protocol == PROTOCOL_ICMPV6;
}

/*
 * The tuple of packets that answer those of `tuple`, in its zone: the ends change places, of an ICMP query the type becomes the
 * other one of its pair. False: nothing answers such packets. Inverting twice gives the tuple again. Linux 6.18,
 * nf_ct_invert_tuple().
 */
bool tuple_invert(const struct tuple *tuple, struct tuple *inverse);

static inline enum direction direction_other(enum direction direction)
{
	return direction == DIRECTION_ORIGINAL ? DIRECTION_REPLY : DIRECTION_ORIGINAL;
}

#endif
