/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m helper: the packet's connection was expected by a helper of this name. Linux 6.18, xt_helper.c: helper_mt().
 * No connection has a master as long as helpers are not simulated, so that only the inverted form matches.
 */
#include "rules/match_parts.h"

enum { HELPER };

enum { NAME_LONGEST = 29 };

struct helper_config {
	struct option_marks marks;
	char name[NAME_LONGEST + 1];
};

static void print_helper(const void *config, struct text *out)
{
	text_append(out, "--helper ");
	options_print_string(((const struct helper_config *)config)->name, out);
}

static const struct option_spec options[] = {
	{ .name = "helper", .kind = OPTION_STRING, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED | OPTION_CUT, .mark = HELPER,
	  .offset = offsetof(struct helper_config, name), .max = NAME_LONGEST, .value_name = "name", .print = print_helper,
	  .summary = "the helper of the connection that expected this one" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	(void)state;
	(void)subject;
	return match_parts_holds(config, HELPER, false) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct helper_config *helper = config;

	text_printf(out, " helper match %s\"%s\"", helper->marks.inverted ? "! " : "", helper->name);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	(void)subject;
	options_print_option(&options[0], config, out);
	text_append(out, ": no helper expected the connection");
}

const struct match_type match_helper = {
	.name = "helper",
	.summary = "helper of the connection's master",
	.class = EXTENSION_FROM_CONTEXT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct helper_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};
