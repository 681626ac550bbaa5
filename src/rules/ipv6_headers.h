/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chain of IPv6 extension headers, for matches on them. Linux 6.18, exthdrs_core.c: ipv6_find_hdr(). */
#ifndef RULES_IPV6_HEADERS_H
#define RULES_IPV6_HEADERS_H

#include "packet/packet.h"

enum {
	IPV6_HOP_BY_HOP = 0, IPV6_ROUTING = 43, IPV6_FRAGMENT = 44, IPV6_AUTHENTICATION = 51, IPV6_DESTINATION = 60,
};

enum ipv6_headers_result { IPV6_HEADER_FOUND, IPV6_HEADER_ABSENT, IPV6_HEADER_BROKEN };

/* Where the first header of a kind stands, from the first byte of the packet. BROKEN: the chain ends too early. */
enum ipv6_headers_result ipv6_headers_find(const struct packet *packet, uint8_t kind, uint32_t *offset);

#endif
