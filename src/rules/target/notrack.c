/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j NOTRACK: the packet is not tracked. Linux 6.18, xt_CT.c: xt_ct_target(). */
#include "rules/options.h"

struct notrack_config {
	struct option_marks marks;
};

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)config;
	(void)state;
	/* Looped packets, for one, come with the entry of their first round, and keep it. */
	if (!subject_is_attached(subject))
		subject->request.notrack = true;
	return TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	(void)config;
	text_append(out, " NOTRACK");
}

const struct target_type target_notrack = {
	.name = "NOTRACK",
	.summary = "no connection tracking for the packet; the same as CT --notrack",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.tables = EXTENSION_RAW,
	.config_size = sizeof(struct notrack_config),
	.eval = eval,
	.list = list,
	.listed_name = "CT",
};
