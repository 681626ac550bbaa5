/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m dscp: the upper six bits of the type of service. Linux 6.18, xt_dscp.c: dscp_mt(), dscp_mt6(). */
#include "rules/dscp_classes.h"
#include "rules/match_parts.h"

enum { DSCP, CLASS };

struct dscp_config {
	struct option_marks marks;
	uint32_t wanted;
};

static bool parse_class(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	(void)place;
	return dscp_classes_parse(values, &((struct dscp_config *)config)->wanted, diagnostics);
}

static void print_dscp(const void *config, struct text *out)
{
	text_printf(out, "--dscp 0x%02x", ((const struct dscp_config *)config)->wanted);
}

static const struct option_spec options[] = {
	{ .name = "dscp", .kind = OPTION_NUMBER, .flags = OPTION_INVERTIBLE, .mark = DSCP,
	  .offset = offsetof(struct dscp_config, wanted), .max = DSCP_MOST, .excludes = 1 << CLASS,
	  .excluded_names = "--dscp-class", .value_name = "value", .print = print_dscp, .summary = "equal; 0 to 63" },
	{ .name = "dscp-class", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE, .mark = CLASS,
	  .excludes = 1 << DSCP, .excluded_names = "--dscp", .value_name = "class", .parse = parse_class, .print = print_dscp,
	  .summary = "BE, EF, CS0 to CS7, AF11 to AF43" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	return match_parts_need_option(config, UINT32_MAX, "dscp needs --dscp or --dscp-class", place, diagnostics);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct dscp_config *dscp = config;
	bool is_equal = (uint32_t)subject->packet->tos >> DSCP_SHIFT == dscp->wanted;

	(void)state;
	return is_equal != (dscp->marks.inverted != 0) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct dscp_config *dscp = config;

	text_printf(out, " DSCP match %s0x%02x", dscp->marks.inverted ? "!" : "", dscp->wanted);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	match_parts_explain_option(&options[options_is_seen(config, CLASS)], config, out);
	text_printf(out, "0x%02x", (unsigned)subject->packet->tos >> DSCP_SHIFT);
}

const struct match_type match_dscp = {
	.name = "dscp",
	.summary = "differentiated services code point",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct dscp_config),
	.check = check,
	.eval = eval,
	.list = list,
	.explain = explain,
};
