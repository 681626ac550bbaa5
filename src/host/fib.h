/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Routes looked up: policy rules in order, and in the table that one names the longest prefix.
 * Linux 6.18: fib_lookup(), fib_rules_lookup(), fib_table_lookup(), fib6_rule_lookup().
 */
#ifndef HOST_FIB_H
#define HOST_FIB_H

#include <stdbool.h>
#include <stdint.h>

#include "host/topology.h"

struct fib_flow {
	enum family family;
	const struct address *source;	/* NULL: not known */
	const struct address *destination;
	const char *in;			/* NULL: a packet of the host itself; rules call that lo */
	uint32_t mark;
	uint8_t tos;			/* or traffic class */
	uint8_t protocol;		/* 0: not known, as the ports */
	uint16_t source_port, destination_port;
	bool is_about_place;		/* where somebody is, not how to get there: routes of interfaces that are down count too,
					 * and the host's own addresses do not */
};

struct fib_answer {
	bool is_found;			/* else no rule and no route says anything */
	enum route_type type;
	const struct route *route;	/* NULL for the host's own addresses, and where a rule itself refused */
	const char *interface;		/* where it leads, or whose address it is; NULL where nowhere */
	const struct policy_rule *rule;
};

/* By the rows of host/fib_rows where they can tell. */
void fib_lookup(const struct topology *topology, const struct fib_flow *flow, struct fib_answer *answer);

/* The same answer, searched for as the kernel does. */
void fib_search(const struct topology *topology, const struct fib_flow *flow, struct fib_answer *answer);

/* The route that packets of the host itself take to an address that is not its own; NULL: none leads there. */
const struct route *fib_route_towards(const struct topology *topology, enum family family, const struct address *address);

/* The interface of that route; without one, the first. */
const char *fib_interface_towards(const struct topology *topology, enum family family, const struct address *address);

/* Is the interface one by which an answer's route leads, over one of its next hops? */
bool fib_leads_by(const struct topology *topology, const struct fib_answer *answer, const char *interface);

/* The same of the route to an address: is it behind the interface? */
bool fib_is_behind(const struct topology *topology, enum family family, const struct address *address,
		   const char *interface);

/* The longest IP packet that a route's way takes; 0: nobody said. */
uint32_t fib_mtu(const struct route *route);

/* The same for what is forwarded: IPv6 asks the interface alone. Linux 6.18, ip6_dst_mtu_maybe_forward(). */
uint32_t fib_forwarding_mtu(const struct route *route);

/* "main", "local", "default", or the number. */
void fib_print_table(uint32_t table, struct text *out);

/* "blackhole 10.0.0.0/8", "default via 192.0.2.1 dev wan table 100": as `ip route` has it. */
void fib_print_route(const struct route *route, struct text *out);

/* "blackhole", ...; "unicast". */
const char *fib_type_name(enum route_type type);

#endif
