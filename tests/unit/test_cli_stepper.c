/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Walking through a replay: breakpoints, both ways; rules and table as they were. */
#include "cli/stepper.h"
#include "sink_samples.h"

/* A replay whose packets before `begin` were heard and are not kept. */
struct walk {
	struct rule_list rules;
	struct stretch stretch;
	struct stepper_source source;
	struct stepper stepper;
	size_t begin;
};

static const struct ctreplay_rule accept_rule = { 4, "filter", "INPUT", 1, "dns.rules", 9, "-A INPUT -j ACCEPT", "ACCEPT" };
static const struct ctreplay_rule drop_policy = { 4, "filter", "INPUT", 0, "", 0, "policy DROP", "DROP" };

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

static const struct stretch *find_stretch(void *owner, size_t index)
{
	const struct walk *walk = owner;

	return index < walk->begin ? NULL : &walk->stretch;
}

static const int64_t second = 1000000000;

static struct ctreplay_entry entry_at(double seconds)
{
	return (struct ctreplay_entry){ .id = 1, .original = { .source.family = 4, .destination.family = 4, .protocol = PROTOCOL_UDP },
					.ends_ns = (int64_t)((seconds + 30) * (double)second), .status = CTREPLAY_STATUS_CONFIRMED };
}

static void say_packet(struct walk *walk, uint64_t number, double seconds, enum ctreplay_change change, const struct ctreplay_rule *rule)
{
	struct ctreplay_entry entry = entry_at(seconds);
	struct ctreplay_packet packet = {
		.number = number, .time_ns = (int64_t)(seconds * (double)second), .in = "", .out = "", .decided_by = rule, .change = change,
		.verdict = rule == &accept_rule ? CTREPLAY_ACCEPT : CTREPLAY_DROP,
		.ctstate = change == CTREPLAY_REFRESHED ? CTREPLAY_ESTABLISHED : CTREPLAY_NEW,
		.matched = rule, .n_matched = rule == &accept_rule,
	};

	entry.status |= change == CTREPLAY_REFRESHED ? CTREPLAY_STATUS_SEEN_REPLY : 0;
	if (change != CTREPLAY_NO_ENTRY)
		packet.entry = &entry;
	stretch_add_packet(&walk->stretch, &packet, "UDP 192.168.1.2:35237 > 192.168.1.10:53 len 0");
	if (number == walk->begin)
		stretch_begin(&walk->stretch);
}

static void say_conntrack(struct walk *walk, uint64_t packet, double seconds, enum ctreplay_event_kind kind)
{
	const struct ctreplay_event event = {
		.kind = kind, .time_ns = (int64_t)(seconds * (double)second), .packet = packet, .has_expired = true, .entry = entry_at(seconds),
	};

	stretch_add_events(&walk->stretch, &event, 1);
}

/* Packet 1 makes an entry, 2 refreshes it, it expires, 3 and 4 are dropped. */
static void begin_at(struct walk *walk, size_t first)
{
	const struct ctreplay_chain chains[] = { { .family = 4, .table = "filter", .chain = "INPUT", .policy = "DROP" },
						 { .family = 4, .table = "filter", .chain = "empty" } };
	const struct ctreplay_counter counters[] = { { .rule = drop_policy }, { .rule = accept_rule } };	/* a policy comes first */

	memset(walk, 0, sizeof(*walk));
	walk->begin = first;
	rule_list_init(&walk->rules, chains, 2, counters, 2);
	stretch_init(&walk->stretch, &walk->rules);
	if (!first)
		stretch_begin(&walk->stretch);
	say_conntrack(walk, 1, 0, CTREPLAY_EVENT_NEW);
	say_packet(walk, 1, 0, CTREPLAY_MADE, &accept_rule);
	say_packet(walk, 2, 1, CTREPLAY_REFRESHED, &accept_rule);
	say_conntrack(walk, 0, 31, CTREPLAY_EVENT_DESTROY);
	say_packet(walk, 3, 40, CTREPLAY_NO_ENTRY, &drop_policy);
	say_packet(walk, 4, 41, CTREPLAY_NO_ENTRY, &drop_policy);
	walk->source = (struct stepper_source){ &walk->rules, 4, "dns.pcap", 250, find_stretch, odd_filter, walk };
	stepper_init(&walk->stepper, &walk->source);
}

static void end(struct walk *walk)
{
	stepper_clear(&walk->stepper);
	stretch_clear(&walk->stretch);
	rule_list_clear(&walk->rules);
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
	struct walk walk;
	struct text error;

	text_init(&error);
	begin_at(&walk, 0);
	ck_assert_msg(stepper_add_breakpoint(&walk.stepper, runs[_i].words, &error), "%s", text_string(&error));
	stepper_go(&walk.stepper, runs[_i].from);
	ck_assert_int_eq(stepper_continue(&walk.stepper, runs[_i].is_backwards), runs[_i].is_found);
	ck_assert_uint_eq(walk.stepper.at, runs[_i].to);
	end(&walk);
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
	struct walk walk;
	struct text error;

	text_init(&error);
	begin_at(&walk, 0);
	ck_assert(!stepper_add_breakpoint(&walk.stepper, refused[_i].words, &error));
	ck_assert_str_eq(text_string(&error), refused[_i].error);
	ck_assert_uint_eq(walk.stepper.n_breakpoints, 0);
	end(&walk);
	text_clear(&error);
}
END_TEST

START_TEST(rules_stand_before_their_policy)
{
	struct walk walk;

	begin_at(&walk, 0);
	ck_assert_uint_eq(walk.rules.n_lines, 4);
	ck_assert_int_eq(walk.rules.lines[0].kind, LINE_HEAD);
	ck_assert_int_eq(walk.rules.lines[1].kind, LINE_RULE);
	ck_assert_str_eq(walk.rules.lines[1].rule.text, accept_rule.text);
	ck_assert_int_eq(walk.rules.lines[2].kind, LINE_POLICY);
	ck_assert_str_eq(walk.rules.lines[2].rule.text, "policy DROP");
	ck_assert_int_eq(walk.rules.lines[3].kind, LINE_HEAD);
	ck_assert_str_eq(walk.rules.lines[3].rule.chain, "empty");
	stepper_go(&walk.stepper, 2);
	ck_assert_int_eq(stepper_effect(1, stepper_packet(&walk.stepper)), EFFECT_NONE);
	ck_assert_int_eq(stepper_effect(2, stepper_packet(&walk.stepper)), EFFECT_DECIDED);
	ck_assert_uint_eq(stepper_count(&walk.stepper, 1), 2);
	ck_assert_uint_eq(stepper_count(&walk.stepper, 2), 1);
	end(&walk);
}
END_TEST

/* Forwards and backwards it is the same. */
START_TEST(the_table_at_every_packet)
{
	static const int order[] = { 0, 1, 2, 3, 2, 1, 0 };
	struct walk walk;
	struct stepper_row row;

	begin_at(&walk, 0);
	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		size_t n;

		stepper_go(&walk.stepper, (size_t)order[i]);
		n = stepper_table(&walk.stepper, &row, 0, 1);
		ck_assert_uint_eq(n, order[i] < 3);
		if (n)
			ck_assert_int_eq(row.change, order[i] == 0 ? ROW_NEW : order[i] == 1 ? ROW_REFRESHED : ROW_ENDED);
	}
	end(&walk);
}
END_TEST

static const struct stretch_moment *moment_at(const struct stretch *stretch, double seconds, uint64_t number)
{
	struct stretch_packet packet = { .number = number, .time_ns = (int64_t)(seconds * (double)second) };

	return stretch_find_moment(stretch, &stretch->entries[0], &packet);
}

START_TEST(what_an_entry_was_at_a_time)
{
	struct walk walk;

	begin_at(&walk, 0);
	ck_assert_ptr_null(moment_at(&walk.stretch, -0.5, 1));
	ck_assert_uint_eq(moment_at(&walk.stretch, 0, 1)->packet, 1);
	ck_assert_uint_eq(moment_at(&walk.stretch, 0.9, 1)->packet, 1);
	/* Another packet may come at the same time as the one that changes it. */
	ck_assert_uint_eq(moment_at(&walk.stretch, 1, 1)->packet, 1);
	ck_assert_uint_eq(moment_at(&walk.stretch, 100, 9)->packet, 2);
	end(&walk);
}
END_TEST

START_TEST(search_goes_round)
{
	struct walk walk;

	begin_at(&walk, 0);
	ck_assert(stepper_search(&walk.stepper, "udp 192.168"));
	ck_assert_uint_eq(walk.stepper.at, 1);
	stepper_go(&walk.stepper, 3);
	ck_assert(stepper_search(&walk.stepper, "UDP"));
	ck_assert_uint_eq(walk.stepper.at, 0);
	ck_assert(!stepper_search(&walk.stepper, "TCP"));
	ck_assert_uint_eq(walk.stepper.at, 0);
	end(&walk);
}
END_TEST

/* What a stretch tells of its packets is what the whole replay tells, handed over or not. */
START_TEST(a_stretch_is_part_of_the_whole)
{
	struct walk whole, part;
	struct stretch copy;
	FILE *stream = tmpfile();

	begin_at(&whole, 0);
	begin_at(&part, (size_t)_i);
	ck_assert(stream && stretch_write(&part.stretch, stream));
	rewind(stream);
	stretch_init(&copy, &part.rules);
	ck_assert(stretch_read(&copy, stream));
	stretch_clear(&part.stretch);
	part.stretch = copy;
	for (size_t at = (size_t)_i; at < 4; at++) {
		struct stepper_row row, other;
		size_t n;

		stepper_go(&whole.stepper, at);
		stepper_go(&part.stepper, at);
		ck_assert_str_eq(stepper_packet(&part.stepper)->words, stepper_packet(&whole.stepper)->words);
		for (size_t line = 0; line < whole.rules.n_lines; line++)
			ck_assert_uint_eq(stepper_count(&part.stepper, line), stepper_count(&whole.stepper, line));
		n = stepper_table(&whole.stepper, &row, 0, 1);
		ck_assert_uint_eq(stepper_table(&part.stepper, &other, 0, 1), n);
		if (n) {
			ck_assert_int_eq(other.change, row.change);
			ck_assert_int_eq(other.moment->ends_ns, row.moment->ends_ns);
		}
	}
	fclose(stream);
	end(&whole);
	end(&part);
}
END_TEST

START_TEST(a_stretch_that_is_cut_is_none)
{
	struct walk walk;
	struct stretch copy;
	FILE *stream = tmpfile(), *cut = tmpfile();
	char byte;

	begin_at(&walk, 0);
	ck_assert(stream && cut && stretch_write(&walk.stretch, stream));
	for (long len = ftell(stream) - 1, i = (rewind(stream), 0); i < len && fread(&byte, 1, 1, stream); i++)
		fwrite(&byte, 1, 1, cut);
	rewind(cut);
	stretch_init(&copy, &walk.rules);
	ck_assert(!stretch_read(&copy, cut));
	stretch_clear(&copy);
	fclose(stream);
	fclose(cut);
	end(&walk);
}
END_TEST

static const struct { uint64_t number; bool is_there; size_t at; } numbers[] = {
	{ 1, true, 0 }, { 3, true, 2 }, { 4, true, 3 }, { 0, false, 1 }, { 5, false, 1 },
};

START_TEST(goes_to_a_number)
{
	struct walk walk;

	begin_at(&walk, 0);
	stepper_go(&walk.stepper, 1);
	ck_assert_int_eq(stepper_go_to_number(&walk.stepper, numbers[_i].number), numbers[_i].is_there);
	ck_assert_uint_eq(walk.stepper.at, numbers[_i].at);
	end(&walk);
}
END_TEST

START_TEST(a_replay_that_cannot_be_told_stops_every_way)
{
	struct walk walk;
	struct text error;

	text_init(&error);
	begin_at(&walk, 3);
	stepper_go(&walk.stepper, 3);
	ck_assert(stepper_add_breakpoint(&walk.stepper, "verdict ACCEPT", &error));
	stepper_continue(&walk.stepper, true);
	ck_assert_ptr_null(stepper_packet(&walk.stepper));
	ck_assert(!stepper_search(&walk.stepper, "nowhere"));
	text_clear(&error);
	end(&walk);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, runs_to_breakpoints, 0, (int)(sizeof(runs) / sizeof(runs[0])));
	tcase_add_loop_test(tests, breakpoints_that_make_no_sense, 0, (int)(sizeof(refused) / sizeof(refused[0])));
	tcase_add_test(tests, rules_stand_before_their_policy);
	tcase_add_test(tests, the_table_at_every_packet);
	tcase_add_test(tests, what_an_entry_was_at_a_time);
	tcase_add_test(tests, search_goes_round);
	tcase_add_loop_test(tests, a_stretch_is_part_of_the_whole, 0, 4);
	tcase_add_test(tests, a_stretch_that_is_cut_is_none);
	tcase_add_loop_test(tests, goes_to_a_number, 0, (int)(sizeof(numbers) / sizeof(numbers[0])));
	tcase_add_test(tests, a_replay_that_cannot_be_told_stops_every_way);
}

int main(void)
{
	return sample_run("cli/stepper", add_tests);
}
