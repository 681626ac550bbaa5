/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/icmp_types.h"

#include <stddef.h>

#define V4 FAMILY_IPV4
#define V6 FAMILY_IPV6
#define ANY ICMP_ANY_CODE

static const struct icmp_type types[] = {
	{ V4, 0, ANY, ICMP_ID_SEQUENCE, "echo reply", "echo-reply" },
	{ V4, 3, 0, ICMP_QUOTES, "net unreachable", "unreachable net" },
	{ V4, 3, 1, ICMP_QUOTES, "host unreachable", "unreachable host" },
	{ V4, 3, 2, ICMP_QUOTES, "protocol unreachable", "unreachable protocol" },
	{ V4, 3, 3, ICMP_QUOTES, "port unreachable", "unreachable port" },
	{ V4, 3, 4, ICMP_QUOTES, "fragmentation needed", "unreachable need-frag" },
	{ V4, 3, 5, ICMP_QUOTES, "source route failed", "unreachable source-route" },
	{ V4, 3, 6, ICMP_QUOTES, "net unknown", "unreachable net-unknown" },
	{ V4, 3, 7, ICMP_QUOTES, "host unknown", "unreachable host-unknown" },
	{ V4, 3, 8, ICMP_QUOTES, "source host isolated", "unreachable isolated" },
	{ V4, 3, 9, ICMP_QUOTES, "net prohibited", "unreachable net-prohibited" },
	{ V4, 3, 10, ICMP_QUOTES, "host prohibited", "unreachable host-prohibited" },
	{ V4, 3, 11, ICMP_QUOTES, "net unreachable for TOS", "unreachable net-tos" },
	{ V4, 3, 12, ICMP_QUOTES, "host unreachable for TOS", "unreachable host-tos" },
	{ V4, 3, 13, ICMP_QUOTES, "admin prohibited", "unreachable admin-prohibited" },
	{ V4, 3, 14, ICMP_QUOTES, "host precedence violation", "unreachable precedence" },
	{ V4, 3, 15, ICMP_QUOTES, "precedence cutoff", "unreachable precedence-cutoff" },
	{ V4, 3, ANY, ICMP_QUOTES, "unreachable", "unreachable" },
	{ V4, 4, ANY, ICMP_QUOTES, "source quench", "source-quench" },
	{ V4, 5, 0, ICMP_QUOTES, "redirect for net", "redirect net" },
	{ V4, 5, 1, ICMP_QUOTES, "redirect for host", "redirect host" },
	{ V4, 5, 2, ICMP_QUOTES, "redirect for net and TOS", "redirect net-tos" },
	{ V4, 5, 3, ICMP_QUOTES, "redirect for host and TOS", "redirect host-tos" },
	{ V4, 5, ANY, ICMP_QUOTES, "redirect", "redirect" },
	{ V4, 8, ANY, ICMP_ID_SEQUENCE, "echo request", "echo-request" },
	{ V4, 9, ANY, ICMP_PLAIN, "router advertisement", "router-advertisement" },
	{ V4, 10, ANY, ICMP_PLAIN, "router solicitation", "router-solicitation" },
	{ V4, 11, 0, ICMP_QUOTES, "time exceeded in transit", "time-exceeded transit" },
	{ V4, 11, 1, ICMP_QUOTES, "reassembly time exceeded", "time-exceeded reassembly" },
	{ V4, 11, ANY, ICMP_QUOTES, "time exceeded", "time-exceeded" },
	{ V4, 12, ANY, ICMP_QUOTES, "parameter problem", "parameter-problem" },
	{ V4, 13, ANY, ICMP_ID_SEQUENCE, "timestamp request", "timestamp-request" },
	{ V4, 14, ANY, ICMP_ID_SEQUENCE, "timestamp reply", "timestamp-reply" },
	{ V4, 15, ANY, ICMP_ID_SEQUENCE, "information request", "information-request" },
	{ V4, 16, ANY, ICMP_ID_SEQUENCE, "information reply", "information-reply" },
	{ V4, 17, ANY, ICMP_ID_SEQUENCE, "address mask request", "address-mask-request" },
	{ V4, 18, ANY, ICMP_ID_SEQUENCE, "address mask reply", "address-mask-reply" },
	{ V6, 1, 0, ICMP_QUOTES, "no route", "unreachable no-route" },
	{ V6, 1, 1, ICMP_QUOTES, "admin prohibited", "unreachable admin-prohibited" },
	{ V6, 1, 2, ICMP_QUOTES, "beyond scope", "unreachable scope" },
	{ V6, 1, 3, ICMP_QUOTES, "address unreachable", "unreachable address" },
	{ V6, 1, 4, ICMP_QUOTES, "port unreachable", "unreachable port" },
	{ V6, 1, 5, ICMP_QUOTES, "source address failed policy", "unreachable policy-fail" },
	{ V6, 1, 6, ICMP_QUOTES, "route rejected", "unreachable reject-route" },
	{ V6, 1, ANY, ICMP_QUOTES, "unreachable", "unreachable" },
	{ V6, 2, ANY, ICMP_QUOTES, "packet too big", "too-big" },
	{ V6, 3, 0, ICMP_QUOTES, "time exceeded in transit", "time-exceeded transit" },
	{ V6, 3, 1, ICMP_QUOTES, "reassembly time exceeded", "time-exceeded reassembly" },
	{ V6, 3, ANY, ICMP_QUOTES, "time exceeded", "time-exceeded" },
	{ V6, 4, ANY, ICMP_QUOTES, "parameter problem", "parameter-problem" },
	{ V6, 128, ANY, ICMP_ID_SEQUENCE, "echo request", "echo-request" },
	{ V6, 129, ANY, ICMP_ID_SEQUENCE, "echo reply", "echo-reply" },
	{ V6, 130, ANY, ICMP_PLAIN, "multicast listener query", "listener-query" },
	{ V6, 131, ANY, ICMP_PLAIN, "multicast listener report", "listener-report" },
	{ V6, 132, ANY, ICMP_PLAIN, "multicast listener done", "listener-done" },
	{ V6, 133, ANY, ICMP_PLAIN, "router solicitation", "router-solicitation" },
	{ V6, 134, ANY, ICMP_PLAIN, "router advertisement", "router-advertisement" },
	{ V6, 135, ANY, ICMP_PLAIN, "neighbor solicitation", "neighbor-solicitation" },
	{ V6, 136, ANY, ICMP_PLAIN, "neighbor advertisement", "neighbor-advertisement" },
	{ V6, 137, ANY, ICMP_PLAIN, "redirect", "redirect" },
	{ V6, 139, ANY, ICMP_PLAIN, "node information query", "information-query" },
	{ V6, 140, ANY, ICMP_PLAIN, "node information reply", "information-reply" },
	{ V6, 143, ANY, ICMP_PLAIN, "multicast listener report v2", "listener-report-v2" },
	{ .family = FAMILY_NONE },
};

const struct icmp_type *icmp_types(void)
{
	return types;
}

const struct icmp_type *icmp_types_find(enum family family, uint8_t type, uint8_t code)
{
	for (const struct icmp_type *row = types; row->family != FAMILY_NONE; row++)
		if (row->family == family && row->type == type && (row->code == code || row->code == ANY))
			return row;
	return NULL;
}
