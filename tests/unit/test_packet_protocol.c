/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/protocol.h"

#include "script_packets.h"

static const struct {
	const char *text;
	int number;		/* -1: not to be parsed */
	const char *name;	/* as it is printed */
} names[] = {
	{ "tcp", 6, "tcp" }, { "UDP", 17, "udp" }, { "icmp", 1, "icmp" }, { "icmpv6", 58, "ipv6-icmp" },
	{ "ipv6-icmp", 58, "ipv6-icmp" }, { "IPv6-ICMP", 58, "ipv6-icmp" }, { "mh", 135, "mobility-header" },
	{ "all", 0, "ip" }, { "sctp", 132, "sctp" }, { "udplite", 136, "udplite" }, { "47", 47, "gre" },
	{ "253", 253, NULL }, { "255", 255, NULL }, { "256", -1, NULL }, { "-1", -1, NULL }, { "", -1, NULL },
	{ "tcpp", -1, NULL }, { "6 ", -1, NULL }, { "0000006", -1, NULL },
};

START_TEST(names_and_numbers)
{
	uint8_t protocol = 0;
	bool is_good = protocol_parse(names[_i].text, &protocol);

	ck_assert_msg(is_good == (names[_i].number >= 0), "%s", names[_i].text);
	if (!is_good)
		return;
	ck_assert_int_eq(protocol, names[_i].number);
	if (names[_i].name)
		ck_assert_str_eq(protocol_name(protocol), names[_i].name);
	else
		ck_assert_ptr_null(protocol_name(protocol));
}
END_TEST

START_TEST(every_name_is_parsed)
{
	uint8_t protocol;
	size_t n_names = 0;

	for (const char *const *name = protocol_names(); *name; name++, n_names++)
		ck_assert_msg(protocol_parse(*name, &protocol), "%s", *name);
	ck_assert_uint_gt(n_names, 50);
	for (int number = 0; number < 256; number++) {
		const char *name = protocol_name((uint8_t)number);

		if (!name)
			continue;
		ck_assert(protocol_parse(name, &protocol));
		ck_assert_int_eq(protocol, number);
	}
}
END_TEST

static const struct {
	const char *service;
	int port;		/* -1: there is none */
	const char *first;	/* the port's first name */
} services[] = {
	{ "domain", 53, "domain" }, { "ssh", 22, "ssh" }, { "www", 80, "http" }, { "http", 80, "http" },
	{ "https", 443, "https" }, { "ident", 113, "auth" }, { "tcpmux", 1, "tcpmux" }, { "ntp", 123, "ntp" },
	{ "nosuch", -1, NULL }, { "", -1, NULL },
};

START_TEST(services_and_ports)
{
	uint16_t port = 0;
	bool is_good = protocol_parse_service(services[_i].service, &port);

	ck_assert_msg(is_good == (services[_i].port >= 0), "%s", services[_i].service);
	if (!is_good)
		return;
	ck_assert_int_eq(port, services[_i].port);
	ck_assert_str_eq(protocol_service(port), services[_i].first);
}
END_TEST

START_TEST(ports_without_a_service)
{
	ck_assert_ptr_null(protocol_service(0));
	ck_assert_ptr_null(protocol_service(35237));
	ck_assert_ptr_null(protocol_service(65535));
}
END_TEST

/* The search by port relies on the order of the table. */
START_TEST(each_service_is_found_by_its_port)
{
	uint16_t port;
	int n_services = 0;

	for (unsigned number = 0; number <= 65535; number++) {
		const char *name = protocol_service((uint16_t)number);

		if (!name)
			continue;
		ck_assert_msg(protocol_parse_service(name, &port), "%s", name);
		n_services++;
	}
	ck_assert_int_gt(n_services, 200);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("protocol");

	tcase_add_loop_test(tcase, names_and_numbers, 0, N_ROWS(names));
	tcase_add_loop_test(tcase, services_and_ports, 0, N_ROWS(services));
	tcase_add_test(tcase, every_name_is_parsed);
	tcase_add_test(tcase, ports_without_a_service);
	tcase_add_test(tcase, each_service_is_found_by_its_port);
	return script_packets_run("packet/protocol", tcase);
}
