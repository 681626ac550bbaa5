/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/rates.h"

#include <string.h>

/* A second in 2^9 parts: all slices are a power of two of seconds long. */
enum { FIRST_SLICE_NS = 1953125 };

void rates_init(struct rates *rates)
{
	memset(rates, 0, sizeof(*rates));
	rates->slice_ns = FIRST_SLICE_NS;
}

/* Two slices become one. */
static void join(struct rates *rates)
{
	for (int i = 0; i < RATES_SLICES / 2; i++) {
		const struct rates_slice *a = &rates->slices[2 * i], *b = &rates->slices[2 * i + 1];
		struct rates_slice joined = *a;

		for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
			joined.n_packets[verdict] += b->n_packets[verdict];
		if (b->is_touched) {
			joined.last_entries = b->last_entries;
			joined.most_entries = a->most_entries > b->most_entries ? a->most_entries : b->most_entries;
			joined.is_touched = true;
		}
		rates->slices[i] = joined;
	}
	memset(&rates->slices[RATES_SLICES / 2], 0, sizeof(rates->slices) / 2);
	rates->slice_ns *= 2;
	rates->last /= 2;
}

static struct rates_slice *find(struct rates *rates, struct vtime time)
{
	while (time.ns / rates->slice_ns >= RATES_SLICES)
		join(rates);
	rates->last = (int)(time.ns / rates->slice_ns);
	return &rates->slices[rates->last];
}

void rates_count_packet(struct rates *rates, struct vtime time, enum verdict verdict)
{
	find(rates, time)->n_packets[verdict]++;
}

void rates_change_entries(struct rates *rates, struct vtime time, int change)
{
	struct rates_slice *slice = find(rates, time);

	if (!slice->is_touched)
		slice->most_entries = rates->n_entries;
	if (change > 0)
		rates->n_entries++;
	else if (rates->n_entries)
		rates->n_entries--;
	slice->is_touched = true;
	slice->last_entries = rates->n_entries;
	if (slice->most_entries < rates->n_entries)
		slice->most_entries = rates->n_entries;
}

uint64_t rates_entries(const struct rates *rates, int slice)
{
	if (rates->slices[slice].is_touched)
		return rates->slices[slice].most_entries;
	while (slice >= 0 && !rates->slices[slice].is_touched)
		slice--;
	return slice < 0 ? 0 : rates->slices[slice].last_entries;
}
