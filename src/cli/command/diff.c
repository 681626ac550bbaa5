/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay diff: which packets another ruleset, host or setting would treat differently. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/difference.h"
#include "cli/difference_print.h"
#include "cli/generate.h"
#include "cli/side_line.h"
#include "host/simulator.h"
#include "replay/batch.h"
#include "replay/options.h"
#include "replay/run_options.h"
#include "replay/scene.h"

enum { MOST_GROUPS = 20 };

/* One side's options. Both sides read the whole command line, without what is said of the other side alone. */
struct diff_options {
	struct run_options run;		/* first: its options store into it */
	enum difference_side side;
	size_t n_words;			/* rules files named so far */
	const char *words[DIFFERENCE_SIDES];
	uint32_t wanted;		/* bits of enum difference_kind; 0: everything */
	bool is_json, shows_all, generates;
	const char *kept;		/* where the generated packets are written to; or NULL */
};

static bool store_only(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct diff_options *options = target;

	for (unsigned i = 0; i < DIFFERENCE_KINDS; i++)
		if (strcmp(value, difference_kind_name((enum difference_kind)i)) == 0) {
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
};

static void use_rules(struct diff_options *options)
{
	size_t index = options->side == SIDE_NEW && options->n_words > 1 ? 1 : 0;

	if (options->n_words)
		rules_files_add(&options->run.rules, options->words[index], FAMILY_NONE);
}

struct diff_side {
	struct diff_options options;
	char **line;			/* owned; the options point into it */
	struct scene scene;
	struct stream stream;
	struct simulator *simulator;
	struct batch own_batch;
	struct batch *batch;		/* its packets as they were captured: the own ones, or the old side's */
	struct packet packet;		/* the one that travels */
};

/* The command line, read anew for every replay: a replay completes its options. */
struct diff_line { int argc; char **argv; };

/* One replay of both sides. */
struct diff {
	struct diff_side sides[DIFFERENCE_SIDES];
	struct difference difference;
	struct text report;
};

static bool parse_side(const struct diff_line *line, enum difference_side which, struct diff_side *side, bool *wants_help,
		       struct diagnostics *diagnostics)
{
	int n_words;

	run_options_init(&side->options.run);
	side->options.side = which;
	side->line = side_line_create(&option_table, line->argc, line->argv, which, &n_words);
	if (!cli_options_parse(&option_table, n_words, side->line, &side->options, wants_help, diagnostics))
		return false;
	use_rules(&side->options);
	return true;
}

static bool open_side(struct diff_side *side)
{
	bool is_open = scene_open(&side->scene);

	cli_report(&side->scene.diagnostics);
	return is_open;
}

static void start_side(struct diff *diff, struct diff_side *side, stream_listener *hear)
{
	diag_clear(&side->scene.diagnostics);
	stream_add(&side->stream, DIFFERENCE_LISTENS, hear, &diff->difference);
	side->simulator = scene_create_simulator(&side->scene, &side->stream);
}

/* Do both sides read the same packets? Each has options of its own (--new-read). */
static bool is_same_capture(const struct run_options *old, const struct run_options *new)
{
	if (old->n_captures != new->n_captures || memcmp(&old->limits, &new->limits, sizeof(old->limits)) != 0)
		return false;
	for (size_t i = 0; i < old->n_captures; i++)
		if (strcmp(old->captures[i], new->captures[i]) != 0)
			return false;
	return true;
}

static void choose_batches(struct diff *diff)
{
	struct diff_side *old = &diff->sides[SIDE_OLD], *new = &diff->sides[SIDE_NEW];

	old->batch = &old->own_batch;
	new->batch = is_same_capture(&old->options.run, &new->options.run) ? old->batch : &new->own_batch;
}

/* Both sides' next packets; how many. */
static size_t next_packets(struct diff *diff)
{
	struct diff_side *old = &diff->sides[SIDE_OLD], *new = &diff->sides[SIDE_NEW];
	size_t n = batch_fill(old->batch, &old->scene.lookahead, BATCH_MOST);

	if (new->batch != old->batch)
		n = batch_fill(new->batch, &new->scene.lookahead, n);
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++)
		simulator_prefetch(diff->sides[i].simulator, diff->sides[i].batch->packets, n);
	return n;
}

static void keep_difference(struct diff *diff, const struct packet *packet, uint32_t kinds)
{
	difference_keep(&diff->difference, kinds, packet);
	if (diff->sides[SIDE_OLD].options.is_json)
		difference_print_packet_json(&diff->difference, kinds, packet, &diff->report);
}

/* False when nobody reads any more. */
static bool flush(struct diff *diff)
{
	bool is_ok = !diff->report.len || cli_print(&diff->report) == EXIT_DONE;

	text_reset(&diff->report);
	return is_ok;
}

static void replay_copy(struct diff_side *side, size_t i)
{
	packet_copy(&side->packet, &side->batch->packets[i]);
	simulator_replay(side->simulator, &side->packet);
}

static void compare_packet(struct diff *diff, size_t i)
{
	struct diff_side *old = &diff->sides[SIDE_OLD], *new = &diff->sides[SIDE_NEW];
	const struct packet *packet = &old->batch->packets[i];
	const struct filter *filter = old->scene.filter;
	bool is_shown = !filter || filter_is_passed(filter, packet);
	uint32_t kinds;

	stream_mute(&old->stream, !is_shown);
	stream_mute(&new->stream, !is_shown);
	if (is_shown)
		difference_begin(&diff->difference);
	replay_copy(old, i);
	replay_copy(new, i);
	kinds = is_shown ? difference_end(&diff->difference, packet) : 0;
	if (kinds)
		keep_difference(diff, packet, kinds);
}

static bool replay_both(struct diff *diff)
{
	bool is_ok = true;
	size_t n;

	while (is_ok && (n = next_packets(diff)) > 0)
		for (size_t i = 0; i < n && is_ok; i++) {
			compare_packet(diff, i);
			is_ok = flush(diff);
		}
	return is_ok;
}

static enum exit_code report(struct diff *diff)
{
	const struct diff_options *options = &diff->sides[SIDE_OLD].options;
	const struct scene *scene = &diff->sides[SIDE_OLD].scene;

	if (!options->is_json && scene->script)
		text_printf(&diff->report, "generated packets; %s\n\n", text_string(&scene->host));
	if (options->is_json)
		difference_print_json(&diff->difference, &diff->report);
	else
		difference_print_text(&diff->difference, options->shows_all ? SIZE_MAX : MOST_GROUPS, &diff->report);
	if (!flush(diff))
		return EXIT_SYSTEM;
	if (scene->lookahead.last_result == PACKET_SOURCE_ERROR) {
		cli_complain("%s", text_string(&scene->capture.source->error));
		return EXIT_BAD_INPUT;
	}
	return diff->difference.n_different ? EXIT_DIFFERENT : EXIT_DONE;
}

static enum exit_code compare(struct diff *diff)
{
	struct diff_side *old = &diff->sides[SIDE_OLD], *new = &diff->sides[SIDE_NEW];

	if (!open_side(old) || !open_side(new))
		return EXIT_BAD_INPUT;
	if (old->options.wanted)
		diff->difference.wanted = old->options.wanted;
	diff->difference.is_filtered = old->scene.filter != NULL;
	choose_batches(diff);
	diff->difference.is_of_generated = old->scene.script != NULL;
	start_side(diff, old, difference_hear_old);
	start_side(diff, new, difference_hear_new);
	return replay_both(diff) ? report(diff) : EXIT_SYSTEM;
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
		struct diff_side *side = &diff->sides[i];

		scene_init(&side->scene, &side->options.run);
		stream_init(&side->stream);
		batch_init(&side->own_batch);
		packet_init(&side->packet);
		is_ok = is_ok && parse_side(line, (enum difference_side)i, side, wants_help, &diagnostics) && !*wants_help;
	}
	cli_report(&diagnostics);
	diag_clear(&diagnostics);
	return is_ok;
}

static void close_diff(struct diff *diff)
{
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		simulator_destroy(diff->sides[i].simulator);
		batch_clear(&diff->sides[i].own_batch);
		packet_clear(&diff->sides[i].packet);
		scene_clear(&diff->sides[i].scene);
		run_options_clear(&diff->sides[i].options.run);
		if (diff->sides[i].line)
			side_line_destroy(diff->sides[i].line);
	}
	difference_clear(&diff->difference);
	text_clear(&diff->report);
}

/* The host of a replay that has none: as a capture showed it, or one that serves the rules. */
static void describe_host(struct diff *diff, const struct topology *found, struct ruleset *const *rulesets)
{
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		struct topology *topology = &diff->sides[i].options.run.topology;

		if (topology->n_addresses)
			continue;
		if (!found)
			generate_host((const struct ruleset *const *)rulesets, DIFFERENCE_SIDES, topology);
		for (size_t k = 0; found && k < found->n_addresses; k++) {
			const struct topology_address *own = &found->addresses[k];

			topology_add_address(topology, own->family, &own->address,
					     (unsigned)address_mask_prefix_len(own->family, &own->subnet.mask), own->interface);
		}
	}
}

static void borrow_rules(struct diff *diff, struct ruleset *const *rulesets)
{
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		diff->sides[i].scene.ruleset = rulesets[i];
		diff->sides[i].scene.borrows_ruleset = true;
	}
}

/* False, said, when it is to be kept and cannot be. */
static bool keep_script(const struct diff_options *options, const struct topology *topology, const struct text *script)
{
	struct text error;
	bool is_ok;

	if (!options->kept)
		return true;
	text_init(&error);
	is_ok = generate_write(options->kept, topology, script, &error);
	if (!is_ok)
		cli_complain("%s", text_string(&error));
	text_clear(&error);
	return is_ok;
}

/* `first` has the rules and sets, and the host where it compared a capture. */
static enum exit_code compare_generated(const struct diff_line *line, const struct diff *first,
					struct ruleset *const *rulesets)
{
	const struct run_options *run = &first->sides[SIDE_OLD].options.run;
	const struct topology *found = run->capture ? &run->topology : NULL;
	enum exit_code code = EXIT_BAD_INPUT;
	struct diff diff, host;
	struct text script;
	bool wants_help, is_ok;

	text_init(&script);
	is_ok = open_diff(&diff, line, &wants_help);
	is_ok &= open_diff(&host, line, &wants_help);
	if (is_ok) {
		struct generate_options options = {
			.rulesets = (const struct ruleset *const *)rulesets,
			.n_rulesets = DIFFERENCE_SIDES,
			.sets = { run->rules.sets, first->sides[SIDE_NEW].options.run.rules.sets },
			.topology = &host.sides[SIDE_OLD].options.run.topology,
			.seed = host.sides[SIDE_OLD].options.run.seed,
		};

		describe_host(&host, found, rulesets);
		describe_host(&diff, found, rulesets);
		topology_finish(&host.sides[SIDE_OLD].options.run.topology);
		generate_script(&options, &script);
		diff.sides[SIDE_OLD].scene.script = diff.sides[SIDE_NEW].scene.script = &script;
		borrow_rules(&diff, rulesets);
		code = keep_script(&diff.sides[SIDE_OLD].options, options.topology, &script) ? compare(&diff) : EXIT_SYSTEM;
	}
	close_diff(&host);
	close_diff(&diff);
	text_clear(&script);
	return code;
}

/* Loads a side's rules; what is wrong with them was reported then. */
static struct ruleset *load_rules(struct diff_side *side)
{
	struct run_options *run = &side->options.run;
	struct ruleset_options options = {
		.is_strict = run->is_strict, .keeps_tables = run->keeps_tables, .profile = run->settings.profile,
		.limits = &run->limits,
	};
	struct diagnostics diagnostics;
	struct ruleset *ruleset;

	diag_init(&diagnostics);
	if (!run->rules.n_files)
		diag_error_plain(&diagnostics, "no rules: name two files, OLD and NEW");
	ruleset = run->rules.n_files ? rules_files_load(&run->rules, &options, &diagnostics) : NULL;
	cli_report(&diagnostics);
	diag_clear(&diagnostics);
	return ruleset;
}

static enum exit_code refuse(const struct diff_options *options)
{
	const char *live = run_options_live_capture(&options->run);

	if (live)
		cli_complain("diff reads the capture twice: -r %s cannot be", live);
	else if (options->run.n_outs)
		cli_complain("diff has no --out; --json is for programs");
	else if (!options->run.capture && !options->generates)
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
	struct ruleset *rulesets[DIFFERENCE_SIDES] = { NULL, NULL };
	enum exit_code code = refuse(options);

	for (unsigned i = 0; i < DIFFERENCE_SIDES && code == EXIT_DONE; i++) {
		rulesets[i] = load_rules(&diff->sides[i]);
		code = rulesets[i] ? EXIT_DONE : EXIT_BAD_INPUT;
	}
	borrow_rules(diff, rulesets);
	if (code == EXIT_DONE && options->run.capture)
		code = compare(diff);
	if (code <= EXIT_DIFFERENT && options->generates)
		code = worse(code, compare_generated(line, diff, rulesets));
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++)
		ruleset_destroy(rulesets[i]);
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
