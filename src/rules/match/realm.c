/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m realm: the realm of the packet's route. Linux 6.18, xt_realm.c: realm_mt(). An annotation (rules/annotation.h) tells it. */
#include "rules/match_parts.h"
#include "rules/named_value.h"

enum { REALM };

#define NAME_OF_ZERO "cosmos"		/* iproute2's rt_realms */

struct realm_config {
	struct option_marks marks;
	struct masked_value realm;
};

static bool parse_realm(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	(void)place;
	return named_value_parse(&((struct realm_config *)config)->realm, values, NAME_OF_ZERO, diagnostics);
}

static void print_realm(const void *config, struct text *out)
{
	text_append(out, "--realm ");
	named_value_print(&((const struct realm_config *)config)->realm, NAME_OF_ZERO, out);
}

static const struct option_spec options[] = {
	{ .name = "realm", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED, .mark = REALM,
	  .value_name = "value[/mask]", .parse = parse_realm, .print = print_realm, .summary = "a number, or cosmos for 0" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct realm_config *realm = config;
	struct annotation_value value;

	(void)state;
	if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_REALM, &value))
		return MATCH_UNKNOWN;
	return match_parts_holds(&realm->marks, REALM, (value.number & realm->realm.mask) == realm->realm.value) ?
		MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct masked_value *realm = &((const struct realm_config *)config)->realm;

	text_printf(out, "%s realm 0x%x", options_is_inverted(config, REALM) ? " !" : "", realm->value);
	if (realm->mask != UINT32_MAX)
		text_printf(out, "/0x%x", realm->mask);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	struct annotation_value value;

	if (!annotation_find(subject->annotations, subject->packet, ANNOTATION_REALM, &value)) {
		text_append(out, "realm: nobody said which realm the packet's route has");
		return;
	}
	match_parts_explain_option(&options[0], config, out);
	text_printf(out, "0x%x", value.number);
}

const struct match_type match_realm = {
	.name = "realm",
	.summary = "routing realm",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "annotation realm",
	.families = EXTENSION_IPV4,
	.hooks = 1 << HOOK_INPUT | 1 << HOOK_FORWARD | 1 << HOOK_OUTPUT | 1 << HOOK_POSTROUTING,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct realm_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};
