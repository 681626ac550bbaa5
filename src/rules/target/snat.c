/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j SNAT: map the source. Linux 6.18, xt_nat.c: xt_snat_target_v2(). */
#include "rules/mapping.h"

/* iptables 1.8.9 takes a shifted range and forgets the port that it is shifted from. */
static bool parse(void *config, const struct argument *value, const struct extension_place *place,
		  struct diagnostics *diagnostics)
{
	bool is_good = mapping_parse(config, value, place, diagnostics);

	((struct mapping *)config)->range.base_port = 0;
	return is_good;
}

static const struct option_spec options[] = {
	{ .name = "to-source", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_REQUIRED, .mark = MAPPING_TO,
	  .parse = parse, .value_name = "address[-address][:port[-port]]", .summary = "the addresses and ports to take" },
	MAPPING_FLAG("random", MAPPING_RANDOM, "a random port, even when the old one is free"),
	MAPPING_FLAG("random-fully", MAPPING_RANDOM_FULLY, "the same"),
	MAPPING_FLAG("persistent", MAPPING_PERSISTENT, "of several addresses the same for a client, whatever its destination"),
};

static void print(const void *config, struct text *out)
{
	mapping_print(config, "--to-source", out);
}

const struct target_type target_snat = {
	.name = "SNAT",
	.summary = "change the source of the connection's packets",
	.class = EXTENSION_SEEDED,
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_POSTROUTING | 1 << HOOK_INPUT,
	.tables = EXTENSION_NAT,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct mapping),
	.check = mapping_check,
	.eval = mapping_eval,
	.print = print,
	.could_make = mapping_could_make,
	.list = mapping_list,
};
