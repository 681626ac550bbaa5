/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line of `ctreplay diff` as one of its sides reads it: --old-sysctl is --sysctl for the one and nothing for the other. */
#ifndef CLI_SIDE_LINE_H
#define CLI_SIDE_LINE_H

#include "cli/difference.h"
#include "replay/options.h"

/* The words of one side, ended by NULL, `n_words` of them; side_line_destroy() frees them. */
char **side_line_create(const struct cli_option_table *table, int argc, char **argv, enum difference_side side, int *n_words);
void side_line_destroy(char **line);

#endif
