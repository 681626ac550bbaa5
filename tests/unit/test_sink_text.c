/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The default view: what a reader sees, byte for byte, and that no packet can spoil it. */
#include "sink_samples.h"

static const struct rule_place accept_rule = {
	FAMILY_IPV4, "filter", "INPUT", 1, "dns.rules", 9, "-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT", "ACCEPT", NULL, 0,
};
static const struct rule_place log_rule = { FAMILY_IPV4, "filter", "INPUT", 2, "dns.rules", 10, "-A INPUT -j LOG", "LOG", NULL, 0 };
static const struct rule_place reject_rule = { FAMILY_IPV4, "filter", "INPUT", 3, "dns.rules", 11, "-A INPUT -j REJECT", "REJECT", NULL, 0 };
static const struct rule_place drop_policy = { FAMILY_IPV4, "filter", "INPUT", 0, "dns.rules", 3, "policy DROP", "", NULL, 0 };
static const struct rule_place accept_policy = { FAMILY_IPV4, "filter", "OUTPUT", 0, "dns.rules", 5, "policy ACCEPT", "", NULL, 0 };
static const struct sample_flow dns = { PROTOCOL_UDP, "192.168.1.2", 35237, "192.168.1.10", 53, 0, 0, { 0, 0 } };
static const struct sample_flow ssh = { PROTOCOL_TCP, "192.168.1.9", 40000, "192.168.1.2", 22, 0, 0, { 0, 0 } };

#define LEGEND \
	"Hooks: PRE = PREROUTING, IN = INPUT, FWD = FORWARD, OUT = OUTPUT, POST = POSTROUTING.\n" \
	"Entry: the conntrack entry after the packet, and the seconds that it lives without another one.\n\n"

static void say_run(struct sample_sink *sample)
{
	static const char *const tables[] = { "ipv4 filter" };

	sample_sink_say(sample, 0, sample_time(0), (struct event){ .kind = EVENT_RUN,
		.run = { .origin_seconds = 1331123456, .origin_ns = 123456789, .capture = "dns.pcap",
			 .host = "host 192.168.1.2 (found from the capture)", .tables = tables, .n_tables = 1 } });
}

static struct event_packet journey_of(const struct packet *packet, bool is_input, enum ctstate ctstate, enum verdict verdict,
				      const struct rule_place *rule)
{
	struct event_packet journey = {
		.packet = packet, .n_hooks = 2, .in = "", .out = "", .ctstate = ctstate, .verdict = verdict, .decided_by = rule,
	};

	journey.hooks[0] = is_input ? HOOK_PREROUTING : HOOK_OUTPUT;
	journey.hooks[1] = is_input ? HOOK_INPUT : HOOK_POSTROUTING;
	return journey;
}

static void set_entry(struct event_packet *journey, enum entry_change change, struct entry_view entry)
{
	journey->has_entry = true;
	journey->change = change;
	journey->entry = entry;
}

static void say_packet(struct sample_sink *sample, uint64_t number, double seconds, struct event_packet journey)
{
	sample_sink_say(sample, number, sample_time(seconds), (struct event){ .kind = EVENT_PACKET, .journey = journey });
}

static struct entry_view entry_of(const struct sample_flow *flow, uint64_t id, double deadline, const char *state, uint32_t status)
{
	struct entry_view entry = sample_entry(flow, id, sample_time(deadline));

	entry.state = state;
	entry.status |= status;
	return entry;
}

/* A question, its answer, and a refresh. */
static void say_dns(struct sample_sink *sample)
{
	struct packet question = sample_packet(PROTOCOL_UDP, "192.168.1.2", 35237, "192.168.1.10", 53);
	struct packet answer = sample_packet(PROTOCOL_UDP, "192.168.1.10", 53, "192.168.1.2", 35237);
	struct event_packet journey = journey_of(&question, false, CTSTATE_NEW, VERDICT_ACCEPT, &accept_policy);

	set_entry(&journey, ENTRY_NEW, entry_of(&dns, 1, 30, NULL, 0));
	say_packet(sample, 1, 0, journey);
	journey = journey_of(&answer, true, CTSTATE_ESTABLISHED, VERDICT_ACCEPT, &accept_rule);
	set_entry(&journey, ENTRY_CHANGED, entry_of(&dns, 1, 30.012345, NULL, STATUS_SEEN_REPLY));
	say_packet(sample, 2, 0.012345, journey);
	journey = journey_of(&question, false, CTSTATE_ESTABLISHED, VERDICT_ACCEPT, &accept_policy);
	set_entry(&journey, ENTRY_CHANGED, entry_of(&dns, 1, 122.5, NULL, STATUS_SEEN_REPLY | STATUS_ASSURED));
	say_packet(sample, 3, 2.5, journey);
	journey = journey_of(&answer, true, CTSTATE_ESTABLISHED, VERDICT_ACCEPT, &accept_rule);
	set_entry(&journey, ENTRY_REFRESHED, entry_of(&dns, 1, 122.6, NULL, STATUS_SEEN_REPLY | STATUS_ASSURED));
	say_packet(sample, 4, 2.6, journey);
}

static void say_expiry(struct sample_sink *sample)
{
	struct event_conntrack destroy = {
		.bits = CONNTRACK_EVENT_DESTROY, .entry = entry_of(&dns, 1, 122.6, NULL, STATUS_SEEN_REPLY), .expired = true,
	};

	destroy.entry.timeout_seconds = 120;
	sample_sink_say(sample, 0, sample_time(122.6), (struct event){ .kind = EVENT_CONNTRACK, .conntrack = destroy });
	destroy.expired = false;
	destroy.entry = entry_of(&ssh, 2, 300, "TIME_WAIT", 0);
	sample_sink_say(sample, 5, sample_time(123), (struct event){ .kind = EVENT_CONNTRACK, .conntrack = destroy });
	destroy.bits = CONNTRACK_EVENT_NEW; /* shows on its packet's line */
	sample_sink_say(sample, 5, sample_time(123), (struct event){ .kind = EVENT_CONNTRACK, .conntrack = destroy });
}

static void say_summary(struct sample_sink *sample)
{
	sample_sink_say(sample, 0, sample_time(123), (struct event){ .kind = EVENT_SUMMARY, .summary = {
		.n_packets = 4, .n_verdicts = { 0, 4 }, .n_ctstates = { 0, 0, 1, 3 }, .n_created = 1, .n_expired = 1,
		.duration = sample_time(2.6) } });
}

#define DNS_SUMMARY \
	"4 packets in 2.600 s\n  Verdicts  4 ACCEPT\n  ctstates  1 NEW, 3 ESTABLISHED\n  Entries   1 created, 1 expired, 0 still there\n"

START_TEST(a_short_run)
{
	struct sample_sink sample = { .options = { 0 } };

	sample_sink_open(&sample, "text");
	say_run(&sample);
	say_dns(&sample);
	say_expiry(&sample);
	say_summary(&sample);
	sample_compare(sample_sink_close(&sample),
		"dns.pcap: first packet at 2012-03-07 12:30:56.123456 UTC\n"
		"host 192.168.1.2 (found from the capture)\n"
		"tables: ipv4 filter\n"
		LEGEND
		"No.        Time  Verdict  ctstate      Packet                                          Entry            Hooks     Decided by\n"
		"  1    0.000000  ACCEPT   NEW          UDP 192.168.1.2:35237 > 192.168.1.10:53 len 33  #1 new 30s       OUT>POST  filter OUTPUT policy  dns.rules:5\n"
		"  2    0.012345  ACCEPT   ESTABLISHED  UDP 192.168.1.10:53 > 192.168.1.2:35237 len 33  #1 30s replied   PRE>IN    filter INPUT 1        dns.rules:9\n"
		"  3    2.500000  ACCEPT   ESTABLISHED  UDP 192.168.1.2:35237 > 192.168.1.10:53 len 33  #1 120s ASSURED  OUT>POST  filter OUTPUT policy  dns.rules:5\n"
		"  4    2.600000  ACCEPT   ESTABLISHED  UDP 192.168.1.10:53 > 192.168.1.2:35237 len 33  #1 120s          PRE>IN    filter INPUT 1        dns.rules:9\n"
		"     122.600000  - #1 expires: udp 192.168.1.2:35237 > 192.168.1.10:53, silent for 120 s\n"
		"     123.000000  - #2 is removed: tcp 192.168.1.9:40000 > 192.168.1.2:22 TIME_WAIT\n"
		"\n" DNS_SUMMARY);
	sample_sink_clear(&sample);
}
END_TEST

START_TEST(quiet_leaves_the_summary)
{
	struct sample_sink sample = { .options = { .quiet = true } };

	sample_sink_open(&sample, "text");
	say_run(&sample);
	say_dns(&sample);
	sample_sink_say(&sample, 0, sample_time(3), (struct event){ .kind = EVENT_WARNING, .warning = { "cut" } });
	say_summary(&sample);
	sample_compare(sample_sink_close(&sample), "warning: cut\n" DNS_SUMMARY);
	sample_sink_clear(&sample);
}
END_TEST

START_TEST(a_narrow_terminal_breaks_rows)
{
	static const struct {
		unsigned columns;
		const char *rows;
	} widths[] = {
		{ 99, "No.      Time  Verdict  ctstate      Packet\n"
		       "                                     Entry            Hooks     Decided by\n"
		       "  1  0.000000  ACCEPT   NEW          UDP 192.168.1.2:35237 > 192.168.1.10:53 len 33\n"
		       "                                     #1 new 30s       OUT>POST  filter OUTPUT policy  dns.rules:5\n" },
		{ 120, "No.      Time  Verdict  ctstate      Packet                                          Entry\n"
		       "                                     Hooks     Decided by\n"
		       "  1  0.000000  ACCEPT   NEW          UDP 192.168.1.2:35237 > 192.168.1.10:53 len 33  #1 new 30s\n"
		       "                                     OUT>POST  filter OUTPUT policy  dns.rules:5\n" },
		{ 145, "No.      Time  Verdict  ctstate      Packet                                          Entry            Hooks     Decided by\n"
		       "  1  0.000000  ACCEPT   NEW          UDP 192.168.1.2:35237 > 192.168.1.10:53 len 33  #1 new 30s       OUT>POST  "
		       "filter OUTPUT policy  dns.rules:5\n" },
	};
	struct sample_sink sample = { .options = { .columns = widths[_i].columns } };
	const char *printed;

	sample_sink_open(&sample, "text");
	say_dns(&sample);
	printed = sample_sink_close(&sample);
	ck_assert_msg(!strncmp(printed, widths[_i].rows, strlen(widths[_i].rows)), "%s", printed);
	sample_sink_clear(&sample);
}
END_TEST

#define GREEN(text) "\033[32m" text "\033[0m"
#define DIM(text) "\033[2m" text "\033[0m"

START_TEST(colours_change_no_column)
{
	struct sample_sink plain = { .options = { 0 } }, colored = { .options = { .color = true } };
	const char *without, *with;
	struct text stripped;

	sample_sink_open(&plain, "text");
	sample_sink_open(&colored, "text");
	say_dns(&plain);
	say_dns(&colored);
	without = sample_sink_close(&plain);
	with = sample_sink_close(&colored);
	ck_assert_ptr_nonnull(strstr(with, "  1  " DIM("0.000000") "  " GREEN("ACCEPT") "   \033[36mNEW\033[0m          UDP 192"));
	text_init(&stripped);
	for (; *with; with++) {
		if (*with == '\033')
			with = strchr(with, 'm');
		else
			text_append_char(&stripped, *with);
	}
	sample_compare(text_string(&stripped), without);
	text_clear(&stripped);
	sample_sink_clear(&plain);
	sample_sink_clear(&colored);
}
END_TEST

static void say_tcp(struct sample_sink *sample)
{
	struct packet there = sample_packet(PROTOCOL_TCP, "192.168.1.9", 40000, "192.168.1.2", 22);
	struct packet back = sample_packet(PROTOCOL_TCP, "192.168.1.2", 22, "192.168.1.9", 40000);
	struct event_packet journey = journey_of(&there, true, CTSTATE_NEW, VERDICT_ACCEPT, &accept_rule);

	there.tcp_flags = TCP_SYN;
	there.tcp_window = back.tcp_window = 8192;
	set_entry(&journey, ENTRY_NEW, entry_of(&ssh, 2, 120, "SYN_SENT", 0));
	say_packet(sample, 1, 0, journey);
	back.tcp_flags = TCP_SYN | TCP_ACK;
	journey = journey_of(&back, false, CTSTATE_ESTABLISHED, VERDICT_ACCEPT, NULL);
	set_entry(&journey, ENTRY_CHANGED, entry_of(&ssh, 2, 61, "SYN_RECV", STATUS_SEEN_REPLY));
	journey.state_before = "SYN_SENT";
	say_packet(sample, 2, 1, journey);
	there.tcp_flags = TCP_ACK | TCP_PSH;
	there.l4_len = 20 + 41;
	journey = journey_of(&there, true, CTSTATE_ESTABLISHED, VERDICT_ACCEPT, &accept_rule);
	set_entry(&journey, ENTRY_CHANGED, entry_of(&ssh, 2, 432002, "ESTABLISHED", STATUS_SEEN_REPLY | STATUS_ASSURED));
	journey.state_before = "SYN_RECV";
	say_packet(sample, 3, 2, journey);
	journey.change = ENTRY_REFRESHED;
	journey.state_before = NULL;
	say_packet(sample, 4, 2, journey);
	journey.change = ENTRY_UNCHANGED;
	say_packet(sample, 5, 3.5, journey);
	set_entry(&journey, ENTRY_CHANGED, entry_of(&ssh, 2, 124, "FIN_WAIT", STATUS_SEEN_REPLY | STATUS_ASSURED));
	journey.state_before = "ESTABLISHED";
	say_packet(sample, 6, 4, journey);
	journey.change = ENTRY_DESTROYED;
	say_packet(sample, 7, 5, journey);
}

START_TEST(tcp_states)
{
	static const struct {
		const char *format, *rows;
	} rows[] = {
		{ "text",
		  "No.      Time  Verdict  ctstate      Packet                                              Entry                              Hooks     Decided by\n"
		  "  1  0.000000  ACCEPT   NEW          TCP 192.168.1.9:40000 > 192.168.1.2:22 [S]          #2 new SYN_SENT 120s               PRE>IN    filter INPUT 1  dns.rules:9\n"
		  "  2  1.000000  ACCEPT   ESTABLISHED  TCP 192.168.1.2:22 > 192.168.1.9:40000 [S.]         #2 -> SYN_RECV 60s                 OUT>POST  no rule\n"
		  "  3  2.000000  ACCEPT   ESTABLISHED  TCP 192.168.1.9:40000 > 192.168.1.2:22 [P.] len 41  #2 -> ESTABLISHED 432000s ASSURED  PRE>IN    filter INPUT 1  dns.rules:9\n"
		  "  4  2.000000  ACCEPT   ESTABLISHED  TCP 192.168.1.9:40000 > 192.168.1.2:22 [P.] len 41  #2 ESTABLISHED 432000s             PRE>IN    filter INPUT 1  dns.rules:9\n"
		  "  5  3.500000  ACCEPT   ESTABLISHED  TCP 192.168.1.9:40000 > 192.168.1.2:22 [P.] len 41  #2 ESTABLISHED 431998s untouched   PRE>IN    filter INPUT 1  dns.rules:9\n"
		  "  6  4.000000  ACCEPT   ESTABLISHED  TCP 192.168.1.9:40000 > 192.168.1.2:22 [P.] len 41  #2 -> FIN_WAIT 120s                PRE>IN    filter INPUT 1  dns.rules:9\n"
		  "  7  5.000000  ACCEPT   ESTABLISHED  TCP 192.168.1.9:40000 > 192.168.1.2:22 [P.] len 41  #2 ended                           PRE>IN    filter INPUT 1  dns.rules:9\n" },
		{ "text,full", "TCP 192.168.1.2:22 > 192.168.1.9:40000 [S.] seq 0 ack 0 win 8192 len 0" },
	};
	struct sample_sink sample = { .options = { 0 } };
	const char *printed;

	sample_sink_open(&sample, rows[_i].format);
	say_tcp(&sample);
	printed = sample_sink_close(&sample);
	if (_i == 0)
		sample_compare(printed, rows[_i].rows);
	else
		ck_assert_msg(strstr(printed, rows[_i].rows) != NULL, "%s", printed);
	sample_sink_clear(&sample);
}
END_TEST

START_TEST(what_happens_beside_packets)
{
	struct sample_sink sample = { .options = { 0 } };
	struct packet packet = sample_packet(PROTOCOL_TCP, "203.0.113.66", 51234, "192.168.1.2", 23), reset, frame;
	struct event_packet journey = journey_of(&packet, true, CTSTATE_NEW, VERDICT_REJECT, &reject_rule);

	packet.tcp_flags = TCP_SYN;
	reset = sample_packet(PROTOCOL_TCP, "192.168.1.2", 23, "203.0.113.66", 51234);
	reset.tcp_flags = TCP_RST | TCP_ACK;
	sample_sink_open(&sample, "text");
	sample_sink_say(&sample, 1, sample_time(0), (struct event){ .kind = EVENT_LOG,
		.log = { .rule = &log_rule, HOOK_INPUT, &packet, "eth0", "", "denied: ", 4, 0, 0 } });
	sample_sink_say(&sample, 1, sample_time(0), (struct event){ .kind = EVENT_REPLY,
		.reply = { &reset, "tcp-reset", VERDICT_DROP, &drop_policy } });
	say_packet(&sample, 1, 0, journey);
	packet_init(&frame);
	frame.status = DECODE_NOT_IP;
	frame.problem = "ARP";
	say_packet(&sample, 2, 1, (struct event_packet){ .packet = &frame, .in = "", .out = "" });
	journey = journey_of(&packet, true, CTSTATE_INVALID, VERDICT_DROP, NULL);
	journey.reason = "a reason that is longer than any rule and must not widen the column";
	journey.invalid.words = "bad checksum";
	say_packet(&sample, 3, 2, journey);
	journey = journey_of(&packet, true, CTSTATE_NEW, VERDICT_ACCEPT, &accept_rule);
	journey.unsimulated = &log_rule;
	journey.was_rewritten = true;
	journey.sent = sample_entry(&ssh, 1, sample_time(0)).tuple[0];
	say_packet(&sample, 4, 3, journey);
	sample_sink_say(&sample, 0, sample_time(3), (struct event){ .kind = EVENT_WARNING, .warning = { "time ran backwards" } });
	sample_sink_say(&sample, 0, sample_time(3), (struct event){ .kind = EVENT_SNAPSHOT, .snapshot = { .label = "after packet 4", 1 } });
	sample_sink_say(&sample, 0, sample_time(3), (struct event){ .kind = EVENT_ENTRY,
		.entry = { sample_entry(&dns, 1, sample_time(30)) } });
	sample_compare(sample_sink_close(&sample),
		"No.      Time  Verdict  ctstate  Packet                                       Entry     Hooks   Decided by\n"
		"  1  0.000000  REJECT   NEW      TCP 203.0.113.66:51234 > 192.168.1.2:23 [S]  no entry  PRE>IN  filter INPUT 3  dns.rules:11\n"
		"               - LOG \"denied: \" by filter INPUT 2 dns.rules:10\n"
		"               - answered: TCP 192.168.1.2:23 > 203.0.113.66:51234 [R.], which is lost: DROP by filter INPUT policy dns.rules:3\n"
		"  2  1.000000  -        -        ARP\n"
		"  3  2.000000  DROP     INVALID  TCP 203.0.113.66:51234 > 192.168.1.2:23 [S]  no entry  PRE>IN  a reason that is longer than any rule and must not widen the column\n"
		"               - INVALID: bad checksum\n"
		"  4  3.000000  ACCEPT?  NEW      TCP 203.0.113.66:51234 > 192.168.1.2:23 [S]  no entry  PRE>IN  filter INPUT 1  dns.rules:9\n"
		"               - NAT: leaves as 192.168.1.9:40000 > 192.168.1.2:22\n"
		"               - may be otherwise: not simulated: filter INPUT 2 dns.rules:10\n"
		"warning: time ran backwards\n"
		"Table after packet 4, 1 entry:\n"
		"  ipv4     2 udp      17 27 src=192.168.1.2 dst=192.168.1.10 sport=35237 dport=53 [UNREPLIED] src=192.168.1.10 dst=192.168.1.2 sport=53 dport=35237 mark=0 zone=0 use=2\n");
	sample_sink_clear(&sample);
}
END_TEST

START_TEST(control_characters_never_come_out)
{
	static const struct rule_place hostile = {
		FAMILY_IPV4, "filter", "IN\033[2J", 1, "a\tb\n\xc2\x9b" "c\xc3\xa9", 9, "-A", "LOG", NULL, 0,
	};
	struct sample_sink sample = { .options = { 0 } };
	struct packet packet = sample_packet(PROTOCOL_UDP, "192.168.1.2", 1, "192.168.1.10", 53);
	const char *printed;

	sample_sink_open(&sample, "text");
	say_packet(&sample, 1, 0, journey_of(&packet, true, CTSTATE_NEW, VERDICT_ACCEPT, &hostile));
	sample_sink_say(&sample, 0, sample_time(3), (struct event){ .kind = EVENT_WARNING, .warning = { "\033]0;x\a" } });
	printed = sample_sink_close(&sample);
	ck_assert_ptr_nonnull(strstr(printed, "filter IN?[2J 1  a?b??c\xc3\xa9:9\n"));
	ck_assert_ptr_nonnull(strstr(printed, "warning: ?]0;x?\n"));
	sample_sink_clear(&sample);
}
END_TEST

/* Long runs: rows stay in line, widths never shrink, and what was written is a prefix of what will be. */
START_TEST(a_long_run_streams)
{
	struct sample_sink sample = { .options = { 0 } };
	struct packet packet = sample_packet(PROTOCOL_UDP, "10.0.0.2", 1000, "10.0.0.1", 53), wide;
	struct text before;
	const char *printed;
	unsigned n_lines = 0;

	text_init(&before);
	sample_sink_open(&sample, "text");
	for (uint64_t i = 1; i <= 1200; i++) {
		say_packet(&sample, i, (double)i * 100, journey_of(&packet, true, CTSTATE_NEW, VERDICT_ACCEPT, &accept_rule));
		if (i == 600)
			text_append(&before, text_string(&sample.output.buffer));
	}
	wide = sample_packet(PROTOCOL_UDP, "2001:db8:1111:2222:3333:4444:5555:6666", 1000, "2001:db8:1111:2222:3333:4444:5555:7777", 53);
	say_packet(&sample, 1201, 130000, journey_of(&wide, true, CTSTATE_NEW, VERDICT_ACCEPT, &accept_rule));
	say_packet(&sample, 1202, 130000, journey_of(&packet, true, CTSTATE_NEW, VERDICT_ACCEPT, &accept_rule));
	printed = sample_sink_close(&sample);
	ck_assert(before.len > 0 && !strncmp(printed, text_string(&before), before.len));
	for (const char *at = printed; *at; at++)
		n_lines += *at == '\n';
	ck_assert_uint_eq(n_lines, 1203);
	ck_assert_ptr_nonnull(strstr(printed, "\n  1    100.000000  ACCEPT   NEW      UDP 10.0.0.2:1000 > 10.0.0.1:53 len 33  no entry  PRE>IN  filter INPUT 1  dns.rules:9\n"));
	ck_assert_ptr_nonnull(strstr(printed, "\n1200  120000.000000  ACCEPT   NEW      UDP 10.0.0.2:1000 > 10.0.0.1:53 len 33  no entry  PRE>IN  filter INPUT 1  dns.rules:9\n"));
	ck_assert_ptr_nonnull(strstr(printed, "\n1202  130000.000000  ACCEPT   NEW      UDP 10.0.0.2:1000 > 10.0.0.1:53 len 33  no entry  PRE>IN  filter INPUT 1  dns.rules:9\n"));
	text_clear(&before);
	sample_sink_clear(&sample);
}
END_TEST

START_TEST(summaries)
{
	static const struct {
		struct event_summary summary;
		const char *text;
	} rows[] = {
		{ { 0 }, "0 packets in 0.000 s\n  Verdicts  none\n  ctstates  none\n  Entries   0 created, 0 expired, 0 still there\n" },
		{ { .n_packets = 1, .n_not_ip = 1, .n_cut = 1, .n_backwards = 1, .n_unsimulated = 1, .n_destroyed = 2,
		    .duration = { INT64_C(90061123999999) } },
		  "1 packet in 90061.123 s\n  Verdicts  1 not IP\n  ctstates  none\n"
		  "  Entries   0 created, 0 expired, 2 destroyed, 0 still there\n"
		  "  Warning: time ran backwards before 1 packet, which was taken to come right after the one before.\n"
		  "  Warning: 1 packet was cut short by the capture: rules saw only what is there.\n"
		  "  Warning: 1 verdict depends on rules that could not be simulated; they are marked with a ?.\n" },
		{ { .n_packets = 21, .n_not_ip = 2, .n_cut = 3, .n_backwards = 4, .n_unsimulated = 5,
		    .n_verdicts = { 2, 10, 3, 4, 1, 1 }, .n_ctstates = { 2, 1, 8, 7, 2, 1 }, .n_created = 8, .n_expired = 5, .n_live = 3 },
		  "21 packets in 0.000 s\n  Verdicts  10 ACCEPT, 3 DROP, 4 REJECT, 1 QUEUE, 1 HELD, 2 not IP\n"
		  "  ctstates  8 NEW, 7 ESTABLISHED, 2 RELATED, 1 UNTRACKED, 1 INVALID\n"
		  "  Entries   8 created, 5 expired, 3 still there\n"
		  "  Warning: time ran backwards before 4 packets, which were taken to come right after the one before.\n"
		  "  Warning: 3 packets were cut short by the capture: rules saw only what is there.\n"
		  "  Warning: 5 verdicts depend on rules that could not be simulated; they are marked with a ?.\n" },
	};
	struct sample_sink sample = { .options = { .quiet = true } };

	sample_sink_open(&sample, "text");
	sample_sink_say(&sample, 0, sample_time(0), (struct event){ .kind = EVENT_SUMMARY, .summary = rows[_i].summary });
	sample_compare(sample_sink_close(&sample), rows[_i].text);
	sample_sink_clear(&sample);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_test(tests, a_short_run);
	tcase_add_test(tests, quiet_leaves_the_summary);
	tcase_add_loop_test(tests, a_narrow_terminal_breaks_rows, 0, 3);
	tcase_add_test(tests, colours_change_no_column);
	tcase_add_loop_test(tests, tcp_states, 0, 2);
	tcase_add_test(tests, what_happens_beside_packets);
	tcase_add_test(tests, control_characters_never_come_out);
	tcase_add_test(tests, a_long_run_streams);
	tcase_add_loop_test(tests, summaries, 0, 3);
}

int main(void)
{
	return sample_run("sink/text", add_tests);
}
