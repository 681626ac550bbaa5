/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a shell offers behind "ctreplay", written from the tables of commands and options. What a value is, its name in the table says:
 * "always|auto" are words to choose from, FILE and its like are files, FORMAT=FILE begins with a format, NAME=VALUE with a sysctl.
 */
#ifndef CLI_COMPLETIONS_H
#define CLI_COMPLETIONS_H

#include <stdbool.h>

#include "base/text.h"

/* `shell`: bash, fish or zsh; false for another. */
bool completions_print(const char *shell, struct text *out);

#endif
