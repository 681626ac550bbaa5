/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/rate_estimator.h"

#include <stdbool.h>
#include <stdlib.h>

#include "base/alloc.h"

static const char kind[] = "rateest";

struct rate_estimator {
	uint32_t hz, interval_log, ewma_log;
	int64_t next;			/* jiffy */
	struct rate_sample total, last;
	struct rate_sample average;	/* times 256 */
};

struct rate_estimator *rate_estimator_find(const struct shared_states *shared, const char *name)
{
	return shared_states_find(shared, kind, name);
}

static int64_t interval_of(const struct rate_estimator *estimator)
{
	return (int64_t)(estimator->hz / 4) << estimator->interval_log;
}

struct rate_estimator *rate_estimator_open(struct shared_states *shared, const char *name, uint32_t interval_log,
					   uint32_t ewma_log)
{
	struct rate_estimator *estimator = rate_estimator_find(shared, name);

	if (estimator)
		return estimator;
	estimator = alloc_zeroed(1, sizeof(*estimator));
	estimator->hz = shared->hz;
	estimator->interval_log = interval_log;
	estimator->ewma_log = ewma_log;
	estimator->next = interval_of(estimator);
	shared_states_add(shared, kind, name, estimator, free);
	return estimator;
}

/* A change of the average, as the kernel's unsigned arithmetic has it. */
static uint64_t change_of(const struct rate_estimator *estimator, uint64_t n, uint64_t average)
{
	return (n << (10 - estimator->interval_log) >> estimator->ewma_log) - (average >> estimator->ewma_log);
}

static bool is_at_rest(const struct rate_estimator *estimator)
{
	return estimator->total.bytes == estimator->last.bytes && !(estimator->average.bytes >> estimator->ewma_log) &&
	       estimator->total.packets == estimator->last.packets && !(estimator->average.packets >> estimator->ewma_log);
}

/* All intervals that have ended. Once nothing changes any more, the rest is skipped. */
static void advance(struct rate_estimator *estimator, struct vtime now)
{
	int64_t jiffy = vtime_jiffies(now, estimator->hz), interval = interval_of(estimator);

	while (estimator->next <= jiffy) {
		if (is_at_rest(estimator)) {
			estimator->next += ((jiffy - estimator->next) / interval + 1) * interval;
			return;
		}
		estimator->average.bytes += change_of(estimator, estimator->total.bytes - estimator->last.bytes,
						      estimator->average.bytes);
		estimator->average.packets += change_of(estimator, estimator->total.packets - estimator->last.packets,
							estimator->average.packets);
		estimator->last = estimator->total;
		estimator->next += interval;
	}
}

void rate_estimator_count(struct rate_estimator *estimator, uint32_t packet_len, struct vtime now)
{
	advance(estimator, now);
	estimator->total.bytes += packet_len;
	estimator->total.packets++;
}

struct rate_sample rate_estimator_read(struct rate_estimator *estimator, struct vtime now)
{
	advance(estimator, now);
	return (struct rate_sample){ estimator->average.bytes >> 8, estimator->average.packets >> 8 };
}
