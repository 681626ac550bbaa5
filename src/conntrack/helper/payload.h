/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What helpers share: the application's bytes of a packet, read with bounds, replaced with lengths, checksums and
 * sequence numbers kept true; and the ways to expect a connection. Linux 6.18: nf_nat_helper.c.
 *
 * A packet that the snap length cut is read as far as it goes; nobody drops it for what is missing.
 */
#ifndef CONNTRACK_HELPER_PAYLOAD_H
#define CONNTRACK_HELPER_PAYLOAD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conntrack/helper.h"

struct payload {
	const uint8_t *bytes;	/* of the packet; move when it is changed */
	uint32_t len;		/* captured */
	uint32_t full_len;	/* sent; more than len when the packet was cut */
	uint32_t offset;	/* of the first byte behind the start of layer 4 */
};

/* The data of a TCP segment; false: it has none, or the connection is not answered yet. */
bool payload_of_tcp(const struct helping *helping, struct payload *payload);

/*
 * The same of a datagram that is taken for a TCP segment: its own bytes say how long a header it has. Linux counts H.245 as a helper of
 * UDP, where a rule can give it to some, and reads TCP. False too where the connection is translated.
 */
bool payload_of_udp_as_tcp(const struct helping *helping, struct payload *payload);

/* The data of a UDP datagram; false: it has none. */
bool payload_of_udp(const struct helping *helping, struct payload *payload);

/* What an ICMP error quotes; false: nothing. */
bool payload_of_error(const struct helping *helping, struct payload *payload);

static inline bool payload_is_cut(const struct payload *payload)
{
	return payload->len < payload->full_len;
}

/* Does `word` stand at `at`? */
bool payload_has(const struct payload *payload, uint32_t at, const char *word);
bool payload_has_in_any_case(const struct payload *payload, uint32_t at, const char *word);

/* Decimal digits at `at`, modulo 2^32; returns where they end. */
uint32_t payload_read_decimal(const struct payload *payload, uint32_t at, uint32_t *value);

/*
 * Puts `new_len` bytes in the place of `old_len` bytes at `at`; `payload` follows. A cut packet stays as it is. False:
 * it would become too long.
 */
bool payload_replace(struct helping *helping, struct payload *payload, uint32_t at, uint32_t old_len, const void *bytes,
		     uint32_t new_len);

/* The same without sequence numbers, for helpers that change a segment in several places: payload_note_growth() at last. */
bool payload_write(struct helping *helping, struct payload *payload, uint32_t at, uint32_t old_len, const void *bytes,
		   uint32_t new_len);

/* A segment has become so many bytes longer. Nothing for other protocols than TCP. */
void payload_note_growth(struct helping *helping, int32_t growth);

/* Is either end of the connection translated? */
static inline bool payload_is_translated(const struct helping *helping)
{
	return (helping->connection->status & (STATUS_SRC_NAT | STATUS_DST_NAT)) != 0;
}

/*
 * Files `wanted` at the port that it names or, where that is BUSY, at one drawn above; returns the port, 0: none is free.
 * Linux 6.18, nf_nat_exp_find_port().
 */
uint16_t payload_expect_at_free_port(struct helping *helping, struct expectation *wanted);

/* `wanted` follows the master to where its packets of `direction` go, at the port that is named now. */
void payload_follow_master(struct expectation *wanted, enum direction direction);

#endif
