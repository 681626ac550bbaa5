/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Coverage as people and other tools read it. */
#ifndef CLI_COVERAGE_PRINT_H
#define CLI_COVERAGE_PRINT_H

#include <stdbool.h>

#include "api/ctreplay.h"
#include "base/text.h"

/* The rules files with a count before each rule, and what there is to say of them below. `is_full`: of every rule. */
void coverage_print_text(const struct ctreplay_coverage *coverage, const struct ctreplay_source *sources, size_t n_sources, bool is_full,
			 struct text *out);

/* One object a line: rules, chains, the summary. */
void coverage_print_json(const struct ctreplay_coverage *coverage, struct text *out);

/* An lcov tracefile: rules are lines, chains are functions, matching or not is a branch. */
void coverage_print_lcov(const struct ctreplay_coverage *coverage, const struct ctreplay_source *sources, size_t n_sources, struct text *out);

#endif
