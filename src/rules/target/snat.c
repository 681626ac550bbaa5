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
	{ .name = "random", .kind = OPTION_FLAG, .mark = MAPPING_RANDOM,
	  .summary = "a random port, even when the old one is free" },
	{ .name = "random-fully", .kind = OPTION_FLAG, .mark = MAPPING_RANDOM_FULLY, .summary = "the same" },
	{ .name = "persistent", .kind = OPTION_FLAG, .mark = MAPPING_PERSISTENT,
	  .summary = "of several addresses the same for a client, whatever its destination" },
};

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	return mapping_request(subject, &((const struct mapping *)config)->range);
}

static void print(const void *config, struct text *out)
{
	text_append(out, " --to-source ");
	mapping_print_range(config, out);
	mapping_print_flags(config, "--", out);
}

static void list(const void *config, struct text *out)
{
	text_append(out, " to:");
	mapping_print_range(config, out);
	mapping_print_flags(config, "", out);
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
	.eval = eval,
	.print = print,
	.list = list,
};
