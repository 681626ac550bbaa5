/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Two accounts of the same packets: what differs is told, and what a packet that could not be compared left in doubt is not. */
#include "cli/compare.h"
#include "cli/our_side.h"

#include "script_packets.h"

static const char script[] = "# ctreplay packets\n"
			     "0 udp 10.0.0.1:1000 > 10.0.0.2:53\n"
			     "0 tcp 10.0.0.1:1000 > 10.0.0.2:80 S\n";

enum { UDP_PACKET = 1, TCP_PACKET = 2 };

/* The two sides of a packet, as they are told: by the ids of entries. */
struct side {
	uint64_t entry;		/* the packet's; 0: it has none */
	uint64_t ended, begun;	/* by this packet; 0: none */
	uint64_t looked_up;	/* the entry that was found for it, whatever it says of the packet */
	uint64_t master;	/* whose expectation the packet ended */
};

struct fixture {
	struct compare compare;
	struct script_packets packets;
	struct packet packet;
};

static void open_fixture(struct fixture *fixture)
{
	compare_init(&fixture->compare);
	script_packets_load(&fixture->packets, script);
	packet_init(&fixture->packet);
}

static void close_fixture(struct fixture *fixture)
{
	packet_clear(&fixture->packet);
	script_packets_clear(&fixture->packets);
	compare_clear(&fixture->compare);
}

static struct entry_view view(uint64_t entry)
{
	/* The same entry has the same port on both sides, and another one has another. */
	struct tuple tuple = { .source_port = 1, .family = FAMILY_IPV4, .protocol = PROTOCOL_UDP };

	return (struct entry_view){ .id = entry, .tuple = { tuple, tuple }, .hz = 250 };
}

static void hear(struct fixture *fixture, enum compare_side side, const struct event *event)
{
	struct event told = *event;

	told.packet = 1;
	account_add(&fixture->compare.sides[side], &told);
}

static void hear_change(struct fixture *fixture, enum compare_side side, uint64_t entry, uint32_t bits)
{
	struct event event = { .kind = EVENT_CONNTRACK, .conntrack = { .bits = bits, .entry = view(entry) } };

	if (entry)
		hear(fixture, side, &event);
}

static void hear_lookup(struct fixture *fixture, enum compare_side side, uint64_t entry)
{
	struct event_lookup lookup = { .result = LOOKUP_FOUND, .before = view(entry) };
	struct event event = { .kind = EVENT_LOOKUP, .lookup = &lookup };

	if (entry)
		hear(fixture, side, &event);
}

static void hear_expectation(struct fixture *fixture, enum compare_side side, uint64_t master)
{
	struct event event = { .kind = EVENT_EXPECTATION, .expectation = { .end = EXPECTATION_MET, .expectation.master_id = master } };

	event.expectation.expectation.class_name = "";
	if (master)
		hear(fixture, side, &event);
}

static void hear_side(struct fixture *fixture, enum compare_side side, const struct side *told)
{
	struct event event = {
		.kind = EVENT_PACKET,
		.journey = {
			.packet = &fixture->packet, .in = "eth0", .out = "", .verdict = VERDICT_ACCEPT,
			.ctstate = told->entry ? CTSTATE_ESTABLISHED : CTSTATE_INVALID,
			.has_entry = told->entry != 0, .entry = view(told->entry),
		},
	};

	hear_change(fixture, side, told->ended, CONNTRACK_EVENT_DESTROY);
	hear_change(fixture, side, told->begun, CONNTRACK_EVENT_NEW);
	hear_lookup(fixture, side, told->looked_up);
	hear_expectation(fixture, side, told->master);
	hear(fixture, side, &event);
}

/* One packet through both. Whether it counts as different. */
static bool differs(struct fixture *fixture, size_t number, struct side kernel, struct side ours, const char *hazard)
{
	uint64_t before = fixture->compare.n_different;

	script_packets_decode(&fixture->packets, number, &fixture->packet);
	compare_begin(&fixture->compare);
	hear_side(fixture, SIDE_KERNEL, &kernel);
	hear_side(fixture, SIDE_OURS, &ours);
	compare_end(&fixture->compare, &fixture->packet, hazard);
	return fixture->compare.n_different > before;
}

static const char hazard[] = "the clock";

static const struct {
	const char *name;
	size_t packet;
	struct side kernel, ours;			/* of the packet that cannot be compared; both know 1 before it */
	struct side kernel_later, ours_later;	/* of one that comes later */
	bool later_counts;				/* it is compared, and found different */
	uint64_t kernel_row, our_row;			/* left in the table of one side alone; 0: none */
	uint64_t n_rows_different;
} doubts[] = {
	{ "an entry that it changed on both sides", TCP_PACKET, { .entry = 1 }, { .entry = 1 }, { .entry = 1 }, { .entry = 0 }, false, 1, 0, 0 },
	{ "another flow's entry stays comparable", TCP_PACKET, { .entry = 1 }, { .entry = 1 }, { .entry = 9 }, { .entry = 0 }, true, 9, 0, 1 },
	{ "an entry that the kernel alone ended", TCP_PACKET, { .entry = 2, .ended = 1, .begun = 2 }, { .entry = 0 },
	  { .entry = 2 }, { .entry = 1 }, false, 2, 1, 0 },
	{ "an entry that the kernel alone ended, and later packets are INVALID here", TCP_PACKET, { .entry = 0, .ended = 1 }, { .entry = 0 },
	  { .entry = 3, .begun = 3 }, { .looked_up = 1 }, false, 0, 1, 0 },
	{ "an entry that we alone ended", TCP_PACKET, { .entry = 0 }, { .entry = 2, .ended = 1, .begun = 2 },
	  { .entry = 1 }, { .entry = 2 }, false, 1, 2, 0 },
	{ "an entry that one side alone began", TCP_PACKET, { .entry = 0, .begun = 2 }, { .entry = 0 }, { .entry = 2 }, { .entry = 0 }, false, 2, 0, 0 },
	{ "an entry that it may be about", TCP_PACKET, { .looked_up = 1 }, { .entry = 0 }, { .entry = 1 }, { .entry = 0 }, false, 1, 1, 0 },
	{ "an entry whose expectation it met on one side", TCP_PACKET, { .entry = 2, .begun = 2, .master = 1 }, { .entry = 0 },
	  { .entry = 1 }, { .entry = 0 }, false, 1, 1, 0 },
	{ "an entry whose expectation it met on both", TCP_PACKET, { .entry = 2, .begun = 2, .master = 1 }, { .entry = 2, .begun = 2, .master = 1 },
	  { .entry = 1 }, { .entry = 0 }, true, 2, 2, 0 },
};

START_TEST(what_it_touched_is_in_doubt)
{
	struct fixture fixture;

	open_fixture(&fixture);
	ck_assert(!differs(&fixture, doubts[_i].packet, (struct side){ .entry = 1 }, (struct side){ .entry = 1 }, NULL));
	ck_assert(!differs(&fixture, doubts[_i].packet, doubts[_i].kernel, doubts[_i].ours, hazard));
	ck_assert_msg(differs(&fixture, doubts[_i].packet, doubts[_i].kernel_later, doubts[_i].ours_later, NULL) == doubts[_i].later_counts,
		      "%s", doubts[_i].name);
	if (doubts[_i].kernel_row)
		account_lines_add(&fixture.compare.rows[SIDE_KERNEL], doubts[_i].kernel_row, "kernel's");
	if (doubts[_i].our_row)
		account_lines_add(&fixture.compare.rows[SIDE_OURS], doubts[_i].our_row, "ours");
	compare_end_listing(&fixture.compare);
	ck_assert_msg(fixture.compare.n_other == doubts[_i].n_rows_different, "%s", doubts[_i].name);
	close_fixture(&fixture);
}
END_TEST

/* What the host says of its own accord, the kernel says at another time: the packet that comes next is compared all the same. */
START_TEST(what_was_said_between_packets_is_in_doubt)
{
	struct side known = { .entry = 1 }, other = { .entry = 2 }, none = { .entry = 0 };
	const uint64_t changed[] = { 1 };
	struct ctreplay_account before = { .changed_before = changed, .n_changed_before = 1 };
	struct fixture fixture;

	open_fixture(&fixture);
	ck_assert(!differs(&fixture, TCP_PACKET, known, known, NULL));
	script_packets_decode(&fixture.packets, TCP_PACKET, &fixture.packet);
	compare_begin(&fixture.compare);
	our_side_take_before(&fixture.compare, &before);
	hear_side(&fixture, SIDE_KERNEL, &other);
	hear_side(&fixture, SIDE_OURS, &other);
	compare_end(&fixture.compare, &fixture.packet, NULL);
	ck_assert_uint_eq(fixture.compare.n_equal, 2);
	ck_assert(!differs(&fixture, TCP_PACKET, known, none, NULL));
	ck_assert_uint_eq(fixture.compare.n_incomparable, 1);
	close_fixture(&fixture);
}
END_TEST

static const struct {
	const char *name;
	size_t packet;
	bool ends;
} ends[] = {
	{ "UDP: what shows is all there is", UDP_PACKET, true },
	{ "TCP: windows do not show", TCP_PACKET, false },
};

START_TEST(doubt_ends_when_the_same_is_seen_again)
{
	struct side known = { .entry = 1 }, none = { .entry = 0 };
	struct fixture fixture;

	open_fixture(&fixture);
	ck_assert(!differs(&fixture, ends[_i].packet, known, known, hazard));
	ck_assert(!differs(&fixture, ends[_i].packet, known, none, NULL));
	ck_assert(!differs(&fixture, ends[_i].packet, known, known, NULL));
	ck_assert_msg(differs(&fixture, ends[_i].packet, known, none, NULL) == ends[_i].ends, "%s", ends[_i].name);
	close_fixture(&fixture);
}
END_TEST

START_TEST(without_doubt_every_difference_counts)
{
	struct side known = { .entry = 1 }, none = { .entry = 0 };
	struct fixture fixture;

	open_fixture(&fixture);
	ck_assert(!differs(&fixture, TCP_PACKET, known, known, NULL));
	ck_assert(differs(&fixture, TCP_PACKET, known, none, NULL));
	ck_assert(differs(&fixture, TCP_PACKET, none, known, NULL));
	ck_assert(differs(&fixture, TCP_PACKET, (struct side){ .entry = 1, .ended = 2 }, known, NULL));
	close_fixture(&fixture);
}
END_TEST

/* Rules that remember: which of them are in doubt, and when. */
static const struct {
	const char *text, *target;
	bool has_doubt, changes_sets, is_read;
} rules[] = {
	{ "-A INPUT -m limit --limit 1/sec -j ACCEPT", "ACCEPT", false, false, true },
	{ "-A INPUT -m quota --quota 100 -j ACCEPT", "ACCEPT", false, false, false },
	{ "-A INPUT -m quota --quota 100 -j ACCEPT", "ACCEPT", true, false, true },
	{ "-A INPUT -m set --match-set a src -j ACCEPT", "ACCEPT", true, false, false },
	{ "-A INPUT -m set --match-set a src -j ACCEPT", "ACCEPT", false, true, false },
	{ "-A INPUT -m set --match-set a src -j ACCEPT", "ACCEPT", true, true, true },
	{ "-A INPUT -p tcp -j ACCEPT", "ACCEPT", true, true, false },
};

START_TEST(what_rules_remember_is_in_doubt_with_the_packets_before)
{
	struct rule_place rule = { .table = "filter", .chain = "INPUT", .number = 2, .text = rules[_i].text, .target = rules[_i].target };
	struct rule_place adds = { .table = "filter", .chain = "INPUT", .number = 1, .text = "-A INPUT -j SET --add-set a src", .target = "SET" };
	struct compare_clock clock = { .is_real_time = false };

	compare_clock_hear_rule(&clock, &rule);
	if (rules[_i].changes_sets)
		compare_clock_hear_rule(&clock, &adds);
	compare_clock_note(&clock, &rule, NULL, rules[_i].has_doubt);
	ck_assert_msg((clock.read != NULL) == rules[_i].is_read, "%s", rules[_i].text);
	compare_clock_clear(&clock);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("compare");

	tcase_add_loop_test(tcase, what_it_touched_is_in_doubt, 0, N_ROWS(doubts));
	tcase_add_loop_test(tcase, doubt_ends_when_the_same_is_seen_again, 0, N_ROWS(ends));
	tcase_add_test(tcase, what_was_said_between_packets_is_in_doubt);
	tcase_add_test(tcase, without_doubt_every_difference_counts);
	tcase_add_loop_test(tcase, what_rules_remember_is_in_doubt_with_the_packets_before, 0, N_ROWS(rules));
	return script_packets_run("cli/compare", tcase);
}
