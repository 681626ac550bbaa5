/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/relay.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "replay/worker.h"

enum { N_PARCELS = 3 };

struct relay {
	struct relay_reader reader;
	struct parcel_wants wants;
	struct parcel *sending;		/* the sender's */
	struct parcel parcels[N_PARCELS];	/* each is its reader's or the sender's alone, by the numbers below */
	struct worker worker;		/* its lock guards what follows */
	unsigned first, n_filled;	/* parcels that wait to be read, or are being read; the one behind them is the sender's */
	bool is_ended;
};

/* The next parcel to read; NULL: there will be none. */
static struct parcel *receive(struct relay *relay)
{
	struct parcel *parcel = NULL;

	worker_lock(&relay->worker);
	while (!relay->n_filled && !relay->is_ended)
		worker_wait(&relay->worker);
	if (relay->n_filled)
		parcel = &relay->parcels[relay->first];
	worker_unlock(&relay->worker);
	return parcel;
}

static void give_back(struct relay *relay)
{
	worker_lock(&relay->worker);
	relay->first = (relay->first + 1) % N_PARCELS;
	relay->n_filled--;
	worker_wake(&relay->worker);
	worker_unlock(&relay->worker);
}

static void read_parcel(const struct relay_reader *reader, const struct parcel *parcel)
{
	struct parcel_reader at = { .place = 0 };
	const struct event *event;
	bool is_shown;

	while ((event = parcel_next(parcel, &at, &is_shown)))
		reader->read(reader->owner, event, is_shown);
	reader->rest(reader->owner);
}

static void work(void *owner)
{
	struct relay *relay = owner;
	struct parcel *parcel;

	while ((parcel = receive(relay))) {
		read_parcel(&relay->reader, parcel);
		parcel_empty(parcel);
		give_back(relay);
	}
}

static void clear(struct relay *relay)
{
	for (size_t i = 0; i < N_PARCELS; i++)
		parcel_clear(&relay->parcels[i]);
	free(relay);
}

struct relay *relay_create(const struct relay_reader *reader, const struct parcel_wants *wants)
{
	struct relay *relay = alloc_zeroed(1, sizeof(*relay));

	relay->reader = *reader;
	relay->wants = *wants;
	relay->sending = &relay->parcels[0];
	for (size_t i = 0; i < N_PARCELS; i++)
		parcel_init(&relay->parcels[i]);
	if (worker_start(&relay->worker, work, relay))
		return relay;
	clear(relay);
	return NULL;
}

/* Hands the sender's parcel over, and waits until the next one is empty. */
static void hand_over(struct relay *relay)
{
	worker_lock(&relay->worker);
	relay->n_filled++;
	worker_wake(&relay->worker);
	while (relay->n_filled == N_PARCELS)
		worker_wait(&relay->worker);
	relay->sending = &relay->parcels[(relay->first + relay->n_filled) % N_PARCELS];
	worker_unlock(&relay->worker);
}

void relay_send(struct relay *relay, const struct event *event, bool is_shown)
{
	if (parcel_put(relay->sending, event, is_shown, &relay->wants))
		return;
	hand_over(relay);
	parcel_put(relay->sending, event, is_shown, &relay->wants);
}

void relay_destroy(struct relay *relay)
{
	if (!relay)
		return;
	hand_over(relay);
	worker_lock(&relay->worker);
	relay->is_ended = true;
	worker_wake(&relay->worker);
	worker_unlock(&relay->worker);
	worker_join(&relay->worker);
	clear(relay);
}
