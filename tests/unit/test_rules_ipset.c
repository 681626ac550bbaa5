/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sets read and printed: what ipset 7.17 with Linux 6.18 (6.12: hash:mac, hash:ip,mac, hash:ip,mark, hash:net,net) saves. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rules/ipset/ipset.h"

#define HASH " family inet hashsize 1024 maxelem 65536"
#define TAIL " bucketsize 12\n"

/* What is restored, and what is saved then. */
static const struct {
	const char *name, *lines, *saved;
} files[] = {
	{ "addresses, ranges and networks become addresses", "create s hash:ip\nadd s 10.0.0.1\nadd s 10.0.0.8/31\nadd s 10.0.1.1-10.0.1.2\n",
	  "create s hash:ip" HASH TAIL "add s 10.0.0.1\nadd s 10.0.0.8\nadd s 10.0.0.9\nadd s 10.0.1.1\nadd s 10.0.1.2\n" },
	{ "a netmask", "create s hash:ip netmask 24 timeout 300\nadd s 10.0.0.5 timeout 100\nadd s 10.0.1.5 timeout 0\n",
	  "create s hash:ip" HASH " netmask 24 timeout 300" TAIL "add s 10.0.0.0 timeout 100\nadd s 10.0.1.0 timeout 0\n" },
	{ "a bitmask", "create s hash:ip bitmask 255.255.0.255\nadd s 10.0.7.1\n",
	  "create s hash:ip" HASH " bitmask 255.255.0.255" TAIL "add s 10.0.0.1\n" },
	{ "what is kept with an element", "create s hash:ip counters comment skbinfo\n"
	  "add s 10.0.0.5 skbqueue 10 skbprio 1:10 skbmark 0x11/0xffff comment \"hi there\" bytes 6 packets 5\nadd s 10.0.0.6 skbmark 7\n",
	  "create s hash:ip" HASH " counters comment skbinfo" TAIL
	  "add s 10.0.0.5 packets 5 bytes 6 comment \"hi there\" skbmark 0x11/0xffff skbprio 1:10 skbqueue 10\n"
	  "add s 10.0.0.6 packets 0 bytes 0 skbmark 0x7\n" },
	{ "a range becomes the widest networks", "create s hash:net\nadd s 10.0.2.0-10.0.3.7\nadd s 10.1.2.3/16 nomatch\n",
	  "create s hash:net" HASH TAIL "add s 10.0.2.0/24\nadd s 10.0.3.0/29\nadd s 10.1.0.0/16 nomatch\n" },
	{ "ports", "create s hash:ip,port\nadd s 10.0.0.1,80-81\nadd s 10.0.0.1,udp:domain\nadd s 10.0.0.1,icmp:ping\nadd s 10.0.0.1,icmp:3/99\n"
	  "add s 10.0.0.1,vrrp:0\nadd s 10.0.0.1,200:0\nadd s 10.0.0.1,sctp:9\n",
	  "create s hash:ip,port" HASH TAIL "add s 10.0.0.1,tcp:80\nadd s 10.0.0.1,tcp:81\nadd s 10.0.0.1,udp:53\nadd s 10.0.0.1,icmp:echo-request\n"
	  "add s 10.0.0.1,icmp:3/99\nadd s 10.0.0.1,vrrp:0\nadd s 10.0.0.1,200:0\nadd s 10.0.0.1,sctp:9\n" },
	{ "IPv6", "create s hash:net,port family inet6\nadd s 2001:db8::/32,80\nadd s ::1,icmpv6:128/0\n",
	  "create s hash:net,port family inet6 hashsize 1024 maxelem 65536" TAIL "add s 2001:db8::/32,tcp:80\nadd s ::1,ipv6-icmp:echo-request\n" },
	{ "three parts", "create s hash:ip,port,net\nadd s 10.0.0.1,80,10.0.0.0/24\ncreate t hash:net,port,net\nadd t 0.0.0.0/0,80,10.0.0.9/24 nomatch\n",
	  "create s hash:ip,port,net" HASH TAIL "add s 10.0.0.1,tcp:80,10.0.0.0/24\ncreate t hash:net,port,net" HASH TAIL
	  "add t 0.0.0.0/0,tcp:80,10.0.0.0/24 nomatch\n" },
	{ "hardware addresses", "create s hash:mac\nadd s 00:11:22:aa:bb:cc\ncreate t hash:ip,mac\nadd t 10.0.0.1,0:1:2:3:4:5\n",
	  "create s hash:mac hashsize 1024 maxelem 65536" TAIL "add s 00:11:22:AA:BB:CC\ncreate t hash:ip,mac" HASH TAIL
	  "add t 10.0.0.1,00:01:02:03:04:05\n" },
	{ "marks under their mask", "create s hash:ip,mark markmask 0xff00\nadd s 10.0.0.1,0x1234\n",
	  "create s hash:ip,mark family inet markmask 0x0000ff00 hashsize 1024 maxelem 65536" TAIL "add s 10.0.0.1,0x00001200\n" },
	{ "interfaces", "create s hash:net,iface timeout 9\nadd s 10.0.0.0/24,eth0\nadd s 10.0.0.0/24,eth+ wildcard nomatch\n"
	  "add s 0.0.0.0/0,physdev:eth1\n", "create s hash:net,iface" HASH " timeout 9" TAIL "add s 10.0.0.0/24,eth0 timeout 9\n"
	  "add s 10.0.0.0/24,eth+ timeout 9 nomatch wildcard\nadd s 0.0.0.0/0,physdev:eth1 timeout 9\n" },
	{ "two networks", "create s hash:net,net\nadd s 10.0.0.0/8,192.168.0.1\n",
	  "create s hash:net,net" HASH TAIL "add s 10.0.0.0/8,192.168.0.1\n" },
	{ "bitmaps by value", "create s bitmap:ip range 10.0.0.0/24 comment\nadd s 10.0.0.9\nadd s 10.0.0.3-10.0.0.4 comment x\n"
	  "create t bitmap:port range 1-1024\nadd t 80\nadd t udp:22\n",
	  "create s bitmap:ip range 10.0.0.0-10.0.0.255 comment\nadd s 10.0.0.3 comment \"x\"\nadd s 10.0.0.4 comment \"x\"\nadd s 10.0.0.9\n"
	  "create t bitmap:port range 1-1024\nadd t 22\nadd t 80\n" },
	{ "an address takes its MAC later", "create s bitmap:ip,mac range 10.0.0.0/24\nadd s 10.0.0.9\nadd s 10.0.0.9,00:11:22:33:44:aa\n",
	  "create s bitmap:ip,mac range 10.0.0.0-10.0.0.255\nadd s 10.0.0.9,00:11:22:33:44:AA\n" },
	{ "lists come last, in their order", "create l list:set\ncreate a hash:ip\ncreate b hash:net\nadd l a\nadd l b before a\n",
	  "create a hash:ip" HASH TAIL "create b hash:net" HASH TAIL "create l list:set size 8\nadd l b\nadd l a\n" },
	{ "other commands", "# words\nipset create s hash:ip maxelem 2\n-A s 10.0.0.1\nadd s 10.0.0.2 -exist\n-exist add s 10.0.0.2\ndel s 10.0.0.1\ndel s 10.0.0.1-10.0.0.7 -exist\n"
	  "flush s\n\nadd s 10.0.0.3\nCOMMIT\n", "create s hash:ip family inet hashsize 1024 maxelem 2" TAIL "add s 10.0.0.3\n" },
	{ "the key of a hash is kept", "create s hash:ip bucketsize 4 initval 0x12345678\n",
	  "create s hash:ip" HASH " bucketsize 4 initval 0x12345678\n" },
};

static bool read_lines(struct ipsets *sets, const char *lines, struct diagnostics *diagnostics, struct source *source)
{
	source_init(source, "sets", lines, strlen(lines));
	diag_init(diagnostics);
	return ipsets_read(sets, source, diagnostics);
}

static void save(const struct ipsets *sets, int64_t seconds, struct text *out)
{
	struct ipsets_position position = { .set = 0 };
	struct vtime now = { .ns = seconds * VTIME_NS_PER_SECOND };

	while (ipsets_next_line(sets, &position, now, out))
		text_append_char(out, '\n');
	ipsets_end(&position);
}

START_TEST(what_is_read_is_printed_as_ipset_saves_it)
{
	struct ipsets *sets = ipsets_create(), *running;
	struct diagnostics diagnostics;
	struct source source;
	struct text out;

	text_init(&out);
	if (!read_lines(sets, files[_i].lines, &diagnostics, &source)) {
		diag_print(&diagnostics, &out);
		ck_abort_msg("%s: %s", files[_i].name, text_string(&out));
	}
	save(sets, 0, &out);
	ck_assert_msg(strcmp(text_string(&out), files[_i].saved) == 0, "%s: %s", files[_i].name, text_string(&out));
	running = ipsets_start(sets, 250);
	text_reset(&out);
	save(running, 0, &out);
	ck_assert_msg(strcmp(text_string(&out), files[_i].saved) == 0, "%s, running: %s", files[_i].name, text_string(&out));
	ipsets_destroy(running);
	ipsets_destroy(sets);
	diag_clear(&diagnostics);
	source_clear(&source);
	text_clear(&out);
}
END_TEST

/* The deadline's own tick is still in time, and less than a second is shown as one. */
START_TEST(elements_end_in_time)
{
	struct ipsets *sets = ipsets_create(), *running;
	struct diagnostics diagnostics;
	struct source source;
	struct text out;

	text_init(&out);
	ck_assert(read_lines(sets, "create s bitmap:port range 1-9 timeout 5\nadd s 1\nadd s 2 timeout 0\n", &diagnostics, &source));
	running = ipsets_start(sets, 250);
	save(running, 4, &out);
	ck_assert_ptr_nonnull(strstr(text_string(&out), "add s 1 timeout 1\n"));
	text_reset(&out);
	save(running, 5, &out);
	ck_assert_ptr_nonnull(strstr(text_string(&out), "add s 1 timeout 1\n"));
	text_reset(&out);
	save(running, 6, &out);
	ck_assert_str_eq(text_string(&out), "create s bitmap:port range 1-9 timeout 5\nadd s 2 timeout 0\n");
	ipsets_destroy(running);
	ipsets_destroy(sets);
	diag_clear(&diagnostics);
	source_clear(&source);
	text_clear(&out);
}
END_TEST

/* Against a plain array of flags: additions and removals in an order that moves records and slots about. */
START_TEST(a_set_holds_what_was_added_and_not_removed)
{
	enum { ADDRESSES = 4096, STEPS = 20000 };
	static bool is_in[ADDRESSES];
	struct ipsets *sets = ipsets_create();
	struct diagnostics diagnostics;
	struct source source;
	struct text lines, saved;
	unsigned n_in = 0, n_saved = 0;
	uint32_t random = 1;

	text_init(&lines);
	text_init(&saved);
	memset(is_in, 0, sizeof(is_in));
	text_append(&lines, "create s hash:ip\n");
	for (unsigned i = 0; i < STEPS; i++) {
		unsigned at = (random = random * 1664525 + 1013904223) >> 20;

		text_printf(&lines, "%s s 10.0.%u.%u\n", is_in[at] ? "del" : "add", at >> 8, at & 255);
		is_in[at] = !is_in[at];
	}
	ck_assert(read_lines(sets, text_string(&lines), &diagnostics, &source));
	save(sets, 0, &saved);
	for (unsigned at = 0; at < ADDRESSES; at++) {
		char line[64];

		snprintf(line, sizeof(line), "add s 10.0.%u.%u\n", at >> 8, at & 255);
		ck_assert_msg((strstr(text_string(&saved), line) != NULL) == is_in[at], "%s", line);
		n_in += is_in[at];
	}
	for (const char *c = text_string(&saved); *c; c++)
		n_saved += *c == '\n';
	ck_assert_uint_eq(n_saved, n_in + 1);
	ipsets_destroy(sets);
	diag_clear(&diagnostics);
	source_clear(&source);
	text_clear(&lines);
	text_clear(&saved);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("rules/ipset");
	TCase *tcase = tcase_create("sets");
	SRunner *runner = srunner_create(suite);
	int n_failed;

	suite_add_tcase(suite, tcase);
	tcase_add_loop_test(tcase, what_is_read_is_printed_as_ipset_saves_it, 0, sizeof(files) / sizeof(files[0]));
	tcase_add_test(tcase, elements_end_in_time);
	tcase_add_test(tcase, a_set_holds_what_was_added_and_not_removed);
	srunner_run_all(runner, CK_NORMAL);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
