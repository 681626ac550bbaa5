/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m mac: source of the Ethernet frame. Linux 6.18, xt_mac.c: mac_mt(). */
#include <string.h>

#include "rules/mac_address.h"
#include "rules/match_parts.h"

enum { SOURCE };

struct mac_config {
	struct option_marks marks;
	uint8_t address[MAC_ADDRESS_LEN];
};

static bool parse_address(void *config, const struct argument *values, const struct extension_place *place,
			  struct diagnostics *diagnostics)
{
	(void)place;
	return mac_address_parse(values, ((struct mac_config *)config)->address, diagnostics);
}

static void print_source(const void *config, struct text *out)
{
	const struct mac_config *mac = config;

	text_append(out, "--mac-source ");
	mac_address_print(mac->address, out);
}

static const struct option_spec options[] = {
	{ .name = "mac-source", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED,
	  .mark = SOURCE, .value_name = "address", .parse = parse_address, .print = print_source,
	  .summary = "source of the Ethernet frame" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct mac_config *mac = config;
	const struct link_info *link = &subject->packet->link;

	(void)state;
	/* Linux 6.18, mac_mt(): without an Ethernet header it does not match, inverted or not. */
	if (!link->has_source_mac)
		return MATCH_NO;
	return match_parts_holds(&mac->marks, SOURCE, memcmp(link->source_mac, mac->address, MAC_ADDRESS_LEN) == 0) ?
		MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct mac_config *mac = config;

	text_append(out, options_is_inverted(&mac->marks, SOURCE) ? " MAC ! " : " MAC ");
	mac_address_print(mac->address, out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	const struct link_info *link = &subject->packet->link;

	options_print_option(&options[0], config, out);
	if (!link->has_source_mac) {
		text_append(out, ": the capture has no source MAC address for this packet");
		return;
	}
	text_append(out, ": packet has ");
	mac_address_print(link->source_mac, out);
}

const struct match_type match_mac = {
	.name = "mac",
	.summary = "source of the Ethernet frame",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_PREROUTING | 1 << HOOK_INPUT | 1 << HOOK_FORWARD,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct mac_config),
	.eval = eval,
	.list = list,
	.explain = explain,
};
