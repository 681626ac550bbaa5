/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Command lines: one table of options a command drives parsing, "did you mean" and --help.
 */
#ifndef REPLAY_OPTIONS_H
#define REPLAY_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/text.h"

struct cli_option {
	const char *name;		/* "snapshot"; without the dashes */
	char short_name;		/* 'r', or 0 */
	const char *value_name;		/* "FILE"; NULL: takes no value */
	const char *about;		/* what --help says; behind a newline, what the manual says beside it */
	/* Stores the value (NULL for an option without one) in `target`. False after an error. */
	bool (*store)(void *target, const char *value, struct diagnostics *diagnostics);
};

struct cli_option_table {
	const struct cli_option *options;
	size_t n_options;
	/* A word that is no option; "-" is one. */
	bool (*store_word)(void *target, const char *word, struct diagnostics *diagnostics);
	/* Another command's, which come behind these; where both have a name, it is this table's. May be NULL. */
	const struct cli_option_table *inherited;
	/* Takes options that are inherited, by name, in the place of their own functions. May be NULL. */
	bool (*store_inherited)(void *target, const char *name, const char *value, struct diagnostics *diagnostics);
};

/* The options of `ctreplay run`; their own functions store into a struct run_options. */
extern const struct cli_option_table run_option_table;

/* The option of a name, `len` bytes of it; NULL when there is none. */
const struct cli_option *cli_options_find(const struct cli_option_table *table, const char *name, size_t len);

/* Parses argv[1 ..]; all errors go to diagnostics. `--help` stops parsing and sets *wants_help. */
bool cli_options_parse(const struct cli_option_table *table, int argc, char **argv, void *target, bool *wants_help,
		       struct diagnostics *diagnostics);

/* One option by its long name, without dashes; `value` is NULL for those without one. False after an error. */
bool cli_options_store(const struct cli_option_table *table, const char *name, const char *value, void *target,
		       struct diagnostics *diagnostics);

/* A whole number up to `most`, decimal or with 0x, and nothing behind it. */
bool cli_options_parse_number(const char *text, uint64_t most, uint64_t *number);

/* The table's own options as --help lists them. */
void cli_options_print(const struct cli_option_table *table, struct text *out);

/* Their names alone, as far as `behind`, which inherits them, has no own option of that name. */
void cli_options_print_names(const struct cli_option_table *table, const struct cli_option_table *behind, struct text *out);

#endif
