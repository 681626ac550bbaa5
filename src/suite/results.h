/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What became of cases, as lines of JSON: how worker processes tell it, and how parts of a run on many machines are joined.
 *
 *     {"kind":"begin","shard":2,"shards":4,"cases":40,"suites":"9ae16a3b2f90404f"}
 *     {"kind":"case","index":1,"suite":"office.json","line":8,"name":"...","result":"passed","words":""}
 *     {"kind":"end"}
 *
 * A part without its last line was killed; a case that no part tells of is missing. Neither ever counts as a pass.
 */
#ifndef SUITE_RESULTS_H
#define SUITE_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/diag.h"
#include "base/source.h"
#include "base/text.h"

enum case_status {
	CASE_MISSING,		/* nobody told: it was not run, or whoever ran it was killed */
	CASE_PASSED,
	CASE_FAILED,		/* something was not as expected */
	CASE_BROKEN,		/* it could not be run */
	CASE_STATUSES,
};

struct case_result {
	enum case_status status;
	char *suite, *name;	/* owned; NULL while nobody told */
	uint32_t line;		/* of the case in its suite */
	char *words;		/* owned; why it failed, one line or more; NULL: nothing to say */
};

struct results {
	struct case_result *cases;	/* owned; by index of the case in the whole run */
	size_t n_cases;
	uint32_t shard, n_shards;	/* 1 of 1 when the run is not divided */
	uint64_t suites;		/* a sum over the cases of the whole run: parts of one run have the same */
};

void results_init(struct results *results, size_t n_cases);
void results_clear(struct results *results);

/* Takes copies. */
void results_set(struct results *results, size_t index, enum case_status status, const char *suite, uint32_t line,
		 const char *name, const char *words);

/* "passed", "failed", "broken", "missing". */
const char *case_status_name(enum case_status status);

void results_print_begin(const struct results *results, struct text *out);
void results_print_case(const struct results *results, size_t index, struct text *out);
void results_print_end(struct text *out);

/* One "case" line into the results. False when it is none of theirs. */
bool results_read_line(struct results *results, const char *line);

/*
 * Joins a file of results to others; the first one sets how many cases and shards there are. Errors: it is none, or of another
 * run, or a case or shard is told twice. A file that breaks off is no error: its cases are missing.
 */
bool results_merge(struct results *results, const struct source *source, bool is_first, struct diagnostics *diagnostics);

/* Is the case one of this shard's? */
bool results_is_ours(const struct results *results, size_t index);

/* How many of this shard's there are of each status. */
void results_count(const struct results *results, size_t counts[CASE_STATUSES]);

#endif
