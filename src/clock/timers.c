/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "clock/timers.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* About 17 ms; 2^32 of them are two years. What is later than that is filed at the last one, and moved on from there. */
enum { TICK_BITS = 24, LEVEL_BITS = 8 };

static const struct vtime never = { .ns = INT64_MAX };

void timers_init(struct timers *timers, timers_find *find, const void *owner)
{
	memset(timers, 0, sizeof(*timers));
	timers->soonest = never;
	timers->find = find;
	timers->owner = owner;
}

void timers_clear(struct timers *timers)
{
	free(timers->heap);
	timers_init(timers, timers->find, timers->owner);
}

static uint32_t tick_of(struct vtime time)
{
	int64_t tick = time.ns >> TICK_BITS;

	return tick < 0 ? 0 : tick > UINT32_MAX ? UINT32_MAX : (uint32_t)tick;
}

static void look_at(struct timers *timers, struct vtime time)
{
	if (vtime_is_before(time, timers->soonest))
		timers->soonest = time;
}

/* The heap: on (scheduled, order); every timer knows its place in it. */

static bool node_is_before(const struct timers_node *a, const struct timers_node *b)
{
	if (a->scheduled.ns != b->scheduled.ns)
		return a->scheduled.ns < b->scheduled.ns;
	return a->order < b->order;
}

static void place(struct timers *timers, size_t at, struct timers_node node)
{
	assert(at < UINT32_MAX);
	timers->heap[at] = node;
	node.timer->previous = (uint32_t)at + 1;
}

static void sift_up(struct timers *timers, size_t at)
{
	struct timers_node node = timers->heap[at];

	while (at > 0 && node_is_before(&node, &timers->heap[(at - 1) / 2])) {
		place(timers, at, timers->heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	place(timers, at, node);
}

static void sift_down(struct timers *timers, size_t at)
{
	struct timers_node node = timers->heap[at];

	for (;;) {
		size_t child = at * 2 + 1;

		if (child >= timers->n_heap)
			break;
		if (child + 1 < timers->n_heap && node_is_before(&timers->heap[child + 1], &timers->heap[child]))
			child++;
		if (!node_is_before(&timers->heap[child], &node))
			break;
		place(timers, at, timers->heap[child]);
		at = child;
	}
	place(timers, at, node);
}

static void push(struct timers *timers, struct timer *timer)
{
	if (timers->n_heap == timers->capacity) {
		timers->capacity = alloc_grown_capacity(timers->capacity, timers->n_heap + 1);
		timers->heap = alloc_resize(timers->heap, timers->capacity, sizeof(*timers->heap));
	}
	timers->heap[timers->n_heap] = (struct timers_node){
		.scheduled = timer->deadline, .order = timer->order, .timer = timer,
	};
	sift_up(timers, timers->n_heap++);
	look_at(timers, timer->deadline);
}

static void pull(struct timers *timers, struct timer *timer)
{
	size_t at = timer->previous - 1;

	if (at == --timers->n_heap)
		return;
	place(timers, at, timers->heap[timers->n_heap]);
	sift_up(timers, at);
	sift_down(timers, timers->heap[at].timer->previous - 1);
}

/*
 * The wheel: a timer of a later tick stands at the level of the highest byte in which its tick and the current one differ, in the
 * bucket of that byte. As the current tick moves into a bucket, it is emptied: so the level can always be told from the ticks.
 */

static unsigned level_of(uint32_t tick, uint32_t current)
{
	return (31u - (unsigned)__builtin_clz(tick ^ current)) / LEVEL_BITS;
}

static uint8_t byte_of(uint32_t tick, unsigned level)
{
	return (uint8_t)(tick >> level * LEVEL_BITS);
}

/* The first tick of the bucket of `byte` at `level`. */
static uint32_t start_of(const struct timers *timers, unsigned level, unsigned byte)
{
	uint64_t upper = (uint64_t)timers->current >> (level + 1) * LEVEL_BITS;

	return (uint32_t)((upper << LEVEL_BITS | byte) << level * LEVEL_BITS);
}

static struct vtime time_of(uint32_t tick)
{
	return (struct vtime){ .ns = (int64_t)tick << TICK_BITS };
}

static void link_timer(struct timers *timers, struct timer *timer)
{
	unsigned level = level_of(timer->tick, timers->current), byte = byte_of(timer->tick, level);
	uint32_t *first = &timers->buckets[level][byte];

	timer->previous = 0;
	timer->next = *first;
	if (*first)
		timers->find(timers->owner, *first)->previous = timer->number;
	*first = timer->number;
	timers->is_used[level][byte / 64] |= UINT64_C(1) << byte % 64;
	look_at(timers, time_of(start_of(timers, level, byte)));
}

static void unlink_timer(struct timers *timers, struct timer *timer)
{
	unsigned level = level_of(timer->tick, timers->current), byte = byte_of(timer->tick, level);

	if (timer->next)
		timers->find(timers->owner, timer->next)->previous = timer->previous;
	if (timer->previous)
		timers->find(timers->owner, timer->previous)->next = timer->next;
	else
		timers->buckets[level][byte] = timer->next;
	if (!timers->buckets[level][byte])
		timers->is_used[level][byte / 64] &= ~(UINT64_C(1) << byte % 64);
}

static void file(struct timers *timers, struct timer *timer)
{
	timer->tick = tick_of(timer->deadline);
	if (timer->tick <= timers->current)
		push(timers, timer);
	else
		link_timer(timers, timer);
}

static void unfile(struct timers *timers, struct timer *timer)
{
	if (timer->tick <= timers->current)
		pull(timers, timer);
	else
		unlink_timer(timers, timer);
	timer->tick = timer->next = timer->previous = 0;
}

static bool is_idle(const struct timer *timer)
{
	return !timer->tick && !timer->previous;
}

void timers_add(struct timers *timers, struct timer *timer, struct vtime deadline)
{
	assert(is_idle(timer) && timer->number);
	timer->deadline = deadline;
	file(timers, timer);
}

void timers_remove(struct timers *timers, struct timer *timer)
{
	if (!is_idle(timer))
		unfile(timers, timer);
}

void timers_move_earlier(struct timers *timers, struct timer *timer)
{
	assert(!is_idle(timer));
	if (timer->tick > timers->current) {
		if (tick_of(timer->deadline) >= timer->tick)
			return;
	} else if (!vtime_is_before(timer->deadline, timers->heap[timer->previous - 1].scheduled)) {
		return;
	}
	unfile(timers, timer);
	file(timers, timer);
}

/* The first bucket that is not empty; false: all are. Those of a lower level come first. */
static bool find_bucket(const struct timers *timers, unsigned *level, unsigned *byte)
{
	for (*level = 0; *level < TIMERS_LEVELS; ++*level)
		for (unsigned word = 0; word < TIMERS_WORDS; word++)
			if (timers->is_used[*level][word]) {
				*byte = word * 64 + (unsigned)__builtin_ctzll(timers->is_used[*level][word]);
				return true;
			}
	return false;
}

/* The current tick becomes that of the bucket's start, and its timers are filed anew, where they belong by now. */
static void empty_bucket(struct timers *timers, unsigned level, unsigned byte)
{
	uint32_t number = timers->buckets[level][byte];

	timers->current = start_of(timers, level, byte);
	timers->buckets[level][byte] = 0;
	timers->is_used[level][byte / 64] &= ~(UINT64_C(1) << byte % 64);
	while (number) {
		struct timer *timer = timers->find(timers->owner, number);

		number = timer->next;
		timer->next = 0;
		file(timers, timer);
	}
}

struct timer *timers_search_due(struct timers *timers, struct vtime now)
{
	unsigned level, byte;

	for (;;) {
		struct timers_node *top = timers->n_heap ? &timers->heap[0] : NULL;
		struct timer *timer = top ? top->timer : NULL;
		bool has_bucket;

		if (top && !vtime_is_before(now, top->scheduled)) {
			if (!vtime_is_before(top->scheduled, timer->deadline))
				return timer;
			unfile(timers, timer);
			file(timers, timer);
			continue;
		}
		has_bucket = find_bucket(timers, &level, &byte);
		if (has_bucket && !vtime_is_before(now, time_of(start_of(timers, level, byte)))) {
			empty_bucket(timers, level, byte);
			continue;
		}
		timers->soonest = has_bucket ? time_of(start_of(timers, level, byte)) : never;
		if (top)
			look_at(timers, top->scheduled);
		return NULL;
	}
}

struct timer *timers_pop_due(struct timers *timers, struct vtime now)
{
	struct timer *timer = timers_find_due(timers, now);

	if (timer)
		timers_remove(timers, timer);
	return timer;
}
