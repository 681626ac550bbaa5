/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The rules that matched, for the nft back end: nf_tables' own trace messages, in which a
 * rule is a handle. Linux 6.18: net/netfilter/nf_tables_trace.c.
 */
#ifndef KERNEL_NFT_TRACE_H
#define KERNEL_NFT_TRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "kernel/netlink.h"
#include "packet/address.h"

enum { NFT_TRACE_TABLE_LEN = 32, NFT_TRACE_CHAIN_LEN = 64 };

struct nft_trace_record {
	uint32_t packet;		/* tells the packets apart that travel at the same time */
	char table[NFT_TRACE_TABLE_LEN], chain[NFT_TRACE_CHAIN_LEN];
	uint32_t number;		/* in its chain; 0: the policy */
};

/* Where a rule stands. */
struct nft_trace_rule {
	uint64_t handle;
	enum family family;
	char table[NFT_TRACE_TABLE_LEN], chain[NFT_TRACE_CHAIN_LEN];
	uint32_t number;
};

struct nft_trace {
	struct netlink *notices;	/* owned */
	struct nft_trace_rule *rules;	/* owned */
	size_t n_rules, rules_capacity;
	struct nft_trace_record *records;	/* owned; of the last nft_trace_read(); probes' own among them */
	size_t n_records, capacity;
};

/* After the rules were loaded. False after an error, told. */
bool nft_trace_open(struct nft_trace *trace, struct text *error);
void nft_trace_close(struct nft_trace *trace);

/* Forgets the records and reads what came since. False when the kernel had to drop some. */
bool nft_trace_read(struct nft_trace *trace);

#endif
