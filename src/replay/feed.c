/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/feed.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "replay/worker.h"

enum { N_BATCHES = 16, REFILL_AT = N_BATCHES / 2 };

struct feed {
	struct lookahead *lookahead;	/* the thread's */
	struct {
		struct batch batch;
		size_t n_packets;
	} slots[N_BATCHES];		/* each is the thread's or the taker's alone, by the numbers below */
	bool is_taken;			/* the taker has the first one; its own */
	struct worker worker;		/* its lock guards what follows */
	unsigned first, n_filled;
	bool is_stopped;
};

/* The number of the slot to fill; N_BATCHES: nobody wants more. A thread that had to wait goes on when half of them are empty. */
static unsigned wait_for_room(struct feed *feed)
{
	unsigned slot = N_BATCHES;

	worker_lock(&feed->worker);
	if (feed->n_filled == N_BATCHES)
		while (feed->n_filled > REFILL_AT && !feed->is_stopped)
			worker_wait(&feed->worker);
	if (!feed->is_stopped)
		slot = (feed->first + feed->n_filled) % N_BATCHES;
	worker_unlock(&feed->worker);
	return slot;
}

static void hand_over(struct feed *feed)
{
	worker_lock(&feed->worker);
	feed->n_filled++;
	worker_wake(&feed->worker);
	worker_unlock(&feed->worker);
}

static void work(void *owner)
{
	struct feed *feed = owner;
	bool is_over = false;
	unsigned slot;

	while (!is_over && (slot = wait_for_room(feed)) < N_BATCHES) {
		feed->slots[slot].n_packets = batch_fill(&feed->slots[slot].batch, feed->lookahead, BATCH_MOST);
		is_over = feed->slots[slot].n_packets == 0;
		hand_over(feed);
	}
}

static void clear(struct feed *feed)
{
	for (size_t i = 0; i < N_BATCHES; i++)
		batch_clear(&feed->slots[i].batch);
	free(feed);
}

struct feed *feed_create(struct lookahead *lookahead)
{
	struct feed *feed = alloc_zeroed(1, sizeof(*feed));

	feed->lookahead = lookahead;
	for (size_t i = 0; i < N_BATCHES; i++)
		batch_init(&feed->slots[i].batch);
	if (worker_start(&feed->worker, work, feed))
		return feed;
	clear(feed);
	return NULL;
}

struct batch *feed_next(struct feed *feed, size_t *n_packets)
{
	/* The last one, which is empty, is never given back. */
	bool gives_back = feed->is_taken && feed->slots[feed->first].n_packets;

	worker_lock(&feed->worker);
	if (gives_back) {
		feed->first = (feed->first + 1) % N_BATCHES;
		if (--feed->n_filled == REFILL_AT)
			worker_wake(&feed->worker);
	}
	while (!feed->n_filled)
		worker_wait(&feed->worker);
	feed->is_taken = true;
	worker_unlock(&feed->worker);
	*n_packets = feed->slots[feed->first].n_packets;
	return &feed->slots[feed->first].batch;
}

void feed_destroy(struct feed *feed)
{
	if (!feed)
		return;
	worker_lock(&feed->worker);
	feed->is_stopped = true;
	worker_wake(&feed->worker);
	worker_unlock(&feed->worker);
	worker_join(&feed->worker);
	clear(feed);
}
