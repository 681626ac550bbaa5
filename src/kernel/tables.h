/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The user's rules in the kernel: loaded and read back by the machine's own iptables-restore and iptables-save. */
#ifndef KERNEL_TABLES_H
#define KERNEL_TABLES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "packet/address.h"

enum tables_backend { TABLES_LEGACY, TABLES_NFT };

/* Loads what iptables-save would print. False after an error, told: the tool, a module, or a rule is missing. */
bool tables_load(enum tables_backend backend, enum family family, const char *rules, struct text *error);

/* Counters of all rules and policies, as they are now. */
struct tables_counter {
	enum family family;
	char table[16], chain[64];
	uint32_t number;		/* 1-based; 0: the policy */
	uint64_t n_packets, n_bytes;
};

struct tables_counters {
	struct tables_counter *counters;	/* owned */
	size_t n_counters, capacity;
};

/*
 * Reads one table's, behind those that are there. False after an error. One table at a time: without privilege on the whole
 * machine nobody may list which there are.
 */
bool tables_read_counters(struct tables_counters *counters, enum tables_backend backend, enum family family,
			  const char *table, struct text *error);
void tables_add_counter(struct tables_counters *counters, const struct tables_counter *counter);
void tables_clear_counters(struct tables_counters *counters);

/* NULL: the kernel has no such rule. */
const struct tables_counter *tables_find_counter(const struct tables_counters *counters, enum family family,
						 const char *table, const char *chain, uint32_t number);

#endif
