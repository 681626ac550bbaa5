/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text for a terminal: lines that are too long go on below, a little to the right of where they begin. */
#ifndef CLI_WRAP_H
#define CLI_WRAP_H

#include <stddef.h>

#include "base/text.h"
#include "cli/cli.h"

/* Columns of the terminal that standard output is; 0: it is none. */
unsigned wrap_terminal_columns(void);

/* Bytes of a line that fit into so many columns: up to a blank where there is one. */
size_t wrap_piece(const char *line, size_t len, size_t columns);

/* How far from the left the rest of such a line stands. */
size_t wrap_indent(const char *line, size_t columns);

void wrap_print(const char *text, size_t columns, struct text *out);

/* The lines of each paragraph as one: markdown, whose lines are as long as its author's window. Code stays as it is. */
void wrap_join_paragraphs(const char *markdown, struct text *out);

/* cli_print(), on a terminal with lines of its width. */
enum exit_code wrap_to_terminal(const struct text *text);

#endif
