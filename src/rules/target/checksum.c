/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * -j CHECKSUM: complete a checksum that was left to the network card. Linux 6.18, xt_CHECKSUM.c: checksum_tg().
 * What a capture holds of such packets is the unfinished sum of packets that the host itself sent, which nobody judges.
 */
#include "rules/options.h"

enum { FILL };

struct checksum_config {
	struct option_marks marks;
};

static const struct option_spec options[] = {
	{ .name = "checksum-fill", .kind = OPTION_FLAG, .flags = OPTION_REQUIRED, .mark = FILL,
	  .summary = "compute and fill in" },
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
	(void)config;
	text_append(out, " CHECKSUM fill");
}

const struct target_type target_checksum = {
	.name = "CHECKSUM",
	.summary = "fill in a missing checksum; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.families = EXTENSION_BOTH,
	.tables = EXTENSION_MANGLE,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct checksum_config),
	.eval = eval,
	.list = list,
};
