/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay explain: why a packet got its state and its verdict. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/ranges.h"
#include "cli/cli.h"
#include "cli/play.h"
#include "replay/options.h"

struct explain_options {
	struct play play;		/* first: the options of `run` store into it */
	struct ranges packets;
	bool is_verbose, is_json, asks_why_not;
};

static bool store_packet(void *target, const char *value, struct diagnostics *diagnostics)
{
	return play_set(target, "packet", value, diagnostics) && ranges_parse(&((struct explain_options *)target)->packets, value);
}

static bool store_why_not(void *target, const char *value, struct diagnostics *diagnostics)
{
	((struct explain_options *)target)->asks_why_not = true;
	return play_set(target, "why-not", value, diagnostics);
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
	  store_packet },
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
	.store_word = play_add_rules,
	.store_inherited = play_set,
};

/* Nothing is replayed behind the last packet that is explained, unless an output wants it. */
static enum exit_code explain_packets(struct explain_options *options)
{
	struct play *play = &options->play;
	bool stops_early = options->packets.n && !play->n_outs, is_open;
	enum exit_code code;
	char view[32];

	snprintf(view, sizeof(view), "explain%s%s%s", options->is_verbose ? ",full" : "", options->is_json ? ",json" : "",
		 options->asks_why_not ? ",why-not" : "");
	is_open = play_open(play, view);
	code = play_report(play);
	if (!is_open)
		return code;
	play_some(play, stops_early ? ranges_last(&options->packets) : UINT64_MAX);
	return play_finish(play);
}

/* Somebody asks for packets that are not there. */
static enum exit_code complain_of_missing(const struct explain_options *options)
{
	const struct ctreplay_summary *summary = ctreplay_summary(options->play.replay);
	enum exit_code code = EXIT_DONE;

	for (size_t i = 0; i < options->packets.n; i++) {
		if (options->packets.ranges[i].first <= summary->n_read)
			continue;
		cli_complain("there is no packet %" PRIu64 ": the capture has %" PRIu64, options->packets.ranges[i].first, summary->n_read);
		code = EXIT_BAD_INPUT;
	}
	if (!summary->n_shown && code == EXIT_DONE) {
		cli_complain("no packet passes the filter '%s'", options->play.filter);
		code = EXIT_BAD_INPUT;
	}
	return code;
}

static enum exit_code explain(struct explain_options *options)
{
	enum exit_code code;

	if (!options->packets.n && !options->play.filter) {
		cli_complain("which packet? --packet N, or --packets FILTER; `ctreplay run` shows the numbers");
		return EXIT_BAD_INPUT;
	}
	code = explain_packets(options);
	return code == EXIT_DONE ? complain_of_missing(options) : code;
}

static enum exit_code run_explain(const struct command *command, int argc, char **argv)
{
	struct explain_options options = { .is_verbose = false };
	enum exit_code code;

	play_init(&options.play);
	if (play_begin(command, argc, argv, &options.play, &code))
		code = explain(&options);
	play_clear(&options.play);
	ranges_clear(&options.packets);
	return code;
}

const struct command command_explain = {
	.name = "explain",
	.synopsis = "-r CAPTURE RULES... --packet N",
	.summary = "why a packet got its state and its verdict",
	.options = &option_table,
	.run = run_explain,
};
