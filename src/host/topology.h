/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated host: its interfaces, addresses and routes.
 *
 * Filled from options or by host/guess, then finished once; constant afterwards. It
 * answers what routing answers: is this address ours, where does a packet leave.
 * Linux 6.18: fib_lookup(), inet_dev_addr_type(), ip_route_input_slow().
 */
#ifndef HOST_TOPOLOGY_H
#define HOST_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/text.h"
#include "packet/address.h"
#include "rules/subject.h"

/* An interface name is at most 15 characters (IFNAMSIZ). */
enum { TOPOLOGY_NAME_LEN = 15 };

struct topology_address {
	enum family family;
	struct address address;
	struct masked_address subnet;	/* /32 or /128 when no length was given */
	bool has_broadcast;
	struct address broadcast;	/* IPv4 subnets of /30 and shorter */
	const char *interface;
};

struct route {
	enum family family;
	struct masked_address destination;
	int prefix_len;
	const char *interface;
	bool has_via;
	struct address via;
};

struct topology {
	struct surroundings surroundings;	/* first: rules ask through it */
	struct arena arena;
	struct topology_address *addresses;	/* owned */
	size_t n_addresses;
	struct route *routes;			/* owned; longest prefix first once finished */
	size_t n_routes;
	bool has_assumed_default;		/* no route was given: everything else leaves by the first interface */
};

void topology_init(struct topology *topology);
void topology_clear(struct topology *topology);

/* "ADDR[/LEN][@IFACE]" (IFACE: eth0 unless given; lo is implied for 127/8 and ::1). False after an error. */
bool topology_parse_local(struct topology *topology, const char *text, struct diagnostics *diagnostics);

/* "PREFIX@IFACE[,via=ADDR]"; PREFIX may be "default" (both families). */
bool topology_parse_route(struct topology *topology, const char *text, struct diagnostics *diagnostics);

void topology_add_address(struct topology *topology, enum family family, const struct address *address,
			  unsigned prefix_len, const char *interface);

/* Adds connected routes; with no route given, default routes by the first interface. Call once, last. */
void topology_finish(struct topology *topology);

/* One of our own addresses, or loopback. */
bool topology_is_local(const struct topology *topology, enum family family, const struct address *address);

/* IPv4 broadcast: limited, or of one of our subnets. */
bool topology_is_broadcast(const struct topology *topology, enum family family, const struct address *address);

/* The longest match, or NULL: no route. */
const struct route *topology_find_route(const struct topology *topology, enum family family,
					const struct address *address);

/* Where a packet to this address leaves; without a route, the first interface. */
const char *topology_interface_towards(const struct topology *topology, enum family family,
				       const struct address *address);

/* The address that the host would send from on an interface: its first of that family; NULL when it has none. */
const struct address *topology_source_address(const struct topology *topology, enum family family,
					      const char *interface);

/* "192.168.1.2/24 on eth0, 10.0.0.1 on eth1": for people. */
void topology_print(const struct topology *topology, struct text *out);

#endif
