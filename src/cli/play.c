/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/play.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "capture/reader.h"
#include "cli/interrupt.h"
#include "cli/terminal.h"
#include "replay/options.h"

enum { AT_ONCE = 65536 };	/* packets between two looks at the line of progress */

void play_init(struct play *play)
{
	*play = (struct play){ .replay = ctreplay_create() };
	progress_init(&play->progress);
	text_init(&play->said);
}

void play_clear(struct play *play)
{
	ctreplay_destroy(play->replay);
	text_clear(&play->said);
	free(play->captures);
}

static void add_capture(struct play *play, const char *path)
{
	play->captures = alloc_resize(play->captures, play->n_captures + 1, sizeof(*play->captures));
	play->captures[play->n_captures++] = path;
}

/* What the last call had to say is said in its turn. */
static bool take(struct play *play, bool is_ok)
{
	text_append(&play->said, ctreplay_message_text(play->replay));
	return is_ok;
}

bool play_set(void *target, const char *name, const char *value, struct diagnostics *diagnostics)
{
	struct play *play = target;

	(void)diagnostics;
	if (strcmp(name, "read") == 0)
		add_capture(play, value);
	else if (strcmp(name, "packets") == 0)
		play->filter = value;
	else if (strcmp(name, "out") == 0 && play->ignores_outs)
		return true;
	else if (strcmp(name, "out") == 0)
		play->n_outs++;
	else if (strcmp(name, "rules") == 0 || strcmp(name, "4") == 0 || strcmp(name, "6") == 0)
		play->n_rules++;
	return take(play, ctreplay_set(play->replay, name, value));
}

bool play_add_rules(void *target, const char *word, struct diagnostics *diagnostics)
{
	return play_set(target, "rules", word, diagnostics);
}

/* For a command that has no options but those of `run`. */
static const struct cli_option_table no_own_options = {
	.inherited = &run_option_table,
	.store_word = play_add_rules,
	.store_inherited = play_set,
};

bool play_parse(const struct command *command, int argc, char **argv, struct play *play, bool *wants_help,
		struct diagnostics *diagnostics)
{
	const struct cli_option_table *table = command->options == &run_option_table ? &no_own_options : command->options;

	return cli_options_parse(table, argc, argv, play, wants_help, diagnostics);
}

bool play_begin(const struct command *command, int argc, char **argv, struct play *play, enum exit_code *code)
{
	struct diagnostics diagnostics;
	bool is_ok, wants_help;

	diag_init(&diagnostics);
	is_ok = play_parse(command, argc, argv, play, &wants_help, &diagnostics);
	if (wants_help) {
		*code = cli_print_help(command);
		is_ok = false;
	} else {
		play_report(play);
		cli_report(&diagnostics);
		*code = is_ok ? EXIT_DONE : EXIT_BAD_INPUT;
	}
	diag_clear(&diagnostics);
	return is_ok;
}

bool play_open(struct play *play, const char *view)
{
	struct ctreplay_screen screen = terminal_screen();

	screen.view = view;
	return ctreplay_show(play->replay, &screen) && take(play, ctreplay_open(play->replay));
}

const char *play_live_capture(const struct play *play)
{
	for (size_t i = 0; i < play->n_captures; i++)
		if (reader_is_live(play->captures[i]))
			return play->captures[i];
	return NULL;
}

bool play_gather(void *text, const char *bytes, size_t len)
{
	text_append_bytes(text, bytes, len);
	return true;
}

enum exit_code play_report(struct play *play)
{
	static const enum exit_code codes[] = {
		[CTREPLAY_NO_FAILURE] = EXIT_DONE, [CTREPLAY_BAD_INPUT] = EXIT_BAD_INPUT, [CTREPLAY_SYSTEM_FAILED] = EXIT_SYSTEM,
	};

	fputs(text_string(&play->said), stderr);
	text_reset(&play->said);
	return codes[ctreplay_failure(play->replay)];
}

bool play_some(struct play *play, uint64_t most)
{
	interrupt_watch(play->replay);
	while (most) {
		uint64_t n = most < AT_ONCE ? most : AT_ONCE;

		if (ctreplay_run(play->replay, n) != CTREPLAY_PACKET)
			return false;
		most -= n;
		play->progress.n_packets += n;
		progress_show(&play->progress);
	}
	return true;
}

bool play_step(struct play *play)
{
	if (play->progress.n_packets % AT_ONCE == 0) {
		interrupt_watch(play->replay);
		progress_show(&play->progress);
	}
	play->progress.n_packets++;
	return ctreplay_step(play->replay) == CTREPLAY_PACKET;
}

/* Warnings of the replay were told by its outputs. */
static void complain_of_errors(const struct play *play)
{
	const struct ctreplay_message *messages;
	size_t n;

	messages = ctreplay_messages(play->replay, &n);
	for (size_t i = 0; i < n; i++)
		if (messages[i].is_error)
			cli_complain("%s", messages[i].text);
}

enum exit_code play_finish(struct play *play)
{
	bool is_whole;

	progress_clear(&play->progress);
	is_whole = ctreplay_finish(play->replay);
	interrupt_end();
	if (ctreplay_failure(play->replay) != CTREPLAY_SYSTEM_FAILED)
		interrupt_obey();
	if (!is_whole)
		complain_of_errors(play);
	return play_report(play);
}

enum exit_code play_run(struct play *play, const char *view)
{
	bool is_open = play_open(play, view);
	enum exit_code code = play_report(play);

	if (!is_open)
		return code;
	play_some(play, UINT64_MAX);
	return play_finish(play);
}
