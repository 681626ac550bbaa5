/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The one set of everything that ends: entries, expectations, fragments.
 *
 * Timers end in (deadline, order). Moving a deadline later is what every packet does, so it costs one store: the set keeps
 * the earlier time at which it will look at the timer again, and files it anew when that time comes.
 *
 * Timers are many and most of them end far ahead, so they are not sorted: a wheel of four levels holds them by ticks of 2^24 ns,
 * each level's buckets 256 times as long as those of the level before; a bucket's timers move down when its time comes, and only
 * those of the current tick stand in a heap. Buckets are lists through the timers themselves, by numbers of 32 bits.
 *
 * Life cycle: all zero = idle; timers_add() -> pending; timers_pop_due() or timers_remove() -> idle. The owner embeds the timer,
 * numbers it, and must not free or move it while pending.
 */
#ifndef CLOCK_TIMERS_H
#define CLOCK_TIMERS_H

#include <stddef.h>
#include <stdint.h>

#include "clock/vtime.h"

struct timer {
	uint64_t order;			/* the owner's: of equal deadlines, the lower order ends first */
	uint32_t number;		/* the owner's: by what it finds the timer; not 0 */
	uint32_t tick;			/* private: where it is filed, never after its deadline; at or before the current one: in the heap */
	uint32_t next, previous;	/* private: numbers of neighbours in the bucket; 0: none. In the heap: previous is its place + 1 */
	struct vtime deadline;		/* ends when now >= deadline; change with timers_rearm() only */
};

/* The timer of a number that was given to timers_add(). */
typedef struct timer *timers_find(const void *owner, uint32_t number);

/* Private: one place of the heap. */
struct timers_node {
	struct vtime scheduled;		/* <= the timer's deadline */
	uint64_t order;
	struct timer *timer;
};

enum { TIMERS_LEVELS = 4, TIMERS_BUCKETS = 256, TIMERS_WORDS = TIMERS_BUCKETS / 64 };

struct timers {
	struct vtime soonest;		/* nothing is due, and nothing to be moved, before */
	timers_find *find;
	const void *owner;		/* borrowed */
	uint32_t current;		/* the tick up to which buckets were emptied */
	uint32_t buckets[TIMERS_LEVELS][TIMERS_BUCKETS];	/* the first timer of each; 0: empty */
	uint64_t is_used[TIMERS_LEVELS][TIMERS_WORDS];		/* a bit each: not empty */
	struct timers_node *heap;	/* owned */
	size_t n_heap, capacity;
};

/* `find` is called with `owner` for timers that are pending. */
void timers_init(struct timers *timers, timers_find *find, const void *owner);
void timers_clear(struct timers *timers);	/* frees the set; nothing may use its timers any more */

/* Files an idle timer whose order and number are set. */
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
	if (vtime_is_before(now, timers->soonest))
		return NULL;
	return timers_search_due(timers, now);
}

/* The same, made idle. */
struct timer *timers_pop_due(struct timers *timers, struct vtime now);

#endif
