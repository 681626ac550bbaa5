/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m hl: the packet's hop limit, as it is at the hook. Linux 6.18, xt_hl.c: hl_mt6(). */
#include "rules/hop_test.h"

static const struct option_spec options[] = { HOP_TEST_OPTIONS("hl") };

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	return match_parts_need_option(config, UINT32_MAX, "hl needs --hl-eq, --hl-lt or --hl-gt", place, diagnostics);
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
	.eval = hop_test_eval,
	.list = list,
	.explain = explain,
};
