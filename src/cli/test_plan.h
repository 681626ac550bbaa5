/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which cases a run of `ctreplay test` consists of: suites found, read, filtered and divided. */
#ifndef CLI_TEST_PLAN_H
#define CLI_TEST_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "api/ctreplay.h"
#include "base/diag.h"

/* One case of the whole run, in the order of suites and cases. */
struct test_item {
	struct ctreplay_suite *suite;
	const char *path;		/* the suite's */
	size_t index;			/* in it */
	const struct ctreplay_case *suite_case;
};

struct test_plan {
	char **paths;			/* owned; of suites, in order */
	size_t n_paths;
	struct ctreplay_suite **suites;	/* owned, and so is the array */
	size_t n_suites;
	struct test_item *items;	/* owned */
	size_t n_items;
};

void test_plan_init(struct test_plan *plan);
void test_plan_clear(struct test_plan *plan);

/*
 * Adds a suite, or every *.json below a folder, in the order of their names. False after an error.
 */
bool test_plan_add(struct test_plan *plan, const char *path, struct diagnostics *diagnostics);

/* Reads the suites and lists their cases, those alone whose name, or suite's path, holds `filter` (NULL: all). False: `said` tells. */
bool test_plan_read(struct test_plan *plan, const char *filter, struct text *said);

/* A sum over the names and places of all cases: runs of the same suites have the same. */
uint64_t test_plan_sum(const struct test_plan *plan);

#endif
