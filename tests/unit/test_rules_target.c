/* SPDX-License-Identifier: GPL-2.0-or-later */
/* REJECT, LOG, MARK, NOTRACK, CT, TPROXY: what they ask for, and what they change. */
#include "event/event.h"
#include "event/stream.h"
#include "rules_fixture.h"

#include "conntrack/helper.h"

static const struct target_type *configure(struct rules_fixture *fixture, const char *name, enum family family,
					   const char *options)
{
	const struct target_type *target = extension_find_target(name, family);
	struct extension_place place = { .family = family, .table = "filter", .chain = "FORWARD",
					 .hooks = 1 << HOOK_FORWARD, .protocol = PROTOCOL_TCP };

	ck_assert(target != NULL);
	rules_fixture_init(fixture);
	if (target->init)
		target->init(fixture->config);
	ck_assert(rules_fixture_configure(fixture, target->options, target->n_options, options, &place));
	ck_assert(!target->check || target->check(fixture->config, &place, &fixture->diagnostics));
	return target;
}

static const struct {
	enum family family;
	const char *options, *name;
	enum reject_kind kind;
	uint8_t code;
} rejects[] = {
	{ FAMILY_IPV4, "", "icmp-port-unreachable", REJECT_UNREACHABLE, 3 },
	{ FAMILY_IPV4, "--reject-with icmp-net-unreachable", "icmp-net-unreachable", REJECT_UNREACHABLE, 0 },
	{ FAMILY_IPV4, "--reject-with host-unreach", "icmp-host-unreachable", REJECT_UNREACHABLE, 1 },
	{ FAMILY_IPV4, "--reject-with icmp-proto", "icmp-proto-unreachable", REJECT_UNREACHABLE, 2 },
	{ FAMILY_IPV4, "--reject-with net-prohib", "icmp-net-prohibited", REJECT_UNREACHABLE, 9 },
	{ FAMILY_IPV4, "--reject-with host-prohib", "icmp-host-prohibited", REJECT_UNREACHABLE, 10 },
	{ FAMILY_IPV4, "--reject-with admin-prohib", "icmp-admin-prohibited", REJECT_UNREACHABLE, 13 },
	{ FAMILY_IPV4, "--reject-with tcp-rst", "tcp-reset", REJECT_TCP_RESET, 0 },
	{ FAMILY_IPV6, "", "icmp6-port-unreachable", REJECT_UNREACHABLE, 4 },
	{ FAMILY_IPV6, "--reject-with no-route", "icmp6-no-route", REJECT_UNREACHABLE, 0 },
	{ FAMILY_IPV6, "--reject-with adm-prohibited", "icmp6-adm-prohibited", REJECT_UNREACHABLE, 1 },
	{ FAMILY_IPV6, "--reject-with addr-unreach", "icmp6-addr-unreachable", REJECT_UNREACHABLE, 3 },
	{ FAMILY_IPV6, "--reject-with policy-fail", "icmp6-policy-fail", REJECT_UNREACHABLE, 5 },
	{ FAMILY_IPV6, "--reject-with reject-route", "icmp6-reject-route", REJECT_UNREACHABLE, 6 },
	{ FAMILY_IPV6, "--reject-with tcp-reset", "tcp-reset", REJECT_TCP_RESET, 0 },
};

START_TEST(reject_asks_for_its_answer)
{
	struct rules_fixture fixture;
	const struct target_type *target = configure(&fixture, "REJECT", rejects[_i].family, rejects[_i].options);

	ck_assert_int_eq(target->eval(fixture.config, fixture.state, &fixture.subject), TARGET_DROP);
	ck_assert_int_eq(fixture.subject.request.reject, rejects[_i].kind);
	ck_assert_uint_eq(fixture.subject.request.reject_code, rejects[_i].code);
	ck_assert_str_eq(fixture.subject.request.reject_name, rejects[_i].name);
	rules_fixture_clear(&fixture);
}
END_TEST

static const struct {
	const char *options;
	uint32_t before, after;
} marks[] = {
	{ "--set-mark 5", 0xffff, 5 },
	{ "--set-mark 0x10/0xff", 0x1203, 0x1210 },
	{ "--set-mark 0x1ff/0xff", 0x1200, 0x13ff },
	{ "--set-xmark 0x10/0xff", 0x1203, 0x1210 },
	{ "--set-xmark 0x100/0xff", 0x103, 0x000 },
	{ "--and-mark 0xf", 0x123, 0x3 },
	{ "--or-mark 0x100", 0x23, 0x123 },
	{ "--xor-mark 0x11", 0x1, 0x10 },
};

START_TEST(mark_changes_the_mark)
{
	struct rules_fixture fixture;
	const struct target_type *target = configure(&fixture, "MARK", FAMILY_IPV4, marks[_i].options);

	fixture.subject.mark = marks[_i].before;
	ck_assert_int_eq(target->eval(fixture.config, fixture.state, &fixture.subject), TARGET_CONTINUE);
	ck_assert_uint_eq(fixture.subject.mark, marks[_i].after);
	rules_fixture_clear(&fixture);
}
END_TEST

static const struct {
	const char *name, *options;
	bool has_entry, notrack;
} tracks[] = {
	{ "NOTRACK", "", false, true },
	{ "NOTRACK", "", true, false },
	{ "CT", "--notrack", false, true },
	{ "CT", "--notrack", true, false },
	{ "CT", "--notrack --zone 5 --helper nosuch", false, true },
	{ "CT", "", false, false },
	{ "CT", "--zone 0", false, false },
	{ "CT", "--helper ftp", false, false },
	{ "CT", "--zone-orig 5", false, false },
	{ "CT", "--zone mark", false, false },
	{ "CT", "--ctevents new,destroy", false, false },
	{ "CT", "--helper Q.931", false, false },
};

START_TEST(notrack_is_asked_for_before_there_is_an_entry)
{
	struct rules_fixture fixture;
	const struct target_type *target = configure(&fixture, tracks[_i].name, FAMILY_IPV4, tracks[_i].options);

	if (tracks[_i].has_entry)
		fixture.tracking.connection = &fixture.connection;
	ck_assert_int_eq(target->eval(fixture.config, fixture.state, &fixture.subject), TARGET_CONTINUE);
	ck_assert_int_eq(fixture.subject.request.notrack, tracks[_i].notrack);
	rules_fixture_clear(&fixture);
}
END_TEST

/* What the template says of zones and events. */
static const struct {
	const char *options;
	uint16_t zone;
	bool is_mark, original, reply;
	uint16_t events, expectation_events;
} templates[] = {
	{ "", 0, false, true, true, 0, 0 },
	{ "--zone 5", 5, false, true, true, 0, 0 },
	{ "--zone-orig 5", 5, false, true, false, 0, 0 },
	{ "--zone-reply 5", 5, false, false, true, 0, 0 },
	{ "--zone-orig 5 --zone-reply 6", 6, false, true, true, 0, 0 },
	{ "--zone mark", 0, true, true, true, 0, 0 },
	{ "--zone-orig mark", 0, true, true, false, 0, 0 },
	{ "--ctevents new,assured", 0, false, true, true, CONNTRACK_EVENT_NEW | CONNTRACK_EVENT_ASSURED, 0 },
	{ "--expevents new", 0, false, true, true, 0, 1 },
};

START_TEST(ct_asks_for_zones_and_events)
{
	struct rules_fixture fixture;
	const struct target_type *target = configure(&fixture, "CT", FAMILY_IPV4, templates[_i].options);
	const struct template *template = &fixture.subject.request.template;

	target->eval(fixture.config, fixture.state, &fixture.subject);
	ck_assert(template->is_set);
	ck_assert_uint_eq(template->zone, templates[_i].zone);
	ck_assert_int_eq(template->zone_is_mark, templates[_i].is_mark);
	ck_assert_int_eq(template->zones[DIRECTION_ORIGINAL], templates[_i].original);
	ck_assert_int_eq(template->zones[DIRECTION_REPLY], templates[_i].reply);
	ck_assert_uint_eq(template->events, templates[_i].events);
	ck_assert_uint_eq(template->expectation_events, templates[_i].expectation_events);
	rules_fixture_clear(&fixture);
}
END_TEST

START_TEST(the_first_ct_rule_wins)
{
	struct rules_fixture first, second;
	const struct target_type *target = configure(&first, "CT", FAMILY_IPV4, "--helper ftp");

	configure(&second, "CT", FAMILY_IPV4, "--notrack");
	target->eval(first.config, first.state, &first.subject);
	ck_assert_ptr_eq(first.subject.request.template.helper, helper_find("ftp", PROTOCOL_TCP, FAMILY_IPV4));
	target->eval(second.config, second.state, &first.subject);
	ck_assert(!first.subject.request.notrack);
	target->eval(second.config, second.state, &second.subject);
	target->eval(first.config, first.state, &second.subject);
	ck_assert(second.subject.request.notrack && !second.subject.request.template.is_set);
	rules_fixture_clear(&first);
	rules_fixture_clear(&second);
}
END_TEST

/* One transparent socket: where it listens somebody told. */
struct listener {
	struct annotation_source source;	/* first: the two are one object */
	uint32_t port;				/* 0: nobody told */
};

static bool find_listener(const struct annotation_source *source, const struct packet *packet, enum annotation annotation,
			  struct annotation_value *value)
{
	const struct listener *listener = (const struct listener *)source;

	(void)packet;
	value->number = listener->port;
	return annotation == ANNOTATION_TPROXY_PORT && listener->port;
}

static const struct {
	const char *options;
	uint32_t port;		/* where somebody listens */
	uint32_t l4_len;
	enum target_verdict verdict;
	uint32_t mark;		/* afterwards; 0x30 before */
} proxies[] = {
	{ "--on-port 3129", 0, 20, TARGET_DROP, 0x30 },
	{ "--on-port 3129", 3129, 20, TARGET_ACCEPT, 0x30 },
	{ "--on-port 3129", 3130, 20, TARGET_DROP, 0x30 },
	{ "--on-port 3129 --tproxy-mark 1", 3129, 20, TARGET_ACCEPT, 1 },
	{ "--on-port 3129 --tproxy-mark 1/1", 3129, 20, TARGET_ACCEPT, 0x31 },
	{ "--on-port 3129 --tproxy-mark 0x11/0xf0", 3129, 20, TARGET_ACCEPT, 0x11 },
	{ "--on-port 3129 --tproxy-mark 1", 0, 20, TARGET_DROP, 0x30 },
	{ "--on-port 0", 80, 20, TARGET_ACCEPT, 0x30 },
	{ "--on-port 0", 3129, 20, TARGET_DROP, 0x30 },
	{ "--on-port 3129", 3129, 8, TARGET_ACCEPT, 0x30 },
	{ "--on-port 3129", 3129, 7, TARGET_DROP, 0x30 },
};

START_TEST(tproxy_hands_on_to_a_socket_that_is_told)
{
	struct listener listener = { .source = { .find = find_listener }, .port = proxies[_i].port };
	struct rules_fixture fixture;
	const struct target_type *target = configure(&fixture, "TPROXY", FAMILY_IPV4, proxies[_i].options);

	fixture.packet.has_ports = true;
	fixture.packet.destination_port = 80;
	fixture.packet.l4_len = proxies[_i].l4_len;
	fixture.subject.annotations = &listener.source;
	fixture.subject.mark = 0x30;
	ck_assert_int_eq(target->eval(fixture.config, fixture.state, &fixture.subject), proxies[_i].verdict);
	ck_assert_uint_eq(fixture.subject.mark, proxies[_i].mark);
	rules_fixture_clear(&fixture);
}
END_TEST

static void keep_event(void *owner, const struct event *event)
{
	*(struct event *)owner = *event;
}

START_TEST(log_says_what_it_saw)
{
	struct rules_fixture fixture;
	const struct target_type *target = configure(&fixture, "LOG", FAMILY_IPV4,
						     "--log-prefix fw: --log-level info --log-tcp-options --log-macdecode");
	struct stream stream;
	struct event event = { .kind = EVENT_RUN };

	stream_init(&stream);
	ck_assert(stream_add(&stream, EVENT_BIT(EVENT_LOG), keep_event, &event));
	fixture.subject.stream = &stream;
	fixture.subject.mark = 7;
	ck_assert_int_eq(target->eval(fixture.config, fixture.state, &fixture.subject), TARGET_CONTINUE);
	ck_assert_int_eq(event.kind, EVENT_LOG);
	ck_assert_str_eq(event.log.prefix, "fw:");
	ck_assert_uint_eq(event.log.level, 6);
	ck_assert_uint_eq(event.log.flags, 1 << 1 | 1 << 5);
	ck_assert_uint_eq(event.log.mark, 7);
	ck_assert_str_eq(event.log.in, "eth0");
	ck_assert_str_eq(event.log.out, "eth1");
	ck_assert_ptr_eq(event.log.packet, &fixture.packet);
	rules_fixture_clear(&fixture);
}
END_TEST

START_TEST(log_without_a_listener_is_silent)
{
	struct rules_fixture fixture;
	const struct target_type *target = configure(&fixture, "LOG", FAMILY_IPV4, "");
	struct event event = { .kind = EVENT_RUN };
	struct stream stream;

	stream_init(&stream);
	ck_assert(stream_add(&stream, EVENT_BIT(EVENT_RULE), keep_event, &event));
	ck_assert_int_eq(target->eval(fixture.config, fixture.state, &fixture.subject), TARGET_CONTINUE);
	fixture.subject.stream = &stream;
	ck_assert_int_eq(target->eval(fixture.config, fixture.state, &fixture.subject), TARGET_CONTINUE);
	ck_assert_int_eq(event.kind, EVENT_RUN);
	rules_fixture_clear(&fixture);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("targets");

	tcase_add_loop_test(tcase, reject_asks_for_its_answer, 0, N_ROWS(rejects));
	tcase_add_loop_test(tcase, mark_changes_the_mark, 0, N_ROWS(marks));
	tcase_add_loop_test(tcase, notrack_is_asked_for_before_there_is_an_entry, 0, N_ROWS(tracks));
	tcase_add_loop_test(tcase, ct_asks_for_zones_and_events, 0, N_ROWS(templates));
	tcase_add_test(tcase, the_first_ct_rule_wins);
	tcase_add_loop_test(tcase, tproxy_hands_on_to_a_socket_that_is_told, 0, N_ROWS(proxies));
	tcase_add_test(tcase, log_says_what_it_saw);
	tcase_add_test(tcase, log_without_a_listener_is_silent);
	return script_packets_run("rules/target", tcase);
}
