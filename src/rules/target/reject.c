/* SPDX-License-Identifier: GPL-2.0-or-later */
/* -j REJECT: drop, and answer. Linux 6.18, ipt_REJECT.c: reject_tg(); ip6t_REJECT.c: reject_tg6(). */
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "rules/options.h"

enum { WITH };

enum { REJECT_ROWS = 8 };

struct reject_row {
	const char *name, *alias;	/* NULL after the last row */
	enum reject_kind kind;
	uint8_t code;
};

struct reject_config {
	struct option_marks marks;
	const struct reject_row *answer;
};

/* In iptables' order: a name may be cut short, the first that fits is taken. */
static const struct reject_row ipv4_rows[REJECT_ROWS + 1] = {
	{ "icmp-net-unreachable", "net-unreach", REJECT_UNREACHABLE, 0 },
	{ "icmp-host-unreachable", "host-unreach", REJECT_UNREACHABLE, 1 },
	{ "icmp-proto-unreachable", "proto-unreach", REJECT_UNREACHABLE, 2 },
	{ "icmp-port-unreachable", "port-unreach", REJECT_UNREACHABLE, 3 },
	{ "icmp-net-prohibited", "net-prohib", REJECT_UNREACHABLE, 9 },
	{ "icmp-host-prohibited", "host-prohib", REJECT_UNREACHABLE, 10 },
	{ "tcp-reset", "tcp-rst", REJECT_TCP_RESET, 0 },
	{ "icmp-admin-prohibited", "admin-prohib", REJECT_UNREACHABLE, 13 },
	{ .name = NULL },
};

static const struct reject_row ipv6_rows[REJECT_ROWS + 1] = {
	{ "icmp6-no-route", "no-route", REJECT_UNREACHABLE, 0 },
	{ "icmp6-adm-prohibited", "adm-prohibited", REJECT_UNREACHABLE, 1 },
	{ "icmp6-addr-unreachable", "addr-unreach", REJECT_UNREACHABLE, 3 },
	{ "icmp6-port-unreachable", "port-unreach", REJECT_UNREACHABLE, 4 },
	{ "tcp-reset", "tcp-reset", REJECT_TCP_RESET, 0 },
	{ "icmp6-policy-fail", "policy-fail", REJECT_UNREACHABLE, 5 },
	{ "icmp6-reject-route", "reject-route", REJECT_UNREACHABLE, 6 },
	{ .name = NULL },
};

enum { PORT_UNREACHABLE_ROW = 3 };

static const struct reject_row *rows_of(enum family family)
{
	return family == FAMILY_IPV6 ? ipv6_rows : ipv4_rows;
}

static void report_unknown(const struct argument *value, const struct reject_row *rows, struct diagnostics *diagnostics)
{
	const char *candidates[REJECT_ROWS], *nearest;
	char hint[64];
	size_t n = 0;

	for (; rows[n].name; n++)
		candidates[n] = rows[n].name;
	nearest = diag_nearest(value->text, candidates, n);
	snprintf(hint, sizeof(hint), "did you mean %s?", nearest ? nearest : "");
	diag_error(diagnostics, value->where, nearest ? hint : NULL, "unknown answer \"%s\"", value->text);
}

static bool parse_answer(void *config, const struct argument *values, const struct extension_place *place,
			 struct diagnostics *diagnostics)
{
	struct reject_config *reject = config;
	size_t len = strlen(values->text);

	for (const struct reject_row *row = rows_of(place->family); row->name; row++) {
		if (strncasecmp(row->name, values->text, len) != 0 && strncasecmp(row->alias, values->text, len) != 0)
			continue;
		/* The default may be left out, and -D means the same rule either way: check() fills it in. */
		reject->answer = row == &rows_of(place->family)[PORT_UNREACHABLE_ROW] ? NULL : row;
		return true;
	}
	report_unknown(values, rows_of(place->family), diagnostics);
	return false;
}

static const struct option_spec options[] = {
	{ .name = "reject-with", .kind = OPTION_CUSTOM, .n_values = 1, .mark = WITH, .value_name = "answer",
	  .parse = parse_answer,
	  .summary = "what is sent back; icmp-port-unreachable or icmp6-port-unreachable when not given" },
};

static bool check(void *config, const struct extension_place *place, struct diagnostics *diagnostics)
{
	struct reject_config *reject = config;

	if (!reject->answer)
		reject->answer = &rows_of(place->family)[PORT_UNREACHABLE_ROW];
	if (reject->answer->kind != REJECT_TCP_RESET || (place->protocol == PROTOCOL_TCP && !place->protocol_is_inverted))
		return true;
	diag_error(diagnostics, place->where, "the rule needs -p tcp", "tcp-reset can only answer TCP");
	return false;
}

static enum target_verdict eval(const void *config, void *state, struct subject *subject)
{
	const struct reject_config *reject = config;

	(void)state;
	subject->request.reject = reject->answer->kind;
	subject->request.reject_code = reject->answer->code;
	subject->request.reject_name = reject->answer->name;
	return TARGET_DROP;
}

static void print(const void *config, struct text *out)
{
	const struct reject_config *reject = config;

	if (reject->answer)	/* before check(): the default is not said */
		text_printf(out, " --reject-with %s", reject->answer->name);
}

static void list(const void *config, struct text *out)
{
	const struct reject_config *reject = config;

	text_printf(out, " reject-with %s", reject->answer->name);
}

const struct target_type target_reject = {
	.name = "REJECT",
	.summary = "drop the packet and send an error back",
	.class = EXTENSION_EXACT,
	.families = EXTENSION_BOTH,
	.hooks = 1 << HOOK_INPUT | 1 << HOOK_FORWARD | 1 << HOOK_OUTPUT,
	.tables = EXTENSION_FILTER,
	.options = options,
	.n_options = sizeof(options) / sizeof(options[0]),
	.config_size = sizeof(struct reject_config),
	.check = check,
	.eval = eval,
	.print = print,
	.list = list,
};
