/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/live_expectations.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "event/words.h"
#include "kernel/ages.h"

void live_expectations_clear(struct live_expectations *expectations)
{
	free(expectations->list);
	memset(expectations, 0, sizeof(*expectations));
}

const struct live_expectation *live_expectations_add(struct live_expectations *expectations, const struct kernel_expectation *told,
						     uint16_t zone, struct vtime now)
{
	struct live_expectation *added;

	if (expectations->n == expectations->capacity) {
		expectations->capacity = alloc_grown_capacity(expectations->capacity, expectations->n + 1);
		expectations->list = alloc_resize(expectations->list, expectations->capacity, sizeof(*expectations->list));
	}
	added = &expectations->list[expectations->n++];
	*added = (struct live_expectation){
		.told = *told,
		.id = ++expectations->n_created,
		.deadline = vtime_add_seconds(now, told->seconds_left),
		.real_end = vtime_add_seconds(ages_real_time(), told->seconds_left),
		.zone = zone,
		.is_listed = true,
	};
	return added;
}

static void take(struct live_expectations *expectations, size_t index, struct live_expectation *ended)
{
	*ended = expectations->list[index];
	expectations->n--;
	memmove(&expectations->list[index], &expectations->list[index + 1],
		(expectations->n - index) * sizeof(*expectations->list));
}

static bool is_same(const struct kernel_expectation *a, const struct kernel_expectation *b)
{
	return tuple_is_equal(&a->tuple, &b->tuple) && tuple_is_equal(&a->mask, &b->mask) && tuple_is_equal(&a->master, &b->master);
}

struct refreshing {
	struct live_expectations *expectations;
	struct vtime now, real;
};

/* Whole seconds are listed, cut off; less than half of one goes by between two looks at the clock. */
static bool was_set(const struct live_expectation *known, const struct kernel_expectation *listed, struct vtime real)
{
	int64_t left = known->real_end.ns - real.ns, shown = (int64_t)listed->seconds_left * VTIME_NS_PER_SECOND;

	return shown > left + VTIME_NS_PER_SECOND / 2 || shown + VTIME_NS_PER_SECOND < left - VTIME_NS_PER_SECOND / 2;
}

static void refresh(void *owner, const struct kernel_expectation *listed)
{
	const struct refreshing *refreshing = owner;
	struct live_expectations *expectations = refreshing->expectations;

	for (size_t i = 0; i < expectations->n; i++) {
		struct live_expectation *known = &expectations->list[i];

		if (!is_same(&known->told, listed))
			continue;
		known->told.flags = listed->flags;
		known->is_listed = true;
		if (!was_set(known, listed, refreshing->real))
			continue;
		known->deadline = vtime_add_seconds(refreshing->now, listed->seconds_left + 1);
		known->real_end = vtime_add_seconds(refreshing->real, listed->seconds_left + 1);
	}
}

bool live_expectations_refresh(struct live_expectations *expectations, struct entries *entries, struct vtime now)
{
	struct refreshing refreshing = { .expectations = expectations, .now = now, .real = ages_real_time() };

	for (size_t i = 0; i < expectations->n; i++)
		expectations->list[i].is_listed = false;
	return entries_visit_expectations(entries, refresh, &refreshing);
}

bool live_expectations_take_unlisted(struct live_expectations *expectations, struct live_expectation *ended)
{
	for (size_t i = expectations->n; i > 0; i--) {
		if (expectations->list[i - 1].is_listed)
			continue;
		take(expectations, i - 1, ended);
		return true;
	}
	return false;
}

bool live_expectations_take_of(struct live_expectations *expectations, const struct kernel_entry *master, struct live_expectation *ended)
{
	struct tuple original = master->tuple[DIRECTION_ORIGINAL];

	original.zone = 0;	/* no expectation tells it of its master */
	for (size_t i = expectations->n; i > 0; i--) {
		const struct live_expectation *known = &expectations->list[i - 1];

		if (known->zone != entries_zone(master) || !tuple_is_equal(&known->told.master, &original))
			continue;
		take(expectations, i - 1, ended);
		return true;
	}
	return false;
}

bool live_expectations_take(struct live_expectations *expectations, const struct kernel_expectation *told,
			    struct live_expectation *ended)
{
	for (size_t i = 0; i < expectations->n; i++) {
		if (!is_same(&expectations->list[i].told, told))
			continue;
		take(expectations, i, ended);
		ended->told.flags = told->flags;	/* as they are at the end */
		return true;
	}
	return false;
}

bool live_expectations_take_due(struct live_expectations *expectations, struct entries *entries, struct vtime now,
			   struct live_expectation *ended)
{
	size_t first = expectations->n;

	for (size_t i = 0; i < expectations->n; i++)
		if (expectations->list[i].deadline.ns <= now.ns &&
		    (first == expectations->n || expectations->list[i].deadline.ns < expectations->list[first].deadline.ns))
			first = i;
	if (first == expectations->n)
		return false;
	take(expectations, first, ended);
	entries_remove_expectation(entries, &ended->told, ended->zone);
	return true;
}
