/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j TOS: change the type of service, or traffic class. Linux 6.18, xt_DSCP.c: tos_tg(), tos_tg6(). */
#include "packet/rewrite.h"
#include "rules/options.h"
#include "rules/tos_values.h"

enum { SET_TOS, AND_TOS, OR_TOS, XOR_TOS };

/* tos = (tos & ~change.mask) ^ change.value, whatever the option was. */
struct tos_config {
	struct option_marks marks;
	struct masked_value change;
	uint32_t bits;			/* of --and-tos, --or-tos, --xor-tos */
};

static bool parse_set(void *config, const struct argument *values, const struct extension_place *place,
		      struct diagnostics *diagnostics)
{
	(void)place;
	return tos_values_parse(values, &((struct tos_config *)config)->change, diagnostics);
}

#define OTHERS(mark) (0xf & ~(1 << (mark)))
#define BITS_OPTION(option, id, words) \
	{ .name = option, .kind = OPTION_NUMBER, .mark = id, .offset = offsetof(struct tos_config, bits), .max = UINT8_MAX, \
	  .excludes = OTHERS(id), .excluded_names = "another option of TOS", .value_name = "bits", .summary = words }

static const struct option_spec options[] = {
	{ .name = "set-tos", .kind = OPTION_CUSTOM, .n_values = 1, .mark = SET_TOS, .excludes = OTHERS(SET_TOS),
	  .excluded_names = "another option of TOS", .value_name = "value[/mask]", .parse = parse_set,
	  .summary = "clear the mask's bits, then exclusive-or the value; or a name" },
	BITS_OPTION("and-tos", AND_TOS, "keep these bits alone"),
	BITS_OPTION("or-tos", OR_TOS, "set these bits"),
	BITS_OPTION("xor-tos", XOR_TOS, "turn these bits round"),
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct tos_config *tos = config;

	if (options_is_seen(&tos->marks, AND_TOS))
		tos->change = (struct masked_value){ .value = 0, .mask = (uint8_t)~tos->bits };
	else if (options_is_seen(&tos->marks, OR_TOS))
		tos->change = (struct masked_value){ .value = tos->bits, .mask = tos->bits };
	else if (options_is_seen(&tos->marks, XOR_TOS))
		tos->change = (struct masked_value){ .value = tos->bits, .mask = 0 };
	if (tos->marks.seen)
		return true;
	diag_error(diagnostics, place->where, NULL, "TOS needs --set-tos, --and-tos, --or-tos or --xor-tos");
	return false;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct tos_config *tos = config;

	(void)state;
	rewrite_tos(subject->packet, (uint8_t)((subject->packet->tos & ~tos->change.mask) ^ tos->change.value));
	return TARGET_CONTINUE;
}

static void print(const void *config, struct text *out)
{
	const struct tos_config *tos = config;

	text_printf(out, " --set-tos 0x%02x/0x%02x", tos->change.value, tos->change.mask);
}

static void list(const void *config, struct text *out)
{
	const struct tos_config *tos = config;

	text_printf(out, " TOS set 0x%02x/0x%02x", tos->change.value, tos->change.mask);
}

const struct target_type target_tos = {
	.name = "TOS",
	.summary = "set the type of service bits; the packet goes on",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.tables = EXTENSION_MANGLE,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct tos_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};
