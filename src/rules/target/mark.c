/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j MARK: change the packet's mark. Linux 6.18, xt_mark.c: mark_tg(). */
#include "rules/options.h"

enum { SET_XMARK, SET_MARK, AND_MARK, OR_MARK, XOR_MARK };

/* mark = (mark & ~change.mask) ^ change.value, whatever the option was. */
struct mark_config {
	struct option_marks marks;
	struct masked_value change;
	uint32_t bits;			/* of --and-mark, --or-mark, --xor-mark */
};

#define OTHERS(mark) (0x1f & ~(1 << (mark)))
#define OTHER_NAMES "another option of MARK"

static const struct option_spec options[] = {
	{ .name = "set-xmark", .kind = OPTION_MASKED, .mark = SET_XMARK, .offset = offsetof(struct mark_config, change),
	  .excludes = OTHERS(SET_XMARK), .excluded_names = OTHER_NAMES, .value_name = "value[/mask]",
	  .summary = "clear the mask's bits, then exclusive-or the value" },
	{ .name = "set-mark", .kind = OPTION_MASKED, .mark = SET_MARK, .offset = offsetof(struct mark_config, change),
	  .excludes = OTHERS(SET_MARK), .excluded_names = OTHER_NAMES, .value_name = "value[/mask]",
	  .summary = "clear the mask's bits, then set the value's" },
	{ .name = "and-mark", .kind = OPTION_NUMBER, .mark = AND_MARK, .offset = offsetof(struct mark_config, bits),
	  .max = UINT32_MAX, .excludes = OTHERS(AND_MARK), .excluded_names = OTHER_NAMES, .value_name = "bits",
	  .summary = "keep these bits alone" },
	{ .name = "or-mark", .kind = OPTION_NUMBER, .mark = OR_MARK, .offset = offsetof(struct mark_config, bits),
	  .max = UINT32_MAX, .excludes = OTHERS(OR_MARK), .excluded_names = OTHER_NAMES, .value_name = "bits",
	  .summary = "set these bits" },
	{ .name = "xor-mark", .kind = OPTION_NUMBER, .mark = XOR_MARK, .offset = offsetof(struct mark_config, bits),
	  .max = UINT32_MAX, .excludes = OTHERS(XOR_MARK), .excluded_names = OTHER_NAMES, .value_name = "bits",
	  .summary = "turn these bits round" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct mark_config *mark = config;

	if (options_is_seen(&mark->marks, SET_MARK))
		mark->change.mask |= mark->change.value;
	else if (options_is_seen(&mark->marks, AND_MARK))
		mark->change = (struct masked_value){ .value = 0, .mask = ~mark->bits };
	else if (options_is_seen(&mark->marks, OR_MARK))
		mark->change = (struct masked_value){ .value = mark->bits, .mask = mark->bits };
	else if (options_is_seen(&mark->marks, XOR_MARK))
		mark->change = (struct masked_value){ .value = mark->bits, .mask = 0 };
	if (mark->marks.seen)
		return true;
	diag_error(diagnostics, place->where, NULL,
		   "MARK needs --set-mark, --set-xmark, --and-mark, --or-mark or --xor-mark");
	return false;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct mark_config *mark = config;

	(void)state;
	subject->mark = (subject->mark & ~mark->change.mask) ^ mark->change.value;
	return TARGET_CONTINUE;
}

static void print(const void *config, struct text *out)
{
	const struct mark_config *mark = config;

	text_printf(out, " --set-xmark 0x%x/0x%x", mark->change.value, mark->change.mask);
}

static void list(const void *config, struct text *out)
{
	const struct mark_config *mark = config;
	uint32_t value = mark->change.value, mask = mark->change.mask;

	if (value == 0)
		text_printf(out, " MARK and 0x%x", ~mask);
	else if (value == mask)
		text_printf(out, " MARK or 0x%x", value);
	else if (mask == 0)
		text_printf(out, " MARK xor 0x%x", value);
	else if (mask == UINT32_MAX)
		text_printf(out, " MARK set 0x%x", value);
	else
		text_printf(out, " MARK xset 0x%x/0x%x", value, mask);
}

const struct target_type target_mark = {
	.name = "MARK",
	.summary = "change the packet's mark; the packet goes on",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct mark_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};
