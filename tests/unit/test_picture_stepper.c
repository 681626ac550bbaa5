/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking through a replay: breakpoints, both ways; rules and table as they were. */
#include "picture/stepper.h"
#include "sink_samples.h"

static const struct sample_flow dns = { PROTOCOL_UDP, "192.168.1.2", 35237, "192.168.1.10", 53, 0, 0, { 0, 0 } };
static const struct rule_place accept_rule = { FAMILY_IPV4, "filter", "INPUT", 1, "dns.rules", 9, "-A INPUT -j ACCEPT", "ACCEPT", NULL, 0 };
static const struct rule_place drop_policy = { FAMILY_IPV4, "filter", "INPUT", 0, "dns.rules", 3, "policy DROP", "", NULL, 0 };

/* Odd packets pass. */
static bool odd_filter(void *owner, const char *expression, bool *passes, size_t n, struct text *error)
{
	(void)owner;
	if (strcmp(expression, "udp") != 0) {
		text_append(error, "syntax error");
		return false;
	}
	for (size_t i = 0; i < n; i++)
		passes[i] = i % 2 == 0;
	return true;
}

static void say(struct stepper *stepper, uint64_t packet, double seconds, struct event event)
{
	event.packet = packet;
	event.time = sample_time(seconds);
	stepper_listen(stepper, &event);
}

static void say_packet(struct stepper *stepper, uint64_t number, double seconds, enum entry_change change, const struct rule_place *rule)
{
	struct packet packet = sample_packet(PROTOCOL_UDP, dns.src, dns.sport, dns.dst, dns.dport);
	struct event event = { .kind = EVENT_PACKET, .journey = { .packet = &packet, .in = "", .out = "", .decided_by = rule } };

	event.journey.verdict = rule == &accept_rule ? VERDICT_ACCEPT : VERDICT_DROP;
	event.journey.ctstate = change == ENTRY_REFRESHED ? CTSTATE_ESTABLISHED : CTSTATE_NEW;
	event.journey.change = change;
	event.journey.has_entry = change != ENTRY_NONE;
	if (rule == &accept_rule) {
		event.journey.matched = &rule;
		event.journey.n_matched = 1;
	}
	if (event.journey.has_entry) {
		event.journey.entry = sample_entry(&dns, 1, sample_time(seconds + 30));
		event.journey.entry.status |= change == ENTRY_REFRESHED ? STATUS_SEEN_REPLY : 0;
	}
	say(stepper, number, seconds, event);
}

static void say_conntrack(struct stepper *stepper, uint64_t packet, double seconds, uint32_t bits)
{
	say(stepper, packet, seconds, (struct event){ .kind = EVENT_CONNTRACK, .conntrack = { .bits = bits, .expired = true,
		.entry = sample_entry(&dns, 1, sample_time(seconds + 30)) } });
}

/* Packet 1 makes an entry, 2 refreshes it, it expires, 3 and 4 are dropped. */
static void begin(struct stepper *stepper)
{
	stepper_init(stepper, odd_filter, NULL);
	say_conntrack(stepper, 1, 0, CONNTRACK_EVENT_NEW);
	say_packet(stepper, 1, 0, ENTRY_NEW, &accept_rule);
	say_packet(stepper, 2, 1, ENTRY_REFRESHED, &accept_rule);
	say_conntrack(stepper, 0, 31, CONNTRACK_EVENT_DESTROY);
	say_packet(stepper, 3, 40, ENTRY_NONE, &drop_policy);
	say_packet(stepper, 4, 41, ENTRY_NONE, &drop_policy);
	say(stepper, 0, 41, (struct event){ .kind = EVENT_CHAIN, .chain = { .family = FAMILY_IPV4, "filter", "INPUT", "DROP", 0, 2, 2 } });
	say(stepper, 0, 41, (struct event){ .kind = EVENT_COUNTER, .counter = { .rule = &accept_rule } });
}

static const struct {
	const char *words;
	size_t from;
	bool is_backwards, is_found;
	size_t to;
} runs[] = {
	{ "packet 3", 0, false, true, 2 },
	{ "packet 3", 3, true, true, 2 },
	{ "packet 9", 0, false, false, 3 },
	{ "verdict DROP", 0, false, true, 2 },
	{ "verdict drop", 2, false, true, 3 },
	{ "verdict DROP", 2, true, false, 0 },
	{ "state ESTABLISHED", 0, false, true, 1 },
	{ "state replied", 0, false, true, 1 },
	{ "state NEW", 1, false, true, 2 },
	{ "rule filter INPUT 1", 3, true, true, 1 },
	{ "rule dns.rules:9", 0, false, true, 1 },
	{ "entry 1", 3, true, true, 1 },
	{ "entry #1", 0, false, true, 1 },
	{ "udp", 0, false, true, 2 },
};

START_TEST(runs_to_breakpoints)
{
	struct stepper stepper;
	struct text error;

	text_init(&error);
	begin(&stepper);
	ck_assert_msg(stepper_add_breakpoint(&stepper, runs[_i].words, &error), "%s", text_string(&error));
	stepper_go(&stepper, runs[_i].from);
	ck_assert_int_eq(stepper_continue(&stepper, runs[_i].is_backwards), runs[_i].is_found);
	ck_assert_uint_eq(stepper.at, runs[_i].to);
	stepper_clear(&stepper);
	text_clear(&error);
}
END_TEST

static const struct { const char *words, *error; } refused[] = {
	{ "packet x", "\"x\" is no number" },
	{ "verdict MAYBE", "\"MAYBE\" is no verdict" },
	{ "rule filter INPUT 7", "there is no rule \"filter INPUT 7\": say TABLE CHAIN NUMBER, or FILE:LINE" },
	{ "nonsense", "syntax error" },
};

START_TEST(breakpoints_that_make_no_sense)
{
	struct stepper stepper;
	struct text error;

	text_init(&error);
	begin(&stepper);
	ck_assert(!stepper_add_breakpoint(&stepper, refused[_i].words, &error));
	ck_assert_str_eq(text_string(&error), refused[_i].error);
	ck_assert_uint_eq(stepper.n_breakpoints, 0);
	stepper_clear(&stepper);
	text_clear(&error);
}
END_TEST

START_TEST(rules_stand_before_their_policy)
{
	struct stepper stepper;

	begin(&stepper);
	ck_assert_uint_eq(stepper.n_rules, 3);
	ck_assert(!stepper.rules[0].place && !stepper.rules[0].policy);
	ck_assert_ptr_eq(stepper.rules[1].place, &accept_rule);
	ck_assert_str_eq(stepper.rules[2].policy, "DROP");
	stepper_go(&stepper, 2);
	ck_assert_int_eq(stepper_effect(&stepper.rules[1], stepper_packet(&stepper)), EFFECT_NONE);
	ck_assert_int_eq(stepper_effect(&stepper.rules[2], stepper_packet(&stepper)), EFFECT_DECIDED);
	ck_assert_uint_eq(stepper_count(&stepper, &stepper.rules[1]), 2);
	ck_assert_uint_eq(stepper_count(&stepper, &stepper.rules[2]), 1);
	stepper_clear(&stepper);
}
END_TEST

/* Forwards and backwards it is the same. */
START_TEST(the_table_at_every_packet)
{
	static const int order[] = { 0, 1, 2, 3, 2, 1, 0 };
	struct stepper stepper;
	struct stepper_row row;

	begin(&stepper);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		size_t n;

		stepper_go(&stepper, (size_t)order[i]);
		n = stepper_table(&stepper, &row, 0, 1);
		ck_assert_uint_eq(n, order[i] < 3);
		if (n)
			ck_assert_int_eq(row.change, order[i] == 0 ? ROW_NEW : order[i] == 1 ? ROW_REFRESHED : ROW_ENDED);
	}
	stepper_clear(&stepper);
}
END_TEST

START_TEST(search_goes_round)
{
	struct stepper stepper;

	begin(&stepper);
	ck_assert(stepper_search(&stepper, "udp 192.168"));
	ck_assert_uint_eq(stepper.at, 1);
	stepper_go(&stepper, 3);
	ck_assert(stepper_search(&stepper, "UDP"));
	ck_assert_uint_eq(stepper.at, 0);
	ck_assert(!stepper_search(&stepper, "TCP"));
	ck_assert_uint_eq(stepper.at, 0);
	stepper_clear(&stepper);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, runs_to_breakpoints, 0, (int)(sizeof(runs) / sizeof(runs[0])));
	tcase_add_loop_test(tests, breakpoints_that_make_no_sense, 0, (int)(sizeof(refused) / sizeof(refused[0])));
	tcase_add_test(tests, rules_stand_before_their_policy);
	tcase_add_test(tests, the_table_at_every_packet);
	tcase_add_test(tests, search_goes_round);
}

int main(void)
{
	return sample_run("picture/stepper", add_tests);
}
