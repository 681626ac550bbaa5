/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/links.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <string.h>
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
	return explain(netlink_ask(netlink, &message), "link", interface ? interface->name : "lo", error);
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

static bool add_route(struct netlink *netlink, const struct netns *netns, const struct netns_route *route,
		      struct text *error)
{
	const struct netns_interface *interface = netns_find(netns, route->interface);
	struct rtmsg fixed = {
		.rtm_family = socket_family(route->family),
		.rtm_dst_len = (uint8_t)route->prefix_len,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = route->family == FAMILY_IPV4 ? RT_SCOPE_LINK : RT_SCOPE_UNIVERSE,
		.rtm_type = RTN_UNICAST,
	};
	struct netlink_message message;

	if (!interface)
		return true;	/* to lo: what is there already */
	netlink_begin(&message, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE, &fixed, sizeof(fixed));
	if (route->prefix_len)
		put_address(&message, RTA_DST, route->family, &route->destination);
	netlink_put_u32(&message, RTA_OIF, (uint32_t)interface->index);
	return explain(netlink_ask(netlink, &message), "route", route->interface, error);
}

static bool set_up(struct netlink *netlink, const struct netns *netns, const struct netns_plan *plan, struct text *error)
{
	bool is_ok = set_link(netlink, NULL, false, error);

	for (size_t i = 0; i < netns->n_interfaces && is_ok; i++) {
		is_ok = set_link(netlink, &netns->interfaces[i], netns->is_ethernet, error);
		set_no_queue(netlink, &netns->interfaces[i]);
	}
	for (size_t i = 0; i < plan->n_addresses && is_ok; i++)
		is_ok = add_address(netlink, netns, &plan->addresses[i], error);
	for (size_t i = 0; i < plan->n_routes && is_ok; i++)
		is_ok = add_route(netlink, netns, &plan->routes[i], error);
	return is_ok;
}

bool links_set_up(const struct netns *netns, const struct netns_plan *plan, struct text *error)
{
	struct netlink *netlink = netlink_open(NETLINK_ROUTE, RECEIVE_LEN, error);
	bool is_ok;

	if (!netlink)
		return false;
	is_ok = set_up(netlink, netns, plan, error);
	netlink_close(netlink);
	return is_ok;
}
