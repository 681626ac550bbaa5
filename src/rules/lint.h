/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a careful reviewer would say of a ruleset that is valid: rules that do nothing, and what is usually meant otherwise.
 *
 * A remark has a name. "# lint: NAME" at the end of a rule's line or of the comment above it keeps it quiet there;
 * "# lint-file: NAME" anywhere in the file does so for all of the file. Several names stand with commas between.
 */
#ifndef RULES_LINT_H
#define RULES_LINT_H

#include <stddef.h>

#include "base/diag.h"
#include "rules/ruleset.h"

/* Adds a warning for each remark, at the place of its rule. How many there are. */
size_t ruleset_lint(const struct ruleset *ruleset, struct diagnostics *diagnostics);

/* The remarks that there are, one at a time: NULL at the end. `summary` is set to what it says. */
const char *lint_remark(size_t index, const char **summary);

#endif
