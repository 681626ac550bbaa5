/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m tos: the type of service, or traffic class. Linux 6.18, xt_dscp.c: tos_mt(). */
#include "rules/match_parts.h"
#include "rules/tos_values.h"

enum { TOS };

struct tos_config {
	struct option_marks marks;
	struct masked_value wanted;
};

static bool parse_tos(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	(void)place;
	return tos_values_parse(values, &((struct tos_config *)config)->wanted, diagnostics);
}

static void print_tos(const void *config, struct text *out)
{
	const struct tos_config *tos = config;

	text_printf(out, "--tos 0x%02x/0x%02x", tos->wanted.value, tos->wanted.mask);
}

static const struct option_spec options[] = {
	{ .name = "tos", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = TOS,
	  .value_name = "value[/mask]", .parse = parse_tos, .print = print_tos,
	  .summary = "the bits of the mask are these; or a name: Minimize-Delay, Maximize-Throughput, ..." },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct tos_config *tos = config;
	bool is_equal = (subject->packet->tos & tos->wanted.mask) == tos->wanted.value;

	(void)state;
	return match_parts_holds(&tos->marks, TOS, is_equal) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct tos_config *tos = config;

	text_printf(out, " tos match%s0x%02x/0x%02x", tos->marks.inverted ? "!" : "", tos->wanted.value, tos->wanted.mask);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	match_parts_explain_option(&options[0], config, out);
	text_printf(out, "0x%02x", subject->packet->tos);
}

const struct match_type match_tos = {
	.name = "tos",
	.summary = "type of service bits",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct tos_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};
