/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j AUDIT: a record for the audit daemon. Linux 6.18, xt_AUDIT.c: audit_tg(). */
#include "rules/options.h"
#include "rules/side_effect.h"

enum { TYPE };

struct audit_config {
	struct option_marks marks;
	uint32_t type;
};

static const struct option_name types[] = { { "accept", 0 }, { "drop", 1 }, { "reject", 2 }, { NULL, 0 } };

static const struct option_spec options[] = {
	{ .name = "type", .kind = OPTION_NAME, .flags = OPTION_REQUIRED, .mark = TYPE, .offset = offsetof(struct audit_config, type),
	  .names = types, .value_name = "type", .summary = "accept, drop or reject: what the record says" },
};

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	side_effect_tell(subject, types[((const struct audit_config *)config)->type].name);
	return TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	text_printf(out, " AUDIT %s", types[((const struct audit_config *)config)->type].name);
}

const struct target_type target_audit = {
	.name = "AUDIT",
	.summary = "an audit record; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct audit_config),
	.eval = eval,
	.list = list,
};
