/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A network namespace of our own with the host's interfaces in it, each a tun or tap device that is named like the real
 * one. Everything happens in this process and ends with it: nothing is left behind, and the namespace from
 * which we came is not touched.
 *
 * Linux 6.18: drivers/net/tun.c, tun_get_user(): without NAPI a write() runs the packet through the stack in the
 * writer's own context. When it returns, the packet has been everywhere where it was going.
 */
#ifndef KERNEL_NETNS_H
#define KERNEL_NETNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "packet/address.h"

#define NETNS_LOOPBACK "lo"		/* every namespace has it, as the first */

enum { NETNS_LOOPBACK_INDEX = 1, NETNS_MOST_INTERFACES = 64, NETNS_NAME_LEN = 16, NETNS_MAC_LEN = 6 };

struct netns_address {
	enum family family;
	struct address address;
	unsigned prefix_len;
	bool has_broadcast;
	struct address broadcast;
	const char *interface;
};

struct netns_route {
	enum family family;
	uint8_t type;			/* RTN_* */
	uint32_t table, metric;
	uint32_t mtu;			/* 0: the interface's own */
	struct address destination;
	unsigned prefix_len;
	const char *interface;		/* NULL where the type needs none */
	bool has_via, has_source;
	struct address via, source;
};

struct netns_prefix {
	bool is_given;
	struct address address;
	unsigned len;
};

struct netns_rule {
	enum family family;
	uint32_t priority;
	bool is_inverted;
	struct netns_prefix from, to;
	const char *in, *out;		/* or NULL */
	uint32_t mark, mark_mask;
	uint8_t tos;
	uint8_t protocol;		/* 0: any */
	bool has_source_port, has_destination_port;
	uint16_t source_port[2], destination_port[2];	/* first, last */
	uint8_t action;			/* FR_ACT_* */
	uint32_t table;
	bool has_suppress_len;
	uint32_t suppress_len;
};

struct netns_group {
	enum family family;
	struct address group;
	const char *interface;		/* NULL: on every interface */
};

struct netns_sysctl {
	const char *name;	/* "net.netfilter.nf_conntrack_udp_timeout" */
	uint32_t value;
	bool is_asked;		/* the user set it: without it the kernel cannot be asked */
	bool is_machines;	/* of all namespaces together: not set, only compared */
};

enum { NETNS_INTERFACE_SETTINGS = 5 };

struct netns_interface_plan {
	const char *name;
	uint32_t mtu;			/* of IPv6; 0: what the device takes */
	bool has_mac;
	uint8_t mac[NETNS_MAC_LEN];
	struct netns_sysctl settings[NETNS_INTERFACE_SETTINGS];	/* below net.ipv4.conf.NAME */
};

/* The host as it is to be; borrowed. */
struct netns_plan {
	const struct netns_interface_plan *interfaces;	/* lo among them */
	size_t n_interfaces;
	const struct netns_address *addresses;
	size_t n_addresses;
	const struct netns_route *routes;
	size_t n_routes;
	const struct netns_rule *rules;
	size_t n_rules;
	const struct netns_group *groups;	/* multicast groups that the host has joined */
	size_t n_groups;
	bool knows_groups;			/* else it joins every group that a packet comes for */
	const struct netns_sysctl *sysctls;	/* what the user set, and defaults that may differ from this machine's */
	size_t n_sysctls;
	bool is_ethernet;			/* tap devices, else tun */
};

struct netns_interface {
	char name[NETNS_NAME_LEN];
	uint8_t mac[NETNS_MAC_LEN];
	int index;
	int device;				/* file descriptor of the tun or tap */
};

struct netns {
	struct netns_interface interfaces[NETNS_MOST_INTERFACES];
	size_t n_interfaces;
	bool is_ethernet;
	bool knows_groups;			/* no multicast group is joined but those of the plan */
	bool is_unprivileged;			/* made in a user namespace */
};

/* Leaves the namespace for a new one and builds the host in it. False after an error, told: what is missing. */
bool netns_open(struct netns *netns, const struct netns_plan *plan, struct text *error);

/* Closes the devices. The namespace itself ends with the process. */
void netns_close(struct netns *netns);

/* NULL when there is none. */
const struct netns_interface *netns_find(const struct netns *netns, const char *name);
const struct netns_interface *netns_find_index(const struct netns *netns, uint32_t index);

/* Writes one value below /proc/sys; false when that is not possible. */
bool netns_set_sysctl(const char *name, const char *value);

/* Reads the first line of a small file; empty when it cannot be read. */
void netns_read_line(const char *path, char *line, size_t size);

#endif
