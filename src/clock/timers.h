/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one set of everything that ends: entries, expectations, fragments, buckets.
 *
 * Timers end in (deadline, insertion) order. Moving a deadline later is what every
 * packet does, so it costs one store: the set keeps the earlier time at which it will
 * look at the timer again, and files it anew when that time comes.
 *
 * Life cycle: all zero = idle; timers_add() -> pending; timers_pop_due() or
 * timers_remove() -> idle. The owner embeds the timer and must not free or move it
 * while pending.
 */
#ifndef CLOCK_TIMERS_H
#define CLOCK_TIMERS_H

#include <stddef.h>
#include <stdint.h>

#include "clock/vtime.h"

struct timer {
	struct vtime deadline;		/* ends when now >= deadline; change with timers_rearm() only */
	uint32_t position;		/* private: 1-based place in the heap, 0 = idle */
	uint32_t kind;			/* the owner's own tag, kept */
};

/* Private: one place of the heap. */
struct timers_node {
	struct vtime scheduled;		/* <= the timer's deadline */
	uint64_t order;
	struct timer *timer;
};

struct timers {
	struct timers_node *heap;	/* owned */
	size_t n_timers;
	size_t capacity;
	uint64_t n_added;		/* insertion number of the next timer */
};

void timers_init(struct timers *timers);
void timers_clear(struct timers *timers);	/* frees the set; pending timers become idle */

/* Files an idle timer. */
void timers_add(struct timers *timers, struct timer *timer, struct vtime deadline);

/* Takes a pending timer out; does nothing to an idle one. */
void timers_remove(struct timers *timers, struct timer *timer);

/* Files a pending timer at an earlier place, when it stands behind its deadline: the slow half of timers_rearm(). */
void timers_move_earlier(struct timers *timers, struct timer *timer);

/* Gives a pending timer another deadline. */
static inline void timers_rearm(struct timers *timers, struct timer *timer, struct vtime deadline)
{
	bool is_earlier = vtime_is_before(deadline, timer->deadline);

	timer->deadline = deadline;
	if (is_earlier)
		timers_move_earlier(timers, timer);
}

struct timer *timers_search_due(struct timers *timers, struct vtime now);

/* The first timer whose deadline has come; NULL when none has. It stays pending. */
static inline struct timer *timers_find_due(struct timers *timers, struct vtime now)
{
	if (!timers->n_timers || vtime_is_before(now, timers->heap[0].scheduled))
		return NULL;
	return timers_search_due(timers, now);
}

/* The same, made idle. */
struct timer *timers_pop_due(struct timers *timers, struct vtime now);

#endif
