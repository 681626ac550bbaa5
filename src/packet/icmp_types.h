/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ICMP (RFC 792, 950, 1122, 1812) and ICMPv6 (RFC 4443, 4861, 2710, 3810, 4620) types:
 * how a packet line says them, and how packet scripts write them.
 */
#ifndef PACKET_ICMP_TYPES_H
#define PACKET_ICMP_TYPES_H

#include <stdbool.h>
#include <stdint.h>

#include "packet/address.h"

enum { ICMP_ANY_CODE = -1 };

/* What the 4 bytes behind the checksum hold. */
enum icmp_form { ICMP_PLAIN, ICMP_ID_SEQUENCE, ICMP_QUOTES };

struct icmp_type {
	uint8_t family;		/* enum family; FAMILY_NONE ends the table */
	uint8_t type;
	int16_t code;		/* or ICMP_ANY_CODE */
	enum icmp_form form;
	const char *phrase;	/* "port unreachable" */
	const char *script;	/* "unreachable port": one or two words */
};

/* All of them, ended by FAMILY_NONE; a type's codes stand before its row for any code. */
const struct icmp_type *icmp_types(void);

/* The row for a type and code, or NULL. */
const struct icmp_type *icmp_types_find(enum family family, uint8_t type, uint8_t code);

#endif
