/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A replay of libctreplay as a program has it: options of the command line, messages, exit codes, a line of progress, Ctrl-C.
 * A command whose options inherit those of `run` begins the struct that they store into with a struct play.
 */
#ifndef CLI_PLAY_H
#define CLI_PLAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/ctreplay.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/progress.h"

struct play {
	struct ctreplay *replay;	/* owned */
	struct text said;		/* messages that were not written to standard error yet */
	const char **captures;		/* what -r named; borrowed from argv; owned array */
	size_t n_captures;
	const char *filter;		/* --packets, or NULL */
	size_t n_outs, n_rules;		/* outputs and files of rules that were named */
	bool ignores_outs;		/* set before options are parsed: another replay of the same line writes them */
	struct progress progress;
};

void play_init(struct play *play);
void play_clear(struct play *play);

/* For tables of options that inherit those of `run`: store_inherited and store_word. Errors stand in `said`. */
bool play_set(void *play, const char *name, const char *value, struct diagnostics *diagnostics);
bool play_add_rules(void *play, const char *word, struct diagnostics *diagnostics);

/* Parses the line of a command; `play` begins what its options store into. False after an error. */
bool play_parse(const struct command *command, int argc, char **argv, struct play *play, bool *wants_help,
		struct diagnostics *diagnostics);

/* The same, and says what is wrong or prints the help that is asked for. True: the command goes on; else it ends with `code`. */
bool play_begin(const struct command *command, int argc, char **argv, struct play *play, enum exit_code *code);

/*
 * Opens the replay; `view`: a format that goes to standard output unless another one does; NULL: none. False after an
 * error; `said` tells, then and of warnings.
 */
bool play_open(struct play *play, const char *view);

/* The first capture that comes as somebody sends it and can be read once alone; NULL: there is none. */
const char *play_live_capture(const struct play *play);

/* A ctreplay_write, into a struct text. */
bool play_gather(void *text, const char *bytes, size_t len);

/* Writes what is to be said to standard error; the exit code of the call that failed last. */
enum exit_code play_report(struct play *play);

/* The next packets, at most so many. False: there are no more, or something failed, which play_finish() says. */
bool play_some(struct play *play, uint64_t most);

/* The next packet, to look at. False likewise. */
bool play_step(struct play *play);

/* Finishes it. Errors were reported when it returns. */
enum exit_code play_finish(struct play *play);

/* All of it, for a command that only shows. */
enum exit_code play_run(struct play *play, const char *view);

#endif
