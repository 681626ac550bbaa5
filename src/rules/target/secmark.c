/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j SECMARK: the packet's security mark. Linux 6.18, xt_SECMARK.c: secmark_tg(). Nothing in the rules reads it. */
#include "rules/options.h"
#include "rules/side_effect.h"

enum { CONTEXT };

enum { CONTEXT_LONGEST = 255 };

struct secmark_config {
	struct option_marks marks;
	char context[CONTEXT_LONGEST + 1];
};

static void print_context(const void *config, struct text *out)
{
	text_printf(out, "--selctx %s", ((const struct secmark_config *)config)->context);
}

static const struct option_spec options[] = {
	{ .name = "selctx", .kind = OPTION_STRING, .min = 1, .flags = OPTION_REQUIRED, .mark = CONTEXT,
	  .offset = offsetof(struct secmark_config, context), .max = CONTEXT_LONGEST, .value_name = "context", .print = print_context,
	  .summary = "a context that the host's security module knows" },
};

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	side_effect_tell(subject, ((const struct secmark_config *)config)->context);
	return TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	text_printf(out, " SECMARK selctx %s", ((const struct secmark_config *)config)->context);
}

const struct target_type target_secmark = {
	.name = "SECMARK",
	.summary = "set the security mark; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.families = EXTENSION_BOTH,
	.tables = EXTENSION_MANGLE | EXTENSION_SECURITY,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct secmark_config),
	.eval = eval,
	.list = list,
};
