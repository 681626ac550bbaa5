/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of IP protocols, ICMP types and services, from constant tables: what
 * /etc/protocols, /etc/services and iptables' own lists say, never this machine's files.
 */
#ifndef PACKET_PROTOCOL_H
#define PACKET_PROTOCOL_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/address.h"

/* "tcp", "icmp", "ipv6-icmp", ...; NULL when there is no name. As iptables-save prints it. */
const char *protocol_name(uint8_t protocol);

/* IPv6 headers behind which another one comes: hop-by-hop, routing, fragment, AH, destination options. */
bool protocol_is_extension(uint8_t protocol);

/* The number of "tcp", "ipv6-icmp", "icmpv6", "all" (0), case-blind, or of a number; false when unknown. */
bool protocol_parse(const char *name, uint8_t *protocol);

/* "TCP", "UDP", "ICMP": how people write it in a packet line; NULL when there is no common form. */
const char *protocol_title(uint8_t protocol);

/* The port of a service name ("domain", "ssh", "www"), or false. Any of tcp and udp. */
bool protocol_parse_service(const char *name, uint16_t *port);

/* Is there a service of that name for the protocol? */
bool protocol_has_service(uint8_t protocol, const char *name);

/* The service whose name is nearest to a wrong one, or NULL. */
const char *protocol_nearest_service(const char *name);

/* The service's first name for a port ("domain" for 53), or NULL: what iptables -L prints without -n. */
const char *protocol_service(uint16_t port);

/* A NULL-terminated list of the protocol names, for "did you mean". */
const char *const *protocol_names(void);

#endif
