/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events in, exact bytes out: json, csv, events, table, conntrack, counters; and the names behind --out. */
#include "sink_samples.h"

static const struct rule_place accept_rule = {
	FAMILY_IPV4, "filter", "INPUT", 1, "dns.rules", 9, "-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT", "ACCEPT", NULL, 0,
};
static const struct rule_place drop_policy = { FAMILY_IPV4, "filter", "INPUT", 0, "dns.rules", 3, "policy DROP", "", NULL, 0 };
static const struct rule_place builtin_policy = { FAMILY_IPV4, "nat", "OUTPUT", 0, "", 0, "policy ACCEPT", "", NULL, 0 };
static const struct rule_place odd_rule = {
	FAMILY_IPV4, "filter", "a,b", 2, "my \"rules\".txt", 4, "-A a,b -m comment --comment \"x\ty\"", "LOG", NULL, 0,
};
static const struct sample_flow dns = { PROTOCOL_UDP, "192.168.1.2", 35237, "192.168.1.10", 53, 0, 0, { 0, 0 } };
static const struct sample_flow web = { PROTOCOL_TCP, "2001:db8::2", 40000, "2001:db8::80", 443, 0, 0, { 0, 0 } };

/* product.md's own example, and what an entry of it looks like. */
static struct event dns_reply(const struct packet *packet, const struct rule_place *const *matched)
{
	struct event event = { .kind = EVENT_PACKET };
	struct event_packet *journey = &event.journey;

	journey->packet = packet;
	journey->hooks[0] = HOOK_PREROUTING;
	journey->hooks[1] = HOOK_INPUT;
	journey->n_hooks = 2;
	journey->in = "eth0";
	journey->out = "";
	journey->ctstate = CTSTATE_ESTABLISHED;
	journey->direction = DIRECTION_REPLY;
	journey->verdict = VERDICT_ACCEPT;
	journey->decided_by = &accept_rule;
	journey->matched = matched;
	journey->n_matched = 1;
	journey->has_entry = true;
	journey->change = ENTRY_CHANGED;
	journey->entry = sample_entry(&dns, 1, sample_time(30.012345));
	journey->entry.status |= STATUS_SEEN_REPLY | STATUS_SRC_NAT_DONE | STATUS_DST_NAT_DONE;
	return event;
}

static struct packet dns_packet(void)
{
	struct packet packet = sample_packet(PROTOCOL_UDP, "192.168.1.10", 53, "192.168.1.2", 35237);

	packet.l4_len = 69;
	packet.total_len = packet.len = 89;
	return packet;
}

/* A frame that is not IP: everything is empty. */
static struct event arp(struct packet *packet)
{
	struct event event = { .kind = EVENT_PACKET };

	packet_init(packet);
	packet->status = DECODE_NOT_IP;
	packet->link.ethertype = 0x0806;
	packet->problem = "ARP";
	packet->original_len = packet->captured_len = 42;
	event.journey.packet = packet;
	event.journey.in = event.journey.out = "";
	return event;
}

#define KEYS_AFTER_SENT(change, before, reason, invalid, unsimulated, mark) \
	"\"change\":" change ",\"state_before\":" before ",\"reason\":" reason ",\"invalid_reason\":" invalid \
	",\"unsimulated\":" unsimulated ",\"mark\":" mark "}\n"

START_TEST(json_packets)
{
	static const struct rule_place *const matched[] = { &accept_rule };
	struct sample_sink sample = { .options = { 0 } };
	struct packet packet = dns_packet(), frame;
	struct event event = dns_reply(&packet, matched);

	sample_sink_open(&sample, "json");
	sample_sink_say(&sample, 2, sample_time(0.012345), event);
	sample_sink_say(&sample, 3, sample_time(90061.5), arp(&frame));
	event.journey.decided_by = &drop_policy;
	event.journey.verdict = VERDICT_DROP;
	event.journey.ctstate = CTSTATE_INVALID;
	event.journey.has_entry = false;
	event.journey.change = ENTRY_NONE;
	event.journey.n_matched = 0;
	event.journey.invalid.words = "bad checksum";
	event.journey.unsimulated = &builtin_policy;
	event.journey.mark = 7;
	sample_sink_say(&sample, 4, sample_time(90061.5), event);
	sample_compare(sample_sink_close(&sample),
		"{\"kind\":\"packet\",\"packet\":2,\"time\":\"0.012345000\",\"path\":[\"PREROUTING\",\"INPUT\"],\"in\":\"eth0\",\"out\":null,"
		"\"summary\":\"UDP 192.168.1.10:53 > 192.168.1.2:35237 len 61\",\"ctstate\":\"ESTABLISHED\",\"direction\":\"reply\",\"verdict\":\"ACCEPT\","
		"\"decided_by\":{\"table\":\"filter\",\"chain\":\"INPUT\",\"rule\":1,\"file\":\"dns.rules\",\"line\":9,"
		"\"text\":\"-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\"},"
		"\"matched\":[{\"table\":\"filter\",\"chain\":\"INPUT\",\"rule\":1}],"
		"\"entry\":{\"id\":1,\"l3\":\"ipv4\",\"l4\":\"udp\",\"timeout\":\"30\",\"state\":null,\"status\":[\"SEEN_REPLY\",\"CONFIRMED\"],"
		"\"original\":{\"src\":\"192.168.1.2\",\"dst\":\"192.168.1.10\",\"sport\":35237,\"dport\":53},"
		"\"reply\":{\"src\":\"192.168.1.10\",\"dst\":\"192.168.1.2\",\"sport\":53,\"dport\":35237},\"mark\":0,\"zone\":0},\"sent\":null,"
		KEYS_AFTER_SENT("\"changed\"", "null", "null", "null", "null", "0")
		"{\"kind\":\"packet\",\"packet\":3,\"time\":\"90061.500000000\",\"path\":[],\"in\":null,\"out\":null,\"summary\":\"ARP\","
		"\"ctstate\":null,\"direction\":null,\"verdict\":null,\"decided_by\":null,\"matched\":[],\"entry\":null,\"sent\":null,"
		KEYS_AFTER_SENT("null", "null", "null", "null", "null", "0")
		"{\"kind\":\"packet\",\"packet\":4,\"time\":\"90061.500000000\",\"path\":[\"PREROUTING\",\"INPUT\"],\"in\":\"eth0\",\"out\":null,"
		"\"summary\":\"UDP 192.168.1.10:53 > 192.168.1.2:35237 len 61\",\"ctstate\":\"INVALID\",\"direction\":null,\"verdict\":\"DROP\","
		"\"decided_by\":{\"table\":\"filter\",\"chain\":\"INPUT\",\"rule\":null,\"policy\":true,\"file\":\"dns.rules\",\"line\":3,\"text\":\"policy DROP\"},"
		"\"matched\":[],\"entry\":null,\"sent\":null,"
		KEYS_AFTER_SENT("null", "null", "null", "\"bad checksum\"",
				"{\"table\":\"nat\",\"chain\":\"OUTPUT\",\"rule\":null,\"policy\":true,\"file\":null,\"line\":null,\"text\":\"policy ACCEPT\"}", "7"));
	sample_sink_clear(&sample);
}
END_TEST

/* Everything that an entry can have. */
static struct entry_view rich_entry(void)
{
	struct entry_view entry = sample_entry(&web, 12345678901, sample_time(432010));

	entry.state = "ESTABLISHED";
	entry.status = STATUS_CONFIRMED | STATUS_SEEN_REPLY | STATUS_ASSURED | STATUS_SRC_NAT | STATUS_HELPER;
	entry.tuple[DIRECTION_ORIGINAL].zone = 3;
	entry.mark = 4294967295;
	entry.has_counters = true;
	entry.n_packets[0] = 5;
	entry.n_bytes[0] = 373;
	entry.n_packets[1] = 3;
	entry.n_bytes[1] = UINT64_MAX;
	entry.has_start = true;
	entry.start = sample_time(1.5);
	entry.helper = "ftp";
	return entry;
}

#define RICH_ENTRY \
	"{\"id\":12345678901,\"l3\":\"ipv6\",\"l4\":\"tcp\",\"timeout\":\"432000\",\"state\":\"ESTABLISHED\"," \
	"\"status\":[\"SEEN_REPLY\",\"ASSURED\",\"CONFIRMED\",\"SRC_NAT\",\"HELPER\"]," \
	"\"original\":{\"src\":\"2001:db8::2\",\"dst\":\"2001:db8::80\",\"sport\":40000,\"dport\":443}," \
	"\"reply\":{\"src\":\"2001:db8::80\",\"dst\":\"2001:db8::2\",\"sport\":443,\"dport\":40000},\"mark\":4294967295,\"zone\":3," \
	"\"zone_direction\":\"original\",\"packets\":{\"original\":5,\"reply\":3},\"bytes\":{\"original\":373,\"reply\":18446744073709551615}," \
	"\"start\":\"1.500000000\",\"helper\":\"ftp\"}"

static void say_all_kinds(struct sample_sink *sample, const struct packet *packet)
{
	static const char *const tables[] = { "ipv4 filter", "ipv6 filter" };
	struct vtime now = sample_time(10);
	struct event_summary summary = {
		.n_packets = 9, .n_not_ip = 1, .n_cut = 2, .n_backwards = 3, .n_verdicts = { 1, 4, 2, 1, 0, 1 },
		.n_ctstates = { 1, 1, 3, 2, 1, 1 }, .n_created = 4, .n_expired = 2, .n_destroyed = 1, .n_live = 1,
		.n_unsimulated = 5, .duration = now,
	};

	sample_sink_say(sample, 0, sample_time(0), (struct event){ .kind = EVENT_RUN,
		.run = { .origin_seconds = 1331123456, .origin_ns = 5, .capture = "a\xff.pcap", .host = "host 192.168.1.2",
			 .tables = tables, .n_tables = 2 } });
	sample_sink_say(sample, 1, now, (struct event){ .kind = EVENT_HOOK, .hook = { .hook = HOOK_FORWARD } });
	sample_sink_say(sample, 1, now, (struct event){ .kind = EVENT_RULE, .rule = { &odd_rule, HOOK_FORWARD } });
	sample_sink_say(sample, 1, now, (struct event){ .kind = EVENT_TRANSITION,
		.transition = { rich_entry(), "SYN_RECV", "ESTABLISHED", DIRECTION_ORIGINAL, "original ack in SYN_RECV", { .words = NULL } } });
	sample_sink_say(sample, 1, now, (struct event){ .kind = EVENT_CONNTRACK,
		.conntrack = { .bits = CONNTRACK_EVENT_ASSURED | CONNTRACK_EVENT_PROTOINFO, rich_entry(), false } });
	sample_sink_say(sample, 1, now, (struct event){ .kind = EVENT_LOG,
		.log = { .rule = &odd_rule, HOOK_FORWARD, packet, "eth0", "", "denied: ", 4, 2, 7 } });
	sample_sink_say(sample, 1, now, (struct event){ .kind = EVENT_REPLY,
		.reply = { packet, "icmp-port-unreachable", VERDICT_DROP, &drop_policy } });
	sample_sink_say(sample, 0, now, (struct event){ .kind = EVENT_SNAPSHOT, .snapshot = { .label = "at 10 s", 1 } });
	sample_sink_say(sample, 0, now, (struct event){ .kind = EVENT_ENTRY, .entry = { rich_entry() } });
	sample_sink_say(sample, 0, now, (struct event){ .kind = EVENT_CHAIN,
		.chain = { .family = FAMILY_IPV6, "filter", "INPUT", "DROP", 0, 3, 87 } });
	sample_sink_say(sample, 0, now, (struct event){ .kind = EVENT_COUNTER, .counter = { .rule = &accept_rule, "", true, 2, 58 } });
	sample_sink_say(sample, 0, now, (struct event){ .kind = EVENT_WARNING, .warning = { "time\nran" } });
	sample_sink_say(sample, 0, now, (struct event){ .kind = EVENT_SUMMARY, .summary = summary });
}

#define ODD_RULE "{\"table\":\"filter\",\"chain\":\"a,b\",\"rule\":2,\"file\":\"my \\\"rules\\\".txt\",\"line\":4," \
	"\"text\":\"-A a,b -m comment --comment \\\"x\\ty\\\"\"}"
#define SAID(kind, packet) "{\"kind\":\"" kind "\",\"packet\":" packet ",\"time\":\"10.000000000\","

START_TEST(json_other_kinds)
{
	struct sample_sink sample = { .options = { 0 } };
	struct packet packet = dns_packet();

	sample_sink_open(&sample, "json,rules,hooks,counters");
	say_all_kinds(&sample, &packet);
	sample_compare(sample_sink_close(&sample),
		"{\"kind\":\"run\",\"packet\":null,\"time\":\"0.000000000\",\"origin\":\"1331123456.000000005\",\"capture\":\"a\\ufffd.pcap\","
		"\"host\":\"host 192.168.1.2\",\"tables\":[\"ipv4 filter\",\"ipv6 filter\"]}\n"
		SAID("hook", "1") "\"hook\":\"FORWARD\"}\n"
		SAID("rule", "1") "\"hook\":\"FORWARD\",\"rule\":" ODD_RULE "}\n"
		SAID("transition", "1") "\"entry\":12345678901,\"direction\":\"original\",\"from\":\"SYN_RECV\",\"to\":\"ESTABLISHED\","
		"\"cell\":\"original ack in SYN_RECV\",\"reason\":null}\n"
		SAID("event", "1") "\"type\":\"UPDATE\",\"bits\":[\"ASSURED\",\"PROTOINFO\"],\"expired\":false,"
		"\"line\":\" [UPDATE] tcp      6 432000 ESTABLISHED src=2001:db8::2 dst=2001:db8::80 sport=40000 dport=443 zone-orig=3 "
		"src=2001:db8::80 dst=2001:db8::2 sport=443 dport=40000 [ASSURED] mark=4294967295 helper=ftp\",\"entry\":" RICH_ENTRY "}\n"
		SAID("log", "1") "\"hook\":\"FORWARD\",\"in\":\"eth0\",\"out\":null,\"summary\":\"UDP 192.168.1.10:53 > 192.168.1.2:35237 len 61\","
		"\"prefix\":\"denied: \",\"level\":4,\"flags\":2,\"mark\":7,\"rule\":" ODD_RULE "}\n"
		SAID("reply", "1") "\"summary\":\"UDP 192.168.1.10:53 > 192.168.1.2:35237 len 61\",\"reason\":\"icmp-port-unreachable\","
		"\"verdict\":\"DROP\",\"decided_by\":{\"table\":\"filter\",\"chain\":\"INPUT\",\"rule\":null,\"policy\":true,"
		"\"file\":\"dns.rules\",\"line\":3,\"text\":\"policy DROP\"}}\n"
		SAID("snapshot", "null") "\"label\":\"at 10 s\",\"entries\":1,\"expectations\":0}\n"
		SAID("entry", "null") "\"line\":\"ipv6     10 tcp      6 432000 ESTABLISHED src=2001:0db8:0000:0000:0000:0000:0000:0002 "
		"dst=2001:0db8:0000:0000:0000:0000:0000:0080 sport=40000 dport=443 zone-orig=3 packets=5 bytes=373 "
		"src=2001:0db8:0000:0000:0000:0000:0000:0080 dst=2001:0db8:0000:0000:0000:0000:0000:0002 sport=443 dport=40000 "
		"packets=3 bytes=18446744073709551615 [ASSURED] mark=4294967295 delta-time=8 use=2\",\"entry\":" RICH_ENTRY "}\n"
		SAID("chain", "null") "\"family\":\"ipv6\",\"table\":\"filter\",\"chain\":\"INPUT\",\"policy\":\"DROP\",\"references\":0,\"packets\":3,\"bytes\":87}\n"
		SAID("counter", "null") "\"family\":\"ipv4\",\"rule\":{\"table\":\"filter\",\"chain\":\"INPUT\",\"rule\":1,\"file\":\"dns.rules\",\"line\":9,"
		"\"text\":\"-A INPUT -m state --state RELATED,ESTABLISHED -j ACCEPT\"},\"simulated\":true,\"packets\":2,\"bytes\":58}\n"
		SAID("warning", "null") "\"text\":\"time\\nran\"}\n"
		SAID("summary", "null") "\"packets\":9,\"duration\":\"10.000000000\",\"verdicts\":{\"ACCEPT\":4,\"DROP\":2,\"REJECT\":1,\"QUEUE\":0,\"HELD\":1},"
		"\"ctstates\":{\"INVALID\":1,\"NEW\":3,\"ESTABLISHED\":2,\"RELATED\":1,\"UNTRACKED\":1},"
		"\"entries\":{\"created\":4,\"expired\":2,\"destroyed\":1,\"live\":1},\"not_ip\":1,\"cut\":2,\"backwards\":3,\"unsimulated\":5,\"tracked_anyway\":[]}\n");
	sample_sink_clear(&sample);
}
END_TEST

START_TEST(json_says_only_what_is_asked)
{
	struct sample_sink sample = { .options = { 0 } };
	struct packet packet = dns_packet();
	const char *printed;

	sample_sink_open(&sample, "json");
	say_all_kinds(&sample, &packet);
	printed = sample_sink_close(&sample);
	ck_assert_ptr_nonnull(strstr(printed, "\"kind\":\"transition\""));
	ck_assert_ptr_null(strstr(printed, "\"kind\":\"rule\""));
	ck_assert_ptr_null(strstr(printed, "\"kind\":\"hook\""));
	ck_assert_ptr_null(strstr(printed, "\"kind\":\"counter\""));
	sample_sink_clear(&sample);
}
END_TEST

#define CSV_HEADER \
	"number,time,hooks,in,out,protocol,src,sport,dst,dport,len,ctstate,direction,entry,change,state,timeout,verdict," \
	"table,chain,rule,file,line,reason,invalid_reason,unsimulated,mark,sent_src,sent_sport,sent_dst,sent_dport,summary\r\n"

START_TEST(csv_lines)
{
	static const struct rule_place *const matched[] = { &accept_rule };
	struct sample_sink sample = { .options = { 0 } };
	struct packet packet = dns_packet(), frame;
	struct event event = dns_reply(&packet, matched);

	sample_sink_open(&sample, "csv");
	sample_sink_say(&sample, 2, sample_time(0.012345), event);
	sample_sink_say(&sample, 3, sample_time(90061.5), arp(&frame));
	event.journey.decided_by = &odd_rule;
	event.journey.reason = "a \"reason\"\r\nof two lines";
	event.journey.unsimulated = &drop_policy;
	event.journey.was_rewritten = true;
	event.journey.sent = sample_entry(&web, 1, sample_time(0)).tuple[0];
	sample_sink_say(&sample, 4, sample_time(90061.5), event);
	sample_compare(sample_sink_close(&sample),
		CSV_HEADER
		"2,0.012345000,PREROUTING>INPUT,eth0,,udp,192.168.1.10,53,192.168.1.2,35237,89,ESTABLISHED,reply,1,changed,,30,ACCEPT,"
		"filter,INPUT,1,dns.rules,9,,,,0,,,,,UDP 192.168.1.10:53 > 192.168.1.2:35237 len 61\r\n"
		"3,90061.500000000,,,,,,,,,42,,,,,,,,,,,,,,,,0,,,,,ARP\r\n"
		"4,90061.500000000,PREROUTING>INPUT,eth0,,udp,192.168.1.10,53,192.168.1.2,35237,89,ESTABLISHED,reply,1,changed,,0,ACCEPT,"
		"filter,\"a,b\",2,\"my \"\"rules\"\".txt\",4,\"a \"\"reason\"\"\r\nof two lines\",,filter INPUT policy dns.rules:3,0,"
		"2001:db8::2,40000,2001:db8::80,443,UDP 192.168.1.10:53 > 192.168.1.2:35237 len 61\r\n");
	sample_sink_clear(&sample);
}
END_TEST

START_TEST(conntrack_events)
{
	static const struct {
		const char *format, *lines;
	} rows[] = {
		{ "events", "    [NEW] udp      17 30 src=192.168.1.2 dst=192.168.1.10 sport=35237 dport=53 [UNREPLIED] "
			    "src=192.168.1.10 dst=192.168.1.2 sport=53 dport=35237\n" },
		{ "events,extended,id,timestamp",
		  "[1331213518.000000]\t    [NEW] ipv4     2 udp      17 30 src=192.168.1.2 dst=192.168.1.10 sport=35237 dport=53 "
		  "[UNREPLIED] src=192.168.1.10 dst=192.168.1.2 sport=53 dport=35237 id=1\n" },
	};
	struct sample_sink sample = { .options = { 0 } };
	struct event event = { .kind = EVENT_CONNTRACK, .conntrack = { .bits = CONNTRACK_EVENT_NEW } };

	event.conntrack.entry = sample_entry(&dns, 1, sample_time(90061.5 + 30));
	sample_sink_open(&sample, rows[_i].format);
	sample_sink_say(&sample, 0, sample_time(0), (struct event){ .kind = EVENT_RUN, .run = { .origin_seconds = 1331123456,
		.origin_ns = 500000000 } });
	sample_sink_say(&sample, 1, sample_time(90061.5), event);
	sample_compare(sample_sink_close(&sample), rows[_i].lines);
	sample_sink_clear(&sample);
}
END_TEST

#define DNS_PROC "udp      17 29 src=192.168.1.2 dst=192.168.1.10 sport=35237 dport=53 [UNREPLIED] src=192.168.1.10 " \
	"dst=192.168.1.2 sport=53 dport=35237 mark=0 "
#define WEB_PROC "ipv6     10 tcp      6 29 src=2001:0db8:0000:0000:0000:0000:0000:0002 " \
	"dst=2001:0db8:0000:0000:0000:0000:0000:0080 sport=40000 dport=443 [UNREPLIED] " \
	"src=2001:0db8:0000:0000:0000:0000:0000:0080 dst=2001:0db8:0000:0000:0000:0000:0000:0002 sport=443 dport=40000 mark=0 zone=0 use=2\n"
#define WEB_LIST "tcp      6 29 src=2001:db8::2 dst=2001:db8::80 sport=40000 dport=443 [UNREPLIED] src=2001:db8::80 " \
	"dst=2001:db8::2 sport=443 dport=40000 mark=0 use=1"

static const struct snapshot_row {
	const char *format;
	const char *labels[2];	/* each snapshot holds both flows */
	const char *lines;
} snapshots[] = {
	{ "table", { "end", NULL }, "ipv4     2 " DNS_PROC "zone=0 use=2\n" WEB_PROC },
	{ "table", { "after packet 1", "end" },
	  "# after packet 1\nipv4     2 " DNS_PROC "zone=0 use=2\n" WEB_PROC "# end\nipv4     2 " DNS_PROC "zone=0 use=2\n" WEB_PROC },
	{ "table,legacy", { "end", NULL }, DNS_PROC "use=1\n" },
	{ "conntrack", { "end", NULL }, DNS_PROC "use=1\n" WEB_LIST "\n" },
	{ "conntrack,id", { "at 1 s", NULL }, "# at 1 s\n" DNS_PROC "use=1 id=1\n" WEB_LIST " id=2\n" },
	{ "conntrack,extended", { "end", NULL }, "ipv4     2 " DNS_PROC "use=1\nipv6     10 " WEB_LIST "\n" },
};

START_TEST(table_snapshots)
{
	const struct snapshot_row *row = &snapshots[_i];
	struct sample_sink sample = { .options = { 0 } };

	sample_sink_open(&sample, row->format);
	for (int i = 0; i < 2 && row->labels[i]; i++) {
		sample_sink_say(&sample, 0, sample_time(1), (struct event){ .kind = EVENT_SNAPSHOT, .snapshot = { .label = row->labels[i], 2 } });
		sample_sink_say(&sample, 0, sample_time(1), (struct event){ .kind = EVENT_ENTRY,
			.entry = { sample_entry(&dns, 1, sample_time(30.5)) } });
		sample_sink_say(&sample, 0, sample_time(1), (struct event){ .kind = EVENT_ENTRY,
			.entry = { sample_entry(&web, 2, sample_time(30.5)) } });
	}
	sample_compare(sample_sink_close(&sample), row->lines);
	sample_sink_clear(&sample);
}
END_TEST

/* Two tables of two families; in one the rules come after all chains, in the other between them. */
static void say_counters(struct sample_sink *sample)
{
	static const struct rule_place user_rule = { FAMILY_IPV4, "filter", "U1", 1, "r", 1, "-A U1 -p udp", "", NULL, 0 };
	static const struct rule_place input_rule = { FAMILY_IPV4, "filter", "INPUT", 1, "r", 2, "-A INPUT -p udp -g U1", "U1", NULL, 0 };
	static const struct rule_place six_rule = { FAMILY_IPV6, "filter", "INPUT", 1, "r", 3, "-A INPUT -j ACCEPT", "ACCEPT", NULL, 0 };
	struct vtime end = sample_time(9);

	sample_sink_say(sample, 0, end, (struct event){ .kind = EVENT_CHAIN, .chain = { .family = FAMILY_IPV4, "filter", "INPUT", "DROP", 0, 3, 87 } });
	sample_sink_say(sample, 0, end, (struct event){ .kind = EVENT_COUNTER, .counter = { .rule = &input_rule,
		"U1         17   --  *      *       0.0.0.0/0            0.0.0.0/0           [goto] ", true, 12, 348 } });
	sample_sink_say(sample, 0, end, (struct event){ .kind = EVENT_CHAIN, .chain = { .family = FAMILY_IPV4, "filter", "U1", NULL, 1, 0, 0 } });
	sample_sink_say(sample, 0, end, (struct event){ .kind = EVENT_COUNTER, .counter = { .rule = &user_rule,
		"           17   --  *      *       0.0.0.0/0            0.0.0.0/0           ", true, 123456789, 348 } });
	sample_sink_say(sample, 0, end, (struct event){ .kind = EVENT_CHAIN, .chain = { .family = FAMILY_IPV6, "filter", "INPUT", "ACCEPT", 0, 0, 0 } });
	sample_sink_say(sample, 0, end, (struct event){ .kind = EVENT_CHAIN, .chain = { .family = FAMILY_IPV6, "filter", "OUTPUT", "ACCEPT", 0, 0, 0 } });
	sample_sink_say(sample, 0, end, (struct event){ .kind = EVENT_COUNTER, .counter = { .rule = &six_rule,
		"ACCEPT     0    --  *      *       ::/0                 ::/0                ", true, 0, 0 } });
}

START_TEST(rule_counters)
{
	static const struct {
		const char *format, *lines;
	} rows[] = {
		{ "counters",
		  "# ctreplay: iptables-save -c\n*filter\n:INPUT DROP [3:87]\n:U1 - [0:0]\n[12:348] -A INPUT -p udp -g U1\n"
		  "[123456789:348] -A U1 -p udp\nCOMMIT\n"
		  "# ctreplay: ip6tables-save -c\n*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n[0:0] -A INPUT -j ACCEPT\nCOMMIT\n" },
		{ "counters,list",
		  "# iptables -t filter -L -v -n -x --line-numbers\n"
		  "Chain INPUT (policy DROP 3 packets, 87 bytes)\n"
		  "num      pkts      bytes target     prot opt in     out     source               destination         \n"
		  "1          12      348 U1         17   --  *      *       0.0.0.0/0            0.0.0.0/0           [goto] \n"
		  "\n"
		  "Chain U1 (1 references)\n"
		  "num      pkts      bytes target     prot opt in     out     source               destination         \n"
		  "1    123456789      348            17   --  *      *       0.0.0.0/0            0.0.0.0/0           \n"
		  "# ip6tables -t filter -L -v -n -x --line-numbers\n"
		  "Chain INPUT (policy ACCEPT 0 packets, 0 bytes)\n"
		  "num      pkts      bytes target     prot opt in     out     source               destination         \n"
		  "1           0        0 ACCEPT     0    --  *      *       ::/0                 ::/0                \n"
		  "\n"
		  "Chain OUTPUT (policy ACCEPT 0 packets, 0 bytes)\n"
		  "num      pkts      bytes target     prot opt in     out     source               destination         \n" },
	};
	struct sample_sink sample = { .options = { 0 } };

	sample_sink_open(&sample, rows[_i].format);
	say_counters(&sample);
	sample_compare(sample_sink_close(&sample), rows[_i].lines);
	sample_sink_clear(&sample);
}
END_TEST

static const struct parse_row {
	const char *text, *name, *error;
	uint32_t kinds;		/* that the words add */
} parses[] = {
	{ "json", "json", NULL, 0 },
	{ "json,rules,counters", "json", NULL, EVENT_BIT(EVENT_RULE) | EVENT_BIT(EVENT_CHAIN) | EVENT_BIT(EVENT_COUNTER) },
	{ "jsno", NULL, "unknown format \"jsno\"; did you mean json?", 0 },
	{ "json,rulez", NULL, "format json has no variant \"rulez\"; did you mean rules?", 0 },
	{ "csv,x", NULL, "format csv has no variant \"x\"", 0 },
	{ "json,", NULL, "format json has no variant \"\"; there are rules, hooks, counters, sets", 0 },
};

START_TEST(names_behind_out)
{
	const struct parse_row *row = &parses[_i];
	struct sink_options options = { 0 };
	const struct sink_type *type;
	struct output output;
	struct sink sink;
	struct text error;

	text_init(&error);
	if (!sink_parse(row->text, &type, &options, &error)) {
		ck_assert_ptr_nonnull(row->error);
		ck_assert_str_eq(text_string(&error), row->error);
	} else {
		ck_assert_ptr_null(row->error);
		ck_assert_str_eq(type->name, row->name);
		output_init(&output);
		sink_open(&sink, type, &options, &output);
		ck_assert_uint_eq(sink.kinds, type->kinds | row->kinds);
		sink_close(&sink);
		output_clear(&output);
	}
	text_clear(&error);
}
END_TEST

START_TEST(registry_is_sorted_and_complete)
{
	const struct sink_type *const *types = sink_all();

	ck_assert_ptr_nonnull(types[0]);
	for (size_t i = 0; types[i]; i++) {
		ck_assert_ptr_eq(sink_find(types[i]->name), types[i]);
		ck_assert_ptr_nonnull(types[i]->summary);
		/* One that is not built in wants nothing, and says so. */
		ck_assert(types[i]->kinds != 0 || (types[i]->refuse && types[i]->refuse(0)));
		if (i)
			ck_assert_int_lt(strcmp(types[i - 1]->name, types[i]->name), 0);
	}
	ck_assert_ptr_null(sink_find("nosuch"));
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_test(tests, json_packets);
	tcase_add_test(tests, json_other_kinds);
	tcase_add_test(tests, json_says_only_what_is_asked);
	tcase_add_test(tests, csv_lines);
	tcase_add_loop_test(tests, conntrack_events, 0, 2);
	tcase_add_loop_test(tests, table_snapshots, 0, sizeof(snapshots) / sizeof(snapshots[0]));
	tcase_add_loop_test(tests, rule_counters, 0, 2);
	tcase_add_loop_test(tests, names_behind_out, 0, sizeof(parses) / sizeof(parses[0]));
	tcase_add_test(tests, registry_is_sorted_and_complete);
}

int main(void)
{
	return sample_run("sink/formats", add_tests);
}
