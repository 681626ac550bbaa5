/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The simulated host: its interfaces, addresses, routes and policy rules, as described.
 *
 * Filled from options, a host file or host/guess, then finished once; constant afterwards. host/fib looks routes up,
 * host/routing decides what becomes of a packet.
 */
#ifndef HOST_TOPOLOGY_H
#define HOST_TOPOLOGY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/diag.h"
#include "base/map.h"
#include "base/text.h"
#include "host/host_settings.h"
#include "packet/address.h"
#include "rules/subject.h"

/* An interface name is at most 15 characters (IFNAMSIZ). */
enum { TOPOLOGY_NAME_LEN = 15 };

/* The one that is meant where nobody names one. */
#define TOPOLOGY_DEFAULT_INTERFACE "eth0"

/* Routing tables that have names. */
enum { TABLE_ID_DEFAULT = 253, TABLE_ID_MAIN = 254, TABLE_ID_LOCAL = 255 };

/* RTN_*: what a route does with a packet. */
enum route_type {
	ROUTE_UNICAST, ROUTE_LOCAL, ROUTE_BROADCAST, ROUTE_BLACKHOLE, ROUTE_UNREACHABLE, ROUTE_PROHIBIT, ROUTE_THROW,
	ROUTE_TYPE_COUNT,
};

struct interface {
	const char *name;		/* in the topology's arena: equal names are the same pointer */
	uint32_t mtu;			/* 0: not described; nothing is too long then */
	bool has_mac;
	uint8_t mac[6];
	struct host_settings settings;	/* net.ipv4.conf.NAME.* */
	uint32_t forwarding_change;	/* topology.n_forwarding_changes when its own was set */
	struct host_settings effective;	/* what counts in the end; once finished */
	bool is_down;
};

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
	uint32_t table;			/* 0 until it is added: main */
	enum route_type type;
	struct masked_address destination;
	int prefix_len;
	uint32_t metric;		/* the smallest wins among equal prefixes */
	uint32_t order;			/* as they were given */
	const char *interface;		/* NULL where the type needs none */
	bool has_via, has_source;
	struct address via, source;	/* source: what the host's own packets take */
	uint32_t mtu;			/* 0: the interface's, which is */
	uint32_t interface_mtu;		/* once finished; 0: nobody said */
	uint32_t hop_group;		/* a route over several next hops is several here, of one number; 0: the only hop */
	uint32_t weight;		/* of a hop: its share */
	bool is_connected;		/* made from an address, as the kernel does */
	bool is_dead;			/* its interface is down */
};

/* struct fib_rule: which table is asked for which packets. */
struct policy_rule {
	enum family family;
	uint32_t priority;
	uint32_t order;			/* as they were given */
	bool is_inverted;		/* "not" */
	bool has_from, has_to;
	struct masked_address from, to;
	const char *in, *out;		/* interface names or NULL; packets of the host itself come in by lo */
	uint32_t mark, mark_mask;
	uint8_t tos;			/* 0: any */
	uint8_t protocol;		/* 0: any */
	bool has_source_port, has_destination_port;
	struct port_span { uint16_t first, last; } source_port, destination_port;
	enum route_type action;		/* UNICAST: look up `table` */
	uint32_t table;
	bool has_suppress_len;
	uint32_t suppress_len;		/* routes with a prefix of at most so many bits do not count */
};

/* A multicast group that the host has joined. */
struct joined_group {
	enum family family;
	struct address group;
	const char *interface;		/* NULL: on all */
};

struct fib_rows;
struct fib_index;

struct topology {
	struct surroundings surroundings;	/* first: rules ask through it */
	struct arena arena;
	struct interface **interfaces;		/* owned array; lo is the first */
	size_t n_interfaces;
	struct map names;			/* of interfaces */
	struct topology_address *addresses;	/* owned */
	size_t n_addresses;
	struct route *routes;			/* owned; once finished, those of a table by length of prefix, then metric */
	size_t n_routes;
	struct policy_rule *rules;		/* owned; once finished, with the three that every host has, by priority */
	size_t n_rules;
	bool has_policy_rules[2];		/* IPv4, IPv6: others than those three */
	bool has_layer4_rules[2];		/* of them: by protocol or port */
	uint32_t n_hop_groups;
	uint32_t hop_seed;			/* which of several next hops a pair of addresses takes: the kernel draws a key */
	struct joined_group *groups;		/* owned */
	size_t n_groups;
	bool knows_groups;			/* else every group counts as joined */
	struct host_settings all_settings, default_settings;	/* net.ipv4.conf.{all,default}.* */
	uint32_t n_forwarding_changes;		/* net.ipv4.ip_forward: what interfaces had before is void */
	struct host_settings assumed_settings;	/* of an interface, where nothing was said */
	struct host_settings effective_elsewhere;	/* of interfaces of which nothing is known */
	struct fib_rows *fib_rows;		/* owned; once finished: see host/fib_rows */
	struct fib_index *fib_index;		/* owned; once finished: see host/fib_index */
	bool has_local_routes;			/* once finished: IPv4 routes of type local, besides those of the addresses */
	bool forwards_ipv6;			/* net.ipv6.conf.all.forwarding */
	bool is_described;			/* by a host file */
	bool is_finished;
	bool has_assumed_default;		/* no route was given: everything else leaves by the first interface */
};

void topology_init(struct topology *topology);
void topology_clear(struct topology *topology);

/* "ADDR[/LEN][@IFACE]" (IFACE: eth0 unless given; lo is implied for 127/8 and ::1). False after an error. */
bool topology_parse_local(struct topology *topology, const char *text, struct diagnostics *diagnostics);

/* "PREFIX@IFACE[,via=ADDR]"; PREFIX may be "default" (both families). */
bool topology_parse_route(struct topology *topology, const char *text, struct diagnostics *diagnostics);

/* The interface of a name, made when there is none. */
struct interface *topology_add_interface(struct topology *topology, const char *name);

void topology_add_address(struct topology *topology, enum family family, const struct address *address,
			  unsigned prefix_len, const char *interface);

/* Takes a copy; `interface` may be any string. Without a family, one route for each. */
void topology_add_route(struct topology *topology, const struct route *route);
void topology_add_rule(struct topology *topology, const struct policy_rule *rule);
void topology_add_group(struct topology *topology, const struct joined_group *group);

/*
 * Adds connected routes and the rules that every host has; with no route given, default routes by the first interface.
 * Call once, last.
 */
void topology_finish(struct topology *topology);

/*
 * A link goes down or comes up: its routes are gone and there again; the addresses stay. Linux 6.18, fib_sync_down_dev().
 * Nothing where there is no interface of that name.
 */
void topology_set_link(struct topology *topology, const char *interface, bool is_up);

/* One of those that every host has: local, main, default. */
bool topology_is_usual_rule(const struct policy_rule *rule);

const struct interface *topology_find_interface_by_name(const struct topology *topology, const char *name);

enum { TOPOLOGY_FEW_INTERFACES = 16 };

/* NULL when there is none of that name. Every packet asks with the topology's own names: no character is looked at then. */
static inline const struct interface *topology_find_interface(const struct topology *topology, const char *name)
{
	for (size_t i = 0; i < topology->n_interfaces && i < TOPOLOGY_FEW_INTERFACES; i++)
		if (topology->interfaces[i]->name == name)
			return topology->interfaces[i];
	return topology_find_interface_by_name(topology, name);
}

/* One of our own addresses, or loopback. */
bool topology_is_local(const struct topology *topology, enum family family, const struct address *address);

/* 127.255.255.255. Linux 6.18, fib_add_ifaddr(): 127.0.0.1/8 on lo makes a broadcast address as any other. */
bool topology_is_loopback_broadcast(enum family family, const struct address *address);

/* The interface that has this address, or NULL. */
const char *topology_interface_of(const struct topology *topology, enum family family, const struct address *address);

/* IPv4 broadcast: limited, or of one of our subnets. */
bool topology_is_broadcast(const struct topology *topology, enum family family, const struct address *address);

/* The latter alone, of an interface; NULL: of any. */
bool topology_is_subnet_broadcast(const struct topology *topology, const struct address *address, const char *interface);

/* Does the host take packets to this multicast group from this interface? */
bool topology_has_joined(const struct topology *topology, enum family family, const struct address *group,
			 const char *interface);

/* The first interface that is not lo: where everything goes of which nobody says more. */
const char *topology_first_interface(const struct topology *topology);

/* 32 or 128. */
unsigned topology_family_bits(enum family family);

/* "192.168.1.2/24 on eth0, 10.0.0.1 on eth1": for people. */
void topology_print(const struct topology *topology, struct text *out);

#endif
