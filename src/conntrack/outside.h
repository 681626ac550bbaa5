/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What helpers need of the world above connection tracking. host/ implements it; without it (in tests of this folder
 * alone) expected connections are not translated and nothing is broadcast.
 */
#ifndef CONNTRACK_OUTSIDE_H
#define CONNTRACK_OUTSIDE_H

#include <stdbool.h>
#include <stdint.h>

#include "clock/vtime.h"
#include "packet/address.h"

struct connection;
struct expectation;

/* Where a packet that reaches the end of INPUT or POSTROUTING was made. */
enum packet_origin {
	ORIGIN_NETWORK,
	ORIGIN_PROCESS,		/* of the host, on its way out */
	ORIGIN_LOOPED,		/* of the host, come back in through lo: its sequence numbers are not adjusted again */
};

struct outside {
	/* Decides both mappings of a connection that begins as `met` says. Linux 6.18, nf_nat_follow_master(). */
	void (*map_expected)(const struct outside *outside, struct connection *connection,
			     const struct expectation *met, struct vtime now);

	/* A number below `n`, which is not 0: where the kernel draws one. */
	uint32_t (*draw)(const struct outside *outside, uint32_t n);

	/* The mask of the interface's network whose broadcast address is `destination`; false: it is none. */
	bool (*find_broadcast_mask)(const struct outside *outside, const struct address *destination,
				    struct address *mask);

	/* Do the host's own packets to both leave by the same interface and next hop? */
	bool (*is_same_way)(const struct outside *outside, enum family family, const struct address *a,
			    const struct address *b);
};

#endif
