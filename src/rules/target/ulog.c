/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j ULOG: a copy for a program that logs, in kernels before 3.17; NFLOG came in its place. Linux 3.16, ipt_ULOG.c. */
#include "rules/options.h"
#include "rules/side_effect.h"

enum { GROUP, PREFIX, RANGE, THRESHOLD };

enum { GROUPS_MOST = 32, THRESHOLD_MOST = 50, PREFIX_LONGEST = 31 };

struct ulog_config {
	struct option_marks marks;
	uint32_t group, range, threshold;
	char prefix[PREFIX_LONGEST + 1];
};

static const struct option_spec options[] = {
	{ .name = "ulog-prefix", .kind = OPTION_STRING, .flags = OPTION_CUT, .mark = PREFIX, .offset = offsetof(struct ulog_config, prefix),
	  .min = 1, .max = PREFIX_LONGEST, .value_name = "words", .summary = "goes with the copy; at most 31 characters" },
	{ .name = "ulog-nlgroup", .kind = OPTION_NUMBER, .mark = GROUP, .offset = offsetof(struct ulog_config, group), .min = 1,
	  .max = GROUPS_MOST, .value_name = "number", .summary = "the netlink group; 1" },
	{ .name = "ulog-cprange", .kind = OPTION_NUMBER, .mark = RANGE, .offset = offsetof(struct ulog_config, range),
	  .max = UINT32_MAX, .value_name = "bytes", .summary = "so much of the packet; 0: all of it" },
	{ .name = "ulog-qthreshold", .kind = OPTION_NUMBER, .mark = THRESHOLD, .min = 1, .max = THRESHOLD_MOST,
	  .offset = offsetof(struct ulog_config, threshold), .value_name = "number", .summary = "copies to send at a time; 1" },
};

static void init(void *config)
{
	struct ulog_config *ulog = config;

	ulog->group = 1;
	ulog->threshold = 1;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	side_effect_tell(subject, ((const struct ulog_config *)config)->prefix);
	return TARGET_CONTINUE;
}

static void print(const void *config, struct text *out)
{
	const struct ulog_config *ulog = config;

	if (ulog->prefix[0]) {
		text_append(out, " --ulog-prefix ");
		options_print_string(ulog->prefix, out);
	}
	if (ulog->group != 1)
		text_printf(out, " --ulog-nlgroup %u", ulog->group);
	if (ulog->range)
		text_printf(out, " --ulog-cprange %u", ulog->range);
	if (ulog->threshold != 1)
		text_printf(out, " --ulog-qthreshold %u", ulog->threshold);
}

static void list(const void *config, struct text *out)
{
	const struct ulog_config *ulog = config;

	text_printf(out, " ULOG copy_range %u nlgroup %u", ulog->range, ulog->group);
	if (ulog->prefix[0])
		text_printf(out, " prefix \"%s\"", ulog->prefix);
	text_printf(out, " queue_threshold %u", ulog->threshold);
}

const struct target_type target_ulog = {
	.name = "ULOG",
	.summary = "a copy for a program that logs; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.basis = "no influence on verdicts; kernels since 3.17 do not have it",
	.families = EXTENSION_IPV4,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct ulog_config),
	.init = init,
	.eval = eval,
	.print = print,
	.list = list,
};
