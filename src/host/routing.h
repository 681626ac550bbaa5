/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What routing decides about one packet: for the host, onwards, or lost, and why.
 * Linux 6.18: ip_route_input_slow(), fib_validate_source(), ip_route_output_key_hash_rcu(), ip_error();
 * ip6_route_input(), ip6_pkt_drop().
 */
#ifndef HOST_ROUTING_H
#define HOST_ROUTING_H

#include <stdbool.h>
#include <stdint.h>

#include "host/fib.h"
#include "packet/packet.h"

enum routing_result {
	ROUTING_DELIVER,	/* for the host; of its own packets: by lo to itself */
	ROUTING_FORWARD,	/* leaves by an interface */
	ROUTING_DROP,		/* lost, in silence */
	ROUTING_REFUSE,		/* lost, and the sender is told: ICMP unreachable */
};

#define ROUTING_NOT_JOINED "the host has not joined this multicast group"

struct routing {
	enum routing_result result;
	const char *interface;		/* where it leaves: of FORWARD, and lo for the host's own to itself */
	const struct route *route;	/* NULL where no route was needed, or none was found */
	const struct policy_rule *rule;	/* that led there; NULL likewise */
	const char *reason;		/* of DROP and REFUSE: a sentence, static */
	bool is_unrouted;		/* lost because no route takes it: the options of its IPv4 header were looked at all the same */
	uint8_t code;			/* of REFUSE: ICMP or ICMPv6 unreachable code */
};

/* A packet that came in by `in`, behind PREROUTING. */
void routing_input(const struct topology *topology, const struct packet *packet, const char *in, uint32_t mark,
		   struct routing *routing);

/* A packet of the host itself. Never REFUSE: who sends is told otherwise. */
void routing_output(const struct topology *topology, const struct packet *packet, uint32_t mark,
		    struct routing *routing);

#endif
