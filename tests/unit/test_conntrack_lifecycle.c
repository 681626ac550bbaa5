/* SPDX-License-Identifier: GPL-2.0-or-later */
/* An entry's life, apart from protocols: confirmation, events, expiry, eviction. */
#include "conntrack/operate.h"
#include "conntrack_fixture.h"

enum { CLIENT = 2, SERVER = 1 };

static struct connection *find_udp(struct fixture *fixture, uint16_t source_port)
{
	enum direction direction;
	struct tuple tuple = { .source = address_from_ipv4(0x0a000000 + CLIENT), .destination = address_from_ipv4(0x0a000000 + SERVER),
		.source_port = source_port, .destination_port = 53, .protocol = PROTOCOL_UDP, .family = FAMILY_IPV4 };

	return conntrack_find(fixture->conntrack, &tuple, &direction);
}

START_TEST(a_dropped_first_packet_leaves_nothing)
{
	struct conntrack_counts counts;
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	fixture_udp(&fixture, CLIENT, 4000, SERVER, 53);
	fixture.is_dropped = true;
	ck_assert_str_eq(fixture_send(&fixture, 0), "NEW 30 1/0 U");
	ck_assert_str_eq(fixture.events, "");
	ck_assert_ptr_null(find_udp(&fixture, 4000));
	ck_assert_str_eq(fixture_send(&fixture, 10), "NEW 30 1/0 U");
	ck_assert_str_eq(fixture.events, "NEW 30 U");
	ck_assert_uint_eq(connection_id(find_udp(&fixture, 4000)), 1);
	conntrack_count(fixture.conntrack, &counts);
	ck_assert_uint_eq(counts.n_created, 1);
	fixture_end(&fixture);
}
END_TEST

START_TEST(events_of_a_dropped_packet_wait_for_the_next)
{
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	fixture_udp(&fixture, CLIENT, 4000, SERVER, 53);
	fixture_send(&fixture, 0);
	fixture_udp(&fixture, SERVER, 53, CLIENT, 4000);
	fixture.is_dropped = true;
	ck_assert_str_eq(fixture_send(&fixture, 100), "ESTABLISHED 30 1/1");
	ck_assert_str_eq(fixture.events, "");
	fixture_udp(&fixture, CLIENT, 4000, SERVER, 53);
	ck_assert_str_eq(fixture_send(&fixture, 200), "ESTABLISHED 30 2/1");
	ck_assert_str_eq(fixture.events, "UPDATE 30");
	fixture_end(&fixture);
}
END_TEST

START_TEST(a_mark_before_confirmation_is_part_of_new)
{
	struct tracking tracking = { 0 };
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	fixture_udp(&fixture, CLIENT, 4000, SERVER, 53);
	conntrack_track(fixture.conntrack, &fixture.packet, HOOK_PREROUTING, (struct vtime){ 0 }, &tracking);
	conntrack_change_mark(fixture.conntrack, tracking.connection, 7);
	ck_assert(conntrack_confirm(fixture.conntrack, &tracking, (struct vtime){ 0 }));
	ck_assert_str_eq(fixture.events, "NEW 30 U marked");
	fixture.events[0] = '\0';
	conntrack_change_mark(fixture.conntrack, tracking.connection, 7);
	ck_assert(conntrack_confirm(fixture.conntrack, &tracking, (struct vtime){ 0 }));
	ck_assert_str_eq(fixture.events, "");
	conntrack_change_mark(fixture.conntrack, tracking.connection, 8);
	ck_assert(conntrack_confirm(fixture.conntrack, &tracking, (struct vtime){ 0 }));
	ck_assert_str_eq(fixture.events, "UPDATE 30 U marked");
	conntrack_release(fixture.conntrack, &tracking);
	fixture_end(&fixture);
}
END_TEST

START_TEST(the_first_timeout_counts_from_confirmation)
{
	struct tracking tracking = { 0 };
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	fixture_udp(&fixture, CLIENT, 4000, SERVER, 53);
	conntrack_track(fixture.conntrack, &fixture.packet, HOOK_PREROUTING, (struct vtime){ 0 }, &tracking);
	conntrack_confirm(fixture.conntrack, &tracking, (struct vtime){ .ns = 500 });
	ck_assert_int_eq(tracking.connection->timer.deadline.ns, 30 * (int64_t)VTIME_NS_PER_SECOND + 500);
	conntrack_release(fixture.conntrack, &tracking);
	ck_assert_ptr_null(tracking.connection);
	fixture_end(&fixture);
}
END_TEST

START_TEST(no_events_when_they_are_off)
{
	struct fixture fixture;

	fixture_begin(&fixture, "net.netfilter.nf_conntrack_events", 0);
	fixture_udp(&fixture, CLIENT, 4000, SERVER, 53);
	fixture_send(&fixture, 0);
	ck_assert_str_eq(fixture.events, "");
	conntrack_expire(fixture.conntrack, (struct vtime){ .ns = 100 * (int64_t)VTIME_NS_PER_SECOND });
	ck_assert_uint_eq(fixture.n_ended[1], 0);
	fixture_end(&fixture);
}
END_TEST

static void hear_order(void *owner, const struct event *event)
{
	struct text *order = owner;

	if (event->conntrack.bits & CONNTRACK_EVENT_DESTROY)
		text_printf(order, "%u@%lld ", event->conntrack.entry.tuple[0].source_port,
			    (long long)(event->time.ns / FIXTURE_MS));
}

/* By deadline, each stamped with its own; equal deadlines in order of their making. */
START_TEST(entries_end_in_order_at_their_own_time)
{
	struct conntrack_counts counts;
	struct fixture fixture;
	struct text order;

	fixture_begin(&fixture, NULL, 0);
	text_init(&order);
	stream_add(&fixture.stream, EVENT_BIT(EVENT_CONNTRACK), hear_order, &order);
	for (uint16_t port = 1; port <= 4; port++) {
		fixture_udp(&fixture, CLIENT, port, SERVER, 53);
		fixture_send(&fixture, port <= 2 ? 5 : 7);
	}
	fixture_udp(&fixture, CLIENT, 1, SERVER, 53);
	fixture_send(&fixture, 9);
	fixture.stream.time = (struct vtime){ .ns = 77 };
	conntrack_expire(fixture.conntrack, (struct vtime){ .ns = 30007 * (int64_t)FIXTURE_MS });
	ck_assert_str_eq(text_string(&order), "2@30005 3@30007 4@30007 ");
	ck_assert_int_eq(fixture.stream.time.ns, 77);
	conntrack_expire(fixture.conntrack, (struct vtime){ .ns = 30009 * (int64_t)FIXTURE_MS });
	ck_assert_str_eq(text_string(&order), "2@30005 3@30007 4@30007 1@30009 ");
	conntrack_count(fixture.conntrack, &counts);
	ck_assert_uint_eq(counts.n_created, 4);
	ck_assert_uint_eq(counts.n_expired, 4);
	ck_assert_uint_eq(counts.n_live, 0);
	text_clear(&order);
	fixture_end(&fixture);
}
END_TEST

/* Of 512 chains the eight behind the new one's are looked at: with 1600 entries in 3200 places one of them holds some. */
START_TEST(a_full_table_empties_a_chain_of_what_is_not_assured)
{
	enum { MAX = 1600 };
	struct conntrack_counts counts;
	struct fixture fixture;

	fixture_begin(&fixture, "net.netfilter.nf_conntrack_max", MAX);
	operate_set(fixture.conntrack, settings_find("net.netfilter.nf_conntrack_buckets"), 512);
	for (uint16_t port = 1; port <= MAX; port++) {
		fixture_udp(&fixture, CLIENT, port, SERVER, 53);
		ck_assert_str_eq(fixture_send(&fixture, 0), "NEW 30 1/0 U");
	}
	for (uint16_t port = 1; port <= MAX / 2; port++) {
		fixture_udp(&fixture, SERVER, 53, CLIENT, port);
		fixture_send(&fixture, 3000);
		fixture_send(&fixture, 3001);
	}
	for (uint16_t port = MAX + 1; port <= MAX + 100; port++) {
		fixture_udp(&fixture, CLIENT, port, SERVER, 53);
		ck_assert_str_eq(fixture_send(&fixture, 4000), "NEW 30 1/0 U");
	}
	for (uint16_t port = 1; port <= MAX / 2; port++)
		ck_assert_ptr_nonnull(find_udp(&fixture, port));
	conntrack_count(fixture.conntrack, &counts);
	ck_assert_uint_ge(counts.n_early_dropped, 100);
	ck_assert_uint_eq(counts.n_early_dropped, counts.n_destroyed);
	ck_assert_uint_eq(counts.n_live, MAX + 100 - counts.n_destroyed);
	fixture_end(&fixture);
}
END_TEST

/* Few entries in 262144 chains are near nobody, and where all are ASSURED none may go. */
START_TEST(a_full_table_drops_where_nothing_gives_way)
{
	struct conntrack_counts counts;
	struct fixture fixture;

	fixture_begin(&fixture, "net.netfilter.nf_conntrack_max", 3);
	for (uint16_t port = 1; port <= 3; port++) {
		fixture_udp(&fixture, CLIENT, port, SERVER, 53);
		fixture_send(&fixture, port);
	}
	fixture_udp(&fixture, CLIENT, 4, SERVER, 53);
	ck_assert_str_eq(fixture_send(&fixture, 4), "DROP");
	conntrack_count(fixture.conntrack, &counts);
	ck_assert_uint_eq(counts.n_early_dropped, 0);
	ck_assert_uint_eq(counts.n_table_full, 1);
	/* An entry that ends makes room again. */
	ck_assert_str_eq(fixture_send(&fixture, 30001), "NEW 30 1/0 U");
	fixture_end(&fixture);
}
END_TEST

/* An entry evicted while another packet still carries it stays readable until that packet is gone. */
START_TEST(a_held_entry_outlives_its_eviction)
{
	struct tracking held = { 0 };
	struct fixture fixture;

	fixture_begin(&fixture, "net.netfilter.nf_conntrack_max", 2);
	fixture_udp(&fixture, CLIENT, 1, SERVER, 53);
	fixture_send(&fixture, 0);
	conntrack_track(fixture.conntrack, &fixture.packet, HOOK_PREROUTING, (struct vtime){ 0 }, &held);
	conntrack_remove(fixture.conntrack, held.connection, (struct vtime){ 0 });
	ck_assert_ptr_null(find_udp(&fixture, 1));
	ck_assert(held.connection->status & STATUS_DYING);
	ck_assert_uint_eq(connection_tuple(held.connection, DIRECTION_ORIGINAL).source_port, 1);
	fixture.events[0] = '\0';
	ck_assert(conntrack_confirm(fixture.conntrack, &held, (struct vtime){ 0 }));
	ck_assert_str_eq(fixture.events, "");
	conntrack_release(fixture.conntrack, &held);
	fixture_end(&fixture);
}
END_TEST

START_TEST(an_answer_of_reject_never_confirms)
{
	struct tracking offending = { 0 }, answer = { 0 };
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	fixture_udp(&fixture, CLIENT, 1, SERVER, 53);
	conntrack_track(fixture.conntrack, &fixture.packet, HOOK_PREROUTING, (struct vtime){ 0 }, &offending);
	conntrack_attach(&answer, &offending);
	ck_assert_int_eq(answer.ctstate, CTSTATE_RELATED);
	ck_assert_int_eq(answer.direction, DIRECTION_REPLY);
	ck_assert(conntrack_confirm(fixture.conntrack, &answer, (struct vtime){ 0 }));
	ck_assert_str_eq(fixture.events, "");
	conntrack_release(fixture.conntrack, &offending);
	conntrack_release(fixture.conntrack, &answer);
	ck_assert_ptr_null(find_udp(&fixture, 1));
	fixture_end(&fixture);
}
END_TEST

START_TEST(zones_are_apart)
{
	struct tracking tracking = { .zone = { 5, 5 } };
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	fixture_udp(&fixture, CLIENT, 1, SERVER, 53);
	fixture_send(&fixture, 0);
	fixture_udp(&fixture, SERVER, 53, CLIENT, 1);
	conntrack_track(fixture.conntrack, &fixture.packet, HOOK_PREROUTING, (struct vtime){ 0 }, &tracking);
	ck_assert_int_eq(tracking.ctstate, CTSTATE_NEW);
	conntrack_release(fixture.conntrack, &tracking);
	fixture_end(&fixture);
}
END_TEST

START_TEST(an_untracked_packet_is_left_alone)
{
	struct tracking tracking = { .ctstate = CTSTATE_UNTRACKED };
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	fixture_udp(&fixture, CLIENT, 1, SERVER, 53);
	conntrack_track(fixture.conntrack, &fixture.packet, HOOK_PREROUTING, (struct vtime){ 0 }, &tracking);
	ck_assert_int_eq(tracking.ctstate, CTSTATE_UNTRACKED);
	ck_assert_ptr_null(tracking.connection);
	ck_assert(conntrack_confirm(fixture.conntrack, &tracking, (struct vtime){ 0 }));
	fixture_end(&fixture);
}
END_TEST

/* Rows in order of confirmation, whatever the hash seed. */
START_TEST(a_snapshot_is_in_order_of_creation)
{
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	for (uint16_t port = 200; port > 0; port--) {
		fixture_udp(&fixture, CLIENT, port, SERVER, 53);
		fixture_send(&fixture, 200 - port);
	}
	for (uint16_t port = 200, id = 1; port > 0; port--, id++)
		ck_assert_uint_eq(connection_id(find_udp(&fixture, port)), id);
	fixture_end(&fixture);
}
END_TEST

static void count_entry(void *owner, const struct event *event)
{
	size_t *n = owner;

	*n = event->kind == EVENT_ENTRY ? *n + 1 : 0;
}

/* Nothing has ended it yet, and conntrack -L meets it no more. Seen on a kernel: conntrack -I ... --timeout 0; conntrack -L. */
START_TEST(a_listing_has_no_entry_whose_time_is_over)
{
	struct fixture fixture;
	size_t n;

	fixture_begin(&fixture, NULL, 0);
	stream_add(&fixture.stream, EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY), count_entry, &n);
	fixture_udp(&fixture, CLIENT, 4000, SERVER, 53);
	fixture_send(&fixture, 0);
	fixture.stream.time.ns = 30 * (int64_t)VTIME_NS_PER_SECOND - 4000001;
	conntrack_emit_snapshot(fixture.conntrack, "two ticks before");
	ck_assert_uint_eq(n, 1);
	fixture.stream.time.ns = 30 * (int64_t)VTIME_NS_PER_SECOND;
	conntrack_emit_snapshot(fixture.conntrack, "then");
	ck_assert_uint_eq(n, 0);
	fixture_end(&fixture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("conntrack/lifecycle");
	TCase *cases = tcase_create("lifecycle");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(cases, a_dropped_first_packet_leaves_nothing);
	tcase_add_test(cases, events_of_a_dropped_packet_wait_for_the_next);
	tcase_add_test(cases, a_mark_before_confirmation_is_part_of_new);
	tcase_add_test(cases, the_first_timeout_counts_from_confirmation);
	tcase_add_test(cases, no_events_when_they_are_off);
	tcase_add_test(cases, entries_end_in_order_at_their_own_time);
	tcase_add_test(cases, a_full_table_empties_a_chain_of_what_is_not_assured);
	tcase_add_test(cases, a_full_table_drops_where_nothing_gives_way);
	tcase_add_test(cases, a_held_entry_outlives_its_eviction);
	tcase_add_test(cases, an_answer_of_reject_never_confirms);
	tcase_add_test(cases, zones_are_apart);
	tcase_add_test(cases, an_untracked_packet_is_left_alone);
	tcase_add_test(cases, a_snapshot_is_in_order_of_creation);
	tcase_add_test(cases, a_listing_has_no_entry_whose_time_is_over);
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
