/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j REDIRECT: map the destination to this host. Linux 6.18, nf_nat_redirect.c. */
#include "rules/mapping.h"

static bool parse(void *config, const struct argument *value, const struct extension_place *place,
		  struct diagnostics *diagnostics)
{
	if (!mapping_parse_ports(config, value, place, diagnostics))
		return false;
	if (!(((struct mapping *)config)->range.flags & NAT_SHIFT_PORT))
		return true;
	diag_error(diagnostics, value->where, "DNAT can do that", "REDIRECT cannot shift ports");
	return false;
}

static const struct option_spec options[] = {
	{ .name = "to-ports", .kind = OPTION_CUSTOM, .n_values = 1, .mark = MAPPING_TO, .parse = parse,
	  .value_name = "port[-port]", .summary = "the ports to go to" },
	MAPPING_FLAG("random", MAPPING_RANDOM, "a random port of the range"),
};

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct mapping *mapping = config;
	const struct surroundings *surroundings = subject->surroundings;
	enum family family = subject->packet->family;
	struct address loopback = { { 0 } };

	(void)state;
	if (subject->hook == HOOK_OUTPUT) {
		uint8_t bytes[16] = { 0 };

		bytes[family == FAMILY_IPV6 ? 15 : 3] = 1;
		if (family == FAMILY_IPV4)
			bytes[0] = 127;
		loopback = address_from_bytes(family, bytes);
		return mapping_request_address(subject, &mapping->range, &loopback);
	}
	return mapping_request_address(subject, &mapping->range,
				       surroundings->arriving_address(surroundings, family, subject->in,
								      &subject->packet->destination));
}

static void print(const void *config, struct text *out)
{
	const struct mapping *mapping = config;

	if (mapping->range.flags & NAT_MAP_PORT)
		text_append(out, " --to-ports ");
	mapping_print_ports(mapping, out);
	mapping_print_flags(mapping, "--", out);
}

static void list(const void *config, struct text *out)
{
	const struct mapping *mapping = config;

	if (mapping->range.flags & NAT_MAP_PORT)
		text_append(out, " redir ports ");
	mapping_print_ports(mapping, out);
	mapping_print_flags(mapping, "", out);
}

const struct target_type target_redirect = {
	.name = "REDIRECT",
	.summary = "change the destination to this host",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "addresses of the host",
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_PREROUTING | 1 << HOOK_OUTPUT,
	.tables = EXTENSION_NAT,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct mapping),
	.check = mapping_check,
	.eval = eval,
	.print = print,
	.list = list,
};
