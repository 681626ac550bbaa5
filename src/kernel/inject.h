/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets into the namespace: those of the host itself through a raw socket (OUTPUT), all
 * others through the device on which they arrived (PREROUTING).
 */
#ifndef KERNEL_INJECT_H
#define KERNEL_INJECT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "kernel/netns.h"
#include "packet/packet.h"

struct inject {
	const struct netns *netns;	/* borrowed */
	int raw[2];			/* raw sockets: IPv4, IPv6 */
	struct address *groups;		/* owned; multicast groups that the host has joined */
	int *memberships;		/* owned; sockets that keep them joined */
	size_t n_groups, n_memberships;
	uint8_t *bytes;			/* owned; the frame that is being written */
	size_t capacity;
};

/* Joins the plan's multicast groups. False after an error. */
bool inject_open(struct inject *inject, const struct netns *netns, const struct netns_plan *plan, struct text *error);
void inject_close(struct inject *inject);

/*
 * Sends one IP packet and returns when it has arrived wherever it was going (loopback aside). What the snap length
 * cut is filled with zeros, and layer 4's checksum made to fit. `interface`: where it comes in, or, from the host, where
 * multicast is to leave. False when the kernel did not take it: a sentence is in `error`.
 */
bool inject_packet(struct inject *inject, const struct packet *packet, bool is_from_host, const char *interface,
		   struct text *error);

#endif
