/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rates in the options of -m hashlimit, and back. iptables 1.8.9, libxt_hashlimit.c, whose arithmetic decides what they mean. */
#ifndef RULES_HASHLIMIT_RATE_H
#define RULES_HASHLIMIT_RATE_H

#include "rules/hashlimit_table.h"
#include "rules/options.h"

enum { HASHLIMIT_BURST_MOST = 1000000, HASHLIMIT_BYTE_EXPIRE = 15, HASHLIMIT_BYTE_EXPIRE_BURST = 60 };	/* expiries in seconds */

/* "10/second" or "10kb/s" into average and mode; *unit: the seconds after which an idle bucket ends by default. */
bool hashlimit_rate_parse(const struct argument *value, struct hashlimit_parameters *parameters, uint32_t *unit,
			  struct diagnostics *diagnostics);

/* "10", "10kb": any letter may follow the number. */
bool hashlimit_rate_parse_burst(const struct argument *value, uint64_t *burst, struct diagnostics *diagnostics);

/* Bytes a second that the price of 16 bytes stands for. */
uint64_t hashlimit_rate_bytes(uint64_t price);

/* " 10/sec", and " 10kb/s" with its burst; the results are the usual expiries in ms. `dashes`: "--hashlimit-" or "". */
uint32_t hashlimit_rate_print_packets(uint64_t period, struct text *out);
uint32_t hashlimit_rate_print_bytes(const struct hashlimit_parameters *parameters, const char *dashes, struct text *out);

#endif
