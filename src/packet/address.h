/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * IPv4 and IPv6 addresses and prefixes, and their text forms.
 *
 * The bytes stand in network order; an IPv4 address fills the first word and leaves
 * the others zero. Outside packet/ they are only compared, masked and printed. The
 * family is kept by whoever holds the address.
 */
#ifndef PACKET_ADDRESS_H
#define PACKET_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

enum family { FAMILY_NONE = 0, FAMILY_IPV4 = 4, FAMILY_IPV6 = 6 };

struct address {
	uint32_t word[4];	/* network order, as in memory */
};

/* An address and a mask (need not be contiguous); addr is already masked when made by address_parse_masked(). */
struct masked_address {
	struct address address;
	struct address mask;
};

static inline bool address_is_equal(const struct address *a, const struct address *b)
{
	return ((a->word[0] ^ b->word[0]) | (a->word[1] ^ b->word[1]) | (a->word[2] ^ b->word[2]) |
		(a->word[3] ^ b->word[3])) == 0;
}

/* True when `address` masked equals the masked value; works for both families. */
static inline bool address_is_in(const struct address *address, const struct masked_address *range)
{
	return (((address->word[0] & range->mask.word[0]) ^ range->address.word[0]) |
		((address->word[1] & range->mask.word[1]) ^ range->address.word[1]) |
		((address->word[2] & range->mask.word[2]) ^ range->address.word[2]) |
		((address->word[3] & range->mask.word[3]) ^ range->address.word[3])) == 0;
}

/* From and to bytes in network order; 4 bytes for IPv4, 16 for IPv6. */
static inline struct address address_from_bytes(enum family family, const uint8_t *bytes)
{
	struct address address = { .word = { 0 } };

	if (family == FAMILY_IPV6)
		memcpy(address.word, bytes, 16);
	else
		memcpy(address.word, bytes, 4);
	return address;
}

static inline void address_to_bytes(enum family family, const struct address *address, uint8_t *bytes)
{
	memcpy(bytes, address->word, family == FAMILY_IPV6 ? 16 : 4);
}

/* IPv4 as a number in host order, and back. */
uint32_t address_ipv4(const struct address *address);
struct address address_from_ipv4(uint32_t host_order);

/* Order by value (network order, most significant byte first): <0, 0, >0. */
int address_compare(const struct address *a, const struct address *b);

/* Byte `at` of an address in network order. */
static inline uint8_t address_byte(const struct address *address, unsigned at)
{
	return ((const uint8_t *)address->word)[at];
}

/* Classes by address alone: 224/4 or ff00::/8; 127/8 or ::1; fe80::/10 (IPv6 only); all zero. */
static inline bool address_is_multicast(enum family family, const struct address *address)
{
	return family == FAMILY_IPV6 ? address_byte(address, 0) == 0xff : address_byte(address, 0) >> 4 == 0xe;
}

static inline bool address_is_loopback(enum family family, const struct address *address)
{
	if (family == FAMILY_IPV6)
		return !address->word[0] && !address->word[1] && !address->word[2] && address_byte(address, 15) == 1 &&
		       !address_byte(address, 12) && !address_byte(address, 13) && !address_byte(address, 14);
	return address_byte(address, 0) == 127;
}

static inline bool address_is_link_local(enum family family, const struct address *address)
{
	return family == FAMILY_IPV6 && address_byte(address, 0) == 0xfe && address_byte(address, 1) >> 6 == 2;
}

static inline bool address_is_unspecified(const struct address *address)
{
	return !(address->word[0] | address->word[1] | address->word[2] | address->word[3]);
}

/* A mask of `prefix_len` leading ones (0..32 or 0..128). */
struct address address_prefix_mask(enum family family, unsigned prefix_len);

/* Number of leading ones when the mask is contiguous, else -1. */
int address_mask_prefix_len(enum family family, const struct address *mask);

/*
 * Parse exactly text[0 .. len-1]: dotted quad or colon form, no names. Family is set
 * from the form. IPv4 needs all four parts. False when it is neither.
 */
bool address_parse(const char *text, size_t len, enum family *family, struct address *address);

/*
 * "ADDR", "ADDR/LEN" or "ADDR/MASK"; the address is masked. False when malformed or
 * LEN is out of range.
 */
bool address_parse_masked(const char *text, size_t len, enum family *family, struct masked_address *range);

/* "10.0.0.1" or RFC 5952 form as inet_ntop() prints it. */
void address_print(enum family family, const struct address *address, struct text *out);

/* The same at `at`, where ADDRESS_ROOM bytes are free; returns what is behind it. No NUL. */
enum { ADDRESS_ROOM = 48 };
char *address_write(char *at, enum family family, const struct address *address);

/* IPv6 as eight groups of four digits, as /proc/net/nf_conntrack has it; IPv4 dotted. */
void address_print_long(enum family family, const struct address *address, struct text *out);

/* "10.0.0.0/8", "10.0.0.1/32", or "ADDR/MASK" for a mask that is not contiguous: as iptables-save prints it. */
void address_print_masked(enum family family, const struct masked_address *range, struct text *out);

#endif
