/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cases run one after the other, or side by side in worker processes, until all are done or a signal comes (cli/interrupt). */
#ifndef CLI_TEST_JOBS_H
#define CLI_TEST_JOBS_H

#include <stdbool.h>
#include <stddef.h>

#include "api/ctreplay.h"
#include "cli/progress.h"
#include "cli/test_plan.h"
#include "suite/results.h"

struct test_jobs {
	const struct test_plan *plan;
	enum ctreplay_recording recording;
	unsigned n_jobs;
	bool stops_at_failure;
	struct results *results;	/* of the whole plan; filled */
	/* Every case of this shard as soon as all before it are known. */
	void (*tell)(void *owner, size_t index);
	void *owner;
	struct progress progress;	/* private */
};

/* Runs the cases of this shard. False when a worker could not be started. */
bool test_jobs_run(struct test_jobs *jobs);

#endif
