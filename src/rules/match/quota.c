/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m quota: matches until so many bytes have passed, each rule on its own. Linux 6.18, xt_quota.c: quota_mt(). */
#include <inttypes.h>

#include "rules/match_parts.h"

enum { QUOTA };

struct quota_config {
	struct option_marks marks;
	uint64_t bytes;
};

struct quota_state {
	uint64_t left;
};

static bool parse_quota(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	const char *end;

	(void)place;
	if (options_read_number(values->text, &end, &((struct quota_config *)config)->bytes) && !*end)
		return true;
	diag_error(diagnostics, values->where, NULL, "\"%s\" is not a number of bytes", values->text);
	return false;
}

static void print_quota(const void *config, struct text *out)
{
	text_printf(out, "--quota %" PRIu64, ((const struct quota_config *)config)->bytes);
}

static const struct option_spec options[] = {
	{ .name = "quota", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = QUOTA,
	  .value_name = "bytes", .parse = parse_quota, .print = print_quota, .summary = "bytes of IP packets, headers included" },
};

static void start(const void *config, void *state, struct vtime now, uint32_t hz)
{
	(void)now;
	(void)hz;
	((struct quota_state *)state)->left = ((const struct quota_config *)config)->bytes;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct quota_config *quota = config;
	struct quota_state *block = state;
	uint32_t len = subject->packet->total_len;
	bool is_within = block->left >= len;

	/* What does not fit empties the quota: a smaller packet does not match afterwards either. */
	block->left = is_within ? block->left - len : 0;
	return match_parts_holds(&quota->marks, QUOTA, is_within) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	text_printf(out, " quota: %" PRIu64 " bytes", ((const struct quota_config *)config)->bytes);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	options_print_option(&options[0], config, out);
	text_printf(out, options_is_inverted(config, QUOTA) ? ": the packet of %u bytes still fits" :
							      ": the packet of %u bytes is more than what is left",
		    subject->packet->total_len);
}

const struct match_type match_quota = {
	.name = "quota",
	.summary = "a number of bytes, then no more",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct quota_config),
	.state_size = sizeof(struct quota_state),
	.start = start,
	.eval = eval,
	.list = list,
	.explain = explain,
};
