/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ICMP and ICMPv6 errors belong to the connection of the packet that they quote.
 * Linux 6.18, nf_conntrack_proto_icmp.c, nf_conntrack_inet_error().
 */
#ifndef CONNTRACK_TRACKER_ICMP_ERROR_H
#define CONNTRACK_TRACKER_ICMP_ERROR_H

#include <stdbool.h>
#include <stdint.h>

#include "conntrack/profile.h"
#include "packet/packet.h"
#include "packet/tuple.h"

/*
 * The tuple under which the quoted packet's connection is found, zone aside: the quoted one turned
 * round, so that the direction found is the error's own. False with `reason` when the
 * quote does not hold enough.
 */
bool icmp_error_find_tuple(const struct packet *packet, enum profile profile, struct tuple *inverse,
			   const char **reason);

/* Both protocols key a query by identifier, type and code: packet_to_tuple of their trackers. */
bool icmp_error_query_to_tuple(const struct packet *packet, struct tuple *tuple);

#endif
