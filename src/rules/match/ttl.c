/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m ttl: the packet's time to live, as it is at the hook. Linux 6.18, xt_hl.c: ttl_mt(). */
#include "rules/hop_test.h"

static const struct option_spec options[] = { HOP_TEST_OPTIONS("ttl") };

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	return match_parts_need_option(config, UINT32_MAX, "ttl needs --ttl-eq, --ttl-lt or --ttl-gt", place, diagnostics);
}

static void list(const void *config, struct text *out)
{
	hop_test_list(config, "TTL", out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	hop_test_explain(config, options, subject->packet->ttl, out);
}

const struct match_type match_ttl = {
	.name = "ttl",
	.summary = "the packet's time to live",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV4,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct hop_config),
	.check = check,
	.eval = hop_test_eval,
	.list = list,
	.explain = explain,
};
