/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j CLASSIFY: the packet's priority, for queueing. Linux 6.18, xt_CLASSIFY.c: classify_tg(). */
#include <stdio.h>

#include "rules/options.h"

enum { SET_CLASS };

enum { MINOR_BITS = 16 };

struct classify_config {
	struct option_marks marks;
	uint32_t priority;
};

/* "major:minor", hexadecimal; iptables 1.8.9 looks no further than sscanf(3) does. */
static bool parse_class(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	unsigned major, minor;

	(void)place;
	if (sscanf(values->text, "%x:%x", &major, &minor) != 2) {
		diag_error(diagnostics, values->where, "two hexadecimal numbers: 1:20", "\"%s\" is not a class", values->text);
		return false;
	}
	((struct classify_config *)config)->priority = major << MINOR_BITS | (minor & UINT16_MAX);
	return true;
}

static void print_class(const void *config, struct text *out)
{
	uint32_t priority = ((const struct classify_config *)config)->priority;

	text_printf(out, "--set-class %04x:%04x", priority >> MINOR_BITS, priority & UINT16_MAX);
}

static const struct option_spec options[] = {
	{ .name = "set-class", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_REQUIRED, .mark = SET_CLASS,
	  .value_name = "major:minor", .parse = parse_class, .print = print_class, .summary = "the class, hexadecimal" },
};

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)config;
	(void)state;
	(void)subject;
	return TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	uint32_t priority = ((const struct classify_config *)config)->priority;

	text_printf(out, " CLASSIFY set %x:%x", priority >> MINOR_BITS, priority & UINT16_MAX);
}

const struct target_type target_classify = {
	.name = "CLASSIFY",
	.summary = "the packet's priority, for queueing; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_FORWARD | 1 << HOOK_OUTPUT | 1 << HOOK_POSTROUTING,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct classify_config),
	.eval = eval,
	.list = list,
};
