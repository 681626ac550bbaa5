/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One case of a suite: replayed and judged, or recorded. */
#ifndef CLI_TEST_CASE_H
#define CLI_TEST_CASE_H

#include "base/text.h"
#include "suite/results.h"
#include "suite/suite.h"

enum test_mode {
	TEST_RUN,
	TEST_RECORD,		/* files of expectations and goldens that are not there are written */
	TEST_UPDATE,		/* and those that are no longer true: what changes is told */
};

/* `words`: why it failed or could not be run, or what was written. */
enum case_status test_case_run(const struct suite *suite, const struct suite_case *suite_case, enum test_mode mode,
			       struct text *words);

#endif
