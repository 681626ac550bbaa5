/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a mapping may become: addresses, ports, and how to choose among them (struct nf_nat_range2).
 * A rule makes one, nat/bind chooses within it. No code: rules/ includes this header and no other of nat/.
 */
#ifndef NAT_RANGE_H
#define NAT_RANGE_H

#include <stdint.h>

#include "packet/address.h"

/* NF_NAT_RANGE_*, Linux 6.18 include/uapi/linux/netfilter/nf_nat.h. */
enum nat_flag {
	NAT_MAP_ADDRESS = 1 << 0,	/* first and last say which addresses */
	NAT_MAP_PORT = 1 << 1,		/* first_port and last_port say which ports, or ICMP identifiers */
	NAT_RANDOM = 1 << 2,
	NAT_PERSISTENT = 1 << 3,	/* the same address for a client, whatever its destination */
	NAT_RANDOM_FULLY = 1 << 4,
	NAT_SHIFT_PORT = 1 << 5,	/* first_port stands for base_port */
	NAT_MASQUERADE = 1 << 6,	/* our own: the address is that of the interface by which the packet leaves */
};

/* Which end of a connection a hook maps: the source in INPUT and POSTROUTING, else the destination. */
enum nat_side { NAT_SOURCE, NAT_DESTINATION };

struct nat_range {
	uint32_t flags;			/* enum nat_flag */
	struct address first, last;
	uint16_t first_port, last_port, base_port;
};

#endif
