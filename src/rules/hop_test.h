/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What -m ttl (IPv4) and -m hl (IPv6) have in common: equal, less or greater. Linux 6.18, xt_hl.c: ttl_mt(), hl_mt6(). */
#ifndef RULES_HOP_TEST_H
#define RULES_HOP_TEST_H

#include "rules/match_parts.h"

enum { HOP_EQUAL, HOP_LESS, HOP_GREATER };

struct hop_config {
	struct option_marks marks;
	uint32_t value;
};

bool hop_test_holds(const struct hop_config *config, uint8_t hops);

/* " TTL match TTL != 64"; `title` is "TTL" or "HL". */
void hop_test_list(const struct hop_config *config, const char *title, struct text *out);

/* The option that was used, of a table that has it at the index of its mark. */
void hop_test_explain(const struct hop_config *config, const struct option_spec *options, uint8_t hops, struct text *out);

#endif
