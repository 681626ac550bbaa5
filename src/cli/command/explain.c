/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay explain: why a packet got its state and its verdict. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"
#include "cli/packet_ranges.h"
#include "cli/play.h"
#include "replay/options.h"
#include "replay/run_options.h"

struct explain_options {
	struct run_options run;		/* first: its options store into it */
	bool is_verbose, is_json;
	char view[32];			/* "explain,full,why-not" */
};

static bool store_why_not(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct run_options *options = target;

	(void)diagnostics;
	options->view.why_not = value;
	return true;
}

static bool store_verbose(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct explain_options *)target)->is_verbose = true;
	return true;
}

static bool store_json(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct explain_options *)target)->is_json = true;
	return true;
}

static const struct cli_option own_options[] = {
	{ "packet", 0, "N[-M][,...]", "the packet to explain, or several, by number\n"
	  "Numbers as `ctreplay run` and Wireshark count them. `--packets` chooses by a filter instead, or as well.",
	  packet_ranges_store },
	{ "why-not", 0, "TARGET", "which rules would have done that, and what kept them from it\n"
	  "ACCEPT, DROP or any other target; nearest first.",
	  store_why_not },
	{ "verbose", 'v', NULL, "every rule that was tried, and the window check's numbers\n"
	  "The way of the host's own answers is told, too.",
	  store_verbose },
	{ "json", 0, NULL, "one JSON object a packet", store_json },
};

static const struct cli_option_table option_table = {
	.options = own_options,
	.n_options = sizeof(own_options) / sizeof(own_options[0]),
	.inherited = &run_option_table,
};

static void choose_view(struct explain_options *options)
{
	snprintf(options->view, sizeof(options->view), "explain%s%s%s", options->is_verbose ? ",full" : "",
		 options->is_json ? ",json" : "", options->run.view.why_not ? ",why-not" : "");
	options->run.view.format = options->view;
	options->run.stops_early = true;
}

static enum exit_code explain(struct explain_options *options, struct diagnostics *diagnostics)
{
	struct replay_count count;
	enum exit_code code;

	if (!options->run.n_ranges && !options->run.packets) {
		diag_error_plain(diagnostics, "which packet? --packet N, or --packets FILTER; `ctreplay run` shows the numbers");
		return cli_report(diagnostics);
	}
	choose_view(options);
	code = play_run(&options->run, &count);
	if (code != EXIT_DONE)
		return code;
	for (size_t i = 0; i < options->run.n_ranges; i++)
		if (options->run.ranges[i].first > count.n_packets)
			diag_error_plain(diagnostics, "there is no packet %" PRIu64 ": the capture has %" PRIu64,
					 options->run.ranges[i].first, count.n_packets);
	if (!count.n_shown && !diagnostics->n_errors)
		diag_error_plain(diagnostics, "no packet passes the filter '%s'", options->run.packets);
	return cli_report(diagnostics);
}

static enum exit_code run_explain(const struct command *command, int argc, char **argv)
{
	struct explain_options options = { .is_verbose = false };
	struct diagnostics diagnostics;
	enum exit_code code;
	bool wants_help;

	run_options_init(&options.run);
	diag_init(&diagnostics);
	if (!cli_options_parse(command->options, argc, argv, &options, &wants_help, &diagnostics))
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = cli_print_help(command);
	else
		code = explain(&options, &diagnostics);
	diag_clear(&diagnostics);
	run_options_clear(&options.run);
	return code;
}

const struct command command_explain = {
	.name = "explain",
	.synopsis = "-r CAPTURE RULES... --packet N",
	.summary = "why a packet got its state and its verdict",
	.options = &option_table,
	.run = run_explain,
};
