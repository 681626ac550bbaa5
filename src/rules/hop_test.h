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

/* The options of both, `prefix` "hl" or "ttl": each at the index of its mark. */
#define HOP_TEST_OPTION(prefix, word, option_flags, id, others, words) \
	{ .name = prefix word, .kind = OPTION_NUMBER, .flags = option_flags, .mark = id, .offset = offsetof(struct hop_config, value), \
	  .max = UINT8_MAX, .excludes = 7 & ~(1 << (id)), .excluded_names = others, .value_name = "value", .summary = words }

#define HOP_TEST_OPTIONS(prefix) \
	HOP_TEST_OPTION(prefix, "-eq", OPTION_INVERTIBLE, HOP_EQUAL, "--" prefix "-lt or --" prefix "-gt", "equal"), \
	HOP_TEST_OPTION(prefix, "-lt", 0, HOP_LESS, "--" prefix "-eq or --" prefix "-gt", "less than"), \
	HOP_TEST_OPTION(prefix, "-gt", 0, HOP_GREATER, "--" prefix "-eq or --" prefix "-lt", "greater than"), \
	{ .name = prefix, .flags = OPTION_IS_ALIAS, .alias_of = prefix "-eq" }

enum match_result hop_test_eval(const void *config, void *state, const struct subject *subject);

/* " TTL match TTL != 64"; `title` is "TTL" or "HL". */
void hop_test_list(const struct hop_config *config, const char *title, struct text *out);

/* The option that was used, of a table that has it at the index of its mark. */
void hop_test_explain(const struct hop_config *config, const struct option_spec *options, uint8_t hops, struct text *out);

#endif
