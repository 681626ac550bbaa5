/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j LED: light a lamp for a while. Linux 6.18, xt_LED.c: led_tg(). */
#include <string.h>

#include "rules/options.h"
#include "rules/side_effect.h"

enum { TRIGGER, DELAY, BLINK };

enum { TRIGGER_LONGEST = 16 };

#define FOR_EVER UINT32_MAX		/* "inf" */

struct led_config {
	struct option_marks marks;
	char trigger[TRIGGER_LONGEST + 1];
	uint32_t delay;
};

static bool parse_delay(void *config, const struct argument *values, const struct extension_place *place,
			struct diagnostics *diagnostics)
{
	struct led_config *led = config;
	const char *at = values->text;
	struct option_word word;

	(void)place;
	options_next_word(values, &at, '\0', &word);
	if (strncmp(word.text, "inf", 3) != 0)
		return options_parse_number(&word, 0, UINT32_MAX, &led->delay, diagnostics);
	led->delay = FOR_EVER;
	return true;
}

static const struct option_spec options[] = {
	{ .name = "led-trigger-id", .kind = OPTION_STRING, .flags = OPTION_REQUIRED, .mark = TRIGGER,
	  .offset = offsetof(struct led_config, trigger), .max = TRIGGER_LONGEST, .value_name = "name",
	  .summary = "the trigger is called netfilter-NAME; at most 16 characters" },
	{ .name = "led-delay", .kind = OPTION_CUSTOM, .n_values = 1, .mark = DELAY, .parse = parse_delay, .value_name = "ms|inf",
	  .summary = "so long the lamp stays lit" },
	{ .name = "led-always-blink", .kind = OPTION_FLAG, .mark = BLINK, .summary = "a lamp that is lit goes out for a moment" },
};

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	side_effect_tell(subject, ((const struct led_config *)config)->trigger);
	return TARGET_CONTINUE;
}

/* Always in quotes, where other names have them if need be. */
static void print_trigger(const char *trigger, struct text *out)
{
	text_append_char(out, '"');
	for (; *trigger; trigger++) {
		if (strchr("\"\\", *trigger))
			text_append_char(out, '\\');
		text_append_char(out, *trigger);
	}
	text_append_char(out, '"');
}

/* iptables 1.8.9 prints "inf" as a number that it does not take back. */
static void print(const void *config, struct text *out)
{
	const struct led_config *led = config;

	text_append(out, " --led-trigger-id ");
	print_trigger(led->trigger, out);
	if (led->delay)
		text_printf(out, " --led-delay %d", (int)led->delay);
	if (options_is_seen(&led->marks, BLINK))
		text_append(out, " --led-always-blink");
}

static void list(const void *config, struct text *out)
{
	const struct led_config *led = config;

	text_append(out, " led-trigger-id:");
	print_trigger(led->trigger, out);
	text_append(out, " led-delay:");
	if (led->delay == FOR_EVER)
		text_append(out, "inf");
	else
		text_printf(out, "%dms", (int)led->delay);
	text_append(out, options_is_seen(&led->marks, BLINK) ? " led-always-blink" : "");
}

const struct target_type target_led = {
	.name = "LED",
	.summary = "light a lamp; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.basis = "no influence on verdicts; the reference kernel is built without lamps",
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct led_config),
	.eval = eval,
	.print = print,
	.list = list,
};
