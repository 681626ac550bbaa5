/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j HL: change the hop limit. Linux 6.18, xt_HL.c: hl_tg6(). */
#include "rules/hop_change.h"

static const struct option_spec options[] = {
	HOP_CHANGE_OPTION("hl-set", HOP_SET, 0, "to this value"),
	HOP_CHANGE_OPTION("hl-dec", HOP_DECREMENT, 1, "less by this; 0 at least"),
	HOP_CHANGE_OPTION("hl-inc", HOP_INCREMENT, 1, "more by this; 255 at most"),
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	if (((const struct hop_change *)config)->marks.seen)
		return true;
	diag_error(diagnostics, place->where, NULL, "HL needs --hl-set, --hl-dec or --hl-inc");
	return false;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	hop_change_apply(config, subject->packet);
	return TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	hop_change_list(config, "HL", out);
}

const struct target_type target_hl = {
	.name = "HL",
	.summary = "change the hop limit; the packet goes on",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.tables = EXTENSION_MANGLE,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct hop_change),
	.check = check,
	.eval = eval,
	.list = list,
};
