/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m icmp6: type and code. Linux 6.18, net/ipv6/netfilter/ip6_tables.c: icmp6_match(). No type stands for all. */
#include "rules/icmp_types.h"
#include "rules/match_parts.h"

enum { TYPE };

struct icmp6_config {
	struct option_marks marks;
	struct icmp_test test;
};

static const struct option_name type_names[] = {
	{ "destination-unreachable", ICMP_TYPE(1, 0, 255) },
	{ "no-route", ICMP_TYPE(1, 0, 0) },
	{ "communication-prohibited", ICMP_TYPE(1, 1, 1) },
	{ "beyond-scope", ICMP_TYPE(1, 2, 2) },
	{ "address-unreachable", ICMP_TYPE(1, 3, 3) },
	{ "port-unreachable", ICMP_TYPE(1, 4, 4) },
	{ "failed-policy", ICMP_TYPE(1, 5, 5) },
	{ "reject-route", ICMP_TYPE(1, 6, 6) },
	{ "packet-too-big", ICMP_TYPE(2, 0, 255) },
	{ "time-exceeded", ICMP_TYPE(3, 0, 255) },
	{ "ttl-exceeded", ICMP_TYPE(3, 0, 255) },
	{ "ttl-zero-during-transit", ICMP_TYPE(3, 0, 0) },
	{ "ttl-zero-during-reassembly", ICMP_TYPE(3, 1, 1) },
	{ "parameter-problem", ICMP_TYPE(4, 0, 255) },
	{ "bad-header", ICMP_TYPE(4, 0, 0) },
	{ "unknown-header-type", ICMP_TYPE(4, 1, 1) },
	{ "unknown-option", ICMP_TYPE(4, 2, 2) },
	{ "echo-request", ICMP_TYPE(128, 0, 255) },
	{ "ping", ICMP_TYPE(128, 0, 255) },
	{ "echo-reply", ICMP_TYPE(129, 0, 255) },
	{ "pong", ICMP_TYPE(129, 0, 255) },
	{ "router-solicitation", ICMP_TYPE(133, 0, 255) },
	{ "router-advertisement", ICMP_TYPE(134, 0, 255) },
	{ "neighbour-solicitation", ICMP_TYPE(135, 0, 255) },
	{ "neighbor-solicitation", ICMP_TYPE(135, 0, 255) },
	{ "neighbour-advertisement", ICMP_TYPE(136, 0, 255) },
	{ "neighbor-advertisement", ICMP_TYPE(136, 0, 255) },
	{ "redirect", ICMP_TYPE(137, 0, 255) },
	{ NULL, 0 },
};

static bool parse_type(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	struct icmp6_config *icmp = config;

	(void)place;
	return icmp_types_parse(values, "ICMPv6", type_names, &icmp->test, diagnostics);
}

static void print_type(const void *config, struct text *out)
{
	const struct icmp6_config *icmp = config;

	text_append(out, "--icmpv6-type ");
	icmp_types_print(&icmp->test, out);
}

static size_t span(const void *config, struct number_range *ranges)
{
	const struct icmp6_config *icmp = config;

	*ranges = icmp_types_range(&icmp->test);
	return 1;
}

static const struct option_spec options[] = {
	{ .name = "icmpv6-type", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED,
	  .mark = TYPE, .value_name = "type[/code]", .names = type_names, .field = FIELD_ICMP, .span = span,
	  .parse = parse_type, .print = print_type,
	  .summary = "type by name or number" },
};

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct icmp6_config *icmp = config;
	const struct packet *packet = subject->packet;
	enum match_result header = match_parts_find_header(packet, ICMP_HEADER_LEN);

	(void)state;
	if (header != MATCH_YES)
		return header;
	if (!packet->has_l4)
		return MATCH_NO;
	return match_parts_holds(&icmp->marks, TYPE, icmp_types_holds(&icmp->test, packet->icmp_type, packet->icmp_code)) ?
		MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct icmp6_config *icmp = config;

	icmp_types_list("ipv6-icmp", &icmp->test, options_is_inverted(&icmp->marks, TYPE), out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	if (match_parts_explain_header(subject->packet, ICMP_HEADER_LEN, out))
		return;
	match_parts_explain_option(&options[0], config, out);
	text_printf(out, "%u/%u", subject->packet->icmp_type, subject->packet->icmp_code);
}

static const uint8_t protocols[] = { PROTOCOL_ICMPV6, 0 };

const struct match_type match_icmp6 = {
	.name = "icmp6",
	.summary = "ICMPv6 type and code",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV6,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct icmp6_config),
	.eval = eval,
	.flow_scope = match_parts_settled,
	.list = list,
	.explain = explain,
};
