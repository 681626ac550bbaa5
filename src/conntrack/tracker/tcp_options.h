/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The TCP options that connection tracking reads (RFC 7323, RFC 2018), read as it reads them:
 * in order, up to the end mark or the first malformed one. Linux 6.18, tcp_options(), tcp_sack().
 */
#ifndef CONNTRACK_TRACKER_TCP_OPTIONS_H
#define CONNTRACK_TRACKER_TCP_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/packet.h"

struct tcp_options {
	bool is_present;	/* the header has room for options at all */
	bool has_scale, has_sack_permitted;
	uint8_t scale;		/* at most 14 */
};

void tcp_options_parse(const struct packet *packet, struct tcp_options *options);

/* The highest right edge of the SACK blocks that is after `ack`, else `ack`. */
uint32_t tcp_options_highest_sack(const struct packet *packet, uint32_t ack);

#endif
