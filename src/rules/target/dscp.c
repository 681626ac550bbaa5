/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j DSCP: set the upper six bits of the type of service. Linux 6.18, xt_DSCP.c: dscp_tg(), dscp_tg6(). */
#include "packet/rewrite.h"
#include "rules/dscp_classes.h"
#include "rules/options.h"

enum { SET_DSCP, SET_CLASS };

enum { ECN_BITS = 3 };

struct dscp_config {
	struct option_marks marks;
	uint32_t value;
};

static bool parse_class(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	(void)place;
	return dscp_classes_parse(values, &((struct dscp_config *)config)->value, diagnostics);
}

static const struct option_spec options[] = {
	{ .name = "set-dscp", .kind = OPTION_NUMBER, .mark = SET_DSCP, .offset = offsetof(struct dscp_config, value),
	  .max = DSCP_MOST, .excludes = 1 << SET_CLASS, .excluded_names = "--set-dscp-class", .value_name = "value",
	  .summary = "0 to 63" },
	{ .name = "set-dscp-class", .kind = OPTION_CUSTOM, .n_values = 1, .mark = SET_CLASS, .excludes = 1 << SET_DSCP,
	  .excluded_names = "--set-dscp", .value_name = "class", .parse = parse_class,
	  .summary = "BE, EF, CS0 to CS7, AF11 to AF43" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	if (((const struct dscp_config *)config)->marks.seen)
		return true;
	diag_error(diagnostics, place->where, NULL, "DSCP needs --set-dscp or --set-dscp-class");
	return false;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct dscp_config *dscp = config;

	(void)state;
	rewrite_tos(subject->packet, (uint8_t)(dscp->value << DSCP_SHIFT | (subject->packet->tos & ECN_BITS)));
	return TARGET_CONTINUE;
}

static void print(const void *config, struct text *out)
{
	text_printf(out, " --set-dscp 0x%02x", ((const struct dscp_config *)config)->value);
}

static void list(const void *config, struct text *out)
{
	text_printf(out, " DSCP set 0x%02x", ((const struct dscp_config *)config)->value);
}

const struct target_type target_dscp = {
	.name = "DSCP",
	.summary = "set the differentiated services code point; the packet goes on",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.tables = EXTENSION_MANGLE,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct dscp_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};
