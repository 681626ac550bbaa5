/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j MASQUERADE: map the source to the outgoing interface's address. Linux 6.18, nf_nat_masquerade.c. */
#include "rules/mapping.h"

/* iptables 1.8.9 takes a shifted range and forgets the port that it is shifted from. */
static bool parse(void *config, const struct argument *value, const struct extension_place *place,
		  struct diagnostics *diagnostics)
{
	bool is_good = mapping_parse_ports(config, value, place, diagnostics);

	((struct mapping *)config)->range.base_port = 0;
	return is_good;
}

static const struct option_spec options[] = {
	{ .name = "to-ports", .kind = OPTION_CUSTOM, .n_values = 1, .mark = MAPPING_TO, .parse = parse,
	  .value_name = "port[-port]", .summary = "the ports to take" },
	MAPPING_FLAG("random", MAPPING_RANDOM, "a random port, even when the old one is free"),
	MAPPING_FLAG("random-fully", MAPPING_RANDOM_FULLY, "the same"),
};

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct mapping *mapping = config;
	const struct surroundings *surroundings = subject->surroundings;
	const struct packet *packet = subject->packet;
	const struct tuple original = connection_tuple(subject->tracking->connection, DIRECTION_ORIGINAL);
	enum target_verdict verdict;

	(void)state;
	/* nf_nat_masquerade_ipv4(): a host that has no address yet asks for one; it is left alone. */
	if (packet->family == FAMILY_IPV4 && address_is_unspecified(&original.source))
		return TARGET_ACCEPT;
	verdict = mapping_request_address(subject, &mapping->range,
					  surroundings->leaving_address(surroundings, packet->family, subject->out,
									subject->next_hop));
	if (verdict == TARGET_ACCEPT)
		subject->request.mapping.flags |= NAT_MASQUERADE;
	return verdict;
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
		text_append(out, " masq ports: ");
	mapping_print_ports(mapping, out);
	mapping_print_flags(mapping, "", out);
}

const struct target_type target_masquerade = {
	.name = "MASQUERADE",
	.summary = "change the source to the address of the interface by which the packet leaves",
	.class = EXTENSION_FROM_CONTEXT,
	.basis = "addresses and routes of the host",
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_POSTROUTING,
	.tables = EXTENSION_NAT,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct mapping),
	.check = mapping_check,
	.eval = eval,
	.print = print,
	.could_make = mapping_could_make,
	.list = list,
};
