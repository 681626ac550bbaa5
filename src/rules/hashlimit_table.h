/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The buckets of -m hashlimit: one table for each name and family, with the parameters of its first rule, one bucket
 * for each key. Linux 6.18, xt_hashlimit.c, revision 3: rateinfo_init(), rateinfo_recalc(), hashlimit_mt_common().
 */
#ifndef RULES_HASHLIMIT_TABLE_H
#define RULES_HASHLIMIT_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "clock/vtime.h"
#include "packet/address.h"

enum hashlimit_mode {
	HASHLIMIT_DSTIP = 1 << 0, HASHLIMIT_DSTPORT = 1 << 1, HASHLIMIT_SRCIP = 1 << 2, HASHLIMIT_SRCPORT = 1 << 3,
	HASHLIMIT_ABOVE = 1 << 4,	/* matches what is over the limit */
	HASHLIMIT_BYTES = 1 << 5, HASHLIMIT_RATE_MATCH = 1 << 6,
};

enum { HASHLIMIT_SCALE = 1000000, HASHLIMIT_BYTE_SHIFT = 4 };

struct hashlimit_parameters {
	uint32_t mode;			/* enum hashlimit_mode */
	uint64_t average;		/* between two packets, in seconds / HASHLIMIT_SCALE; of bytes: the price of 16 */
	uint64_t burst;			/* packets; of bytes: how often the bucket may be filled up */
	uint32_t size, max;		/* 0: the kernel's choice */
	uint32_t gc_interval, expire;	/* milliseconds */
	uint32_t source_len, destination_len;	/* prefixes */
	uint32_t interval;		/* seconds */
};

struct hashlimit_key {
	struct address source, destination;
	uint16_t source_port, destination_port;
	uint32_t unused;		/* keys are compared as bytes */
};

struct hashlimit_table;

struct hashlimit_table *hashlimit_table_create(const struct hashlimit_parameters *parameters, uint32_t hz);
void hashlimit_table_destroy(void *table);

/* Those of the first rule. */
const struct hashlimit_parameters *hashlimit_table_parameters(const struct hashlimit_table *table);

enum hashlimit_result { HASHLIMIT_UNDER, HASHLIMIT_OVER, HASHLIMIT_FULL };

/* What a bucket held; credits are packets' or bytes'. `cap` 0: it counts a rate, and holds no credit. */
struct hashlimit_level {
	uint64_t credit, cost, cap, refill;	/* before the packet; of it; when full; a second */
};

struct hashlimit_charge {
	enum hashlimit_result result;
	struct hashlimit_level level;
};

/* One packet of a key, judged in the mode of the rule that asks. FULL: no bucket is left for a new key. */
struct hashlimit_charge hashlimit_table_charge(struct hashlimit_table *table, const struct hashlimit_key *key, uint32_t mode,
					       uint32_t packet_len, struct vtime now);

/* Parts of the arithmetic that the checks at load time need. */
uint64_t hashlimit_table_credits(uint64_t average, uint32_t hz);
uint32_t hashlimit_table_byte_price(uint32_t average, uint32_t hz);

#endif
