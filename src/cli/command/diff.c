/* SPDX-License-Identifier: GPL-2.0-or-later */
/* ctreplay diff: which packets another ruleset, host or setting would treat differently. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cli.h"
#include "cli/difference.h"
#include "cli/difference_print.h"
#include "cli/options.h"
#include "cli/run_options.h"
#include "cli/scene.h"
#include "host/simulator.h"
#include "packet/decode.h"

enum { MOST_GROUPS = 20 };

/* One side's options. Both sides read the whole command line, without what is said of the other side alone. */
struct diff_options {
	struct run_options run;		/* first: its options store into it */
	enum difference_side side;
	size_t n_words;			/* rules files named so far */
	const char *words[DIFFERENCE_SIDES];
	uint32_t wanted;		/* bits of enum difference_kind; 0: everything */
	bool is_json, shows_all;
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

static const struct cli_option own_options[] = {
	{ "only", 0, "WHAT", "count these alone: verdict, rule, ctstate, nat, answer, log; may be repeated", store_only },
	{ "json", 0, NULL, "one JSON object a packet that differs, a cause, and the sum", store_json },
	{ "all", 0, NULL, "every cause; without it the 20 largest", store_all },
};

enum { N_OWN_OPTIONS = sizeof(own_options) / sizeof(own_options[0]) };

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

static void use_rules(struct diff_options *options)
{
	size_t index = options->side == SIDE_NEW && options->n_words > 1 ? 1 : 0;

	if (options->n_words)
		rules_files_add(&options->run.rules, options->words[index], FAMILY_NONE);
}

/* "--old-sysctl": the option behind the prefix; NULL when the word has none. */
static const char *without_prefix(const char *word, const char **side)
{
	static const char *const prefixes[DIFFERENCE_SIDES] = { [SIDE_OLD] = "--old-", [SIDE_NEW] = "--new-" };

	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++)
		if (strncmp(word, prefixes[i], strlen(prefixes[i])) == 0) {
			*side = prefixes[i];
			return word + strlen(prefixes[i]);
		}
	return NULL;
}

/* The option of "sysctl" or "sysctl=..."; NULL when there is none. */
static const struct cli_option *find_option(const struct cli_option_table *table, const char *name)
{
	size_t len = strcspn(name, "=");

	for (size_t i = 0; i < table->n_options; i++)
		if (strlen(table->options[i].name) == len && strncmp(table->options[i].name, name, len) == 0)
			return &table->options[i];
	return NULL;
}

/* The command line of one side; its words are owned by `words`. */
static char **make_line(const struct cli_option_table *table, int argc, char **argv, const char *own_prefix, int *n_words)
{
	char **line = alloc_zeroed((size_t)argc + 1, sizeof(*line));
	const struct cli_option *option;
	const char *prefix, *name;
	struct text word;
	int n = 0;

	text_init(&word);
	for (int i = 0; i < argc; i++) {
		name = i ? without_prefix(argv[i], &prefix) : NULL;
		option = name ? find_option(table, name) : NULL;
		text_reset(&word);
		if (!name) {
			text_append(&word, argv[i]);
		} else if (!option || strcmp(prefix, own_prefix) == 0) {	/* an unknown one is refused on both sides */
			text_printf(&word, "--%s", name);
		} else {
			i += option->value_name && !strchr(name, '=');
			continue;
		}
		line[n++] = alloc_copy(text_string(&word), word.len);
	}
	text_clear(&word);
	*n_words = n;
	return line;
}

static void free_line(char **line)
{
	for (char **word = line; *word; word++)
		free(*word);
	free(line);
}

struct diff_side {
	struct diff_options options;
	char **line;			/* owned; the options point into it */
	struct scene scene;
	struct stream stream;
	struct simulator *simulator;
	struct packet packet;
};

struct diff {
	struct diff_side sides[DIFFERENCE_SIDES];
	struct difference difference;
	struct packet shown;		/* as it was captured: the sides may have changed theirs */
	struct text report;
};

static bool parse_side(struct diff_side *side, enum difference_side which, const struct cli_option_table *table, int argc,
		       char **argv, bool *wants_help, struct diagnostics *diagnostics)
{
	int n_words;

	run_options_init(&side->options.run);
	side->options.side = which;
	side->line = make_line(table, argc, argv, which == SIDE_OLD ? "--old-" : "--new-", &n_words);
	if (!cli_options_parse(table, n_words, side->line, &side->options, wants_help, diagnostics))
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

static bool next_packet(struct diff_side *side)
{
	if (lookahead_next(&side->scene.lookahead, &side->packet) != PACKET_SOURCE_PACKET)
		return false;
	decode_frame(&side->packet, side->scene.capture.source->link_type);
	return true;
}

static void keep_difference(struct diff *diff, uint32_t kinds)
{
	const struct diff_side *old = &diff->sides[SIDE_OLD];

	diff->shown.number = old->packet.number;
	diff->shown.time = old->packet.time;
	diff->shown.frame = old->packet.frame;
	diff->shown.captured_len = old->packet.captured_len;
	diff->shown.original_len = old->packet.original_len;
	diff->shown.link = old->packet.link;
	decode_frame(&diff->shown, old->scene.capture.source->link_type);
	difference_keep(&diff->difference, kinds, &diff->shown);
	if (old->options.is_json)
		difference_print_packet_json(&diff->difference, kinds, &diff->shown, &diff->report);
}

/* False when nobody reads any more. */
static bool flush(struct diff *diff)
{
	bool is_ok = !diff->report.len || cli_print(&diff->report) == EXIT_DONE;

	text_reset(&diff->report);
	return is_ok;
}

static bool replay_both(struct diff *diff)
{
	struct diff_side *old = &diff->sides[SIDE_OLD], *new = &diff->sides[SIDE_NEW];
	bool is_ok = true;

	while (is_ok && next_packet(old) && next_packet(new)) {
		const struct filter *filter = old->scene.filter;
		bool is_shown = !filter || filter_is_passed(filter, &old->packet);
		uint32_t kinds;

		stream_mute(&old->stream, !is_shown);
		stream_mute(&new->stream, !is_shown);
		if (is_shown)
			difference_begin(&diff->difference, &old->packet);
		simulator_replay(old->simulator, &old->packet);
		simulator_replay(new->simulator, &new->packet);
		kinds = is_shown ? difference_end(&diff->difference) : 0;
		if (kinds)
			keep_difference(diff, kinds);
		is_ok = flush(diff);
	}
	return is_ok;
}

static enum exit_code report(struct diff *diff)
{
	const struct diff_options *options = &diff->sides[SIDE_OLD].options;
	const struct scene *scene = &diff->sides[SIDE_OLD].scene;

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

	if (old->options.run.capture && strcmp(old->options.run.capture, "-") == 0) {
		cli_complain("diff reads the capture twice: -r - cannot be");
		return EXIT_BAD_INPUT;
	}
	if (old->options.run.n_outs) {
		cli_complain("diff has no --out; --json is for programs");
		return EXIT_BAD_INPUT;
	}
	if (!open_side(old) || !open_side(new))
		return EXIT_BAD_INPUT;
	if (old->options.wanted)
		diff->difference.wanted = old->options.wanted;
	start_side(diff, old, difference_hear_old);
	start_side(diff, new, difference_hear_new);
	return replay_both(diff) ? report(diff) : EXIT_SYSTEM;
}

static void init(struct diff *diff)
{
	memset(diff, 0, sizeof(*diff));
	difference_init(&diff->difference);
	packet_init(&diff->shown);
	text_init(&diff->report);
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		scene_init(&diff->sides[i].scene, &diff->sides[i].options.run);
		stream_init(&diff->sides[i].stream);
		packet_init(&diff->sides[i].packet);
	}
}

static void clear(struct diff *diff)
{
	for (unsigned i = 0; i < DIFFERENCE_SIDES; i++) {
		simulator_destroy(diff->sides[i].simulator);
		packet_clear(&diff->sides[i].packet);
		scene_clear(&diff->sides[i].scene);
		run_options_clear(&diff->sides[i].options.run);
		if (diff->sides[i].line)
			free_line(diff->sides[i].line);
	}
	packet_clear(&diff->shown);
	difference_clear(&diff->difference);
	text_clear(&diff->report);
}

enum exit_code command_diff(const struct command *command, int argc, char **argv)
{
	struct cli_option_table table;
	struct diagnostics diagnostics;
	enum exit_code code;
	struct diff diff;
	bool wants_help = false, is_ok;

	cli_options_join(own_options, N_OWN_OPTIONS, &run_option_table, &table);
	table.store_word = store_word;
	diag_init(&diagnostics);
	init(&diff);
	is_ok = parse_side(&diff.sides[SIDE_OLD], SIDE_OLD, &table, argc, argv, &wants_help, &diagnostics) &&
		parse_side(&diff.sides[SIDE_NEW], SIDE_NEW, &table, argc, argv, &wants_help, &diagnostics);
	if (!is_ok)
		code = cli_report(&diagnostics);
	else if (wants_help)
		code = cli_print_help(command, &table);
	else
		code = compare(&diff);
	diag_clear(&diagnostics);
	clear(&diff);
	free((void *)(uintptr_t)table.options);
	return code;
}
