/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running other programs (gnuplot; iptables-restore, nft) with a text as input, in the namespace that we are in. */
#ifndef BASE_SPAWN_H
#define BASE_SPAWN_H

#include <stdbool.h>

#include "base/text.h"

enum spawn_result { SPAWN_OK, SPAWN_FAILED, SPAWN_NOT_FOUND };

/*
 * Runs argv[0] (looked for in PATH and in /usr/sbin and /sbin) with `input` (may be NULL). What it prints on
 * standard output and standard error goes to `output`. SPAWN_OK when it ended with status 0.
 */
enum spawn_result spawn_run(const char *const *argv, const char *input, struct text *output);

#endif
