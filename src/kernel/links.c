/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/links.h"

#include <errno.h>
#include <linux/fib_rules.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <sys/socket.h>

#include "kernel/netlink.h"

/* Whatever a capture holds must fit, also what segmentation offload made larger than a wire's frame. */
enum { MTU = 65521, QUEUE_LEN = 10000, RECEIVE_LEN = 1 << 20 };

static uint8_t socket_family(enum family family)
{
	return family == FAMILY_IPV4 ? AF_INET : AF_INET6;
}

static void put_address(struct netlink_message *message, uint16_t type, enum family family,
			const struct address *address)
{
	uint8_t bytes[16];

	address_to_bytes(family, address, bytes);
	netlink_put(message, type, bytes, family == FAMILY_IPV4 ? 4 : 16);
}

static bool explain(int result, const char *what, const char *interface, struct text *error)
{
	if (result == 0 || result == -EEXIST)
		return true;
	text_printf(error, "%s of interface %s: %s", what, interface, strerror(-result));
	return false;
}

/* `interface` NULL: lo. No neighbours are asked for: with IFF_NOARP every address is reachable. */
static bool set_link(struct netlink *netlink, const struct netns_interface *interface, bool is_ethernet, struct text *error)
{
	unsigned flags = interface ? IFF_UP | IFF_NOARP : IFF_UP;
	struct ifinfomsg fixed = {
		.ifi_family = AF_UNSPEC,
		.ifi_index = interface ? interface->index : 1,
		.ifi_flags = flags,
		.ifi_change = flags,
	};
	struct netlink_message message;

	netlink_begin(&message, RTM_NEWLINK, 0, &fixed, sizeof(fixed));
	if (interface) {
		if (is_ethernet)
			netlink_put(&message, IFLA_ADDRESS, interface->mac, sizeof(interface->mac));
		netlink_put_u32(&message, IFLA_MTU, MTU);
		netlink_put_u32(&message, IFLA_TXQLEN, QUEUE_LEN);
	}
	return explain(netlink_ask(netlink, &message), "link", interface ? interface->name : NETNS_LOOPBACK, error);
}

/* Packets leave at once; kernels without it queue them, which does as well. */
static void set_no_queue(struct netlink *netlink, const struct netns_interface *interface)
{
	struct tcmsg fixed = { .tcm_family = AF_UNSPEC, .tcm_ifindex = interface->index, .tcm_parent = TC_H_ROOT };
	struct netlink_message message;

	netlink_begin(&message, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_REPLACE, &fixed, sizeof(fixed));
	netlink_put_string(&message, TCA_KIND, "noqueue");
	netlink_ask(netlink, &message);
}

static bool add_address(struct netlink *netlink, const struct netns *netns, const struct netns_address *address,
			struct text *error)
{
	const struct netns_interface *interface = netns_find(netns, address->interface);
	struct ifaddrmsg fixed = {
		.ifa_family = socket_family(address->family),
		.ifa_prefixlen = (uint8_t)address->prefix_len,
		.ifa_flags = address->family == FAMILY_IPV6 ? IFA_F_NODAD : 0,
		.ifa_scope = RT_SCOPE_UNIVERSE,
		.ifa_index = interface ? (uint32_t)interface->index : 1,
	};
	struct netlink_message message;

	if (!interface && address_is_loopback(address->family, &address->address) && address->prefix_len >= 8)
		return true;	/* lo has them all */
	netlink_begin(&message, RTM_NEWADDR, NLM_F_CREATE | NLM_F_REPLACE, &fixed, sizeof(fixed));
	put_address(&message, IFA_LOCAL, address->family, &address->address);
	put_address(&message, IFA_ADDRESS, address->family, &address->address);
	if (address->has_broadcast)
		put_address(&message, IFA_BROADCAST, address->family, &address->broadcast);
	return explain(netlink_ask(netlink, &message), "address", address->interface, error);
}

static uint8_t scope_of(const struct netns_route *route)
{
	if (route->type == RTN_LOCAL)
		return RT_SCOPE_HOST;
	return route->family == FAMILY_IPV4 && route->type == RTN_UNICAST && !route->has_via ? RT_SCOPE_LINK
											     : RT_SCOPE_UNIVERSE;
}

static bool add_route(struct netlink *netlink, const struct netns *netns, const struct netns_route *route,
		      struct text *error)
{
	const struct netns_interface *interface = route->interface ? netns_find(netns, route->interface) : NULL;
	struct rtmsg fixed = {
		.rtm_family = socket_family(route->family),
		.rtm_dst_len = (uint8_t)route->prefix_len,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = scope_of(route),
		.rtm_type = route->type,
		/* The gateway need not lie in a subnet of the interface. */
		.rtm_flags = route->has_via ? RTNH_F_ONLINK : 0,
	};
	struct netlink_message message;

	if (!interface && route->type == RTN_UNICAST)
		return true;	/* to lo: what is there already */
	netlink_begin(&message, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &fixed, sizeof(fixed));
	netlink_put_u32(&message, RTA_TABLE, route->table);
	if (route->metric)
		netlink_put_u32(&message, RTA_PRIORITY, route->metric);
	if (route->prefix_len)
		put_address(&message, RTA_DST, route->family, &route->destination);
	if (route->has_via)
		put_address(&message, RTA_GATEWAY, route->family, &route->via);
	if (route->has_source)
		put_address(&message, RTA_PREFSRC, route->family, &route->source);
	if (route->interface)
		netlink_put_u32(&message, RTA_OIF, interface ? (uint32_t)interface->index : 1);
	if (route->mtu) {
		size_t metrics = netlink_nest(&message, RTA_METRICS);

		netlink_put_u32(&message, RTAX_MTU, route->mtu);
		netlink_unnest(&message, metrics);
	}
	return explain(netlink_ask(netlink, &message), "route", route->interface ? route->interface : "none", error);
}

static void put_prefix(struct netlink_message *message, uint16_t type, enum family family,
		       const struct netns_prefix *prefix)
{
	if (prefix->is_given)
		put_address(message, type, family, &prefix->address);
}

static bool add_rule(struct netlink *netlink, const struct netns_rule *rule, struct text *error)
{
	struct fib_rule_hdr fixed = {
		.family = socket_family(rule->family),
		.dst_len = (uint8_t)rule->to.len,
		.src_len = (uint8_t)rule->from.len,
		.tos = rule->tos,
		.action = rule->action,
		.flags = rule->is_inverted ? FIB_RULE_INVERT : 0,
	};
	struct fib_rule_port_range source_port = { rule->source_port[0], rule->source_port[1] };
	struct fib_rule_port_range destination_port = { rule->destination_port[0], rule->destination_port[1] };
	struct netlink_message message;
	int result;

	netlink_begin(&message, RTM_NEWRULE, NLM_F_CREATE, &fixed, sizeof(fixed));
	netlink_put_u32(&message, FRA_PRIORITY, rule->priority);
	put_prefix(&message, FRA_DST, rule->family, &rule->to);
	put_prefix(&message, FRA_SRC, rule->family, &rule->from);
	if (rule->in)
		netlink_put_string(&message, FRA_IIFNAME, rule->in);
	if (rule->out)
		netlink_put_string(&message, FRA_OIFNAME, rule->out);
	if (rule->mark_mask) {
		netlink_put_u32(&message, FRA_FWMARK, rule->mark);
		netlink_put_u32(&message, FRA_FWMASK, rule->mark_mask);
	}
	if (rule->protocol)
		netlink_put_u8(&message, FRA_IP_PROTO, rule->protocol);
	if (rule->has_source_port)
		netlink_put(&message, FRA_SPORT_RANGE, &source_port, sizeof(source_port));
	if (rule->has_destination_port)
		netlink_put(&message, FRA_DPORT_RANGE, &destination_port, sizeof(destination_port));
	if (rule->table)
		netlink_put_u32(&message, FRA_TABLE, rule->table);
	if (rule->has_suppress_len)
		netlink_put_u32(&message, FRA_SUPPRESS_PREFIXLEN, rule->suppress_len);
	result = netlink_ask(netlink, &message);
	if (result != 0 && result != -EEXIST)
		text_printf(error, "policy rule %u: %s", (unsigned)rule->priority, strerror(-result));
	return result == 0 || result == -EEXIST;
}

/*
 * Every interface that speaks IPv6 has the link-local network, which comes with an address that is not made here. Kernels
 * without IPv6 refuse it.
 */
static void add_link_local(struct netlink *netlink, const struct netns *netns, const struct netns_interface *interface)
{
	static const uint8_t link_local[16] = { 0xfe, 0x80 };
	struct netns_route route = {
		.family = FAMILY_IPV6,
		.type = RTN_UNICAST,
		.table = RT_TABLE_MAIN,
		.metric = 256,
		.destination = address_from_bytes(FAMILY_IPV6, link_local),
		.prefix_len = 64,
		.interface = interface->name,
	};
	struct text ignored;

	text_init(&ignored);
	add_route(netlink, netns, &route, &ignored);
	text_clear(&ignored);
}

static bool set_up(struct netlink *netlink, const struct netns *netns, const struct netns_plan *plan, struct text *error)
{
	bool is_ok = set_link(netlink, NULL, false, error);

	for (size_t i = 0; i < netns->n_interfaces && is_ok; i++) {
		is_ok = set_link(netlink, &netns->interfaces[i], netns->is_ethernet, error);
		set_no_queue(netlink, &netns->interfaces[i]);
		add_link_local(netlink, netns, &netns->interfaces[i]);
	}
	for (size_t i = 0; i < plan->n_addresses && is_ok; i++)
		is_ok = add_address(netlink, netns, &plan->addresses[i], error);
	for (size_t i = 0; i < plan->n_routes && is_ok; i++)
		is_ok = add_route(netlink, netns, &plan->routes[i], error);
	for (size_t i = 0; i < plan->n_rules && is_ok; i++)
		is_ok = add_rule(netlink, &plan->rules[i], error);
	return is_ok;
}

/* Is the address one that packets are delivered to? /proc/net/ipv6_route has a line for it then. */
static bool has_local_route(const struct address *address)
{
	static const unsigned is_local = 0x80000000u;	/* RTF_LOCAL */
	char line[256], destination[33], wanted[33];
	uint8_t bytes[16];
	unsigned prefix_len, flags;
	bool is_found = false;
	FILE *file = fopen("/proc/net/ipv6_route", "re");

	address_to_bytes(FAMILY_IPV6, address, bytes);
	for (size_t i = 0; i < sizeof(bytes); i++)
		sprintf(wanted + 2 * i, "%02x", bytes[i]);
	while (file && !is_found && fgets(line, sizeof(line), file))
		is_found = sscanf(line, "%32s %x %*s %*s %*s %*s %*s %*s %x", destination, &prefix_len, &flags) == 3 &&
			   prefix_len == 128 && (flags & is_local) && strcmp(destination, wanted) == 0;
	if (file)
		fclose(file);
	return is_found;
}

/* Linux 6.18, addrconf_dad_start(): an IPv6 address becomes the host's own a moment later, from a work queue. */
static void wait_for_addresses(const struct netns_plan *plan)
{
	enum { MOST_NAPS = 1000 };
	const struct timespec nap = { .tv_nsec = 1000000 };
	int n_naps = 0;

	for (size_t i = 0; i < plan->n_addresses; i++)
		while (plan->addresses[i].family == FAMILY_IPV6 && !has_local_route(&plan->addresses[i].address) &&
		       n_naps++ < MOST_NAPS)
			nanosleep(&nap, NULL);
}

bool links_set_up(const struct netns *netns, const struct netns_plan *plan, struct text *error)
{
	struct netlink *netlink = netlink_open(NETLINK_ROUTE, RECEIVE_LEN, error);
	bool is_ok;

	if (!netlink)
		return false;
	is_ok = set_up(netlink, netns, plan, error);
	netlink_close(netlink);
	if (is_ok)
		wait_for_addresses(plan);
	return is_ok;
}
