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

struct command {
	const char *name;
	const char *synopsis;	/* behind "ctreplay NAME" */
	const char *summary;
	enum exit_code (*run)(const struct command *command, int argc, char **argv);	/* argv[0]: the command */
};

enum exit_code command_run(const struct command *command, int argc, char **argv);
enum exit_code command_explain(const struct command *command, int argc, char **argv);
enum exit_code command_diagram(const struct command *command, int argc, char **argv);
enum exit_code command_report(const struct command *command, int argc, char **argv);
enum exit_code command_step(const struct command *command, int argc, char **argv);
enum exit_code command_check(const struct command *command, int argc, char **argv);
enum exit_code command_format(const struct command *command, int argc, char **argv);
enum exit_code command_lab(const struct command *command, int argc, char **argv);
enum exit_code command_list(const struct command *command, int argc, char **argv);
enum exit_code command_coverage(const struct command *command, int argc, char **argv);
enum exit_code command_diff(const struct command *command, int argc, char **argv);
enum exit_code command_test(const struct command *command, int argc, char **argv);
enum exit_code command_craft(const struct command *command, int argc, char **argv);
enum exit_code command_verify(const struct command *command, int argc, char **argv);

struct cli_option_table;

/* "usage: ctreplay run ..." with its options, on standard output. */
enum exit_code cli_print_help(const struct command *command, const struct cli_option_table *table);

/* Writes a text to standard output; EXIT_SYSTEM, said, when that fails. */
enum exit_code cli_print(const struct text *text);

/* All diagnostics on standard error. EXIT_BAD_INPUT when there is an error among them, else EXIT_DONE. */
enum exit_code cli_report(const struct diagnostics *diagnostics);

/* How this program was called: to be called again in the same way. */
const char *cli_program(void);

/* "ctreplay: error: ..." on standard error. */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
