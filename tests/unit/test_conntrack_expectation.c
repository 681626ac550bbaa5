/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Expectations: who gets in, who is thrown out, who is met, and how they end. */
#include "conntrack_fixture.h"

#include "conntrack/expectation.h"
#include "conntrack/help.h"
#include "conntrack/lifecycle.h"

enum { CLIENT = 2, SERVER = 1, THIRD = 3 };

/* Two connections with the helper ftp: at most one expectation each, for 300 s. */
struct scene {
	struct fixture fixture;
	struct connection *first, *second;
	char ends[256];
};

static struct address host(uint8_t number)
{
	return address_from_ipv4(0x0a000000u + number);
}

static void hear(void *owner, const struct event *event)
{
	struct scene *scene = owner;
	const char *end = expectation_end_name(event->expectation.end);
	char line[64];

	snprintf(line, sizeof(line), "%s:%u", end ? end : "new", event->expectation.expectation.tuple.destination_port);
	fixture_append(scene->ends, sizeof(scene->ends), line);
}

static struct connection *begin_connection(struct scene *scene, uint16_t port)
{
	enum direction direction;
	struct tuple tuple = {
		.source = host(CLIENT), .destination = host(SERVER), .source_port = port, .destination_port = 21,
		.protocol = PROTOCOL_UDP, .family = FAMILY_IPV4,
	};
	struct connection *connection;

	fixture_udp(&scene->fixture, CLIENT, port, SERVER, 21);
	fixture_send(&scene->fixture, 0);
	connection = conntrack_find(scene->fixture.conntrack, &tuple, &direction);
	help_assign(scene->fixture.conntrack, connection, helper_find("ftp", PROTOCOL_TCP, FAMILY_IPV4));
	return connection;
}

static void begin(struct scene *scene, uint32_t expect_max)
{
	memset(scene, 0, sizeof(*scene));
	fixture_begin(&scene->fixture, "net.netfilter.nf_conntrack_expect_max", expect_max);
	stream_add(&scene->fixture.stream, EVENT_BIT(EVENT_EXPECTATION), hear, scene);
	scene->first = begin_connection(scene, 4000);
	scene->second = begin_connection(scene, 4001);
}

static struct expectation wanted_of(struct connection *master, uint8_t source, uint16_t port)
{
	struct expectation wanted;
	struct address from = host(source), to = host(CLIENT);

	expectation_init(&wanted, master, PROTOCOL_TCP, source ? &from : NULL, &to, port);
	return wanted;
}

static enum expectation_answer add(struct scene *scene, const struct expectation *wanted)
{
	return expectation_add(scene->fixture.conntrack, wanted, false, scene->fixture.stream.time);
}

static struct tuple packet_from(uint8_t source, uint16_t port)
{
	return (struct tuple){
		.source = host(source), .destination = host(CLIENT), .source_port = 20, .destination_port = port,
		.protocol = PROTOCOL_TCP, .family = FAMILY_IPV4,
	};
}

static bool is_met(struct scene *scene, uint8_t source, uint16_t port)
{
	struct tuple tuple = packet_from(source, port);

	return expectation_meet(scene->fixture.conntrack, &tuple) != NULL;
}

START_TEST(the_source_is_masked_and_the_rest_is_exact)
{
	struct scene scene;
	struct expectation wanted;

	begin(&scene, 10);
	wanted = wanted_of(scene.first, SERVER, 1000);
	ck_assert_int_eq(add(&scene, &wanted), EXPECTATION_ADDED);
	wanted = wanted_of(scene.second, 0, 2000);
	ck_assert_int_eq(add(&scene, &wanted), EXPECTATION_ADDED);
	ck_assert(is_met(&scene, SERVER, 1000));
	ck_assert(!is_met(&scene, THIRD, 1000));
	ck_assert(!is_met(&scene, SERVER, 1001));
	ck_assert(is_met(&scene, THIRD, 2000));
	fixture_end(&scene.fixture);
}
END_TEST

START_TEST(the_same_again_takes_the_place_of_the_first)
{
	struct scene scene;
	struct expectation wanted;

	begin(&scene, 10);
	wanted = wanted_of(scene.first, SERVER, 1000);
	add(&scene, &wanted);
	ck_assert_int_eq(add(&scene, &wanted), EXPECTATION_ADDED);
	ck_assert_str_eq(scene.ends, "new:1000; replaced:1000; new:1000");
	wanted.class = 1;
	ck_assert_int_eq(add(&scene, &wanted), EXPECTATION_KNOWN);
	fixture_end(&scene.fixture);
}
END_TEST

START_TEST(two_cannot_wait_for_one_packet)
{
	struct scene scene;
	struct expectation wanted;

	begin(&scene, 10);
	wanted = wanted_of(scene.first, SERVER, 1000);
	add(&scene, &wanted);
	wanted = wanted_of(scene.second, SERVER, 1000);
	ck_assert_int_eq(add(&scene, &wanted), EXPECTATION_BUSY);
	ck_assert_int_eq(expectation_add(scene.fixture.conntrack, &wanted, true, scene.fixture.stream.time),
			 EXPECTATION_KNOWN);
	wanted = wanted_of(scene.second, 0, 1000);	/* from anybody, so from the server too */
	ck_assert_int_eq(add(&scene, &wanted), EXPECTATION_BUSY);
	wanted = wanted_of(scene.second, THIRD, 1000);
	ck_assert_int_eq(add(&scene, &wanted), EXPECTATION_ADDED);
	fixture_end(&scene.fixture);
}
END_TEST

START_TEST(the_oldest_of_a_connection_goes)
{
	struct scene scene;
	struct expectation wanted;

	begin(&scene, 10);
	for (uint16_t port = 1000; port < 1003; port++) {
		wanted = wanted_of(scene.first, SERVER, port);
		ck_assert_int_eq(add(&scene, &wanted), EXPECTATION_ADDED);
	}
	ck_assert_str_eq(scene.ends, "new:1000; replaced:1000; new:1001; replaced:1001; new:1002");
	fixture_end(&scene.fixture);
}
END_TEST

START_TEST(the_table_has_an_end)
{
	struct scene scene;
	struct expectation wanted;

	begin(&scene, 1);
	wanted = wanted_of(scene.first, SERVER, 1000);
	ck_assert_int_eq(add(&scene, &wanted), EXPECTATION_ADDED);
	wanted = wanted_of(scene.second, SERVER, 1001);
	ck_assert_int_eq(add(&scene, &wanted), EXPECTATION_FULL);
	fixture_end(&scene.fixture);
}
END_TEST

START_TEST(it_ends_at_its_time_or_with_its_master)
{
	struct scene scene;
	struct expectation wanted;
	struct vtime at = { .ns = 300 * (int64_t)VTIME_NS_PER_SECOND };

	begin(&scene, 10);
	wanted = wanted_of(scene.first, SERVER, 1000);
	add(&scene, &wanted);
	wanted = wanted_of(scene.second, SERVER, 1001);
	add(&scene, &wanted);
	lifecycle_refresh(scene.fixture.conntrack, scene.first, 1000, scene.fixture.stream.time);
	conntrack_expire(scene.fixture.conntrack, (struct vtime){ .ns = at.ns - 1 });
	ck_assert_str_eq(scene.ends, "new:1000; new:1001; orphaned:1001");
	conntrack_expire(scene.fixture.conntrack, at);
	ck_assert_str_eq(scene.ends, "new:1000; new:1001; orphaned:1001; expired:1000");
	fixture_end(&scene.fixture);
}
END_TEST

START_TEST(an_inactive_one_is_found_and_not_met)
{
	struct tuple tuple = packet_from(SERVER, 1000);
	struct expectation wanted, *found;
	struct scene scene;

	begin(&scene, 10);
	wanted = wanted_of(scene.first, SERVER, 1000);
	wanted.flags = EXPECTATION_INACTIVE;
	add(&scene, &wanted);
	ck_assert(!is_met(&scene, SERVER, 1000));
	found = expectation_find(scene.fixture.conntrack, &tuple);
	ck_assert_ptr_nonnull(found);
	found->flags = 0;
	ck_assert(is_met(&scene, SERVER, 1000));
	fixture_end(&scene.fixture);
}
END_TEST

static const struct {
	uint32_t flags;
	const char *ends;
} meetings[] = {
	{ 0, "new:1000; met:1000" },
	{ EXPECTATION_PERMANENT, "new:1000" },
};

START_TEST(the_connection_that_comes_is_related)
{
	struct scene scene;
	struct expectation wanted;
	struct connection *connection;
	struct tuple tuple = packet_from(SERVER, 1000);
	enum direction direction;

	begin(&scene, 10);
	conntrack_change_mark(scene.fixture.conntrack, scene.first, 7);
	wanted = wanted_of(scene.first, SERVER, 1000);
	wanted.tuple.protocol = PROTOCOL_UDP;
	wanted.flags = meetings[_i].flags;
	add(&scene, &wanted);
	fixture_udp(&scene.fixture, SERVER, 20, CLIENT, 1000);
	ck_assert_str_eq(fixture_send(&scene.fixture, 10), "RELATED 30 1/0 U");
	ck_assert_str_eq(scene.ends, meetings[_i].ends);
	tuple.protocol = PROTOCOL_UDP;
	connection = conntrack_find(scene.fixture.conntrack, &tuple, &direction);
	ck_assert_uint_eq(connection->mark, 7);
	ck_assert_uint_eq(connection_extra(connection)->master_id, connection_id(scene.first));
	ck_assert(connection->status & STATUS_EXPECTED);
	fixture_end(&scene.fixture);
}
END_TEST

/* As Linux 6.1.192, 6.12.117 and 6.18.44 answered. */
static const struct {
	enum profile profile;
	bool is_marked;
} helped[] = { { PROFILE_6_1, true }, { PROFILE_6_12, true }, { PROFILE_6_18, false } };

START_TEST(the_helper_that_an_expectation_brings_is_marked_in_older_kernels)
{
	struct scene scene;
	struct expectation wanted;
	struct tuple tuple = packet_from(SERVER, 1000);
	const struct connection *connection;
	enum direction direction;

	begin(&scene, 10);
	scene.fixture.conntrack->settings.profile = helped[_i].profile;
	wanted = wanted_of(scene.first, SERVER, 1000);
	wanted.tuple.protocol = tuple.protocol = PROTOCOL_UDP;
	wanted.helper = helper_find("sip", PROTOCOL_UDP, FAMILY_IPV4);
	add(&scene, &wanted);
	fixture_udp(&scene.fixture, SERVER, 20, CLIENT, 1000);
	fixture_send(&scene.fixture, 10);
	connection = conntrack_find(scene.fixture.conntrack, &tuple, &direction);
	ck_assert_ptr_eq(help_helper(connection), wanted.helper);
	ck_assert_int_eq((connection->status & STATUS_HELPER) != 0, helped[_i].is_marked);
	fixture_end(&scene.fixture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("expectation");
	TCase *cases = tcase_create("table");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	tcase_add_test(cases, the_source_is_masked_and_the_rest_is_exact);
	tcase_add_test(cases, the_same_again_takes_the_place_of_the_first);
	tcase_add_test(cases, two_cannot_wait_for_one_packet);
	tcase_add_test(cases, the_oldest_of_a_connection_goes);
	tcase_add_test(cases, the_table_has_an_end);
	tcase_add_test(cases, it_ends_at_its_time_or_with_its_master);
	tcase_add_test(cases, an_inactive_one_is_found_and_not_met);
	tcase_add_loop_test(cases, the_connection_that_comes_is_related, 0, sizeof(meetings) / sizeof(meetings[0]));
	tcase_add_loop_test(cases, the_helper_that_an_expectation_brings_is_marked_in_older_kernels, 0,
			    sizeof(helped) / sizeof(helped[0]));
	suite_add_tcase(suite, cases);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
