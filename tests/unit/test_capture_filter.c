/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/filter.h"

#include "capture/filter_names.h"
#include "script_packets.h"

enum { ETHERNET = 1 /* DLT_EN10MB */ };

static const struct {
	const char *expression;
	const char *settled;	/* NULL: refused */
} filters[] = {
	{ "", "" },
	{ "tcp", "tcp" },
	{ "port ssh or domain", "port 22 or 53" },
	{ "tcp dst port (http or https) and host 10.0.0.1", "tcp dst port (80 or 443) and host 10.0.0.1" },
	{ "not port ftp-data and port 0x35", "not port 20 and port 0x35" },
	{ "portrange ssh-domain", "portrange 22-53" },
	{ "portrange 0x14-21", "portrange 20-21" },
	{ "portrange 010-20", "portrange 10-20" },	/* no octal number to getaddrinfo() */
	{ "portrange 1-65536", NULL },
	{ "portrange ssh", NULL },
	{ "port nosuch", NULL },
	{ "ip proto \\ospf", "ip proto 89" },
	{ "proto \\sctp or \\udp", "proto 132 or 17" },
	{ "ip6 protochain \\tcp", "ip6 protochain 6" },
	{ "ip proto \\nosuch", NULL },
	{ "ether proto \\arp or \\ip6", "ether proto 2054 or 34525" },
	{ "ether proto \\tcp", NULL },
	{ "iso proto \\isis", "iso proto 131" },
	{ "tcp proto \\ip", NULL },
	{ "ether proto 0x800 and proto \\tcp", "ether proto 0x800 and proto 6" },
	{ "ether proto \\ip and ip proto \\tcp", "ether proto 2048 and ip proto 6" },
	{ "wlan type mgt subtype beacon or dir nods", "wlan type mgt subtype beacon or dir nods" },
	{ "type \\mgt", "type \\mgt" },
	{ "type mgt or mail", NULL },
	{ "llc s and reason match and on eth0", "llc s and reason match and on eth0" },
	{ "on eth0 or eth1", NULL },
	{ "host mail", NULL },
	{ "mail", NULL },
	{ "mail.example.com", NULL },
	{ "src \\tcp", NULL },
	{ "net loopback", NULL },
	{ "gateway router", NULL },
	{ "ether host mail", NULL },
	{ "port ssh and src mail", NULL },
	{ "host 10.0.0.1.5", NULL },
	{ "host 10.0.0.1 or 10.0.0.2", "host 10.0.0.1 or 10.0.0.2" },
	{ "net 10.1 or net 192.168.0.0 mask 255.255.0.0", "net 10.1 or net 192.168.0.0 mask 255.255.0.0" },
	{ "net 10.1.0.0/16", "net 10.1.0.0/16" },
	{ "host 0xa.0.0.0x1", "host 0xa.0.0.0x1" },
	{ "host ::1 or 2001:db8::1.2.3.4", "host ::1 or 2001:db8::1.2.3.4" },
	{ "net 2001:db8::/32", "net 2001:db8::/32" },
	{ "host 2001:db8::1mail", NULL },
	{ "host ab:cd", NULL },
	{ "host mail:25", NULL },
	{ "ether src 00:11:22:33:44:55", "ether src 00:11:22:33:44:55" },
	{ "ether src 0:1:2:3:4:5 or 0-1-2-3-4-a", "ether src 0:1:2:3:4:5 or 0-1-2-3-4-a" },
	{ "ether src 0011.2233.aabb or aabbccddeeff", "ether src 0011.2233.aabb or aabbccddeeff" },
	{ "ether src aa11.2233", NULL },
	{ "ether src aabbccddeefff", NULL },
	{ "ether src 00:11:22:33:44:55:66", NULL },
	{ "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and tcp[2:2]=22", "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0 and tcp[2:2]=22" },
	{ "ip[mail]>0", "ip[mail]>0" },	/* which libpcap refuses unasked */
	{ "len>100&&len<=200||greater 5", "len>100&&len<=200||greater 5" },
	{ "len-2>1", NULL },
	{ "len - 2 > 1", "len - 2 > 1" },
	{ "mail- > 1", NULL },
	{ "0x", NULL },
	{ "] host mail", NULL },
	{ "[ ] ] host mail", NULL },
	{ "-_. ;\x80 ::", "-_. ;\x80 ::" },
};

START_TEST(names_are_numbers)
{
	struct text settled, error;
	bool is_good;

	text_init(&settled);
	text_init(&error);
	is_good = filter_settle_names(filters[_i].expression, &settled, &error);
	ck_assert_msg(is_good == (filters[_i].settled != NULL), "%s: %s", filters[_i].expression, error.bytes ? error.bytes : settled.bytes);
	ck_assert_msg(is_good == (error.len == 0), "%s", filters[_i].expression);
	if (is_good)
		ck_assert_str_eq(settled.bytes ? settled.bytes : "", filters[_i].settled);
	text_clear(&settled);
	text_clear(&error);
}
END_TEST

START_TEST(a_long_word_is_refused)
{
	char expression[5000];
	struct text error;

	memset(expression, 'a', sizeof(expression) - 1);
	expression[sizeof(expression) - 1] = '\0';
	text_init(&error);
	ck_assert_ptr_null(filter_create(expression, ETHERNET, NULL, &error));
	ck_assert_ptr_nonnull(strstr(error.bytes, "a word of more than 255 characters"));
	text_clear(&error);
}
END_TEST

START_TEST(the_message_has_filter_and_reason)
{
	struct text error;

	text_init(&error);
	ck_assert_ptr_null(filter_create("udp and host mail", ETHERNET, NULL, &error));
	ck_assert_str_eq(error.bytes, "filter 'udp and host mail': \"mail\" is neither a word of the filter language nor an address, and names are not looked up");
	text_reset(&error);
	ck_assert_ptr_null(filter_create("tcp and and", ETHERNET, NULL, &error));
	ck_assert_str_eq(error.bytes, "filter 'tcp and and': can't parse filter expression: syntax error");
	text_clear(&error);
}
END_TEST

static const char talk[] =
	"0 udp 10.0.0.1:53 > 10.0.0.2:1024\n"
	"0 tcp 10.0.0.1:1025 > 10.0.0.2:53 S\n"
	"0 udp 10.0.0.1:22 > 10.0.0.3:80\n";

static const struct {
	const char *filter;
	const char *passes;	/* for each packet of `talk` */
} choices[] = {
	{ "", "111" },
	{ "port domain", "110" },
	{ "tcp port domain", "010" },
	{ "src port (domain or http)", "100" },
	{ "ip proto \\tcp", "010" },
	{ "dst host 10.0.0.3", "001" },
	{ "ether proto \\arp", "000" },
};

START_TEST(packets_are_chosen)
{
	struct script_packets packets;
	struct filter *filter;
	struct text error;

	script_packets_load(&packets, talk);
	text_init(&error);
	filter = filter_create(choices[_i].filter, packets.script.link_type, NULL, &error);
	ck_assert_msg(filter, "%s", error.bytes);
	for (size_t i = 0; i < packets.script.n_packets; i++) {
		struct packet packet = { .number = 0 };

		script_packets_decode(&packets, i + 1, &packet);
		ck_assert_msg(filter_is_passed(filter, &packet) == (choices[_i].passes[i] == '1'), "%s: packet %zu", choices[_i].filter, i + 1);
	}
	filter_destroy(filter);
	script_packets_clear(&packets);
	text_clear(&error);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("filter");

	tcase_add_loop_test(tcase, names_are_numbers, 0, N_ROWS(filters));
	tcase_add_test(tcase, a_long_word_is_refused);
	tcase_add_test(tcase, the_message_has_filter_and_reason);
	tcase_add_loop_test(tcase, packets_are_chosen, 0, N_ROWS(choices));
	return script_packets_run("capture/filter", tcase);
}
