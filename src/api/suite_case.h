/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One case of a suite: replayed and judged, or recorded. */
#ifndef API_SUITE_CASE_H
#define API_SUITE_CASE_H

#include "api/ctreplay.h"
#include "base/text.h"
#include "suite/results.h"
#include "suite/suite.h"

/* Who is asked whether a case goes on. */
struct suite_watcher {
	ctreplay_go_on *go_on;		/* or NULL */
	void *owner;
};

/* `words`: why it failed or could not be run, or what was written. */
enum case_status suite_case_run(const struct suite *suite, const struct suite_case *suite_case, enum ctreplay_recording recording,
				const struct suite_watcher *watcher, struct text *words);

#endif
