/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/shown_options.h"

#include "replay/run_options.h"

static bool store_packet(void *target, const char *value, struct diagnostics *diagnostics)
{
	if (ranges_parse(&((struct run_options *)target)->shown, value))
		return true;
	diag_error_plain(diagnostics, "--packet '%s': expected a packet's number, or a range such as 3-7", value);
	return false;
}

static bool store_flow(void *target, const char *value, struct diagnostics *diagnostics)
{
	uint64_t *flow = &((struct run_options *)target)->flow;

	if (cli_options_parse_number(value, UINT64_MAX, flow) && *flow > 0)
		return true;
	diag_error_plain(diagnostics, "--flow '%s': a number from 1 on is needed; `ctreplay run` shows them", value);
	return false;
}

static bool store_why_not(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct run_options *)target)->why_not = value;
	return true;
}

static const struct cli_option table[] = {
	{ "packet", 0, "N[-M][,...]", "the packets that are shown, by number", store_packet },
	{ "flow", 0, "N", "the entry whose packets a picture shows", store_flow },
	{ "why-not", 0, "TARGET", "which rules would have done that: where `explain` is asked for it", store_why_not },
};

const struct cli_option_table shown_option_table = {
	.options = table,
	.n_options = sizeof(table) / sizeof(table[0]),
	.inherited = &run_option_table,
};
