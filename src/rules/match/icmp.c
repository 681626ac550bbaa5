/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -m icmp: type and code. Linux 6.18, net/ipv4/netfilter/ip_tables.c: icmp_match(). */
#include "rules/icmp_types.h"
#include "rules/match_parts.h"

enum { TYPE };

enum { ANY_TYPE = 255 };

struct icmp_config {
	struct option_marks marks;
	struct icmp_test test;
};

static const struct option_name type_names[] = {
	{ "any", ICMP_TYPE(ANY_TYPE, 0, 255) },
	{ "echo-reply", ICMP_TYPE(0, 0, 255) },
	{ "pong", ICMP_TYPE(0, 0, 255) },
	{ "destination-unreachable", ICMP_TYPE(3, 0, 255) },
	{ "network-unreachable", ICMP_TYPE(3, 0, 0) },
	{ "host-unreachable", ICMP_TYPE(3, 1, 1) },
	{ "protocol-unreachable", ICMP_TYPE(3, 2, 2) },
	{ "port-unreachable", ICMP_TYPE(3, 3, 3) },
	{ "fragmentation-needed", ICMP_TYPE(3, 4, 4) },
	{ "source-route-failed", ICMP_TYPE(3, 5, 5) },
	{ "network-unknown", ICMP_TYPE(3, 6, 6) },
	{ "host-unknown", ICMP_TYPE(3, 7, 7) },
	{ "network-prohibited", ICMP_TYPE(3, 9, 9) },
	{ "host-prohibited", ICMP_TYPE(3, 10, 10) },
	{ "TOS-network-unreachable", ICMP_TYPE(3, 11, 11) },
	{ "TOS-host-unreachable", ICMP_TYPE(3, 12, 12) },
	{ "communication-prohibited", ICMP_TYPE(3, 13, 13) },
	{ "host-precedence-violation", ICMP_TYPE(3, 14, 14) },
	{ "precedence-cutoff", ICMP_TYPE(3, 15, 15) },
	{ "source-quench", ICMP_TYPE(4, 0, 255) },
	{ "redirect", ICMP_TYPE(5, 0, 255) },
	{ "network-redirect", ICMP_TYPE(5, 0, 0) },
	{ "host-redirect", ICMP_TYPE(5, 1, 1) },
	{ "TOS-network-redirect", ICMP_TYPE(5, 2, 2) },
	{ "TOS-host-redirect", ICMP_TYPE(5, 3, 3) },
	{ "echo-request", ICMP_TYPE(8, 0, 255) },
	{ "ping", ICMP_TYPE(8, 0, 255) },
	{ "router-advertisement", ICMP_TYPE(9, 0, 255) },
	{ "router-solicitation", ICMP_TYPE(10, 0, 255) },
	{ "time-exceeded", ICMP_TYPE(11, 0, 255) },
	{ "ttl-exceeded", ICMP_TYPE(11, 0, 255) },
	{ "ttl-zero-during-transit", ICMP_TYPE(11, 0, 0) },
	{ "ttl-zero-during-reassembly", ICMP_TYPE(11, 1, 1) },
	{ "parameter-problem", ICMP_TYPE(12, 0, 255) },
	{ "ip-header-bad", ICMP_TYPE(12, 0, 0) },
	{ "required-option-missing", ICMP_TYPE(12, 1, 1) },
	{ "timestamp-request", ICMP_TYPE(13, 0, 255) },
	{ "timestamp-reply", ICMP_TYPE(14, 0, 255) },
	{ "address-mask-request", ICMP_TYPE(17, 0, 255) },
	{ "address-mask-reply", ICMP_TYPE(18, 0, 255) },
	{ NULL, 0 },
};

static bool parse_type(void *config, const struct argument *values, const struct extension_place *place,
		       struct diagnostics *diagnostics)
{
	struct icmp_config *icmp = config;

	(void)place;
	return icmp_types_parse(values, "ICMP", type_names, &icmp->test, diagnostics);
}

static void print_type(const void *config, struct text *out)
{
	const struct icmp_config *icmp = config;

	text_append(out, "--icmp-type ");
	if (icmp->test.type == ANY_TYPE)
		text_append(out, "any");
	else
		icmp_types_print(&icmp->test, out);
}

static size_t span(const void *config, struct number_range *ranges)
{
	const struct icmp_config *icmp = config;

	if (icmp->test.type == ANY_TYPE)
		*ranges = (struct number_range){ 0, UINT16_MAX };
	else
		*ranges = icmp_types_range(&icmp->test);
	return 1;
}

static const struct option_spec options[] = {
	{ .name = "icmp-type", .kind = OPTION_CUSTOM, .n_values = 1, .flags = OPTION_INVERTIBLE | OPTION_REQUIRED,
	  .mark = TYPE, .value_name = "type[/code]", .names = type_names, .field = FIELD_ICMP, .span = span,
	  .parse = parse_type, .print = print_type,
	  .summary = "type by name or number, `any` for all" },
};

static bool type_holds(const struct icmp_config *icmp, const struct packet *packet)
{
	bool holds = icmp->test.type == ANY_TYPE || icmp_types_holds(&icmp->test, packet->icmp_type, packet->icmp_code);

	return match_parts_holds(&icmp->marks, TYPE, holds);
}

static enum match_result eval(const void *config, void *state, const struct subject *subject)
{
	const struct packet *packet = subject->packet;
	enum match_result header = match_parts_find_header(packet, ICMP_HEADER_LEN);

	(void)state;
	if (header != MATCH_YES)
		return header;
	return packet->has_l4 && type_holds(config, packet) ? MATCH_YES : MATCH_NO;
}

static void list(const void *config, struct text *out)
{
	const struct icmp_config *icmp = config;

	icmp_types_list("icmp", &icmp->test, options_is_inverted(&icmp->marks, TYPE), out);
}

static void explain(const void *config, const struct subject *subject, struct text *out)
{
	if (match_parts_explain_header(subject->packet, ICMP_HEADER_LEN, out))
		return;
	match_parts_explain_option(&options[0], config, out);
	text_printf(out, "%u/%u", subject->packet->icmp_type, subject->packet->icmp_code);
}

static const uint8_t protocols[] = { PROTOCOL_ICMP, 0 };

const struct match_type match_icmp = {
	.name = "icmp",
	.summary = "ICMP type and code",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_IPV4,
	.protocols = protocols,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct icmp_config),
	.eval = eval,
	.flow_scope = match_parts_settled,
	.list = list,
	.explain = explain,
};
