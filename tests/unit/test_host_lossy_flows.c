/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Flows that lost a packet beside a plain list of when each was added: more of them than there is room for, so that the oldest have
 * gone, from keys that differ in few bits.
 */
#include <check.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/random.h"
#include "host/lossy_flows.h"

enum { N_KEYS = LOSSY_FLOWS_KEPT + LOSSY_FLOWS_KEPT / 4, N_TURNS = 400000 };

/* Both families, and what differs are bits of addresses, ports, zone and protocol. */
static struct tuple key_of(uint32_t number)
{
	bool is_ipv6 = number & 1;
	struct tuple key = {
		.source.word = { 10 + (number >> 1 & 7) }, .destination.word = { 20, 0, 0, is_ipv6 ? number >> 4 & 31 : 0 },
		.source_port = (uint16_t)(number >> 9), .destination_port = is_ipv6 ? 0 : number >> 4 & 31,
		.zone = (uint16_t)(number >> 16), .protocol = PROTOCOL_UDP, .family = is_ipv6 ? FAMILY_IPV6 : FAMILY_IPV4,
	};

	return key;
}

struct judged {
	struct lossy_flows *flows;
	uint64_t added_at[N_KEYS];	/* which one it was of all that were added, from 1; 0: never */
};

static bool is_kept(const struct judged *judged, uint32_t number)
{
	uint64_t at = judged->added_at[number];

	return at && at + LOSSY_FLOWS_KEPT > judged->flows->n_added;
}

/* Asserts are dear: a turn says whether all is right. */
static bool turn(struct judged *judged, uint32_t number)
{
	const struct tuple key = key_of(number);
	uint32_t hash = lossy_flows_hash(judged->flows, &key);
	struct lossy_flow *flow;

	/* Neither changes what any function answers. */
	lossy_flows_foresee(judged->flows, hash);
	lossy_flows_foresee_flow(judged->flows, hash);
	flow = lossy_flows_find(judged->flows, &key, hash);
	if ((flow != NULL) != is_kept(judged, number))
		return false;
	if (!flow) {
		flow = lossy_flows_add(judged->flows, &key, hash);
		judged->added_at[number] = judged->flows->n_added;
		if (flow->side[0].lost)
			return false;
		flow->side[0].lost = number;
	}
	return lossy_flows_find(judged->flows, &key, hash) == flow && tuple_is_equal(&flow->key, &key) && flow->side[0].lost == number;
}

START_TEST(the_newest_are_found_and_the_oldest_are_gone)
{
	struct judged *judged = alloc_zeroed(1, sizeof(*judged));
	struct random random;
	uint32_t n_kept = 0, n_wrong = 0;

	judged->flows = alloc_zeroed(1, sizeof(*judged->flows));
	lossy_flows_init(judged->flows, 7 + (uint64_t)_i);
	random_init(&random, (uint64_t)_i);
	for (int i = 0; i < N_TURNS; i++)
		n_wrong += !turn(judged, (uint32_t)(random_u64(&random) % N_KEYS));
	ck_assert_uint_eq(n_wrong, 0);
	/* Enough of them that some had to go, and none was lost on the way. */
	ck_assert_uint_gt(judged->flows->n_added, N_KEYS + LOSSY_FLOWS_KEPT / 4);
	for (uint32_t number = 0; number < N_KEYS; number++) {
		const struct tuple key = key_of(number);

		n_kept += is_kept(judged, number);
		n_wrong += (lossy_flows_find(judged->flows, &key, lossy_flows_hash(judged->flows, &key)) != NULL) != is_kept(judged, number);
	}
	ck_assert_uint_eq(n_wrong, 0);
	ck_assert_uint_eq(n_kept, LOSSY_FLOWS_KEPT);
	free(judged->flows);
	free(judged);
}
END_TEST

START_TEST(keys_that_differ_in_little_are_spread)
{
	enum { LONGEST = 200 };
	struct lossy_flows *flows = alloc_zeroed(1, sizeof(*flows));
	uint32_t longest = 0, len = 0;

	lossy_flows_init(flows, (uint64_t)_i);
	for (uint32_t number = 0; number < LOSSY_FLOWS_KEPT; number++) {
		const struct tuple key = key_of(number);

		lossy_flows_add(flows, &key, lossy_flows_hash(flows, &key));
	}
	for (uint32_t at = 0; at < LOSSY_FLOWS_SLOTS; at++) {
		len = flows->slots[at].place ? len + 1 : 0;
		longest = len > longest ? len : longest;
	}
	/* Of slots in a row that are taken. */
	ck_assert_uint_lt(longest, LONGEST);
	free(flows);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("host/lossy_flows");
	TCase *tcase = tcase_create("lossy_flows");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_loop_test(tcase, the_newest_are_found_and_the_oldest_are_gone, 0, 2);
	tcase_add_loop_test(tcase, keys_that_differ_in_little_are_spread, 0, 4);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
