/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Packets translated both ways, and errors about them with what they quote; every checksum right afterwards. */
#include "conntrack_fixture.h"
#include "nat/apply.h"
#include "nat/bind.h"
#include "packet/rewrite.h"

enum { CLIENT = 2, SERVER = 9, GATEWAY = 1, VIRTUAL = 8 };

struct flow {
	struct fixture fixture;
	struct binder binder;
};

static struct nat_range to_host(uint8_t host, uint16_t port)
{
	return (struct nat_range){
		.flags = NAT_MAP_ADDRESS | (port ? NAT_MAP_PORT : 0),
		.first = address_from_ipv4(0x0a000000u + host), .last = address_from_ipv4(0x0a000000u + host),
		.first_port = port, .last_port = port,
	};
}

/* CLIENT:1000 > VIRTUAL:80 becomes GATEWAY:2000 > SERVER:8080. */
static void begin(struct flow *flow)
{
	struct nat_range destination = to_host(SERVER, 8080), source = to_host(GATEWAY, 2000);
	struct tracking tracking = { 0 };
	struct vtime now = { .ns = 0 };

	fixture_begin(&flow->fixture, NULL, 0);
	bind_init(&flow->binder, flow->fixture.conntrack, 1);
	fixture_udp(&flow->fixture, CLIENT, 1000, VIRTUAL, 80);
	conntrack_track(flow->fixture.conntrack, &flow->fixture.packet, HOOK_PREROUTING, now, &tracking);
	bind_range(&flow->binder, tracking.connection, NAT_DESTINATION, &destination, now);
	bind_range(&flow->binder, tracking.connection, NAT_SOURCE, &source, now);
	ck_assert(conntrack_confirm(flow->fixture.conntrack, &tracking, now));
	conntrack_release(flow->fixture.conntrack, &tracking);
}

static void check_ends(const struct packet *packet, const char *name, uint8_t source, uint16_t source_port,
		       uint8_t destination, uint16_t destination_port)
{
	ck_assert_msg(address_ipv4(&packet->source) == 0x0a000000u + source, "%s: source %x", name, address_ipv4(&packet->source));
	ck_assert_msg(address_ipv4(&packet->destination) == 0x0a000000u + destination, "%s: destination %x", name,
		      address_ipv4(&packet->destination));
	ck_assert_msg(packet->source_port == source_port, "%s: source port %u", name, packet->source_port);
	ck_assert_msg(packet->destination_port == destination_port, "%s: destination port %u", name, packet->destination_port);
}

static void check_sums(const struct packet *packet)
{
	ck_assert_uint_eq(checksum_finish(checksum_add(0, packet->bytes, 20)), 0);
	ck_assert_int_eq(checksum_verify_l4(packet), CHECKSUM_VALID);
}

/* Both hooks of a packet's way. */
static void apply_both(struct flow *flow, enum ctstate expected)
{
	struct packet *packet = &flow->fixture.packet;
	struct tracking tracking = { 0 };
	struct vtime now = { .ns = 1000 };

	conntrack_track(flow->fixture.conntrack, packet, HOOK_PREROUTING, now, &tracking);
	ck_assert_int_eq(tracking.ctstate, expected);
	ck_assert(apply_mapping(packet, &tracking, apply_side_of(HOOK_PREROUTING)) == NULL);
	ck_assert(apply_mapping(packet, &tracking, apply_side_of(HOOK_POSTROUTING)) == NULL);
	conntrack_release(flow->fixture.conntrack, &tracking);
	check_sums(packet);
}

START_TEST(packets_are_translated_there_and_back)
{
	struct flow flow;

	begin(&flow);
	fixture_udp(&flow.fixture, CLIENT, 1000, VIRTUAL, 80);
	apply_both(&flow, CTSTATE_NEW);
	check_ends(&flow.fixture.packet, "there", GATEWAY, 2000, SERVER, 8080);
	fixture_udp(&flow.fixture, SERVER, 8080, GATEWAY, 2000);
	apply_both(&flow, CTSTATE_ESTABLISHED);
	check_ends(&flow.fixture.packet, "back", VIRTUAL, 80, CLIENT, 1000);
	fixture_end(&flow.fixture);
}
END_TEST

static const struct error_row {
	const char *name;
	uint8_t from, to;		/* of the error */
	uint8_t source, destination;	/* of the packet that it quotes */
	uint16_t source_port, destination_port;
	uint8_t new_from, new_to;
	uint8_t new_source, new_destination;
	uint16_t new_source_port, new_destination_port;
} errors[] = {
	{ "the server's, to the client", SERVER, GATEWAY, GATEWAY, SERVER, 2000, 8080,
	  VIRTUAL, CLIENT, CLIENT, VIRTUAL, 1000, 80 },
	{ "a router's, to the client", 77, GATEWAY, GATEWAY, SERVER, 2000, 8080,
	  VIRTUAL, CLIENT, CLIENT, VIRTUAL, 1000, 80 },
	{ "the client's, to the server", CLIENT, VIRTUAL, VIRTUAL, CLIENT, 80, 1000,
	  GATEWAY, SERVER, SERVER, GATEWAY, 8080, 2000 },
};

/* ICMP port unreachable that quotes `quoted_len` bytes of a UDP packet. */
static void make_error(struct fixture *fixture, const struct error_row *row, uint32_t quoted_len)
{
	uint8_t l4[8 + 32] = { 3, 3 };

	fixture_udp(fixture, row->source, row->source_port, row->destination, row->destination_port);
	memcpy(l4 + 8, fixture->bytes, quoted_len);
	fixture_make(fixture, FAMILY_IPV4, row->from, row->to, PROTOCOL_ICMP, l4, 8 + quoted_len);
}

START_TEST(errors_are_translated_with_what_they_quote)
{
	const struct error_row *row = &errors[_i];
	struct packet inner;
	struct flow flow;

	begin(&flow);
	make_error(&flow.fixture, row, 28);
	apply_both(&flow, CTSTATE_RELATED);
	check_ends(&flow.fixture.packet, row->name, row->new_from, 0, row->new_to, 0);
	ck_assert(decode_embedded(&flow.fixture.packet, &inner));
	check_ends(&inner, row->name, row->new_source, row->new_source_port, row->new_destination, row->new_destination_port);
	ck_assert_uint_eq(checksum_finish(checksum_add(0, inner.bytes, 20)), 0);
	fixture_end(&flow.fixture);
}
END_TEST

/* Four bytes of ports are enough to find the entry, but Linux will not translate fewer than eight. */
START_TEST(a_quote_that_is_too_short_is_dropped)
{
	struct tracking tracking = { 0 };
	struct flow flow;

	begin(&flow);
	make_error(&flow.fixture, &errors[0], 24);
	conntrack_track(flow.fixture.conntrack, &flow.fixture.packet, HOOK_PREROUTING, (struct vtime){ .ns = 1 }, &tracking);
	ck_assert_int_eq(tracking.ctstate, CTSTATE_RELATED);
	ck_assert(apply_mapping(&flow.fixture.packet, &tracking, NAT_DESTINATION) != NULL);
	conntrack_release(flow.fixture.conntrack, &tracking);
	fixture_end(&flow.fixture);
}
END_TEST

START_TEST(a_redirect_about_a_translated_connection_is_dropped)
{
	struct tracking tracking = { 0 };
	struct flow flow;
	uint8_t l4[8 + 28] = { 5, 1 };

	begin(&flow);
	fixture_udp(&flow.fixture, GATEWAY, 2000, SERVER, 8080);
	memcpy(l4 + 8, flow.fixture.bytes, 28);
	fixture_make(&flow.fixture, FAMILY_IPV4, 77, GATEWAY, PROTOCOL_ICMP, l4, sizeof(l4));
	conntrack_track(flow.fixture.conntrack, &flow.fixture.packet, HOOK_PREROUTING, (struct vtime){ .ns = 1 }, &tracking);
	ck_assert_int_eq(tracking.ctstate, CTSTATE_RELATED);
	ck_assert(apply_mapping(&flow.fixture.packet, &tracking, NAT_DESTINATION) != NULL);
	conntrack_release(flow.fixture.conntrack, &tracking);
	fixture_end(&flow.fixture);
}
END_TEST

/* Two pings with one identifier: the second leaves with another, and its answer comes back with its own. */
START_TEST(icmp_identifiers_are_translated)
{
	struct nat_range range = to_host(GATEWAY, 0);
	uint8_t echo[8] = { 8, 0, 0, 0, 0, 7, 0, 1 }, answer[8] = { 0, 0, 0, 0, 0, 0, 0, 1 };
	struct vtime now = { .ns = 0 };
	struct flow flow;
	uint16_t id = 0;

	begin(&flow);
	for (uint8_t i = 0; i < 2; i++) {
		struct tracking tracking = { 0 };

		fixture_make(&flow.fixture, FAMILY_IPV4, (uint8_t)(CLIENT + i), SERVER, PROTOCOL_ICMP, echo, sizeof(echo));
		conntrack_track(flow.fixture.conntrack, &flow.fixture.packet, HOOK_PREROUTING, now, &tracking);
		bind_null(&flow.binder, tracking.connection, NAT_DESTINATION, now);
		bind_range(&flow.binder, tracking.connection, NAT_SOURCE, &range, now);
		ck_assert(apply_mapping(&flow.fixture.packet, &tracking, NAT_SOURCE) == NULL);
		ck_assert(conntrack_confirm(flow.fixture.conntrack, &tracking, now));
		ck_assert_uint_eq(address_ipv4(&flow.fixture.packet.source), 0x0a000000u + GATEWAY);
		ck_assert((flow.fixture.packet.icmp_id == 7) == (i == 0));
		id = flow.fixture.packet.icmp_id;
		check_sums(&flow.fixture.packet);
		conntrack_release(flow.fixture.conntrack, &tracking);
	}
	fixture_put16(answer + 4, id);
	fixture_make(&flow.fixture, FAMILY_IPV4, SERVER, GATEWAY, PROTOCOL_ICMP, answer, sizeof(answer));
	apply_both(&flow, CTSTATE_ESTABLISHED);
	ck_assert_uint_eq(flow.fixture.packet.icmp_id, 7);
	ck_assert_uint_eq(address_ipv4(&flow.fixture.packet.destination), 0x0a000000u + CLIENT + 1);
	fixture_end(&flow.fixture);
}
END_TEST

/* Linux computes the CRC anew over what is quoted; the error's own checksum stays right. */
START_TEST(a_quoted_sctp_packet_gets_a_crc_of_its_own)
{
	uint8_t sctp[16] = { 0x03, 0xe8, 0x00, 0x50 }, l4[8 + 36] = { 3, 3 };
	struct fixture fixture;

	fixture_begin(&fixture, NULL, 0);
	fixture_make(&fixture, FAMILY_IPV4, GATEWAY, SERVER, PROTOCOL_SCTP, sctp, sizeof(sctp));
	memcpy(l4 + 8, fixture.bytes, 36);
	fixture_make(&fixture, FAMILY_IPV4, SERVER, GATEWAY, PROTOCOL_ICMP, l4, sizeof(l4));
	rewrite_quoted_source_port(&fixture.packet, 2000);
	rewrite_quoted_crc(&fixture.packet);
	check_sums(&fixture.packet);
	memcpy(l4, fixture.packet.bytes + 20, sizeof(l4));
	ck_assert_uint_eq(l4[28] << 8 | l4[29], 2000);
	ck_assert_uint_eq((uint32_t)l4[36] << 24 | (uint32_t)l4[37] << 16 | (uint32_t)l4[38] << 8 | l4[39],
			  checksum_crc32c(l4 + 28, 16, 8));
	fixture_end(&fixture);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("nat/apply");
	TCase *tcase = tcase_create("packets");
	SRunner *runner;
	int n_failed;

	tcase_add_test(tcase, packets_are_translated_there_and_back);
	tcase_add_loop_test(tcase, errors_are_translated_with_what_they_quote, 0, (int)(sizeof(errors) / sizeof(errors[0])));
	tcase_add_test(tcase, a_quote_that_is_too_short_is_dropped);
	tcase_add_test(tcase, a_redirect_about_a_translated_connection_is_dropped);
	tcase_add_test(tcase, icmp_identifiers_are_translated);
	tcase_add_test(tcase, a_quoted_sctp_packet_gets_a_crc_of_its_own);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
