/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of real tools, byte for byte: Linux 6.18, conntrack-tools 1.4.7. */
#include "sink_samples.h"

#include "sink/entry_print.h"

enum { UNREPLIED = STATUS_CONFIRMED, REPLIED = STATUS_CONFIRMED | STATUS_SEEN_REPLY };
enum { ASSURED = REPLIED | STATUS_ASSURED };

static const struct listing_row {
	const char *name;
	struct sample_flow flow;
	unsigned seconds;
	const char *state;
	uint32_t status, mark;
	bool has_counters;
	uint64_t counters[4];	/* packets, bytes; original, reply */
	int delta_time;		/* -1: no timestamps */
	const char *helper;
	const char *proc, *list;
} listings[] = {
	{ "tcp over IPv4, assured, no counters", { 6, "1.2.3.4", 1, "5.6.7.8", 2, 0, 0, { 0, 0 } }, 50, "ESTABLISHED",
	  ASSURED, 9, false, { 0 }, -1, NULL,
	  "ipv4     2 tcp      6 50 ESTABLISHED src=1.2.3.4 dst=5.6.7.8 sport=1 dport=2 src=5.6.7.8 dst=1.2.3.4 sport=2 dport=1 [ASSURED] mark=9 zone=0 use=2",
	  "tcp      6 50 ESTABLISHED src=1.2.3.4 dst=5.6.7.8 sport=1 dport=2 src=5.6.7.8 dst=1.2.3.4 sport=2 dport=1 [ASSURED] mark=9 use=1" },
	{ "tcp over IPv6, counters, timestamp", { 6, "fd01::1", 52702, "fd01::1", 8080, 0, 0, { 0, 0 } }, 119, "TIME_WAIT",
	  ASSURED, 0, true, { 5, 373, 3, 224 }, 1, NULL,
	  "ipv6     10 tcp      6 119 TIME_WAIT src=fd01:0000:0000:0000:0000:0000:0000:0001 dst=fd01:0000:0000:0000:0000:0000:0000:0001 sport=52702 dport=8080 packets=5 bytes=373 src=fd01:0000:0000:0000:0000:0000:0000:0001 dst=fd01:0000:0000:0000:0000:0000:0000:0001 sport=8080 dport=52702 packets=3 bytes=224 [ASSURED] mark=0 zone=0 delta-time=1 use=2",
	  "tcp      6 119 TIME_WAIT src=fd01::1 dst=fd01::1 sport=52702 dport=8080 packets=5 bytes=373 src=fd01::1 dst=fd01::1 sport=8080 dport=52702 packets=3 bytes=224 [ASSURED] mark=0 delta-time=1 use=1" },
	{ "udp, unreplied, zone", { 17, "1.2.3.4", 1, "5.6.7.8", 2, 0, 0, { 5, 5 } }, 49, NULL,
	  UNREPLIED, 0, true, { 0 }, 0, NULL,
	  "ipv4     2 udp      17 49 src=1.2.3.4 dst=5.6.7.8 sport=1 dport=2 packets=0 bytes=0 [UNREPLIED] src=5.6.7.8 dst=1.2.3.4 sport=2 dport=1 packets=0 bytes=0 mark=0 zone=5 delta-time=0 use=2",
	  "udp      17 49 src=1.2.3.4 dst=5.6.7.8 sport=1 dport=2 packets=0 bytes=0 [UNREPLIED] src=5.6.7.8 dst=1.2.3.4 sport=2 dport=1 packets=0 bytes=0 mark=0 zone=5 delta-time=0 use=1" },
	{ "udp, replied, not assured", { 17, "127.0.0.1", 4000, "127.0.0.1", 5353, 0, 0, { 0, 0 } }, 28, NULL,
	  REPLIED, 0, false, { 0 }, -1, NULL,
	  "ipv4     2 udp      17 28 src=127.0.0.1 dst=127.0.0.1 sport=4000 dport=5353 src=127.0.0.1 dst=127.0.0.1 sport=5353 dport=4000 mark=0 zone=0 use=2",
	  "udp      17 28 src=127.0.0.1 dst=127.0.0.1 sport=4000 dport=5353 src=127.0.0.1 dst=127.0.0.1 sport=5353 dport=4000 mark=0 use=1" },
	{ "udp, zone of one direction", { 17, "10.0.1.2", 1000, "10.0.2.2", 66, 0, 0, { 7, 0 } }, 29, NULL,
	  UNREPLIED, 0, true, { 1, 29, 0, 0 }, -1, NULL,
	  "ipv4     2 udp      17 29 src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=66 zone-orig=7 packets=1 bytes=29 [UNREPLIED] src=10.0.2.2 dst=10.0.1.2 sport=66 dport=1000 packets=0 bytes=0 mark=0 use=2",
	  "udp      17 29 src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=66 zone-orig=7 packets=1 bytes=29 [UNREPLIED] src=10.0.2.2 dst=10.0.1.2 sport=66 dport=1000 packets=0 bytes=0 mark=0 use=1" },
	{ "udp with a helper", { 17, "10.0.1.2", 3001, "10.0.2.2", 69, 0, 0, { 0, 0 } }, 29, NULL,
	  UNREPLIED, 0, true, { 1, 38, 0, 0 }, -1, "tftp",
	  "ipv4     2 udp      17 29 src=10.0.1.2 dst=10.0.2.2 sport=3001 dport=69 packets=1 bytes=38 [UNREPLIED] src=10.0.2.2 dst=10.0.1.2 sport=69 dport=3001 packets=0 bytes=0 mark=0 zone=0 use=2",
	  "udp      17 29 src=10.0.1.2 dst=10.0.2.2 sport=3001 dport=69 packets=1 bytes=38 [UNREPLIED] src=10.0.2.2 dst=10.0.1.2 sport=69 dport=3001 packets=0 bytes=0 mark=0 helper=tftp use=1" },
	{ "icmp", { 1, "127.0.0.1", 14433, "127.0.0.1", 0x800, 14433, 0, { 0, 0 } }, 0, NULL,
	  REPLIED, 0, true, { 1, 84, 1, 84 }, 0, NULL,
	  "ipv4     2 icmp     1 0 src=127.0.0.1 dst=127.0.0.1 type=8 code=0 id=14433 packets=1 bytes=84 src=127.0.0.1 dst=127.0.0.1 type=0 code=0 id=14433 packets=1 bytes=84 mark=0 zone=0 delta-time=0 use=2",
	  "icmp     1 0 src=127.0.0.1 dst=127.0.0.1 type=8 code=0 id=14433 packets=1 bytes=84 src=127.0.0.1 dst=127.0.0.1 type=0 code=0 id=14433 packets=1 bytes=84 mark=0 delta-time=0 use=1" },
	{ "icmpv6", { 58, "fd01::1", 14434, "fd01::1", 128 << 8, 14434, 129 << 8, { 0, 0 } }, 29, NULL,
	  REPLIED, 0, false, { 0 }, -1, NULL,
	  "ipv6     10 icmpv6   58 29 src=fd01:0000:0000:0000:0000:0000:0000:0001 dst=fd01:0000:0000:0000:0000:0000:0000:0001 type=128 code=0 id=14434 src=fd01:0000:0000:0000:0000:0000:0000:0001 dst=fd01:0000:0000:0000:0000:0000:0000:0001 type=129 code=0 id=14434 mark=0 zone=0 use=2",
	  "icmpv6   58 29 src=fd01::1 dst=fd01::1 type=128 code=0 id=14434 src=fd01::1 dst=fd01::1 type=129 code=0 id=14434 mark=0 use=1" },
	{ "gre", { 47, "127.0.0.1", 0, "127.0.0.1", 0x1234, 0x1234, 0, { 0, 0 } }, 28, NULL,
	  UNREPLIED, 0, true, { 1, 40, 0, 0 }, 1, NULL,
	  "ipv4     2 gre      47 28 timeout=30, stream_timeout=180 src=127.0.0.1 dst=127.0.0.1 srckey=0x0 dstkey=0x1234 packets=1 bytes=40 [UNREPLIED] src=127.0.0.1 dst=127.0.0.1 srckey=0x1234 dstkey=0x0 packets=0 bytes=0 mark=0 zone=0 delta-time=1 use=2",
	  "gre      47 28 src=127.0.0.1 dst=127.0.0.1 srckey=0x0 dstkey=0x1234 packets=1 bytes=40 [UNREPLIED] src=127.0.0.1 dst=127.0.0.1 srckey=0x1234 dstkey=0x0 packets=0 bytes=0 mark=0 delta-time=1 use=1" },
	{ "dccp, which only the tool knows", { 33, "127.0.0.1", 0, "127.0.0.1", 0, 0, 0, { 0, 0 } }, 598, NULL,
	  UNREPLIED, 0, true, { 1, 44, 0, 0 }, 1, NULL,
	  "ipv4     2 unknown  33 598 src=127.0.0.1 dst=127.0.0.1 packets=1 bytes=44 [UNREPLIED] src=127.0.0.1 dst=127.0.0.1 packets=0 bytes=0 mark=0 zone=0 delta-time=1 use=2",
	  "dccp     33 598 src=127.0.0.1 dst=127.0.0.1 sport=0 dport=0 packets=1 bytes=44 [UNREPLIED] src=127.0.0.1 dst=127.0.0.1 sport=0 dport=0 packets=0 bytes=0 mark=0 delta-time=1 use=1" },
	{ "a protocol without a tracker", { 50, "127.0.0.1", 0, "127.0.0.1", 0, 0, 0, { 0, 0 } }, 598, NULL,
	  UNREPLIED, 0, false, { 0 }, -1, NULL,
	  "ipv4     2 unknown  50 598 src=127.0.0.1 dst=127.0.0.1 [UNREPLIED] src=127.0.0.1 dst=127.0.0.1 mark=0 zone=0 use=2",
	  "unknown  50 598 src=127.0.0.1 dst=127.0.0.1 [UNREPLIED] src=127.0.0.1 dst=127.0.0.1 mark=0 use=1" },
	{ "sctp", { 132, "10.0.1.2", 1000, "10.0.2.2", 2000, 0, 0, { 0, 0 } }, 9, "CLOSED",
	  UNREPLIED, 0, true, { 1, 52, 0, 0 }, 0, NULL,
	  "ipv4     2 sctp     132 9 CLOSED src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=2000 packets=1 bytes=52 [UNREPLIED] src=10.0.2.2 dst=10.0.1.2 sport=2000 dport=1000 packets=0 bytes=0 mark=0 zone=0 delta-time=0 use=2",
	  "sctp     132 9 CLOSED src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=2000 packets=1 bytes=52 [UNREPLIED] src=10.0.2.2 dst=10.0.1.2 sport=2000 dport=1000 packets=0 bytes=0 mark=0 delta-time=0 use=1" },
};

/* Part of a second is cut off: half a second later the same number of seconds is left. */
static struct entry_view listed_entry(const struct listing_row *row, struct vtime now)
{
	struct vtime deadline = { .ns = now.ns + row->seconds * INT64_C(1000000000) + 500000000 };
	struct entry_view entry = sample_entry(&row->flow, 7, deadline);

	entry.state = row->state;
	entry.status = row->status;
	entry.mark = row->mark;
	entry.helper = row->helper;
	entry.has_counters = row->has_counters;
	entry.n_packets[0] = row->counters[0];
	entry.n_bytes[0] = row->counters[1];
	entry.n_packets[1] = row->counters[2];
	entry.n_bytes[1] = row->counters[3];
	entry.has_start = row->delta_time >= 0;
	entry.start.ns = now.ns - row->delta_time * INT64_C(1000000000) - 500000000;
	return entry;
}

START_TEST(prints_listings)
{
	const struct listing_row *row = &listings[_i];
	struct vtime now = sample_time(100000.25);
	struct entry_view entry = listed_entry(row, now);
	struct text text;

	text_init(&text);
	entry_print_proc(&entry, now, false, &text);
	ck_assert_msg(!strcmp(text_string(&text), row->proc), "%s:\n%s\n%s", row->name, text_string(&text), row->proc);
	text_reset(&text);
	entry_print_list(&entry, &(struct entry_clock){ .now = now }, 0, &text);
	ck_assert_msg(!strcmp(text_string(&text), row->list), "%s:\n%s\n%s", row->name, text_string(&text), row->list);
	text_clear(&text);
}
END_TEST

START_TEST(prints_variants)
{
	struct vtime now = sample_time(5);
	struct entry_view entry = listed_entry(&listings[1], now);
	struct text text;

	text_init(&text);
	entry_print_list(&entry, &(struct entry_clock){ .now = now }, ENTRY_PRINT_EXTENDED | ENTRY_PRINT_ID, &text);
	ck_assert_str_eq(text_string(&text),
			 "ipv6     10 tcp      6 119 TIME_WAIT src=fd01::1 dst=fd01::1 sport=52702 dport=8080 packets=5 "
			 "bytes=373 src=fd01::1 dst=fd01::1 sport=8080 dport=52702 packets=3 bytes=224 [ASSURED] mark=0 "
			 "delta-time=1 use=1 id=7");
	text_reset(&text);
	entry = listed_entry(&listings[3], now);
	entry_print_proc(&entry, now, true, &text);
	ck_assert_str_eq(text_string(&text),
			 "udp      17 28 src=127.0.0.1 dst=127.0.0.1 sport=4000 dport=5353 src=127.0.0.1 dst=127.0.0.1 "
			 "sport=5353 dport=4000 mark=0 use=1");
	text_clear(&text);
}
END_TEST

static const struct event_row {
	const char *name;
	uint32_t bits;
	bool expired;
	struct sample_flow flow;
	double seconds;
	const char *state;
	uint32_t status, mark;
	bool has_counters, has_start;
	const char *helper;
	const char *line;
} events[] = {
	{ "new tcp", CONNTRACK_EVENT_NEW | CONNTRACK_EVENT_PROTOINFO, false,
	  { 6, "10.0.1.2", 1000, "10.0.2.2", 80, 0, 0, { 0, 0 } }, 120, "SYN_SENT", UNREPLIED, 0, true, true, NULL,
	  "    [NEW] tcp      6 120 SYN_SENT src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=80 [UNREPLIED] src=10.0.2.2 dst=10.0.1.2 sport=80 dport=1000" },
	{ "a state change", CONNTRACK_EVENT_REPLY | CONNTRACK_EVENT_PROTOINFO, false,
	  { 6, "fd01::1", 52702, "fd01::1", 8080, 0, 0, { 0, 0 } }, 60, "SYN_RECV", REPLIED, 0, true, true, NULL,
	  " [UPDATE] tcp      6 60 SYN_RECV src=fd01::1 dst=fd01::1 sport=52702 dport=8080 src=fd01::1 dst=fd01::1 sport=8080 dport=52702" },
	{ "assured and established at once", CONNTRACK_EVENT_ASSURED | CONNTRACK_EVENT_PROTOINFO, false,
	  { 6, "10.0.1.2", 1000, "10.0.2.2", 80, 0, 0, { 0, 0 } }, 432000, "ESTABLISHED", ASSURED, 0, true, true, NULL,
	  " [UPDATE] tcp      6 432000 ESTABLISHED src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=80 src=10.0.2.2 dst=10.0.1.2 sport=80 dport=1000 [ASSURED]" },
	{ "a reply alone has no state word", CONNTRACK_EVENT_REPLY, false,
	  { 6, "10.0.1.2", 1000, "10.0.2.2", 80, 0, 0, { 0, 0 } }, 300, "ESTABLISHED", REPLIED, 0, false, false, NULL,
	  " [UPDATE] tcp      6 300 src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=80 src=10.0.2.2 dst=10.0.1.2 sport=80 dport=1000" },
	{ "a mark that became zero", CONNTRACK_EVENT_MARK, false,
	  { 17, "10.0.1.2", 1000, "10.0.2.2", 99, 0, 0, { 0, 0 } }, 30, NULL, UNREPLIED, 0, false, false, NULL,
	  " [UPDATE] udp      17 30 src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=99 [UNREPLIED] src=10.0.2.2 dst=10.0.1.2 sport=99 dport=1000 mark=0" },
	{ "new with mark and zone", CONNTRACK_EVENT_NEW | CONNTRACK_EVENT_MARK, false,
	  { 17, "1.2.3.4", 1, "5.6.7.8", 2, 0, 0, { 5, 5 } }, 50, NULL, UNREPLIED, 0, false, false, NULL,
	  "    [NEW] udp      17 50 src=1.2.3.4 dst=5.6.7.8 sport=1 dport=2 [UNREPLIED] src=5.6.7.8 dst=1.2.3.4 sport=2 dport=1 mark=0 zone=5" },
	{ "new by expectation, with a helper", CONNTRACK_EVENT_RELATED | CONNTRACK_EVENT_HELPER, false,
	  { 17, "10.0.1.2", 3001, "10.0.2.2", 69, 0, 0, { 0, 0 } }, 30, NULL, UNREPLIED, 0, false, false, "tftp",
	  "    [NEW] udp      17 30 src=10.0.1.2 dst=10.0.2.2 sport=3001 dport=69 [UNREPLIED] src=10.0.2.2 dst=10.0.1.2 sport=69 dport=3001 helper=tftp" },
	{ "expired: no timeout", CONNTRACK_EVENT_DESTROY, true,
	  { 1, "127.0.0.1", 14433, "127.0.0.1", 0x800, 14433, 0, { 0, 0 } }, 0, NULL, REPLIED, 0, true, true, NULL,
	  "[DESTROY] icmp     1 src=127.0.0.1 dst=127.0.0.1 type=8 code=0 id=14433 packets=5 bytes=205 src=127.0.0.1 dst=127.0.0.1 type=0 code=0 id=14433 packets=4 bytes=160 delta-time=1" },
	{ "expired tcp keeps its state", CONNTRACK_EVENT_DESTROY, true,
	  { 6, "10.0.1.2", 1000, "10.0.2.2", 80, 0, 0, { 0, 0 } }, 0, "TIME_WAIT", ASSURED, 0, false, false, NULL,
	  "[DESTROY] tcp      6 TIME_WAIT src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=80 src=10.0.2.2 dst=10.0.1.2 sport=80 dport=1000 [ASSURED]" },
	{ "destroyed with time left", CONNTRACK_EVENT_DESTROY, false,
	  { 6, "10.0.1.2", 1000, "10.0.2.2", 80, 0, 0, { 0, 0 } }, 119.5, "TIME_WAIT", ASSURED, 0, true, true, NULL,
	  "[DESTROY] tcp      6 119 TIME_WAIT src=10.0.1.2 dst=10.0.2.2 sport=1000 dport=80 packets=5 bytes=205 src=10.0.2.2 dst=10.0.1.2 sport=80 dport=1000 packets=4 bytes=160 [ASSURED] delta-time=1" },
	{ "destroyed in its last second", CONNTRACK_EVENT_DESTROY, false,
	  { 17, "10.0.1.2", 3001, "10.0.2.2", 69, 0, 0, { 0, 0 } }, 0.5, NULL, UNREPLIED, 3, false, false, "tftp",
	  "[DESTROY] udp      17 src=10.0.1.2 dst=10.0.2.2 sport=3001 dport=69 [UNREPLIED] src=10.0.2.2 dst=10.0.1.2 sport=69 dport=3001 mark=3" },
};

START_TEST(prints_events)
{
	const struct event_row *row = &events[_i];
	struct vtime now = sample_time(200000);
	struct event_conntrack event = {
		.bits = row->bits,
		.expired = row->expired,
		.entry = sample_entry(&row->flow, 3, sample_time(200000 + row->seconds)),
	};
	struct text text;

	event.entry.state = row->state;
	event.entry.status = row->status;
	event.entry.mark = row->mark;
	event.entry.helper = row->helper;
	event.entry.has_counters = row->has_counters;
	event.entry.n_packets[0] = 5;
	event.entry.n_bytes[0] = 205;
	event.entry.n_packets[1] = 4;
	event.entry.n_bytes[1] = 160;
	event.entry.has_start = row->has_start;
	event.entry.start = sample_time(200000 - 1.9);
	text_init(&text);
	entry_print_event(&event, &(struct entry_clock){ .now = now }, 0, &text);
	ck_assert_msg(!strcmp(text_string(&text), row->line), "%s:\n%s\n%s", row->name, text_string(&text), row->line);
	text_clear(&text);
}
END_TEST

static void add_tests(TCase *tests)
{
	tcase_add_loop_test(tests, prints_listings, 0, sizeof(listings) / sizeof(listings[0]));
	tcase_add_test(tests, prints_variants);
	tcase_add_loop_test(tests, prints_events, 0, sizeof(events) / sizeof(events[0]));
}

int main(void)
{
	return sample_run("sink/entry_print", add_tests);
}
