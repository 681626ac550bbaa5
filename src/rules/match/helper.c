/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m helper: the packet's connection was expected by a helper of this name. Linux 6.18, xt_helper.c: helper_mt().
 */
#include <string.h>

#include "conntrack/helper.h"
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

/* NULL: nobody expected the connection. */
static const char *expected_by(const struct subject *subject)
{
	const struct connection *connection = subject->tracking->connection;
	const struct connection_extra *extra = connection ? connection_extra(connection) : NULL;

	return extra && extra->expected_by ? extra->expected_by->name : NULL;
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct helper_config *helper = config;
	const char *name = expected_by(subject);
	/* As far as the helper's own name goes: "ftp-2121" is ftp. */
	bool holds = name && (!helper->name[0] || strncmp(name, helper->name, strlen(name)) == 0);

	(void)state;
	return match_parts_holds(&helper->marks, HELPER, holds) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct helper_config *helper = config;

	text_printf(out, " helper match %s\"%s\"", helper->marks.inverted ? "! " : "", helper->name);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const char *name = expected_by(subject);

	options_print_option(&options[0], config, out);
	text_printf(out, ": %s%s expected the connection", name ? "" : "no helper", name ? name : "");
}

const struct match_type match_helper = {
	.name = "helper",
	.summary = "helper of the connection's master",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "helpers of the connections",
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct helper_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};
