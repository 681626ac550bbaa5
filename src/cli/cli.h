/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The command line program: its commands, exit codes, and the only code that touches
 * standard output, standard error and exit codes.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <stddef.h>

#include "base/diag.h"
#include "base/text.h"

enum exit_code {
	EXIT_DONE = 0,
	EXIT_DIFFERENT = 1,	/* an expectation was not met, or two things differ */
	EXIT_BAD_INPUT = 2,	/* bad usage or input */
	EXIT_SYSTEM = 3,	/* the system failed */
};

struct cli_option_table;

/* One subcommand. Each stands in its file of cli/command; dispatch, help, manual pages and completions come from these. */
struct command {
	const char *name;
	const char *synopsis;	/* behind "ctreplay NAME" */
	const char *summary;
	const struct cli_option_table *options;
	const char *(*topic)(size_t index);	/* the words that may stand first; NULL behind the last. Without it: files */
	enum exit_code (*run)(const struct command *command, int argc, char **argv);	/* argv[0]: the command */
};

extern const struct command command_run;
extern const struct command command_explain;
extern const struct command command_diagram;
extern const struct command command_report;
extern const struct command command_step;
extern const struct command command_check;
extern const struct command command_format;
extern const struct command command_list;
extern const struct command command_test;
extern const struct command command_diff;
extern const struct command command_coverage;
extern const struct command command_verify;
extern const struct command command_craft;
extern const struct command command_lab;

/* All of them, in the order of --help; NULL ends them. */
extern const struct command *const commands[];

/* NULL when there is none of that name. */
const struct command *commands_find(const char *name);

/* "unknown command", with the nearest one. */
enum exit_code commands_refuse(const char *name);

/* The command whose options this one has too; NULL when it has its own alone. */
const struct command *commands_inherited(const struct command *command);

/* "usage: ctreplay run ..." with its options, on standard output. */
enum exit_code cli_print_help(const struct command *command);

/* Writes a text to standard output; EXIT_SYSTEM, said, when that fails. */
enum exit_code cli_print(const struct text *text);

/* All diagnostics on standard error. EXIT_BAD_INPUT when there is an error among them, else EXIT_DONE. */
enum exit_code cli_report(const struct diagnostics *diagnostics);

/* How this program was called: to be called again in the same way. */
const char *cli_program(void);
void cli_note_program(char *name);	/* argv[0]; it must outlive the program */

/* "ctreplay: error: ..." on standard error. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
