/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/relay.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "replay/ring.h"

/* Formats are faster than the replay: so many parcels at once are worth waking their thread. */
enum { PARCELS_WORTH = 3 };

/* What one of both threads looks at for each event lies apart from what the other one writes: lines of a cache wander. */
struct relay {
	struct relay_reader reader;
	struct parcel_wants wants;
	struct parcel sending;		/* the sender's */
	unsigned slot;			/* where it goes */
	struct parcel parcels[RING_SLOTS];
	struct worker worker;
	struct ring ring;		/* the sender fills, the thread empties */
};

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
	const struct relay_reader reader = relay->reader;
	unsigned slot;

	while ((slot = ring_to_empty(&relay->ring)) != RING_NONE) {
		struct parcel parcel = relay->parcels[slot];

		read_parcel(&reader, &parcel);
		parcel_empty(&relay->parcels[slot]);
		ring_emptied(&relay->ring);
	}
}

static void clear(struct relay *relay)
{
	for (size_t i = 0; i < RING_SLOTS; i++)
		parcel_clear(&relay->parcels[i]);
	parcel_clear(&relay->sending);
	free(relay);
}

struct relay *relay_create(const struct relay_reader *reader, const struct parcel_wants *wants)
{
	struct relay *relay = alloc_zeroed(1, sizeof(*relay));

	relay->reader = *reader;
	relay->wants = *wants;
	parcel_init(&relay->sending);
	for (size_t i = 0; i < RING_SLOTS; i++)
		parcel_init(&relay->parcels[i]);
	ring_init(&relay->ring, &relay->worker, PARCELS_WORTH);
	if (worker_start(&relay->worker, work, relay))
		return relay;
	clear(relay);
	return NULL;
}

static void hand_over(struct relay *relay)
{
	relay->parcels[relay->slot] = relay->sending;
	parcel_init(&relay->sending);
	ring_filled(&relay->ring);
}

void relay_send(struct relay *relay, const struct event *event, bool is_shown)
{
	if (parcel_put(&relay->sending, event, is_shown, &relay->wants))
		return;
	hand_over(relay);
	relay->slot = ring_to_fill(&relay->ring);
	relay->sending = relay->parcels[relay->slot];
	parcel_init(&relay->parcels[relay->slot]);
	parcel_put(&relay->sending, event, is_shown, &relay->wants);
}

void relay_destroy(struct relay *relay)
{
	if (!relay)
		return;
	hand_over(relay);
	ring_end(&relay->ring);
	worker_join(&relay->worker);
	clear(relay);
}
