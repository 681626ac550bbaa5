/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Matches that remember (recent, hashlimit, quota, statistic) or look at the clock (time): sequences of one rule. */
#include "rules_fixture.h"

enum { STEPS_MOST = 14 };

/* A letter a packet: y or n. All packets are alike. */
static const struct {
	const char *name, *match, *options;
	int64_t ms[STEPS_MOST];
	const char *expected;
} sequences[] = {
	{ "a list is empty at first", "recent", "--rcheck", { 0 }, "n" },
	{ "what was set is always found", "recent", "--set", { 0, 1 }, "yy" },
	{ "an update notes nothing that is not there", "recent", "--update", { 0, 1 }, "nn" },
	{ "what is not there is not removed", "recent", "! --remove", { 0 }, "y" },
	{ "a full bucket, then the rate", "hashlimit", "--hashlimit-upto 1/s --hashlimit-burst 3 --hashlimit-name a",
	  { 0, 0, 0, 0, 996, 1000, 1000 }, "yyynnyn" },
	{ "above is the opposite", "hashlimit", "--hashlimit-above 1/s --hashlimit-burst 2 --hashlimit-name a",
	  { 0, 0, 0, 500 }, "nnyy" },
	{ "a bucket that expired is full again", "hashlimit", "--hashlimit-upto 1/min --hashlimit-burst 2 --hashlimit-name a",
	  { 0, 0, 0, 60004, 60004 }, "yynyy" },
	{ "one that is kept is not", "hashlimit",
	  "--hashlimit-upto 1/min --hashlimit-burst 2 --hashlimit-htable-expire 600000 --hashlimit-name a",
	  { 0, 0, 0, 60004, 60004 }, "yynyn" },
	{ "bytes in pieces of sixteen", "hashlimit", "--hashlimit-upto 100b/s --hashlimit-name a", { 0, 0, 0, 0 }, "yynn" },
	{ "a quota is used up", "quota", "--quota 100", { 0, 0, 0, 0 }, "yynn" },
	{ "and inverted", "quota", "! --quota 38", { 0, 0 }, "ny" },
	{ "the first of three", "statistic", "--mode nth --every 3 --packet 0", { 0, 0, 0, 0, 0, 0, 0 }, "ynnynny" },
	{ "the third of three", "statistic", "--mode nth --every 3 --packet 2", { 0, 0, 0, 0, 0, 0, 0 }, "nnynnyn" },
	{ "all but the second", "statistic", "--mode nth ! --every 2 --packet 1", { 0, 0, 0, 0 }, "ynyn" },
	{ "never", "statistic", "--mode random --probability 0", { 0, 0, 0 }, "nnn" },
	{ "always", "statistic", "--mode random --probability 1", { 0, 0, 0 }, "yyy" },
};

START_TEST(sequence)
{
	const struct match_type *match;
	struct rules_fixture fixture;
	char seen[STEPS_MOST + 1] = "";

	rules_fixture_init(&fixture);
	rules_fixture_load(&fixture, "udp 10.0.0.2:1000 > 10.0.1.2:53 len 10");
	match = rules_fixture_match(&fixture, sequences[_i].match, FAMILY_IPV4, sequences[_i].options);
	for (size_t i = 0; sequences[_i].expected[i]; i++) {
		fixture.subject.now.ns = sequences[_i].ms[i] * 1000000;
		seen[i] = rules_fixture_eval(&fixture, match)[0];
	}
	ck_assert_msg(strcmp(seen, sequences[_i].expected) == 0, "%s: %s", sequences[_i].name, seen);
	rules_fixture_clear(&fixture);
}
END_TEST

/* Seconds since 1970, and whether the rule matches then. 1700000000 is Tuesday, 2023-11-14 22:13:20. */
static const struct {
	const char *options;
	int64_t unix_seconds;
	const char *expected;
} times[] = {
	{ "--timestart 22:13:20 --timestop 23:00", 1700000000, "yes" },
	{ "--timestart 22:13:21 --timestop 23:00", 1700000000, "no" },
	{ "--timestart 10:00 --timestop 22:13:20", 1700000000, "yes" },
	{ "--timestart 22:00 --timestop 06:00", 1700000000, "yes" },
	{ "--timestart 23:00 --timestop 06:00", 1700000000, "no" },
	{ "--weekdays Tue", 1700000000, "yes" },
	{ "! --weekdays Tue", 1700000000, "no" },
	{ "--monthdays 14", 1700000000, "yes" },
	{ "--monthdays 13,15", 1700000000, "no" },
	{ "--datestart 2023-11-14T22:13:20", 1700000000, "yes" },
	{ "--datestart 2023-11-14T22:13:21", 1700000000, "no" },
	{ "--datestop 2023-11-14T22:13:20", 1700000000, "yes" },
	{ "--datestop 2023-11-14", 1700000000, "no" },
	/* Wednesday, 01:00: of Tuesday's night only with --contiguous. */
	{ "--timestart 22:00 --timestop 06:00 --weekdays Tue", 1700010000, "no" },
	{ "--timestart 22:00 --timestop 06:00 --weekdays Tue --contiguous", 1700010000, "yes" },
	/* A leap day. */
	{ "--monthdays 29 --weekdays Thu", 1709164800, "yes" },
	{ "--kerneltz --timestart 22:00", 1700000000, "yes" },
};

START_TEST(time_of_capture)
{
	const struct match_type *match;
	struct rules_fixture fixture;

	rules_fixture_init(&fixture);
	rules_fixture_load(&fixture, "udp 10.0.0.2:1000 > 10.0.1.2:53 len 10");
	match = rules_fixture_match(&fixture, "time", FAMILY_IPV4, times[_i].options);
	fixture.subject.origin_ns = (times[_i].unix_seconds - 5) * VTIME_NS_PER_SECOND + 1;
	fixture.subject.now.ns = INT64_C(5) * VTIME_NS_PER_SECOND;
	ck_assert_msg(strcmp(rules_fixture_eval(&fixture, match), times[_i].expected) == 0, "%s", times[_i].options);
	rules_fixture_clear(&fixture);
}
END_TEST

/* The other rule of a list: -m recent --set. */
struct setter {
	char config[FIXTURE_CONFIG_LEN];
	alignas(16) char state[FIXTURE_STATE_LEN];
};

/* A packet, the rule that sets, and beside it, in the fixture, one of these options. */
static const struct match_type *begin_list(struct rules_fixture *fixture, struct setter *setter, const char *options)
{
	rules_fixture_init(fixture);
	rules_fixture_load(fixture, "udp 10.0.0.2:1000 > 10.0.1.2:53 len 10");
	(void)rules_fixture_match(fixture, "recent", FAMILY_IPV4, "--set");
	memcpy(setter->config, fixture->config, sizeof(setter->config));
	memcpy(setter->state, fixture->state, sizeof(setter->state));
	memset(fixture->config, 0, sizeof(fixture->config));
	source_clear(&fixture->source);
	return rules_fixture_match(fixture, "recent", FAMILY_IPV4, options);
}

/* Far more packets than a list keeps times of, at uneven steps: those of the last ten seconds count. */
START_TEST(a_ring_goes_round)
{
	enum { N_PACKETS = 200, SECONDS = 10, HITS = 3 };
	static const int64_t steps[] = { 1, 7, 2, 0, 6, 4, 3, 11 };
	int64_t seen[N_PACKETS], now = 0;
	const struct match_type *match;
	struct rules_fixture fixture;
	struct setter setter;

	match = begin_list(&fixture, &setter, "--rcheck --seconds 10 --hitcount 3");
	for (int i = 0; i < N_PACKETS; i++) {
		int n_hits = 0;

		fixture.subject.now.ns = now * VTIME_NS_PER_SECOND;
		for (int k = 0; k < i; k++)
			n_hits += seen[k] >= now - SECONDS;
		ck_assert_str_eq(rules_fixture_eval(&fixture, match), n_hits >= HITS ? "yes" : "no");
		ck_assert_int_eq(match->eval(setter.config, setter.state, &fixture.subject), MATCH_YES);
		seen[i] = now;
		now += steps[i % 8];
	}
	rules_fixture_clear(&fixture);
}
END_TEST

/* Two rules of one name share a list; the ring forgets the oldest time; the hundred-and-first address the first. */
START_TEST(a_list_of_two_rules)
{
	const struct match_type *match;
	struct rules_fixture fixture;
	struct address *source = &fixture.packet.source;
	struct setter setter;
	struct address first;

	match = begin_list(&fixture, &setter, "--update --seconds 10 --hitcount 3");
	for (int i = 0; i < 3; i++) {
		ck_assert_str_eq(rules_fixture_eval(&fixture, match), "no");
		ck_assert_int_eq(match->eval(setter.config, setter.state, &fixture.subject), MATCH_YES);
	}
	ck_assert_str_eq(rules_fixture_eval(&fixture, match), "yes");
	fixture.subject.now.ns = INT64_C(10) * VTIME_NS_PER_SECOND;
	ck_assert_str_eq(rules_fixture_eval(&fixture, match), "yes");
	fixture.subject.now.ns += VTIME_NS_PER_SECOND / 250;
	ck_assert_str_eq(rules_fixture_eval(&fixture, match), "no");
	first = *source;
	for (uint32_t i = 0; i < 100; i++) {
		*source = address_from_ipv4(UINT32_C(0xc0000200) + i);
		ck_assert_int_eq(match->eval(setter.config, setter.state, &fixture.subject), MATCH_YES);
	}
	*source = first;
	fixture.subject.now.ns = 0;
	ck_assert_str_eq(rules_fixture_eval(&fixture, match), "no");
	rules_fixture_clear(&fixture);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("memory");

	tcase_add_loop_test(tcase, sequence, 0, N_ROWS(sequences));
	tcase_add_loop_test(tcase, time_of_capture, 0, N_ROWS(times));
	tcase_add_test(tcase, a_ring_goes_round);
	tcase_add_test(tcase, a_list_of_two_rules);
	return script_packets_run("rules/match memory", tcase);
}
