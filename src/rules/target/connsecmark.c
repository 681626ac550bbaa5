/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j CONNSECMARK: the security mark, between packet and connection. Linux 6.18, xt_CONNSECMARK.c: connsecmark_tg(). */
#include "rules/options.h"
#include "rules/side_effect.h"

enum { SAVE, RESTORE };

struct connsecmark_config {
	struct option_marks marks;
};

static const struct option_spec options[] = {
	{ .name = "save", .kind = OPTION_FLAG, .mark = SAVE, .excludes = 1 << RESTORE, .excluded_names = "--restore",
	  .summary = "to the connection, if it has none" },
	{ .name = "restore", .kind = OPTION_FLAG, .mark = RESTORE, .excludes = 1 << SAVE, .excluded_names = "--save",
	  .summary = "to the packet, if it has none" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	if (((const struct connsecmark_config *)config)->marks.seen)
		return true;
	diag_error(diagnostics, place->where, NULL, "CONNSECMARK needs --save or --restore");
	return false;
}

static const char *word_of(const void *config)
{
	return options_is_seen(config, SAVE) ? "save" : "restore";
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	side_effect_tell(subject, word_of(config));
	return TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	text_printf(out, " CONNSECMARK %s", word_of(config));
}

const struct target_type target_connsecmark = {
	.name = "CONNSECMARK",
	.summary = "security mark between connection and packet; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.families = EXTENSION_BOTH,
	.tables = EXTENSION_MANGLE | EXTENSION_SECURITY,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct connsecmark_config),
	.check = check,
	.eval = eval,
	.list = list,
};
