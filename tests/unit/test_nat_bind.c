/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which mapping a connection gets: addresses of a range, ports, exhaustion, reuse. */
#include "conntrack_fixture.h"
#include "nat/bind.h"

enum { CLIENT = 2, SERVER = 9 };

/* Seen on a live 6.18 kernel: SNAT to 10.0.2.100-10.0.2.103. */
static const struct {
	const char *client, *server, *chosen;
	bool is_persistent;
} choices[] = {
	{ "10.0.1.2", "10.0.2.2", "10.0.2.100", false },
	{ "10.0.1.3", "10.0.2.2", "10.0.2.102", false },
	{ "10.0.1.4", "10.0.2.2", "10.0.2.101", false },
	{ "10.0.1.5", "10.0.2.2", "10.0.2.103", false },
	{ "10.0.1.6", "10.0.2.2", "10.0.2.102", false },
	{ "10.0.1.7", "10.0.2.2", "10.0.2.101", false },
	{ "10.0.1.8", "10.0.2.2", "10.0.2.103", false },
	{ "10.0.1.9", "10.0.2.2", "10.0.2.103", false },
	{ "10.0.1.2", "10.0.2.3", "10.0.2.100", false },
	{ "10.0.1.3", "10.0.2.3", "10.0.2.102", false },
	{ "10.0.1.4", "10.0.2.3", "10.0.2.102", false },
	{ "10.0.1.5", "10.0.2.3", "10.0.2.102", false },
	{ "10.0.1.2", "10.0.2.2", "10.0.2.103", true },
	{ "10.0.1.3", "10.0.2.2", "10.0.2.102", true },
	{ "10.0.1.4", "10.0.2.3", "10.0.2.103", true },
	{ "10.0.1.5", "10.0.2.3", "10.0.2.102", true },
};

static struct address address_of(const char *text)
{
	enum family family;
	struct address address;

	ck_assert(address_parse(text, strlen(text), &family, &address));
	return address;
}

START_TEST(a_range_gives_the_address_of_the_hash)
{
	struct tuple tuple = {
		.source = address_of(choices[_i].client), .destination = address_of(choices[_i].server),
		.protocol = PROTOCOL_UDP, .family = FAMILY_IPV4,
	};
	struct nat_range range = {
		.flags = NAT_MAP_ADDRESS | (choices[_i].is_persistent ? NAT_PERSISTENT : 0),
		.first = address_of("10.0.2.100"), .last = address_of("10.0.2.103"),
	};
	struct address chosen = bind_choose_address(&tuple, 0, NAT_SOURCE, &range);
	struct text text;

	text_init(&text);
	address_print(FAMILY_IPV4, &chosen, &text);
	ck_assert_str_eq(text_string(&text), choices[_i].chosen);
	text_clear(&text);
}
END_TEST

START_TEST(an_ipv6_range_gives_an_address_inside)
{
	struct tuple tuple = { .destination = address_of("2001:db8::99"), .protocol = PROTOCOL_UDP, .family = FAMILY_IPV6 };
	struct nat_range range = {
		.flags = NAT_MAP_ADDRESS, .first = address_of("2001:db8:1::5"), .last = address_of("2001:db8:1:ffff::9"),
	};

	for (uint32_t i = 0; i < 500; i++) {
		struct address chosen;

		tuple.source.word[3] = i;
		chosen = bind_choose_address(&tuple, 0, i & 1 ? NAT_SOURCE : NAT_DESTINATION, &range);
		ck_assert_int_ge(address_compare(&chosen, &range.first), 0);
		ck_assert_int_le(address_compare(&chosen, &range.last), 0);
	}
}
END_TEST

/* What became of a connection's source port in these tests; 0: it clashed at confirmation. */
static uint16_t map_source(struct fixture *fixture, struct binder *binder, const struct nat_range *range)
{
	struct tracking tracking = { 0 };
	struct vtime now = { .ns = 0 };
	uint16_t port = 0;

	ck_assert_int_eq(conntrack_track(fixture->conntrack, &fixture->packet, HOOK_PREROUTING, now, &tracking), CONNTRACK_ACCEPT);
	bind_null(binder, tracking.connection, NAT_DESTINATION, now);
	if (range)
		bind_range(binder, tracking.connection, NAT_SOURCE, range, now);
	else
		bind_null(binder, tracking.connection, NAT_SOURCE, now);
	ck_assert(bind_is_done(tracking.connection, NAT_SOURCE) && bind_is_done(tracking.connection, NAT_DESTINATION));
	if (conntrack_confirm(fixture->conntrack, &tracking, now))
		port = connection_tuple(tracking.connection, DIRECTION_REPLY).destination_port;
	conntrack_release(fixture->conntrack, &tracking);
	return port;
}

static void begin(struct fixture *fixture, struct binder *binder, uint64_t seed)
{
	fixture_begin(fixture, NULL, 0);
	bind_init(binder, fixture->conntrack, seed);
}

static struct nat_range to_gateway(uint16_t first_port, uint16_t last_port)
{
	return (struct nat_range){
		.flags = NAT_MAP_ADDRESS | (last_port ? NAT_MAP_PORT : 0),
		.first = address_from_ipv4(0x0a000001), .last = address_from_ipv4(0x0a000001),
		.first_port = first_port, .last_port = last_port,
	};
}

/* The second client with the same port gets one of the port's class. */
static const struct { uint16_t port, low, high; } classes[] = {
	{ 53, 1, 511 }, { 511, 1, 511 }, { 512, 600, 1023 }, { 1000, 600, 1023 }, { 1024, 1024, 65535 }, { 40000, 1024, 65535 },
};

START_TEST(a_taken_port_is_replaced_by_one_of_its_class)
{
	struct nat_range range = to_gateway(0, 0);
	struct fixture fixture;
	struct binder binder;

	for (uint64_t seed = 1; seed <= 20; seed++) {
		uint16_t port;

		begin(&fixture, &binder, seed);
		fixture_udp(&fixture, CLIENT, classes[_i].port, SERVER, 80);
		ck_assert_uint_eq(map_source(&fixture, &binder, &range), classes[_i].port);
		fixture_udp(&fixture, CLIENT + 1, classes[_i].port, SERVER, 80);
		port = map_source(&fixture, &binder, &range);
		ck_assert_uint_ne(port, classes[_i].port);
		ck_assert_uint_ge(port, classes[_i].low);
		ck_assert_uint_le(port, classes[_i].high);
		fixture_end(&fixture);
	}
}
END_TEST

START_TEST(the_same_port_serves_other_destinations)
{
	struct nat_range range = to_gateway(0, 0);
	struct fixture fixture;
	struct binder binder;

	begin(&fixture, &binder, 1);
	fixture_udp(&fixture, CLIENT, 5000, SERVER, 80);
	ck_assert_uint_eq(map_source(&fixture, &binder, &range), 5000);
	fixture_udp(&fixture, CLIENT + 1, 5000, SERVER, 81);
	ck_assert_uint_eq(map_source(&fixture, &binder, &range), 5000);
	fixture_end(&fixture);
}
END_TEST

START_TEST(a_source_keeps_its_mapping_towards_other_destinations)
{
	struct nat_range range = to_gateway(51000, 51999);
	struct fixture fixture;
	struct binder binder;
	uint16_t first;

	begin(&fixture, &binder, 3);
	fixture_udp(&fixture, CLIENT, 5000, SERVER, 80);
	first = map_source(&fixture, &binder, &range);
	ck_assert_uint_ge(first, 51000);
	ck_assert_uint_le(first, 51999);
	for (uint16_t port = 81; port < 90; port++) {
		fixture_udp(&fixture, CLIENT, 5000, SERVER, port);
		ck_assert_uint_eq(map_source(&fixture, &binder, &range), first);
	}
	fixture_udp(&fixture, CLIENT, 5001, SERVER, 90);
	ck_assert_uint_ne(map_source(&fixture, &binder, &range), first);
	fixture_end(&fixture);
}
END_TEST

START_TEST(three_ports_serve_three_clients_and_no_more)
{
	struct nat_range range = to_gateway(100, 102);
	struct fixture fixture;
	struct binder binder;
	bool is_used[3] = { false };

	begin(&fixture, &binder, (uint64_t)_i);
	for (uint8_t client = 10; client < 13; client++) {
		uint16_t port;

		fixture_udp(&fixture, client, 5000, SERVER, 80);
		port = map_source(&fixture, &binder, &range);
		ck_assert_uint_ge(port, 100);
		ck_assert_uint_le(port, 102);
		ck_assert(!is_used[port - 100]);
		is_used[port - 100] = true;
	}
	fixture_udp(&fixture, 13, 5000, SERVER, 80);
	ck_assert_uint_eq(map_source(&fixture, &binder, &range), 0);
	fixture_end(&fixture);
}
END_TEST

START_TEST(a_single_port_is_given_away_twice_and_clashes)
{
	struct nat_range range = to_gateway(9000, 9000);
	struct fixture fixture;
	struct binder binder;

	begin(&fixture, &binder, 1);
	fixture_udp(&fixture, CLIENT, 9000, SERVER, 80);
	ck_assert_uint_eq(map_source(&fixture, &binder, &range), 9000);
	fixture_udp(&fixture, CLIENT + 1, 9000, SERVER, 80);
	ck_assert_uint_eq(map_source(&fixture, &binder, &range), 0);
	fixture_end(&fixture);
}
END_TEST

/* The same seed draws the same ports, another one others; without --random a free port is kept. */
START_TEST(random_ports_are_a_matter_of_the_seed)
{
	struct nat_range range = to_gateway(0, 0);
	uint16_t port[3];

	range.flags |= NAT_RANDOM;
	for (unsigned i = 0; i < 3; i++) {
		struct fixture fixture;
		struct binder binder;

		begin(&fixture, &binder, i < 2 ? 7 : 8);
		fixture_udp(&fixture, CLIENT, 5000, SERVER, 80);
		port[i] = map_source(&fixture, &binder, &range);
		fixture_end(&fixture);
	}
	ck_assert_uint_eq(port[0], port[1]);
	ck_assert_uint_ne(port[0], port[2]);
	ck_assert_uint_ge(port[0], 1024);
}
END_TEST

/* Linux 6.18: a destination's port is the first free one of the range, or shifted by what the packet asked for. */
static const struct {
	const char *name;
	uint16_t asked, first, last, base, expected;
} destinations[] = {
	{ "inside", 6002, 6000, 6003, 0, 6002 },
	{ "outside", 80, 6000, 6003, 0, 6000 },
	{ "single", 80, 8080, 8080, 0, 8080 },
	{ "shifted", 5003, 6000, 6003, 5000, 6003 },
	{ "shifted round", 5004, 6000, 6003, 5000, 6000 },
};

START_TEST(destinations_get_their_port)
{
	struct nat_range range = to_gateway(destinations[_i].first, destinations[_i].last);
	struct tracking tracking = { 0 };
	struct vtime now = { .ns = 0 };
	struct fixture fixture;
	struct binder binder;

	if (destinations[_i].base) {
		range.flags |= NAT_SHIFT_PORT;
		range.base_port = destinations[_i].base;
	}
	begin(&fixture, &binder, 1);
	fixture_udp(&fixture, CLIENT, 1000, SERVER, destinations[_i].asked);
	conntrack_track(fixture.conntrack, &fixture.packet, HOOK_PREROUTING, now, &tracking);
	bind_range(&binder, tracking.connection, NAT_DESTINATION, &range, now);
	ck_assert_msg(connection_tuple(tracking.connection, DIRECTION_REPLY).source_port == destinations[_i].expected, "%s: %u",
		      destinations[_i].name, connection_tuple(tracking.connection, DIRECTION_REPLY).source_port);
	ck_assert(tracking.connection->status & STATUS_DST_NAT);
	conntrack_release(fixture.conntrack, &tracking);
	fixture_end(&fixture);
}
END_TEST

/* Nobody asked for a mapping; the reply tuple clashes all the same, after two DNATs to one server. */
START_TEST(a_null_binding_may_change_the_source_port)
{
	struct nat_range range = to_gateway(53, 53);
	struct vtime now = { .ns = 0 };
	struct fixture fixture;
	struct binder binder;
	uint16_t port[2];

	begin(&fixture, &binder, 1);
	for (uint8_t i = 0; i < 2; i++) {
		struct tracking tracking = { 0 };

		fixture_udp(&fixture, CLIENT, 1000, (uint8_t)(SERVER + i), 53);
		conntrack_track(fixture.conntrack, &fixture.packet, HOOK_PREROUTING, now, &tracking);
		bind_range(&binder, tracking.connection, NAT_DESTINATION, &range, now);
		bind_null(&binder, tracking.connection, NAT_SOURCE, now);
		ck_assert(conntrack_confirm(fixture.conntrack, &tracking, now));
		port[i] = connection_tuple(tracking.connection, DIRECTION_REPLY).destination_port;
		conntrack_release(fixture.conntrack, &tracking);
	}
	ck_assert_uint_eq(port[0], 1000);
	ck_assert_uint_ge(port[1], 600);
	ck_assert_uint_le(port[1], 1023);
	ck_assert_uint_ne(port[1], 1000);
	fixture_end(&fixture);
}
END_TEST

/* What has expired is in nobody's way, and no model for others. */
START_TEST(an_expired_entry_frees_its_port)
{
	struct nat_range range = to_gateway(9000, 9000);
	struct fixture fixture;
	struct binder binder;

	begin(&fixture, &binder, 1);
	for (int round = 0; round < 3; round++) {
		fixture_udp(&fixture, CLIENT, 5000, SERVER, 80);
		ck_assert_uint_eq(map_source(&fixture, &binder, &range), 9000);
		conntrack_expire(fixture.conntrack, (struct vtime){ .ns = (round + 1) * INT64_C(40) * VTIME_NS_PER_SECOND });
	}
	fixture_end(&fixture);
}
END_TEST

#define N(table) (int)(sizeof(table) / sizeof(table[0]))

int main(void)
{
	Suite *suite = suite_create("nat/bind");
	TCase *tcase = tcase_create("mappings");
	SRunner *runner;
	int n_failed;

	tcase_add_loop_test(tcase, a_range_gives_the_address_of_the_hash, 0, N(choices));
	tcase_add_test(tcase, an_ipv6_range_gives_an_address_inside);
	tcase_add_loop_test(tcase, a_taken_port_is_replaced_by_one_of_its_class, 0, N(classes));
	tcase_add_test(tcase, the_same_port_serves_other_destinations);
	tcase_add_test(tcase, a_source_keeps_its_mapping_towards_other_destinations);
	tcase_add_loop_test(tcase, three_ports_serve_three_clients_and_no_more, 0, 10);
	tcase_add_test(tcase, a_single_port_is_given_away_twice_and_clashes);
	tcase_add_test(tcase, random_ports_are_a_matter_of_the_seed);
	tcase_add_loop_test(tcase, destinations_get_their_port, 0, N(destinations));
	tcase_add_test(tcase, a_null_binding_may_change_the_source_port);
	tcase_add_test(tcase, an_expired_entry_frees_its_port);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
