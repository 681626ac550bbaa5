/* SPDX-License-Identifier: GPL-2.0-or-later */
/* limit: the sequences that were seen on a live kernel, and its 32-bit arithmetic. */
#include "event/stream.h"
#include "rules_fixture.h"

/* How many of so many packets at one moment match. */
struct burst {
	int64_t ms;
	unsigned n_packets, n_matches;
};

static const struct {
	const char *options;
	uint32_t hz;
	struct burst bursts[6];
} rows[] = {
	/* Live on 6.18. */
	{ "--limit 1/s --limit-burst 3", 250, { { 0, 10, 3 }, { 1100, 2, 1 }, { 3700, 5, 2 }, { 9700, 10, 3 } } },
	/* One jiffy less than a second does not give a packet back. */
	{ "--limit 1/s --limit-burst 1", 250, { { 0, 2, 1 }, { 996, 1, 0 }, { 1000, 1, 1 }, { 1999, 1, 0 } } },
	{ "--limit 1/s --limit-burst 1", 1000, { { 0, 2, 1 }, { 999, 1, 0 }, { 1000, 1, 1 } } },
	/* The default: 3/hour, burst 5. */
	{ "", 250, { { 0, 7, 5 }, { 1199996, 1, 0 }, { 1200000, 2, 1 }, { 36000000, 9, 5 } } },
	/* A cost of 3.2 credits is 3: the kernel is generous here. */
	{ "--limit 10000/s --limit-burst 10000", 250, { { 0, 11000, 10666 }, { 4, 50, 43 } } },
	/* Credit is counted while packets are refused too. */
	{ "--limit 2/s --limit-burst 1", 250, { { 0, 1, 1 }, { 248, 1, 0 }, { 496, 1, 0 }, { 500, 1, 1 } } },
	/* 2^32 / 128 jiffies of silence: the increase is 0 again. */
	{ "--limit 1/s --limit-burst 1", 250, { { 0, 1, 1 }, { INT64_C(134217728), 1, 0 }, { INT64_C(134218728), 1, 1 } } },
};

START_TEST(sequences)
{
	struct rules_fixture fixture;
	const struct match_type *match;

	rules_fixture_init(&fixture);
	fixture.subject.hz = rows[_i].hz;
	match = rules_fixture_match(&fixture, "limit", FAMILY_IPV4, rows[_i].options);
	for (size_t i = 0; i < 6 && rows[_i].bursts[i].n_packets; i++) {
		const struct burst *burst = &rows[_i].bursts[i];
		unsigned n_matches = 0;

		fixture.subject.now.ns = burst->ms * 1000000;
		for (unsigned n = 0; n < burst->n_packets; n++)
			n_matches += strcmp(rules_fixture_eval(&fixture, match), "yes") == 0;
		ck_assert_msg(n_matches == burst->n_matches, "%s at %lld ms: %u", rows[_i].options, (long long)burst->ms,
			      n_matches);
	}
	rules_fixture_clear(&fixture);
}
END_TEST

START_TEST(explanation_of_an_empty_bucket)
{
	struct rules_fixture fixture;
	const struct match_type *match;

	rules_fixture_init(&fixture);
	match = rules_fixture_match(&fixture, "limit", FAMILY_IPV4, "--limit 90/min --limit-burst 1");
	ck_assert_str_eq(rules_fixture_eval(&fixture, match), "yes");
	ck_assert_str_eq(rules_fixture_eval(&fixture, match), "no");
	rules_fixture_expect_explanation(&fixture, match, "--limit 90/min: the bucket is empty");
	rules_fixture_clear(&fixture);
}
END_TEST

static void keep_bucket(void *owner, const struct event *event)
{
	*(struct event_bucket *)owner = event->bucket;
}

/* A packet costs a fifth of a bucket of five; a refused one costs nothing, and is told. */
START_TEST(level_of_the_bucket)
{
	struct rules_fixture fixture;
	const struct match_type *match;
	struct event_bucket bucket = { .level = 0 };
	struct stream stream;

	rules_fixture_init(&fixture);
	stream_init(&stream);
	stream_add(&stream, EVENT_BIT(EVENT_BUCKET), keep_bucket, &bucket);
	fixture.subject.stream = &stream;
	match = rules_fixture_match(&fixture, "limit", FAMILY_IPV4, "--limit 2/s --limit-burst 5");
	for (unsigned n = 5; n > 0; n--) {
		ck_assert_str_eq(rules_fixture_eval(&fixture, match), "yes");
		ck_assert_uint_eq(bucket.level / bucket.cost, n);
		ck_assert_uint_eq(bucket.cap / bucket.cost, 5);
		ck_assert_uint_eq(bucket.refill / bucket.cost, 2);
		ck_assert(bucket.is_paid);
	}
	ck_assert_str_eq(rules_fixture_eval(&fixture, match), "no");
	ck_assert_uint_eq(bucket.level / bucket.cost, 0);
	ck_assert(!bucket.is_paid);
	rules_fixture_clear(&fixture);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("limit");

	tcase_add_loop_test(tcase, sequences, 0, N_ROWS(rows));
	tcase_add_test(tcase, explanation_of_an_empty_bucket);
	tcase_add_test(tcase, level_of_the_bucket);
	return script_packets_run("rules/match limit", tcase);
}
