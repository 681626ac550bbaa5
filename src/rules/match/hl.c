/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m hl: the packet's hop limit, as it is at the hook. Linux 6.18, xt_hl.c: hl_mt6(). */
#include "rules/hop_test.h"

#define OTHERS(mark) ((1 << HOP_EQUAL | 1 << HOP_LESS | 1 << HOP_GREATER) & ~(1 << (mark)))

static const struct option_spec options[] = {
	{ .name = "hl-eq", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = HOP_EQUAL,
	  .offset = offsetof(struct hop_config, value), .max = UINT8_MAX, .excludes = OTHERS(HOP_EQUAL),
	  .excluded_names = "--hl-lt or --hl-gt", .value_name = "value", .summary = "equal" },
	{ .name = "hl-lt", .kind = OPTION_NUMBER, .mark = HOP_LESS,
	  .offset = offsetof(struct hop_config, value), .max = UINT8_MAX, .excludes = OTHERS(HOP_LESS),
	  .excluded_names = "--hl-eq or --hl-gt", .value_name = "value", .summary = "less than" },
	{ .name = "hl-gt", .kind = OPTION_NUMBER, .mark = HOP_GREATER,
	  .offset = offsetof(struct hop_config, value), .max = UINT8_MAX, .excludes = OTHERS(HOP_GREATER),
	  .excluded_names = "--hl-eq or --hl-lt", .value_name = "value", .summary = "greater than" },
	{ .name = "hl", .flags = OPTION_IS_ALIAS, .alias_of = "hl-eq" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	return match_parts_need_option(config, UINT32_MAX, "hl needs --hl-eq, --hl-lt or --hl-gt", place, diagnostics);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	(void)state;
	return hop_test_holds(config, subject->packet->ttl) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	hop_test_list(config, "HL", out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	hop_test_explain(config, options, subject->packet->ttl, out);
}

const struct match_type match_hl = {
	.name = "hl",
	.summary = "the packet's hop limit",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct hop_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
