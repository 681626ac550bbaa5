/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Timers against the plainest model: an array that is searched for the least (deadline, insertion). */
#include <check.h>
#include <stdlib.h>

#include "base/random.h"
#include "clock/timers.h"

enum { N_TIMERS = 200, N_STEPS = 20000 };

struct model {
	struct timer timer;
	struct vtime deadline;
	uint64_t order;
	bool is_pending;
};

static struct timer *find_model(const void *owner, uint32_t number)
{
	return &((struct model *)owner)[number - 1].timer;
}

static struct model *first_due(struct model *models, struct vtime now)
{
	struct model *first = NULL;

	for (int i = 0; i < N_TIMERS; i++) {
		struct model *model = &models[i];

		if (!model->is_pending || model->deadline.ns > now.ns)
			continue;
		if (!first || model->deadline.ns < first->deadline.ns ||
		    (model->deadline.ns == first->deadline.ns && model->order < first->order))
			first = model;
	}
	return first;
}

static void end_due(struct timers *timers, struct model *models, struct vtime now)
{
	struct model *expected;

	while ((expected = first_due(models, now)) != NULL) {
		ck_assert_ptr_eq(timers_pop_due(timers, now), &expected->timer);
		expected->is_pending = false;
	}
	ck_assert_ptr_null(timers_pop_due(timers, now));
}

/* Some deadlines are near and some far: a few units of 1 ns, 2 ns, 4 ns ... up to years. */
static int64_t draw_ns(struct random *random, unsigned most_bits)
{
	return (int64_t)(random_u64(random) % 50) << random_u64(random) % most_bits;
}

/*
 * Times are coarse, so that many deadlines are equal and the order of insertion decides. In a run of short times all stand in
 * the heap; in the others everywhere in the wheel, beyond its end too.
 */
START_TEST(timers_end_by_deadline_then_insertion)
{
	static const unsigned most_bits[] = { 1, 28, 40, 52 };
	struct model *models = calloc(N_TIMERS, sizeof(*models));
	unsigned bits = most_bits[_i % 4];
	struct timers timers;
	struct random random;
	struct vtime now = { 0 };
	uint64_t n_added = 0;

	random_init(&random, (uint64_t)_i + 1);
	timers_init(&timers, find_model, models);
	for (int step = 0; step < N_STEPS; step++) {
		struct model *model = &models[random_u64(&random) % N_TIMERS];
		struct vtime deadline = { now.ns + draw_ns(&random, bits) };

		if (!model->is_pending) {
			model->timer.number = (uint32_t)(model - models) + 1;
			model->timer.order = model->order = n_added++;
			timers_add(&timers, &model->timer, deadline);
		} else if (random_u64(&random) % 8 == 0) {
			timers_remove(&timers, &model->timer);
			model->is_pending = false;
			continue;
		} else {
			timers_rearm(&timers, &model->timer, deadline);
		}
		model->is_pending = true;
		model->deadline = deadline;
		if (random_u64(&random) % 4 == 0) {
			now.ns += draw_ns(&random, bits) / 16 + (int64_t)(random_u64(&random) % 5);
			end_due(&timers, models, now);
		}
	}
	timers_clear(&timers);
	free(models);
}
END_TEST

START_TEST(a_deadline_is_over_when_now_reaches_it)
{
	struct model model = { .timer.number = 1 };
	struct timers timers;

	timers_init(&timers, find_model, &model);
	timers_add(&timers, &model.timer, (struct vtime){ 30 });
	ck_assert_ptr_null(timers_pop_due(&timers, (struct vtime){ 29 }));
	ck_assert_ptr_eq(timers_pop_due(&timers, (struct vtime){ 30 }), &model.timer);
	timers_remove(&timers, &model.timer);
	timers_clear(&timers);
}
END_TEST

static const struct {
	const char *name;
	int64_t deadline_ns, now_ns;
	uint32_t hz, seconds;
} left_rows[] = {
	{ "at once the whole lifetime is left", 30000000000, 0, 250, 30 },
	{ "within the jiffy too", 30003999999, 3999999, 250, 30 },
	{ "one jiffy later a second less", 30000000000, 4000000, 250, 29 },
	{ "a finer clock notices sooner", 30000000000, 1000000, 1000, 29 },
	{ "at the end nothing", 30000000000, 30000000000, 250, 0 },
	{ "afterwards nothing", 30000000000, 31000000000, 250, 0 },
	{ "five days", 432000000000000, 0, 250, 432000 },
};

START_TEST(seconds_left_are_counted_in_jiffies)
{
	uint32_t seconds = vtime_seconds_left((struct vtime){ left_rows[_i].deadline_ns },
					      (struct vtime){ left_rows[_i].now_ns }, left_rows[_i].hz);

	ck_assert_msg(seconds == left_rows[_i].seconds, "%s: %u", left_rows[_i].name, seconds);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("clock/timers");
	TCase *tests = tcase_create("timers");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_loop_test(tests, timers_end_by_deadline_then_insertion, 0, 12);
	tcase_add_test(tests, a_deadline_is_over_when_now_reaches_it);
	tcase_add_loop_test(tests, seconds_left_are_counted_in_jiffies, 0, sizeof(left_rows) / sizeof(left_rows[0]));
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
