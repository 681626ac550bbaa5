/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/feed.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "packet/checksum.h"
#include "replay/ring.h"

/* Some hundred packets are handed over at once: to wake a thread that waits costs more than many of them. Of large ones fewer. */
enum { LOAD_BATCHES = 16, LOAD_BYTES = 512 * 1024 };

struct load {
	struct batch batches[LOAD_BATCHES];
	size_t n_packets[LOAD_BATCHES];
	size_t n_batches;		/* the last one of the capture has no packets */
};

struct feed {
	struct lookahead *lookahead;	/* the thread's */
	struct load loads[RING_SLOTS];
	struct load *taken;		/* the taker's; NULL: none yet */
	size_t next;			/* batch of it */
	struct worker worker;
	bool has_begun;			/* guarded by its lock */
	const struct simulator *simulator;	/* there from then on; of it what is constant */
	struct ring ring;		/* the thread fills, the taker empties */
};

/* What the taker would do else, whose time is short: it need not look at most packets' bytes then. How many bytes there are. */
static size_t prepare(const struct simulator *simulator, struct batch *batch, size_t n_packets)
{
	size_t n_bytes = 0;

	simulator_note_packets(simulator, batch->packets, n_packets);
	for (size_t i = 0; i < n_packets; i++) {
		checksum_note_l4(&batch->packets[i]);
		n_bytes += batch->packets[i].captured_len;
	}
	return n_bytes;
}

/* False: the source has ended. */
static bool fill(struct load *load, struct lookahead *lookahead, const struct simulator *simulator)
{
	size_t n_bytes = 0, n_packets = 0;

	for (load->n_batches = 0; load->n_batches < LOAD_BATCHES && n_bytes < LOAD_BYTES; load->n_batches++) {
		struct batch *batch = &load->batches[load->n_batches];

		n_packets = batch_fill(batch, lookahead, BATCH_MOST);
		n_bytes += prepare(simulator, batch, n_packets);
		load->n_packets[load->n_batches] = n_packets;
		if (!n_packets) {
			load->n_batches++;
			return false;
		}
	}
	return true;
}

static void wait_for_begin(struct feed *feed)
{
	worker_lock(&feed->worker);
	while (!feed->has_begun)
		worker_wait(&feed->worker);
	worker_unlock(&feed->worker);
}

static void work(void *owner)
{
	struct feed *feed = owner;
	bool goes_on = true;
	unsigned slot;

	wait_for_begin(feed);
	while (goes_on && (slot = ring_to_fill(&feed->ring)) != RING_NONE) {
		goes_on = fill(&feed->loads[slot], feed->lookahead, feed->simulator);
		ring_filled(&feed->ring);
	}
}

static void clear(struct feed *feed)
{
	for (size_t i = 0; i < RING_SLOTS * LOAD_BATCHES; i++)
		batch_clear(&feed->loads[i / LOAD_BATCHES].batches[i % LOAD_BATCHES]);
	free(feed);
}

struct feed *feed_create(struct lookahead *lookahead)
{
	struct feed *feed = alloc_zeroed(1, sizeof(*feed));

	feed->lookahead = lookahead;
	for (size_t i = 0; i < RING_SLOTS * LOAD_BATCHES; i++)
		batch_init(&feed->loads[i / LOAD_BATCHES].batches[i % LOAD_BATCHES]);
	ring_init(&feed->ring, &feed->worker, 1);
	if (worker_start(&feed->worker, work, feed))
		return feed;
	clear(feed);
	return NULL;
}

static void begin(struct feed *feed)
{
	worker_lock(&feed->worker);
	feed->has_begun = true;
	worker_wake(&feed->worker);
	worker_unlock(&feed->worker);
}

void feed_begin(struct feed *feed, const struct simulator *simulator)
{
	feed->simulator = simulator;
	begin(feed);
}

struct batch *feed_next(struct feed *feed, size_t *n_packets)
{
	struct batch *batch;

	if (!feed->taken || feed->next == feed->taken->n_batches) {
		if (feed->taken)
			ring_emptied(&feed->ring);
		feed->taken = &feed->loads[ring_to_empty(&feed->ring)];
		feed->next = 0;
	}
	batch = &feed->taken->batches[feed->next];
	*n_packets = feed->taken->n_packets[feed->next];
	/* The last batch, which is empty, is never given back. */
	feed->next += *n_packets != 0;
	return batch;
}

void feed_destroy(struct feed *feed)
{
	if (!feed)
		return;
	ring_stop(&feed->ring);
	begin(feed);
	worker_join(&feed->worker);
	clear(feed);
}
