/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j IDLETIMER: a timer that runs while nothing passes. Linux 6.18, xt_IDLETIMER.c: idletimer_tg(), idletimer_tg_helper(). */
#include <limits.h>
#include <string.h>

#include "rules/match_parts.h"
#include "rules/side_effect.h"

enum { TIMEOUT, LABEL, ALARM };

enum { LABEL_LONGEST = 27, TIMEOUT_MOST = INT_MAX / 1000 - 1 };

struct idletimer_config {
	struct option_marks marks;
	uint32_t timeout;
	char label[LABEL_LONGEST + 1];
};

static void print_label(const void *config, struct text *out)
{
	text_printf(out, "--label %s", ((const struct idletimer_config *)config)->label);
}

static const struct option_spec options[] = {
	{ .name = "timeout", .kind = OPTION_NUMBER, .flags = OPTION_REQUIRED, .mark = TIMEOUT,
	  .offset = offsetof(struct idletimer_config, timeout), .min = 1, .max = TIMEOUT_MOST, .value_name = "seconds",
	  .summary = "without a packet, after which user space is told" },
	{ .name = "label", .kind = OPTION_STRING, .flags = OPTION_REQUIRED | OPTION_CUT, .mark = LABEL,
	  .offset = offsetof(struct idletimer_config, label), .min = 1, .max = LABEL_LONGEST, .value_name = "name", .print = print_label,
	  .summary = "the timer; rules of one name share it" },
	{ .name = "alarm", .kind = OPTION_FLAG, .mark = ALARM, .summary = "it runs while the machine sleeps, too" },
};

/* The label becomes a file of the timers' device. Linux 6.18, idletimer_check_sysfs_name(). */
static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	static const char *const taken[] = { "power", "subsystem", "uevent" };
	const struct idletimer_config *idletimer = config;

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		if (strcmp(idletimer->label, taken[i]) != 0)
			continue;
		diag_error(diagnostics, place->where, NULL, "the label \"%s\" is taken by the kernel", taken[i]);
		return false;
	}
	return match_parts_check_name(idletimer->label, place, diagnostics);
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	side_effect_tell(subject, ((const struct idletimer_config *)config)->label);
	return TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	const struct idletimer_config *idletimer = config;

	text_printf(out, " timeout:%u label:%s%s", idletimer->timeout, idletimer->label,
		    options_is_seen(&idletimer->marks, ALARM) ? " alarm" : "");
}

const struct target_type target_idletimer = {
	.name = "IDLETIMER",
	.summary = "a timer that runs while nothing passes; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct idletimer_config),
	.check = check,
	.eval = eval,
	.list = list,
};
