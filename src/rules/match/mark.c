/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m mark: the packet's mark. Linux 6.18, xt_mark.c: mark_mt(). */
#include "rules/match_parts.h"

enum { MARK };

struct mark_config {
	struct option_marks marks;
	struct masked_value wanted;
};

static const struct option_spec options[] = {
	{ .name = "mark", .kind = OPTION_MASKED, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = MARK,
	  .offset = offsetof(struct mark_config, wanted), .value_name = "value[/mask]",
	  .summary = "the mark has this value, within the mask" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct mark_config *mark = config;
	bool is_equal = (subject->mark & mark->wanted.mask) == mark->wanted.value;

	(void)state;
	return match_parts_holds(&mark->marks, MARK, is_equal) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct mark_config *mark = config;

	text_append(out, options_is_inverted(&mark->marks, MARK) ? " mark match ! " : " mark match ");
	text_printf(out, mark->wanted.mask == UINT32_MAX ? "0x%x" : "0x%x/0x%x", mark->wanted.value, mark->wanted.mask);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	match_parts_explain_option(&options[0], config, out);
	text_printf(out, "0x%x", subject->mark);
}

const struct match_type match_mark = {
	.name = "mark",
	.summary = "the packet's mark",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct mark_config),
	.eval = eval,
	.flow_scope = match_parts_settled,
	.list = list,
	.explain = explain,
};
