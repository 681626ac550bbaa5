/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j DNAT: map the destination. Linux 6.18, xt_nat.c: xt_dnat_target_v2(). */
#include "rules/mapping.h"

static const struct option_spec options[] = {
	{ .name = "to-destination", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_REQUIRED, .mark = MAPPING_TO,
	  .parse = mapping_parse, .value_name = "address[-address][:port[-port[/port]]]",
	  .summary = "the addresses and ports to go to; /port: which port the first of the range stands for" },
	MAPPING_FLAG("random", MAPPING_RANDOM, "a random port of the range"),
	MAPPING_FLAG("persistent", MAPPING_PERSISTENT, "of several addresses the same for a client, whatever its destination was"),
};

static void print(const void *config, struct text *out)
{
	mapping_print(config, "--to-destination", out);
}

const struct target_type target_dnat = {
	.name = "DNAT",
	.summary = "change the destination of the connection's packets",
	.class = EXTENSION_SEEDED,
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_PREROUTING | 1 << HOOK_OUTPUT,
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
