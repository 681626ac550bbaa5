/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay diff: which packets another ruleset, host or setting would treat differently. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/difference.h"
#include "cli/difference_print.h"
#include "cli/play.h"
#include "cli/side_line.h"
#include "replay/options.h"
#include "sink/output.h"

enum { MOST_GROUPS = 20 };

/* One side's options. Both sides read the whole command line, without what is said of the other side alone. */
struct diff_options {
	struct play play;		/* first: the options of `run` store into it */
	size_t n_words;			/* rules files named so far */
	const char *words[DIFFERENCE_SIDES];
	uint32_t wanted;		/* enum ctreplay_differs; 0: everything */
	bool is_json, shows_all, generates;
	const char *kept;		/* where the generated packets are written to; or NULL */
};

static bool store_only(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct diff_options *options = target;

	for (unsigned i = 0; i < DIFFERENCE_KINDS; i++)
		if (strcmp(value, difference_kind_name(i)) == 0) {
			options->wanted |= 1u << i;
			return true;
		}
	diag_error_plain(diagnostics, "--only '%s': expected verdict, rule, ctstate, nat, answer or log", value);
	return false;
}

static bool store_json(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct diff_options *)target)->is_json = true;
	return true;
}

static bool store_all(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct diff_options *)target)->shows_all = true;
	return true;
}

static bool store_generate(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct diff_options *)target)->generates = true;
	return true;
}

static bool store_kept(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct diff_options *)target)->kept = value;
	return true;
}

static const struct cli_option own_options[] = {
	{ "generate", 0, NULL, "packets made from both rulesets; -r may be left out\n"
	  "They stand at the ends of every range that the rules name.",
	  store_generate },
	{ "write", 'w', "FILE", "keep the generated packets: a script for -r, and for suites", store_kept },
	{ "only", 0, "verdict|rule|ctstate|nat|answer|log", "count these alone; may be repeated", store_only },
	{ "json", 0, NULL, "one JSON object a packet that differs, a cause, and the sum", store_json },
	{ "all", 0, NULL, "every cause; without it the 20 largest", store_all },
};

/* OLD and NEW; one file alone is for both sides, which then differ in other things. */
static bool store_word(void *target, const char *word, struct diagnostics *diagnostics)
{
	struct diff_options *options = target;

	if (options->n_words == DIFFERENCE_SIDES) {
		diag_error_plain(diagnostics, "diff: two rules files, OLD and NEW; '%s' is one more (--old-6 and --new-6 name those of IPv6)",
				 word);
		return false;
	}
	options->words[options->n_words++] = word;
	return true;
}

static const struct cli_option_table option_table = {
	.options = own_options,
	.n_options = sizeof(own_options) / sizeof(own_options[0]),
	.store_word = store_word,
	.inherited = &run_option_table,
	.store_inherited = play_set,
};

struct diff_side {
	struct diff_options options;
	char **line;			/* owned; the options point into it */
};

/* The command line, read anew for every replay: a replay completes its options. */
struct diff_line { int argc; char **argv; };

/* One replay of both sides. */
struct diff {
	struct diff_side sides[DIFFERENCE_SIDES];
	struct difference difference;
	bool is_of_generated;
	struct text report;
};

static struct ctreplay *replay_of(const struct diff *diff, enum difference_side side)
{
	return diff->sides[side].options.play.replay;
}

static bool parse_side(const struct diff_line *line, enum difference_side which, struct diff_side *side, bool *wants_help,
		       struct diagnostics *diagnostics)
{
	struct diff_options *options = &side->options;
	size_t word;
	int n_words;

	side->line = side_line_create(&option_table, line->argc, line->argv, which, &n_words);
	if (!cli_options_parse(&option_table, n_words, side->line, options, wants_help, diagnostics))
		return false;
	word = which == SIDE_NEW && options->n_words > 1 ? 1 : 0;
	return !options->n_words || play_add_rules(&options->play, options->words[word], diagnostics);
}

/* False when nobody reads any more. */
static bool flush(struct diff *diff)
{
	bool is_ok;

	if (!diff->report.len)
		return true;
	is_ok = cli_print(&diff->report) == EXIT_DONE;
	text_reset(&diff->report);
	return is_ok;
}

/* A ctreplay_differ. */
static bool keep_difference(void *owner, const struct ctreplay_difference *told)
{
	const struct ctreplay *old = replay_of(owner, SIDE_OLD);
	struct diff *diff = owner;

	if (difference_keep(&diff->difference, told, old) && diff->sides[SIDE_OLD].options.is_json)
		difference_print_packet_json(&diff->difference, told, old, &diff->report);
	return flush(diff);
}

/* The end of a capture that could not be read to its end is told, too. */
static enum exit_code report(struct diff *diff)
{
	const struct diff_options *options = &diff->sides[SIDE_OLD].options;
	enum exit_code code;

	if (!options->is_json && diff->is_of_generated)
		text_printf(&diff->report, "generated packets; %s\n\n", ctreplay_host(options->play.replay));
	if (options->is_json)
		difference_print_json(&diff->difference, &diff->report);
	else
		difference_print_text(&diff->difference, options->shows_all ? SIZE_MAX : MOST_GROUPS, &diff->report);
	if (!flush(diff))
		return EXIT_SYSTEM;
	code = play_finish(&diff->sides[SIDE_OLD].options.play);
	return code == EXIT_DONE && diff->difference.n_different ? EXIT_DIFFERENT : code;
}

static bool open_side(struct diff_side *side)
{
	bool is_open = play_open(&side->options.play, NULL);

	play_report(&side->options.play);
	return is_open;
}

static enum exit_code compare(struct diff *diff)
{
	struct ctreplay *old = replay_of(diff, SIDE_OLD), *new = replay_of(diff, SIDE_NEW);
	struct diff_options *options = &diff->sides[SIDE_OLD].options;

	if (!open_side(&diff->sides[SIDE_OLD]) || !open_side(&diff->sides[SIDE_NEW]))
		return EXIT_BAD_INPUT;
	if (options->wanted)
		diff->difference.wanted = options->wanted;
	diff->difference.is_of_generated = diff->is_of_generated;
	ctreplay_compare(old, new, keep_difference, diff);
	diff->difference.all = *ctreplay_comparison(old);
	return report(diff);
}

/* Options that were refused are reported; false then, and when help is wanted. */
static bool open_diff(struct diff *diff, const struct diff_line *line, bool *wants_help)
{
	struct diagnostics diagnostics;
	bool is_ok = true;

	memset(diff, 0, sizeof(*diff));
	difference_init(&diff->difference);
	text_init(&diff->report);
	diag_init(&diagnostics);
	*wants_help = false;
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		struct play *play = &diff->sides[i].options.play;

		play_init(play);
		is_ok = is_ok && parse_side(line, (enum difference_side)i, &diff->sides[i], wants_help, &diagnostics) && !*wants_help;
		play_report(play);
	}
	cli_report(&diagnostics);
	diag_clear(&diagnostics);
	return is_ok;
}

static void close_diff(struct diff *diff)
{
	/* The new side may have packets of the old one. */
	for (unsigned i = DIFFERENCE_SIDES; i-- > 0;) {
		play_clear(&diff->sides[i].options.play);
		if (diff->sides[i].line)
			side_line_destroy(diff->sides[i].line);
	}
	difference_clear(&diff->difference);
	text_clear(&diff->report);
}

/* The rules that were compared with a capture, or loaded for it, are those that are compared with generated packets. */
static bool borrow_rules(struct diff *diff, const struct diff *first)
{
	bool is_ok = true;

	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++)
		is_ok &= ctreplay_borrow_rules(replay_of(diff, (enum difference_side)i), replay_of(first, (enum difference_side)i));
	return is_ok;
}

/* False, said, when it is to be kept and cannot be. */
static bool keep_script(const struct diff_options *options)
{
	struct output output;
	struct text error;
	bool is_ok;

	if (!options->kept)
		return true;
	text_init(&error);
	is_ok = output_open_file(&output, options->kept, &error);
	if (is_ok) {
		text_append(&output.buffer, ctreplay_script(options->play.replay));
		is_ok = output_close(&output, true, &error);
		output_clear(&output);
	}
	if (!is_ok)
		cli_complain("%s", text_string(&error));
	text_clear(&error);
	return is_ok;
}

/* `first` has the rules and sets, and the host where it compared a capture. */
static enum exit_code compare_generated(const struct diff_line *line, const struct diff *first)
{
	enum exit_code code = EXIT_BAD_INPUT;
	struct diff diff;
	bool wants_help;

	if (open_diff(&diff, line, &wants_help) && borrow_rules(&diff, first) &&
	    ctreplay_generate(replay_of(&diff, SIDE_OLD), replay_of(&diff, SIDE_NEW))) {
		diff.is_of_generated = true;
		code = keep_script(&diff.sides[SIDE_OLD].options) ? compare(&diff) : EXIT_SYSTEM;
	}
	close_diff(&diff);
	return code;
}

/* Loads both sides' rules; what is wrong with them is reported. */
static bool load_rules(struct diff *diff)
{
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		struct play *play = &diff->sides[i].options.play;
		bool is_loaded;

		if (!play->n_rules) {
			cli_complain("no rules: name two files, OLD and NEW");
			return false;
		}
		is_loaded = ctreplay_load(play->replay);
		fputs(ctreplay_message_text(play->replay), stderr);
		if (!is_loaded)
			return false;
	}
	return true;
}

static enum exit_code refuse(const struct diff_options *options)
{
	const struct play *play = &options->play;
	const char *live = play_live_capture(play);

	if (live)
		cli_complain("diff reads the capture twice: -r %s cannot be", live);
	else if (play->n_outs)
		cli_complain("diff has no --out; --json is for programs");
	else if (!play->n_captures && !options->generates)
		cli_complain("no capture: -r FILE names one, --generate makes packets from the rules");
	else if (options->kept && !options->generates)
		cli_complain("-w %s: nothing is generated without --generate", options->kept);
	else
		return EXIT_DONE;
	return EXIT_BAD_INPUT;
}

static enum exit_code worse(enum exit_code a, enum exit_code b)
{
	return a > b ? a : b;
}

static enum exit_code compare_all(struct diff *diff, const struct diff_line *line)
{
	const struct diff_options *options = &diff->sides[SIDE_OLD].options;
	enum exit_code code = refuse(options);

	if (code == EXIT_DONE && !load_rules(diff))
		code = EXIT_BAD_INPUT;
	if (code == EXIT_DONE && options->play.n_captures)
		code = compare(diff);
	if (code <= EXIT_DIFFERENT && options->generates)
		code = worse(code, compare_generated(line, diff));
	return code;
}

static enum exit_code run_diff(const struct command *command, int argc, char **argv)
{
	struct diff_line line = { argc, argv };
	enum exit_code code = EXIT_BAD_INPUT;
	struct diff diff;
	bool wants_help;

	if (open_diff(&diff, &line, &wants_help))
		code = compare_all(&diff, &line);
	else if (wants_help)
		code = cli_print_help(command);
	close_diff(&diff);
	return code;
}

const struct command command_diff = {
	.name = "diff",
	.synopsis = "OLD NEW -r CAPTURE",
	.summary = "what other rules, hosts or settings would do differently",
	.options = &option_table,
	.run = run_diff,
};
