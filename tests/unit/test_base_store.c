/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A store beside an array of what was taken from it, through every kind of slab. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "base/store.h"

enum { MOST_OBJECTS = 300000, N_TURNS = 2000000 };

struct object {
	uint64_t stamp;
	uint64_t rest[2];
};

/* Asked millions of times: each ck_assert() is a write to check's pipe. */
#define MUST(condition) \
	do { \
		if (!(condition)) \
			ck_abort_msg("turn %u: %s", (unsigned)turn, #condition); \
	} while (0)

static const size_t sizes[] = { sizeof(uint64_t), sizeof(struct object) };

START_TEST(objects_keep_their_number_place_and_bytes)
{
	uint32_t *numbers = calloc(MOST_OBJECTS, sizeof(*numbers));
	uint64_t n_live = 0;
	struct random random;
	struct store store;

	ck_assert(numbers != NULL);
	random_init(&random, 1);
	store_init(&store, sizes, 2);
	for (uint32_t turn = 0; turn < N_TURNS; turn++) {
		uint32_t place = (uint32_t)(random_u64(&random) % MOST_OBJECTS);
		struct object *object;

		if (numbers[place]) {
			object = store_at(&store, numbers[place]);
			MUST(object->stamp == place + 1u);
			store_give(&store, numbers[place]);
			numbers[place] = 0;
			n_live--;
			continue;
		}
		object = store_take(&store, place % 2, &numbers[place]);
		MUST(numbers[place] > 0 && numbers[place] <= STORE_LAST);
		MUST((uintptr_t)object % 8 == 0);
		MUST(object->stamp == 0);
		if (place % 2)
			MUST(object->rest[0] == 0 && object->rest[1] == 0);
		memset(object, 0xff, sizes[place % 2]);
		object->stamp = place + 1u;
		n_live++;
	}
	ck_assert_uint_eq(store.n_live, n_live);
	store_clear(&store);
	free(numbers);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("base/store");
	TCase *cases = tcase_create("store");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(cases, 60);
	tcase_add_test(cases, objects_keep_their_number_place_and_bytes);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
