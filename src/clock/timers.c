/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A binary heap on (scheduled, insertion number); every timer knows its place in it. */
#include "clock/timers.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

void timers_init(struct timers *timers)
{
	memset(timers, 0, sizeof(*timers));
}

void timers_clear(struct timers *timers)
{
	for (size_t i = 0; i < timers->n_timers; i++)
		timers->heap[i].timer->position = 0;
	free(timers->heap);
	timers_init(timers);
}

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
	node.timer->position = (uint32_t)at + 1;
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

		if (child >= timers->n_timers)
			break;
		if (child + 1 < timers->n_timers && node_is_before(&timers->heap[child + 1], &timers->heap[child]))
			child++;
		if (!node_is_before(&timers->heap[child], &node))
			break;
		place(timers, at, timers->heap[child]);
		at = child;
	}
	place(timers, at, node);
}

void timers_add(struct timers *timers, struct timer *timer, struct vtime deadline)
{
	assert(timer->position == 0);
	if (timers->n_timers == timers->capacity) {
		timers->capacity = alloc_grown_capacity(timers->capacity, timers->n_timers + 1);
		timers->heap = alloc_resize(timers->heap, timers->capacity, sizeof(*timers->heap));
	}
	timer->deadline = deadline;
	timers->heap[timers->n_timers] = (struct timers_node){
		.scheduled = deadline, .order = timers->n_added++, .timer = timer,
	};
	sift_up(timers, timers->n_timers++);
}

void timers_remove(struct timers *timers, struct timer *timer)
{
	size_t at = timer->position;

	if (at-- == 0)
		return;
	timer->position = 0;
	if (at == --timers->n_timers)
		return;
	place(timers, at, timers->heap[timers->n_timers]);
	sift_up(timers, at);
	sift_down(timers, timers->heap[at].timer->position - 1);
}

void timers_move_earlier(struct timers *timers, struct timer *timer)
{
	size_t at = timer->position;

	assert(at > 0);
	if (!vtime_is_before(timer->deadline, timers->heap[at - 1].scheduled))
		return;
	timers->heap[at - 1].scheduled = timer->deadline;
	sift_up(timers, at - 1);
}

struct timer *timers_search_due(struct timers *timers, struct vtime now)
{
	while (timers->n_timers && !vtime_is_before(now, timers->heap[0].scheduled)) {
		struct timer *timer = timers->heap[0].timer;

		if (vtime_is_before(timers->heap[0].scheduled, timer->deadline)) {
			timers->heap[0].scheduled = timer->deadline;
			sift_down(timers, 0);
			continue;
		}
		return timer;
	}
	return NULL;
}

struct timer *timers_pop_due(struct timers *timers, struct vtime now)
{
	struct timer *timer = timers_find_due(timers, now);

	if (timer)
		timers_remove(timers, timer);
	return timer;
}
