/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's expectations in virtual time: those that it told of, each with its deadline, and ended when that has come. The
 * kernel's own timers, of minutes, do not end them: a replay takes seconds, and where it waits they are right. They show when a
 * helper has given one that stays another time to live: the kernel tells of that in no event. Nor do kernels up to 6.12 tell at once that
 * one is over, or was taken back: they list it no more, and tell when they come by its place in the table.
 */
#ifndef KERNEL_LIVE_EXPECTATIONS_H
#define KERNEL_LIVE_EXPECTATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock/vtime.h"
#include "kernel/entries.h"

struct live_expectation {
	struct kernel_expectation told;
	uint64_t id;			/* 1, 2, 3 ... in order of creation */
	struct vtime deadline;
	struct vtime real_end;		/* when the kernel's own timer ends */
	uint16_t zone;			/* its master's */
	bool is_listed;			/* when the kernel was last asked */
};

struct live_expectations {
	struct live_expectation *list;	/* owned; in order of creation */
	size_t n, capacity;
	uint64_t n_created;
};

void live_expectations_clear(struct live_expectations *expectations);

/* The kernel has made one, of an entry in `zone`. Valid until the next call. */
const struct live_expectation *live_expectations_add(struct live_expectations *expectations, const struct kernel_expectation *told,
						     uint16_t zone, struct vtime now);

/* One that the kernel says has ended: taken out, into `ended`. False when it was not known. */
bool live_expectations_take(struct live_expectations *expectations, const struct kernel_expectation *told, struct live_expectation *ended);

/* The same for the first that is over at `now`; the kernel's is removed. */
bool live_expectations_take_due(struct live_expectations *expectations, struct entries *entries, struct vtime now,
			   struct live_expectation *ended);

/* The same for the newest of an entry that has ended. */
bool live_expectations_take_of(struct live_expectations *expectations, const struct kernel_entry *master, struct live_expectation *ended);

/*
 * Looks at what the kernel lists: flags may have changed since, and what it was given another time to live ends that long after
 * `now`. (The same time once more does not show: the real timer has hardly moved.) False after an error.
 */
bool live_expectations_refresh(struct live_expectations *expectations, struct entries *entries, struct vtime now);

/* The same as live_expectations_take() for the newest that was not listed then. */
bool live_expectations_take_unlisted(struct live_expectations *expectations, struct live_expectation *ended);

#endif
