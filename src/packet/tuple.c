/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/tuple.h"

/* Pairs of types that ask and answer. */
struct icmp_pair {
	uint8_t request, reply;
};

/* RFC 792, RFC 950: echo, timestamp, information, address mask. */
static const struct icmp_pair icmp_pairs[] = { { 8, 0 }, { 13, 14 }, { 15, 16 }, { 17, 18 } };

/* RFC 4443, RFC 4620: echo, node information. */
static const struct icmp_pair icmpv6_pairs[] = { { 128, 129 }, { 139, 140 } };

static bool invert_type(const struct icmp_pair *pairs, size_t n_pairs, struct tuple *tuple)
{
	unsigned type = tuple->destination_port >> 8, code = tuple->destination_port & 0xffu;

	for (size_t i = 0; i < n_pairs; i++) {
		if (type != pairs[i].request && type != pairs[i].reply)
			continue;
		type = type == pairs[i].request ? pairs[i].reply : pairs[i].request;
		tuple->destination_port = (uint16_t)(type << 8 | code);
		return true;
	}
	return false;
}

bool tuple_invert(const struct tuple *tuple, struct tuple *inverse)
{
	struct tuple answer = *tuple;

	answer.source = tuple->destination;
	answer.destination = tuple->source;
	if (tuple->protocol == PROTOCOL_ICMP && !invert_type(icmp_pairs, sizeof(icmp_pairs) / sizeof(icmp_pairs[0]), &answer))
		return false;
	if (tuple->protocol == PROTOCOL_ICMPV6 &&
	    !invert_type(icmpv6_pairs, sizeof(icmpv6_pairs) / sizeof(icmpv6_pairs[0]), &answer))
		return false;
	if (!tuple_is_query(tuple)) {
		answer.source_port = tuple->destination_port;
		answer.destination_port = tuple->source_port;
	}
	*inverse = answer;
	return true;
}
