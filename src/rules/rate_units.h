/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Units of time in the rates of -m limit and -m hashlimit. iptables 1.8.9, libxt_limit.c and libxt_hashlimit.c. */
#ifndef RULES_RATE_UNITS_H
#define RULES_RATE_UNITS_H

#include <stdint.h>

#include "base/text.h"

/* Seconds of a unit's name or its beginning; 0 for an unknown one. */
uint32_t rate_units_find(const char *name);

/*
 * "3/hour": the largest unit that loses little; the result is its seconds. `period` is the time between two packets, in
 * seconds / scale, and not 0.
 */
uint32_t rate_units_print(uint64_t period, uint32_t scale, struct text *out);

#endif
