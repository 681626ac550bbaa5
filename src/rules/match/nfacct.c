/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -m nfacct: counts into a named object. Linux 6.18, xt_nfacct.c: nfacct_mt(). Objects without a quota let everything
 * match; the kernel refuses a rule whose object does not exist.
 */
#include "rules/match_parts.h"

enum { NAME };

enum { NAME_LONGEST = 31 };

struct nfacct_config {
	struct option_marks marks;
	char name[NAME_LONGEST + 1];
};

/* iptables-save leaves two blanks. */
static void print_name(const void *config, struct text *out)
{
	text_append(out, "--nfacct-name  ");
	options_print_string(((const struct nfacct_config *)config)->name, out);
}

static const struct option_spec options[] = {
	{ .name = "nfacct-name", .kind = OPTION_STRING, .flags = OPTION_REQUIRED, .mark = NAME,
	  .offset = offsetof(struct nfacct_config, name), .min = 1, .max = NAME_LONGEST, .value_name = "name", .print = print_name,
	  .summary = "the object; it must exist" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	(void)config;
	(void)state;
	(void)subject;
	return MATCH_YES;
}

static void list(const void *config, struct text *out)
{
	text_append(out, " nfacct-name  ");
	options_print_string(((const struct nfacct_config *)config)->name, out);
}

const struct match_type match_nfacct = {
	.name = "nfacct",
	.summary = "counts into a named object",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct nfacct_config),
	.eval = eval,
	.list = list,
};
