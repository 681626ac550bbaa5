/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m connmark: the mark of the packet's connection. Linux 6.18, xt_connmark.c: connmark_mt(). */
#include "rules/match_parts.h"

enum { MARK };

struct connmark_config {
	struct option_marks marks;
	struct masked_value wanted;
};

static const struct option_spec options[] = {
	{ .name = "mark", .kind = OPTION_MASKED, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = MARK,
	  .offset = offsetof(struct connmark_config, wanted), .value_name = "value[/mask]",
	  .summary = "the connection's mark has this value, within the mask" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct connmark_config *connmark = config;
	const struct connection *connection = subject_entry(subject);
	bool is_equal;

	(void)state;
	/* Without an entry it does not match, inverted or not. */
	if (!connection)
		return MATCH_NO;
	is_equal = (connection->mark & connmark->wanted.mask) == connmark->wanted.value;
	return match_parts_holds(&connmark->marks, MARK, is_equal) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct connmark_config *connmark = config;

	text_append(out, options_is_inverted(&connmark->marks, MARK) ? " connmark match ! " : " connmark match  ");
	text_printf(out, connmark->wanted.mask == UINT32_MAX ? "0x%x" : "0x%x/0x%x", connmark->wanted.value,
		    connmark->wanted.mask);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct connection *connection = subject_entry(subject);

	options_print_option(&options[0], config, out);
	if (connection)
		text_printf(out, ": connection has 0x%x", connection->mark);
	else
		text_append(out, ": the packet has no entry");
}

const struct match_type match_connmark = {
	.name = "connmark",
	.summary = "mark of the connection",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct connmark_config),
	.eval = eval,
	.flow_scope = match_parts_settled,
	.list = list,
	.explain = explain,
};
