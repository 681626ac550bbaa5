/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What can only be judged when a whole table is known: jumps, loops, and where
 * extensions stand. Linux 6.18, mark_source_chains(), xt_check_match(), xt_check_target().
 */
#ifndef RULES_CHECK_H
#define RULES_CHECK_H

#include <stdbool.h>

#include "base/diag.h"
#include "rules/ast.h"

/* Resolves jumps, sets hooks and references, calls the extensions' own checks. False after errors. */
bool check_table(struct ast *ast, struct ast_table *table, bool is_strict, struct diagnostics *diagnostics);

#endif
