/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j TEE: a copy to another host. Linux 6.18, xt_TEE.c: tee_tg4(), tee_tg6(). The copy itself is not followed. */
#include <string.h>

#include "rules/options.h"
#include "rules/options_value.h"
#include "rules/side_effect.h"

enum { GATEWAY, OIF };

enum { INTERFACE_LONGEST = 15, GATEWAY_LONGEST = 45 };

struct tee_config {
	struct option_marks marks;
	uint8_t family;
	struct address gateway;
	char gateway_text[GATEWAY_LONGEST + 1];	/* the address, for what is told */
	char interface[INTERFACE_LONGEST + 1];
};

static bool parse_gateway(void *config, const struct argument *values, const struct extension_place *place,
			  struct diagnostics *diagnostics)
{
	struct tee_config *tee = config;
	struct text text;

	if (!options_value_store_mask(&tee->gateway, values, place->family, diagnostics))
		return false;
	tee->family = (uint8_t)place->family;
	text_init(&text);
	address_print(place->family, &tee->gateway, &text);
	strncat(tee->gateway_text, text_string(&text), GATEWAY_LONGEST);
	text_clear(&text);
	return true;
}

static void print_gateway(const void *config, struct text *out)
{
	text_printf(out, "--gateway %s", ((const struct tee_config *)config)->gateway_text);
}

static void print_interface(const void *config, struct text *out)
{
	text_printf(out, "--oif %s", ((const struct tee_config *)config)->interface);
}

static const struct option_spec options[] = {
	{ .name = "gateway", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_REQUIRED, .mark = GATEWAY, .value_name = "address",
	  .parse = parse_gateway, .print = print_gateway, .summary = "the host that gets the copy, on a network of this one" },
	{ .name = "oif", .kind = OPTION_STRING, .flags = OPTION_CUT, .mark = OIF, .offset = offsetof(struct tee_config, interface), .max = INTERFACE_LONGEST,
	  .value_name = "interface", .print = print_interface, .summary = "by this interface" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct tee_config *tee = config;

	if (!tee->interface[0])
		tee->marks.seen &= ~(1u << OIF);
	if (!address_is_unspecified(&tee->gateway))
		return true;
	diag_error(diagnostics, place->where, NULL, "the gateway cannot be the address of zeros");
	return false;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	(void)state;
	side_effect_tell(subject, ((const struct tee_config *)config)->gateway_text);
	return TARGET_CONTINUE;
}

static void list(const void *config, struct text *out)
{
	const struct tee_config *tee = config;

	text_printf(out, " TEE gw:%s", tee->gateway_text);
	if (tee->interface[0])
		text_printf(out, " oif=%s", tee->interface);
}

const struct target_type target_tee = {
	.name = "TEE",
	.summary = "a copy to another host; the packet goes on",
	.class = EXTENSION_SIDE_EFFECT,
	.unfollowed = "the copies of TEE",
	.families = EXTENSION_BOTH,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct tee_config),
	.check = check,
	.eval = eval,
	.list = list,
};
