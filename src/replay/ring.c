/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/ring.h"

void ring_init(struct ring *ring, struct worker *worker, unsigned n_worth)
{
	*ring = (struct ring){ .worker = worker, .n_worth = n_worth };
}

unsigned ring_to_fill(struct ring *ring)
{
	unsigned slot;

	worker_lock(ring->worker);
	if (ring->n_filled == RING_SLOTS) {
		while (ring->n_filled > RING_LOW && !ring->is_stopped)
			worker_wait(ring->worker);
	}
	slot = ring->is_stopped ? RING_NONE : (ring->first + ring->n_filled) % RING_SLOTS;
	worker_unlock(ring->worker);
	return slot;
}

void ring_filled(struct ring *ring)
{
	worker_lock(ring->worker);
	if (++ring->n_filled >= ring->n_worth)
		worker_wake(ring->worker);
	worker_unlock(ring->worker);
}

unsigned ring_to_empty(struct ring *ring)
{
	unsigned slot;

	worker_lock(ring->worker);
	if (!ring->n_filled)
		while (ring->n_filled < ring->n_worth && !ring->is_ended)
			worker_wait(ring->worker);
	slot = ring->n_filled ? ring->first : RING_NONE;
	worker_unlock(ring->worker);
	return slot;
}

void ring_emptied(struct ring *ring)
{
	worker_lock(ring->worker);
	ring->first = (ring->first + 1) % RING_SLOTS;
	if (--ring->n_filled == RING_LOW)
		worker_wake(ring->worker);
	worker_unlock(ring->worker);
}

static void set(struct ring *ring, bool *flag)
{
	worker_lock(ring->worker);
	*flag = true;
	worker_wake(ring->worker);
	worker_unlock(ring->worker);
}

void ring_end(struct ring *ring)
{
	set(ring, &ring->is_ended);
}

void ring_stop(struct ring *ring)
{
	set(ring, &ring->is_stopped);
}
