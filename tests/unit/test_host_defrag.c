/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Fragments: which wait, which are lost, and what the whole looks like. The rows were put to a live 6.18 kernel. */
#include "script_packets.h"

#include "host/defrag.h"
#include "packet/checksum.h"

struct heard {
	char events[512];		/* "4: 1,2 time; " */
	unsigned n_warnings;
};

static void append(char *text, size_t size, const char *format, unsigned long long number)
{
	size_t len = strlen(text);

	snprintf(text + len, size - len, format, number);
}

static void hear(void *owner, const struct event *event)
{
	struct heard *heard = owner;

	if (event->kind == EVENT_WARNING) {
		heard->n_warnings++;
		return;
	}
	append(heard->events, sizeof(heard->events), heard->events[0] ? "; %llums:" : "%llums:",
	       (unsigned long long)event->time.ns / 1000000);
	for (size_t i = 0; i < event->fragments.n_packets; i++)
		append(heard->events, sizeof(heard->events), i ? ",%llu" : " %llu", event->fragments.packets[i]);
}

struct bench {
	struct script_packets packets;
	struct conntrack_settings settings;
	struct stream stream;
	struct heard heard;
	struct defrag *defrag;
	struct packet packet;
	uint32_t first_len;	/* of the first piece of the datagram whose time was over last; 0: it had not come */
};

static void bench_open(struct bench *bench, const char *script, const char *sysctl, uint32_t value)
{
	memset(bench, 0, sizeof(*bench));
	script_packets_load(&bench->packets, script);
	settings_init(&bench->settings);
	if (sysctl)
		ck_assert(settings_apply(&bench->settings, settings_find(sysctl), value));
	stream_init(&bench->stream);
	stream_add(&bench->stream, EVENT_BIT(EVENT_FRAGMENTS) | EVENT_BIT(EVENT_WARNING), hear, &bench->heard);
	bench->defrag = defrag_create(&bench->settings, &bench->stream);
	packet_init(&bench->packet);
}

static void bench_close(struct bench *bench)
{
	defrag_destroy(bench->defrag);
	packet_clear(&bench->packet);
	script_packets_clear(&bench->packets);
}

static enum defrag_result bench_add(struct bench *bench, size_t number, struct defrag_answer *answer)
{
	struct packet *packet = &bench->packet, first;
	struct vtime due;

	script_packets_decode(&bench->packets, number, packet);
	bench->stream.packet = number;
	bench->stream.time = packet->time;
	packet_init(&first);
	while (defrag_is_due(bench->defrag, packet->time, &due)) {
		if (defrag_expire(bench->defrag, due, &first)) {
			ck_assert(first.more_fragments && !first.fragment_offset);
			bench->first_len = first.total_len;
		} else {
			bench->first_len = 0;
		}
	}
	packet_clear(&first);
	return defrag_add(bench->defrag, packet, HOOK_PREROUTING, "eth0", answer);
}

#define V4 " udp 10.0.0.2:1000 > 10.0.0.1:53 len 40 "	/* 48 bytes behind IP */
#define V6 " udp [2001:db8::2]:1000 > [2001:db8::1]:53 len 40 "

/* What becomes of each packet: h(eld), d(ropped), W(hole), or - for none of these. */
static const struct {
	const char *name, *script, *result, *events;
	uint32_t whole_len;	/* of the latest whole, by its IP header; 0: there is none */
} rows[] = {
	{ "in order", "0" V4 "frag 0+ size 16\n0" V4 "frag 16+ size 16\n0" V4 "frag 32\n", "hhW", "", 68 },
	{ "in reverse", "0" V4 "frag 32\n0" V4 "frag 16+ size 16\n0" V4 "frag 0+ size 16\n", "hhW", "", 68 },
	{ "the middle last", "0" V4 "frag 0+ size 16\n0" V4 "frag 32\n0" V4 "frag 16+ size 16\n", "hhW", "", 68 },
	{ "no fragment", "0" V4 "\n", "-", "", 0 },
	{ "a duplicate is ignored",
	  "0" V4 "frag 0+ size 16\n0" V4 "frag 0+ size 16\n0" V4 "frag 16\n", "hdW", "", 68 },
	{ "what lies within a run of pieces repeats it",
	  "0" V4 "frag 0+ size 16\n0" V4 "frag 16+ size 16\n0" V4 "frag 8+ size 16\n0" V4 "frag 32\n", "hhdW", "", 68 },
	{ "what spans pieces that did not come in order overlaps",
	  "0" V4 "frag 32\n0" V4 "frag 16+ size 16\n0" V4 "frag 0+ size 32\n", "hhd", "0ms: 2,1", 0 },
	{ "an overlap kills all; the rest waits in vain",
	  "0" V4 "frag 0+ size 24\n0" V4 "frag 16+ size 16\n0" V4 "frag 32\n40" V4 "\n", "hdh-", "0ms: 1; 30000ms: 3", 0 },
	{ "the data of a piece with more to come is rounded down",
	  "0" V4 "frag 0+ size 23\n0" V4 "frag 16\n", "hW", "", 68 },
	{ "a piece without data kills all",
	  "0" V4 "frag 0+ size 16\n0" V4 "frag 16+ size 7\n", "hd", "0ms: 1", 0 },
	{ "a second end kills all",
	  "0" V4 "frag 32\n0 udp 10.0.0.2:1000 > 10.0.0.1:53 len 60 frag 48\n", "hd", "0ms: 1", 0 },
	{ "data behind the end kills all",
	  "0" V4 "frag 32\n0 udp 10.0.0.2:1000 > 10.0.0.1:53 len 80 frag 48+ size 16\n", "hd", "0ms: 1", 0 },
	{ "the end before what is there kills all",
	  "0" V4 "frag 32+ size 16\n0 udp 10.0.0.2:1000 > 10.0.0.1:53 len 8 frag 8\n", "hd", "0ms: 1", 0 },
	{ "the identification parts datagrams",
	  "0" V4 "frag 0+ size 16 ip-id 1\n0" V4 "frag 16 ip-id 2\n0" V4 "frag 16 ip-id 1\n", "hhW", "", 68 },
	{ "the protocol parts datagrams of IPv4",
	  "0" V4 "frag 0+ size 16\n0 proto 200 10.0.0.2 > 10.0.0.1 len 48 frag 16\n0" V4 "frag 16\n", "hhW", "", 68 },
	{ "addresses part datagrams",
	  "0" V4 "frag 0+ size 16\n0 udp 10.0.0.3:1000 > 10.0.0.1:53 len 40 frag 16\n0" V4 "frag 16\n", "hhW", "", 68 },
	{ "30 s are too long",
	  "0" V4 "frag 0+ size 16\n30" V4 "frag 16\n", "hh", "30000ms: 1", 0 },
	{ "a millisecond less is not", "0" V4 "frag 0+ size 16\n29.999" V4 "frag 16\n", "hW", "", 68 },
	{ "what comes later does not lengthen it",
	  "0" V4 "frag 0+ size 16\n20" V4 "frag 32\n31" V4 "frag 16+ size 16\n", "hhh", "30000ms: 1,2", 0 },
	{ "ECN and no ECN do not mix", "0" V4 "frag 0+ size 16 tos 2\n0" V4 "frag 16\n", "hd", "0ms: 1", 0 },

	{ "IPv6 in order", "0" V6 "frag 0+ size 16\n0" V6 "frag 16+ size 16\n0" V6 "frag 32\n", "hhW", "", 88 },
	{ "IPv6 in reverse", "0" V6 "frag 32\n0" V6 "frag 16+ size 16\n0" V6 "frag 0+ size 16\n", "hhW", "", 88 },
	{ "an atomic fragment is whole at once", "0" V6 "frag 0\n", "W", "", 88 },
	{ "an IPv6 duplicate is ignored",
	  "0" V6 "frag 0+ size 16\n0" V6 "frag 0+ size 16\n0" V6 "frag 16\n", "hdW", "", 88 },
	{ "an IPv6 overlap kills all",
	  "0" V6 "frag 0+ size 24\n0" V6 "frag 16+ size 16\n0" V6 "frag 32\n", "hdh", "0ms: 1", 0 },
	{ "no multiple of 8 kills all and goes on alone",
	  "0" V6 "frag 32\n0" V6 "frag 0+ size 31\n0" V6 "frag 0+ size 32\n", "h-h", "0ms: 1", 0 },
	{ "an IPv6 piece without data is dropped alone",
	  "0" V6 "frag 0+ size 16\n0" V6 "frag 16+ size 0\n0" V6 "frag 16\n", "hdW", "", 88 },
	{ "a second end is dropped alone",
	  "0" V6 "frag 32\n0 udp [2001:db8::2]:1000 > [2001:db8::1]:53 len 60 frag 48\n0" V6 "frag 0+ size 32\n", "hdW", "", 88 },
	{ "a first fragment without its UDP header goes on alone", "0" V6 "frag 0+ size 0\n", "-", "", 0 },
	{ "the protocol does not part datagrams of IPv6",
	  "0" V6 "frag 0+ size 16\n0 proto 200 2001:db8::2 > 2001:db8::1 len 48 frag 16\n", "hW", "", 88 },
	{ "IPv6 waits for 60 s", "0" V6 "frag 0+ size 16\n59.999" V6 "frag 16\n", "hW", "", 88 },
	{ "and no longer", "0" V6 "frag 0+ size 16\n60" V6 "frag 16\n", "hh", "60000ms: 1", 0 },
};

START_TEST(fragments_wait_and_are_lost_as_in_linux)
{
	static const char letters[] = { [DEFRAG_NONE] = '-', [DEFRAG_WHOLE] = 'W', [DEFRAG_HELD] = 'h', [DEFRAG_DROPPED] = 'd' };
	size_t n_packets = strlen(rows[_i].result);
	uint32_t whole_len = 0;
	char result[16] = "";
	struct bench bench;

	bench_open(&bench, rows[_i].script, NULL, 0);
	ck_assert_uint_eq(bench.packets.script.n_packets, n_packets);
	for (size_t i = 0; i < n_packets; i++) {
		struct defrag_answer answer;
		enum defrag_result got = bench_add(&bench, i + 1, &answer);

		result[i] = letters[got];
		ck_assert_msg((answer.reason != NULL) == (got == DEFRAG_HELD || got == DEFRAG_DROPPED), "%s", rows[_i].name);
		if (got != DEFRAG_WHOLE)
			continue;
		whole_len = bench.packet.total_len;
		ck_assert_uint_eq(bench.packet.len, whole_len);
		ck_assert(!bench.packet.is_fragment);
		ck_assert_uint_eq(bench.packet.number, i + 1);
		ck_assert_int_eq(bench.packet.status, DECODE_COMPLETE);
	}
	ck_assert_msg(strcmp(result, rows[_i].result) == 0, "%s: %s, not %s", rows[_i].name, result, rows[_i].result);
	ck_assert_msg(strcmp(bench.heard.events, rows[_i].events) == 0, "%s: lost \"%s\", not \"%s\"", rows[_i].name,
		      bench.heard.events, rows[_i].events);
	ck_assert_msg(whole_len == rows[_i].whole_len, "%s: %u", rows[_i].name, whole_len);
	bench_close(&bench);
}
END_TEST

/* The header of the whole. */
static const struct {
	const char *name, *script;
	uint8_t ttl, tos;
	bool dont_fragment;
} headers[] = {
	{ "TTL and TOS are those of the first piece, whenever it came",
	  "0" V4 "frag 32 ttl 30 tos 8\n0" V4 "frag 0+ size 16 ttl 10 tos 16\n0" V4 "frag 16+ size 16 ttl 20 tos 4\n", 10, 16, false },
	{ "DF of a longest piece", "0" V4 "frag 0+ size 32 df\n0" V4 "frag 32\n", 64, 0, true },
	{ "DF of a shorter piece", "0" V4 "frag 0+ size 32\n0" V4 "frag 32 df\n", 64, 0, false },
	{ "CE of one is CE of all", "0" V4 "frag 0+ size 16 tos 2\n0" V4 "frag 16 tos 3\n", 64, 3, false },
	{ "ECT(0) and ECT(1)", "0" V4 "frag 0+ size 16 tos 2\n0" V4 "frag 16 tos 1\n", 64, 2, false },
	{ "IPv6 alike", "0" V6 "frag 16 ttl 9 tos 3\n0" V6 "frag 0+ size 16 ttl 7 tos 1\n", 7, 3, false },
};

START_TEST(the_whole_has_the_header_of_its_first_piece)
{
	enum defrag_result got = DEFRAG_NONE;
	struct defrag_answer answer;
	struct bench bench;

	bench_open(&bench, headers[_i].script, NULL, 0);
	for (size_t i = 0; i < bench.packets.script.n_packets; i++)
		got = bench_add(&bench, i + 1, &answer);
	ck_assert_msg(got == DEFRAG_WHOLE, "%s", headers[_i].name);
	ck_assert_msg(bench.packet.ttl == headers[_i].ttl, "%s: %u", headers[_i].name, bench.packet.ttl);
	ck_assert_msg(bench.packet.tos == headers[_i].tos, "%s: %u", headers[_i].name, bench.packet.tos);
	ck_assert_msg(bench.packet.dont_fragment == headers[_i].dont_fragment, "%s", headers[_i].name);
	ck_assert(!bench.packet.bad_ip_checksum);
	ck_assert_int_eq(checksum_verify_l4(&bench.packet), CHECKSUM_VALID);
	ck_assert_uint_eq(bench.packet.source_port, 1000);
	ck_assert_uint_eq(answer.n_packets, bench.packets.script.n_packets);
	bench_close(&bench);
}
END_TEST

/* A piece, then `n_between` pieces of other datagrams of `between`, then the rest. */
static const struct { const char *name, *between; unsigned n_between; bool is_whole; } distances[] = {
	{ "63 others", "10.0.0.2", 63, true },
	{ "64 others are too many", "10.0.0.2", 64, false },
	{ "of another source any number", "10.0.0.3", 200, true },
};

START_TEST(a_datagram_is_lost_among_many_others)
{
	char *script = calloc(300, 100);
	struct defrag_answer answer;
	struct bench bench;
	size_t n;

	ck_assert_ptr_nonnull(script);
	strcat(script, "0" V4 "frag 0+ size 16 ip-id 1\n");
	for (unsigned i = 0; i < distances[_i].n_between; i++)
		sprintf(script + strlen(script), "0 udp %s:1 > 10.0.0.1:2 len 40 frag 0+ size 16 ip-id %u\n",
			distances[_i].between, i + 2);
	strcat(script, "0" V4 "frag 16 ip-id 1\n");
	bench_open(&bench, script, NULL, 0);
	n = bench.packets.script.n_packets;
	for (size_t i = 1; i < n; i++)
		ck_assert_int_eq(bench_add(&bench, i, &answer), DEFRAG_HELD);
	ck_assert_msg((bench_add(&bench, n, &answer) == DEFRAG_WHOLE) == distances[_i].is_whole, "%s", distances[_i].name);
	ck_assert_str_eq(bench.heard.events, distances[_i].is_whole ? "" : "0ms: 1");
	bench_close(&bench);
	free(script);
}
END_TEST

/* Just after its time a real kernel may still wait: that is said, once, and not when it is long ago. */
static const struct { const char *script; const char *sysctl; uint32_t value; unsigned n_warnings; } lates[] = {
	{ "0" V4 "frag 0+ size 16\n29" V4 "frag 16\n", NULL, 0, 0 },
	{ "0" V4 "frag 0+ size 16\n30.5" V4 "frag 32\n30.6" V4 "frag 32\n", NULL, 0, 1 },
	{ "0" V4 "frag 0+ size 16\n32.04" V4 "frag 16\n", NULL, 0, 1 },
	{ "0" V4 "frag 0+ size 16\n32.06" V4 "frag 16\n", NULL, 0, 0 },
	{ "0" V4 "frag 0+ size 16\n5.1" V4 "frag 16\n", "net.ipv4.ipfrag_time", 5, 1 },
	{ "0" V4 "frag 0+ size 16\n5.3" V4 "frag 16\n", "net.ipv4.ipfrag_time", 5, 0 },
	{ "0" V6 "frag 0+ size 16\n61" V6 "frag 16\n", NULL, 0, 1 },
	{ "0" V6 "frag 0+ size 16\n10.1" V6 "frag 16\n", "net.netfilter.nf_conntrack_frag6_timeout", 10, 1 },
};

START_TEST(what_no_kernel_is_sure_of_is_said)
{
	struct defrag_answer answer;
	struct bench bench;

	bench_open(&bench, lates[_i].script, lates[_i].sysctl, lates[_i].value);
	for (size_t i = 0; i < bench.packets.script.n_packets; i++)
		bench_add(&bench, i + 1, &answer);
	ck_assert_msg(bench.heard.n_warnings == lates[_i].n_warnings, "row %d: %u", _i, bench.heard.n_warnings);
	bench_close(&bench);
}
END_TEST

static const struct { const char *script; uint32_t first_len; } silences[] = {
	{ "0" V4 "frag 0+ size 16\n31" V4 "\n", 36 },
	{ "0" V4 "frag 16 size 16\n31" V4 "\n", 0 },
	{ "0" V4 "frag 32\n1" V4 "frag 0+ size 24\n31" V4 "\n", 44 },
	{ "0" V6 "frag 0+ size 16\n61" V4 "\n", 64 },
};

START_TEST(the_first_piece_comes_back_when_its_time_is_over)
{
	struct defrag_answer answer;
	struct bench bench;

	bench_open(&bench, silences[_i].script, NULL, 0);
	for (size_t i = 0; i < bench.packets.script.n_packets; i++)
		bench_add(&bench, i + 1, &answer);
	ck_assert_msg(bench.first_len == silences[_i].first_len, "row %d: %u", _i, bench.first_len);
	bench_close(&bench);
}
END_TEST

/* A snap length of 60 takes the tail of each frame: the whole is there as far as its first gap. */
START_TEST(what_was_cut_is_cut_from_the_whole)
{
	struct defrag_answer answer;
	struct bench bench;

	bench_open(&bench, "link raw\n0" V4 "frag 0+ size 32 cut 44\n0" V4 "frag 32\n", NULL, 0);
	ck_assert_int_eq(bench_add(&bench, 1, &answer), DEFRAG_HELD);
	ck_assert_int_eq(bench_add(&bench, 2, &answer), DEFRAG_WHOLE);
	ck_assert_uint_eq(bench.packet.total_len, 68);
	ck_assert_uint_eq(bench.packet.len, 44);
	ck_assert(packet_is_cut(&bench.packet));
	ck_assert(bench.packet.has_ports);
	ck_assert_int_eq(checksum_verify_l4(&bench.packet), CHECKSUM_UNKNOWN);
	bench_close(&bench);
}
END_TEST

START_TEST(memory_has_a_limit)
{
	char script[8000] = "";
	struct defrag_answer answer;
	struct bench bench;

	for (unsigned i = 0; i < 60; i++)
		sprintf(script + strlen(script), "0 udp 10.0.0.%u:1 > 10.0.0.1:2 len 40 frag 0+ size 16\n", i + 2);
	bench_open(&bench, script, "net.ipv4.ipfrag_high_thresh", 20000);
	for (size_t i = 1; i <= 60; i++)
		bench_add(&bench, i, &answer);
	ck_assert_str_eq(answer.reason, "too many fragments wait already");
	ck_assert_uint_gt(defrag_count(bench.defrag), 10);
	ck_assert_uint_lt(defrag_count(bench.defrag), 40);
	bench_close(&bench);
}
END_TEST

/* Each hook has datagrams of its own. */
START_TEST(hooks_do_not_share_fragments)
{
	struct defrag_answer answer;
	struct bench bench;

	bench_open(&bench, "0" V4 "frag 0+ size 16\n0" V4 "frag 16\n", NULL, 0);
	ck_assert_int_eq(bench_add(&bench, 1, &answer), DEFRAG_HELD);
	script_packets_decode(&bench.packets, 2, &bench.packet);
	ck_assert_int_eq(defrag_add(bench.defrag, &bench.packet, HOOK_OUTPUT, "eth0", &answer), DEFRAG_HELD);
	ck_assert_int_eq(defrag_add(bench.defrag, &bench.packet, HOOK_PREROUTING, "eth1", &answer), DEFRAG_WHOLE);
	ck_assert_uint_eq(answer.n_packets, 2);
	ck_assert_uint_eq(answer.packets[0], 1);
	ck_assert_uint_eq(answer.packets[1], 2);
	ck_assert_uint_eq(defrag_count(bench.defrag), 1);
	bench_close(&bench);
}
END_TEST

int main(void)
{
	TCase *tcase = tcase_create("defrag");

	tcase_add_loop_test(tcase, fragments_wait_and_are_lost_as_in_linux, 0, N_ROWS(rows));
	tcase_add_loop_test(tcase, the_whole_has_the_header_of_its_first_piece, 0, N_ROWS(headers));
	tcase_add_loop_test(tcase, a_datagram_is_lost_among_many_others, 0, N_ROWS(distances));
	tcase_add_loop_test(tcase, the_first_piece_comes_back_when_its_time_is_over, 0, N_ROWS(silences));
	tcase_add_loop_test(tcase, what_no_kernel_is_sure_of_is_said, 0, N_ROWS(lates));
	tcase_add_test(tcase, what_was_cut_is_cut_from_the_whole);
	tcase_add_test(tcase, memory_has_a_limit);
	tcase_add_test(tcase, hooks_do_not_share_fragments);
	return script_packets_run("host/defrag", tcase);
}
