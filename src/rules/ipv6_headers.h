/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The chain of IPv6 extension headers, for matches on them. Linux 6.18, exthdrs_core.c: ipv6_find_hdr(). */
#ifndef RULES_IPV6_HEADERS_H
#define RULES_IPV6_HEADERS_H

#include "base/cursor.h"
#include "rules/extension.h"

enum {
	IPV6_HOP_BY_HOP = 0, IPV6_ROUTING = 43, IPV6_FRAGMENT = 44, IPV6_AUTHENTICATION = 51, IPV6_DESTINATION = 60,
};

/*
 * A cursor at the first header of a kind, of which `len` bytes can be read. MATCH_NO: there is none; MATCH_HOTDROP: the
 * chain ends too early; MATCH_UNKNOWN: what was captured does.
 */
enum match_result ipv6_headers_open(const struct packet *packet, uint8_t kind, uint32_t len, enum profile profile,
				    struct cursor *cursor);

/* Is a header of the chain longer than the packet, so that this kernel finds nothing behind it? */
bool ipv6_headers_exceed(const struct packet *packet, enum profile profile);

/* How long a header of this kind with this length field is. */
uint32_t ipv6_headers_len(uint8_t kind, uint8_t units);

/* For explain: "the packet has no such header" and the like; false when it is there. */
bool ipv6_headers_explain(const struct subject *subject, uint8_t kind, const char *words, struct text *out);

#endif
