/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j NFLOG: a copy for a program that logs. Linux 6.18, xt_NFLOG.c: nflog_tg(). */
#include "rules/options.h"
#include "rules/side_effect.h"

enum { GROUP, PREFIX, RANGE, SIZE, THRESHOLD };

enum { PREFIX_LONGEST = 63, DEFAULT_THRESHOLD = 0 };

struct nflog_config {
	struct option_marks marks;
	uint32_t group, range, size, threshold;
	char prefix[PREFIX_LONGEST + 1];
};

static const struct option_spec options[] = {
	{ .name = "nflog-prefix", .kind = OPTION_STRING, .flags = OPTION_CUT, .mark = PREFIX, .offset = offsetof(struct nflog_config, prefix),
	  .min = 1, .max = PREFIX_LONGEST, .value_name = "words", .summary = "goes with the copy; at most 63 characters" },
	{ .name = "nflog-group", .kind = OPTION_NUMBER, .mark = GROUP, .offset = offsetof(struct nflog_config, group),
	  .max = UINT16_MAX, .value_name = "number", .summary = "the netlink group; 0" },
	{ .name = "nflog-range", .kind = OPTION_NUMBER, .mark = RANGE, .offset = offsetof(struct nflog_config, range),
	  .max = UINT32_MAX, .excludes = 1 << SIZE, .excluded_names = "--nflog-size", .value_name = "bytes",
	  .summary = "has no effect" },
	{ .name = "nflog-size", .kind = OPTION_NUMBER, .mark = SIZE, .offset = offsetof(struct nflog_config, size),
	  .max = UINT32_MAX, .excludes = 1 << RANGE, .excluded_names = "--nflog-range", .value_name = "bytes",
	  .summary = "so much of the packet" },
	{ .name = "nflog-threshold", .kind = OPTION_NUMBER, .mark = THRESHOLD, .max = UINT16_MAX,
	  .offset = offsetof(struct nflog_config, threshold), .value_name = "number", .summary = "copies to send at a time; 1" },
};

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	side_effect_tell(subject, ((const struct nflog_config *)config)->prefix);
	return TARGET_CONTINUE;
}

static void print_words(const struct nflog_config *nflog, const char *dashes, struct text *out)
{
	if (nflog->prefix[0]) {
		text_printf(out, " %snflog-prefix ", dashes);
		options_print_string(nflog->prefix, out);
	}
	if (nflog->group)
		text_printf(out, " %snflog-group %u", dashes, nflog->group);
	if (options_is_seen(&nflog->marks, SIZE))
		text_printf(out, " %snflog-size %u", dashes, nflog->size);
	else if (nflog->range)
		text_printf(out, " %snflog-range %u", dashes, nflog->range);
	if (nflog->threshold != DEFAULT_THRESHOLD)
		text_printf(out, " %snflog-threshold %u", dashes, nflog->threshold);
}

static void print(const void *config, struct text *out)
{
	print_words(config, "--", out);
}

static void list(const void *config, struct text *out)
{
	print_words(config, "", out);
}

const struct target_type target_nflog = {
	.name = "NFLOG",
	.summary = "a copy for a program that logs; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct nflog_config),
	.eval = eval,
	.print = print,
	.list = list,
};
