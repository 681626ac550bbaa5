/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets that follow their connection's way meet what those meet that walk: rulesets, hosts and traffic are drawn at random, every
 * packet is replayed by two simulators, of which one remembers no ways, and all that they tell is compared: events, outcomes, entries
 * after each packet, counters, the summary.
 */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "base/random.h"
#include "host/simulator.h"
#include "packet/checksum.h"
#include "packet/decode.h"
#include "sink/packet_words.h"
#include "sink/sink.h"

enum { N_DRAWN = 300, N_PACKETS = 400, N_FLOWS = 12, BATCH = 8, FRAME_MOST = 400, MOST_ACTIONS = 6 };

static uint32_t draw(struct random *random, uint32_t n)
{
	return (uint32_t)(random_u64(random) % n);
}

#define PICK(random, words) (words)[draw(random, sizeof(words) / sizeof((words)[0]))]

struct chain {
	const char *table, *name;
	bool is_mangle, may_drop;
};

static const struct chain chains[] = {
	{ "raw", "PREROUTING", false, true }, { "raw", "OUTPUT", false, true },
	{ "mangle", "PREROUTING", true, true }, { "mangle", "INPUT", true, true }, { "mangle", "FORWARD", true, true },
	{ "mangle", "OUTPUT", true, true }, { "mangle", "POSTROUTING", true, true },
	{ "filter", "INPUT", false, true }, { "filter", "FORWARD", false, true }, { "filter", "OUTPUT", false, true },
};

static void add_match(struct random *random, bool is_raw, struct text *rules)
{
	static const char *const matches[] = {
		"", "", " -p udp", " -p tcp", " -p udp -m udp --dport 7000", " -p tcp -m tcp --dport 80",
		" -s 10.0.0.0/29", " -d 192.168.1.0/29", " -d 192.168.1.254/32", " -p udp -m udp --sport 53",
		" -m length --length 0:80", " -m tos --tos 0x10/0x3f", " -m ttl --ttl-lt 3", " -p tcp -m tcp --tcp-flags SYN SYN",
		" -m limit --limit 3/min --limit-burst 2", " -m statistic --mode nth --every 3 --packet 0", " -m mark --mark 1",
	};
	static const char *const of_state[] = {
		" -m conntrack --ctstate RELATED,ESTABLISHED", " -m conntrack --ctstate RELATED,ESTABLISHED",
		" -m conntrack --ctstate NEW", " -m conntrack --ctstate INVALID", " -m connmark --mark 1",
		" -m conntrack --ctstatus ASSURED", " -m conntrack --ctstatus CONFIRMED", " -m conntrack --ctstatus SEEN_REPLY", " -m conntrack --ctdir REPLY",
		" -m conntrack --ctorigdst 192.168.1.1/32", " -m conntrack --ctreplsrc 192.168.1.2/32", " -m connbytes --connbytes 3 --connbytes-dir both --connbytes-mode packets",
		" -m conntrack --ctstate DNAT", " -m conntrack --ctexpire 20:40",
	};

	text_append(rules, !is_raw && draw(random, 2) ? PICK(random, of_state) : PICK(random, matches));
}

static void add_target(struct random *random, const struct chain *chain, struct text *rules)
{
	static const char *const plain[] = { "", " -j ACCEPT", " -j ACCEPT", " -j RETURN", " -j LOG", " -j DROP" };
	static const char *const mangling[] = {
		" -j MARK --set-xmark 0x1/0x1", " -j CONNMARK --set-xmark 0x1/0x1", " -m statistic --mode nth --every 4 --packet 3 -j CONNMARK --set-xmark 0x1/0x1", " -j CONNMARK --restore-mark",
		" -j TTL --ttl-set 1", " -j TOS --set-tos 0x10/0x3f", "", " -j ACCEPT",
	};
	bool is_raw = strcmp(chain->table, "raw") == 0;

	if (is_raw && draw(random, 3) == 0)
		text_append(rules, draw(random, 2) ? " -j CT --notrack" : " -j CT --zone 3");
	else if (strcmp(chain->table, "filter") == 0 && draw(random, 8) == 0)
		text_append(rules, " -j REJECT");
	else
		text_append(rules, chain->is_mangle && draw(random, 2) ? PICK(random, mangling) : PICK(random, plain));
}

static void add_nat(struct random *random, struct text *rules)
{
	static const char *const nat[] = {
		"-A PREROUTING -p udp -m udp --dport 7000 -j DNAT --to-destination 192.168.1.2:7001\n",
		"-A PREROUTING -p tcp -m tcp --dport 80 -j REDIRECT --to-ports 8080\n",
		"-A PREROUTING -d 192.168.1.254/32 -p udp -j DNAT --to-destination 10.0.0.3\n",
		"-A POSTROUTING -o eth1 -j MASQUERADE\n", "-A POSTROUTING -o eth0 -j SNAT --to-source 192.168.1.253\n",
		"-A OUTPUT -p udp -j DNAT --to-destination 192.168.1.4\n", "-A INPUT -p tcp -j SNAT --to-source 10.0.0.9\n",
	};

	text_append(rules, "*nat\n:PREROUTING ACCEPT [0:0]\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n:POSTROUTING ACCEPT [0:0]\n");
	for (uint32_t n = draw(random, 3) + 1; n > 0; n--)
		text_append(rules, PICK(random, nat));
	text_append(rules, "COMMIT\n");
}

enum { HAS_RAW = 1, HAS_MANGLE = 2, HAS_NAT = 4 };

/* raw is rare: no packet follows a way behind it. */
static unsigned draw_tables(struct random *random)
{
	return (draw(random, 6) ? 0 : HAS_RAW) | (draw(random, 3) ? 0 : HAS_MANGLE) | (draw(random, 2) ? 0 : HAS_NAT);
}

/* Each chain of the tables has a few rules or none. */
static void draw_rules(struct random *random, unsigned tables, struct text *rules)
{
	const char *table = "";
	bool is_there = false;

	for (size_t i = 0; i < sizeof(chains) / sizeof(chains[0]); i++) {
		const struct chain *chain = &chains[i];
		bool is_raw = strcmp(chain->table, "raw") == 0;

		if (strcmp(table, chain->table) != 0) {
			text_append(rules, is_there ? "COMMIT\n" : "");
			table = chain->table;
			is_there = strcmp(table, "filter") == 0 || tables & (is_raw ? HAS_RAW : HAS_MANGLE);
			if (is_there)
				text_printf(rules, "*%s\n", table);
		}
		if (!is_there)
			continue;
		if (strcmp(table, "filter") == 0)
			text_printf(rules, ":%s %s [0:0]\n", chain->name, draw(random, 4) ? "ACCEPT" : "DROP");
		for (uint32_t n = draw(random, 5); n > 0; n--) {
			text_printf(rules, "-A %s", chain->name);
			add_match(random, is_raw, rules);
			add_target(random, chain, rules);
			text_append_char(rules, '\n');
		}
	}
	text_append(rules, "COMMIT\n");
	if (tables & HAS_NAT)
		add_nat(random, rules);
}

static struct ruleset *load_rules(struct random *random, unsigned tables, struct source *source, struct text *rules)
{
	struct ruleset_input input = { .source = source, .family = FAMILY_IPV4 };
	struct diagnostics diagnostics;
	struct ruleset *ruleset;
	struct text errors;

	text_init(rules);
	draw_rules(random, tables, rules);
	source_init(source, "drawn.rules", text_string(rules), rules->len);
	diag_init(&diagnostics);
	ruleset = ruleset_load(&input, 1, NULL, &diagnostics);
	text_init(&errors);
	diag_print(&diagnostics, &errors);
	ck_assert_msg(ruleset != NULL, "%.300s", text_string(&errors));
	text_clear(&errors);
	diag_clear(&diagnostics);
	return ruleset;
}

/* A host between two networks, of which the second takes short packets only. */
static void draw_host(struct random *random, struct topology *topology)
{
	struct diagnostics diagnostics;

	diag_init(&diagnostics);
	topology_init(topology);
	ck_assert(topology_parse_local(topology, "192.168.1.254/24@eth0", &diagnostics));
	ck_assert(topology_parse_local(topology, "10.0.0.254/8@eth1", &diagnostics));
	if (draw(random, 2))
		topology_add_interface(topology, "eth1")->mtu = 150;
	topology_finish(topology);
	diag_clear(&diagnostics);
}

/* What one of two simulators is given, and tells. */
struct side {
	struct topology topology;
	struct operator_plan plan;
	struct stream stream;
	struct output told, sent;
	struct text outcomes, repeated;	/* a line for each; of the entries' packets, what they had */
	struct sink json, pcap;
	struct simulator *simulator;
};

static void print_outcome(const struct event_outcome *told, struct text *out)
{
	text_printf(out, "entry %llu: %d %d %s %s %d:", (unsigned long long)told->entry, (int)told->verdict, (int)told->ctstate,
		    told->decided_by ? told->decided_by->text : "-", told->reason ? told->reason : "-", told->unsimulated != NULL);
	for (size_t i = 0; i < told->n_matched; i++)
		text_printf(out, " %s %s %u", told->matched[i]->table, told->matched[i]->chain, told->matched[i]->number);
	text_append_char(out, '\n');
}

/* What is said to be a repeat was heard before. */
static void hear_outcome(void *owner, const struct event *event)
{
	const struct event_outcome *told = &event->outcome;
	struct side *side = owner;
	struct text line;

	text_init(&line);
	print_outcome(told, &line);
	if (told->is_repeat)
		ck_assert_msg(strstr(text_string(&side->repeated), text_string(&line)) != NULL, "%s", text_string(&line));
	else if (told->entry)
		text_append(&side->repeated, text_string(&line));
	text_printf(&side->outcomes, "%llu ", (unsigned long long)event->packet);
	text_append(&side->outcomes, text_string(&line));
	if (told->was_rewritten) {
		packet_words_print_flow(&told->sent, &side->outcomes);
		text_append_char(&side->outcomes, '\n');
	}
	text_clear(&line);
}

/* Who is told that an event has nothing seldom may leave that out. */
static void hear_packet(void *owner, const struct event *event)
{
	enum { START = offsetof(struct event_packet, entry.labels), END = offsetof(struct event_packet, as_left) };
	static const uint8_t zeros[END - START];

	(void)owner;
	if (event->journey.is_usual)
		ck_assert_mem_eq((const uint8_t *)&event->journey + START, zeros, sizeof(zeros));
}

static void open_side(struct side *side, const struct ruleset *ruleset, const struct operator_action *actions, size_t n_actions,
		      unsigned seed, bool is_plain)
{
	const uint32_t on_the_way = EVENT_BIT(EVENT_HOOK) | EVENT_BIT(EVENT_ROUTE);
	struct sink_options sink_options = { .quiet = false };
	struct simulator_options options = {
		.ruleset = ruleset, .topology = &side->topology, .stream = &side->stream,
		.actions = { .actions = actions, .n_actions = n_actions, .topology = &side->topology },
		.snapshots = { .after_each = true, .at_end = true }, .is_plain = is_plain, .is_causal = seed % 3 == 0,
	};
	bool tells_packets = seed % 2, tells_left = seed % 4 == 1, tells_outcomes = seed % 4 < 2;
	uint32_t kinds;

	settings_init(&options.settings);
	stream_init(&side->stream);
	output_init(&side->told);
	output_init(&side->sent);
	sink_open(&side->json, sink_find("json"), &sink_options, &side->told);
	sink_open(&side->pcap, sink_find("sent"), &sink_options, &side->sent);
	kinds = (side->json.kinds | EVENT_BIT(EVENT_COUNTER) | EVENT_BIT(EVENT_CHAIN) | EVENT_BIT(EVENT_RULE)) & ~on_the_way;
	if (!tells_packets)
		kinds &= ~EVENT_BIT(EVENT_PACKET);
	ck_assert(stream_add(&side->stream, kinds, sink_listen, &side->json));
	if (tells_packets)
		ck_assert(stream_add(&side->stream, EVENT_BIT(EVENT_PACKET), hear_packet, side));
	if (tells_left)
		ck_assert(stream_add(&side->stream, side->pcap.kinds, sink_listen, &side->pcap));
	text_init(&side->outcomes);
	text_init(&side->repeated);
	if (tells_outcomes)
		ck_assert(stream_add(&side->stream, EVENT_BIT(EVENT_OUTCOME) | EVENT_OUTCOME_MATCHED, hear_outcome, side));
	side->simulator = simulator_create(&options);
}

static void close_side(struct side *side)
{
	simulator_destroy(side->simulator);
	sink_close(&side->json);
	sink_close(&side->pcap);
	output_clear(&side->told);
	output_clear(&side->sent);
	text_clear(&side->outcomes);
	text_clear(&side->repeated);
	topology_clear(&side->topology);
}

struct flow {
	uint32_t source, destination;
	uint16_t source_port, destination_port;
	uint8_t protocol;
	uint32_t sequence[2];
};

static void draw_flow(struct random *random, struct flow *flow)
{
	static const uint16_t ports[] = { 7000, 80, 53, 8080 };
	uint32_t outer = 0x0a000000u + 1 + draw(random, 6), inner = 0xc0a80101u + draw(random, 4), own = 0xc0a801feu;
	bool is_inward = draw(random, 2);

	if (draw(random, 3) == 0)
		inner = own;
	if (draw(random, 8) == 0)
		outer = own;
	*flow = (struct flow){
		.source = is_inward ? outer : inner, .destination = is_inward ? inner : outer,
		.source_port = (uint16_t)(draw(random, 4) ? 1024 + draw(random, 5) : 53), .destination_port = PICK(random, ports),
		.protocol = draw(random, 5) == 0 ? PROTOCOL_ICMP : draw(random, 2) ? PROTOCOL_UDP : PROTOCOL_TCP,
		.sequence = { draw(random, 100000), draw(random, 100000) },
	};
}

static void put16(uint8_t *at, uint32_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static void put32(uint8_t *at, uint32_t value)
{
	put16(at, value >> 16);
	put16(at + 2, value);
}

/* Headers of layer 4, the checksum not filled in. How long they are. */
static uint32_t make_l4(struct random *random, struct flow *flow, unsigned direction, uint32_t payload_len, uint8_t *l4)
{
	static const uint8_t flags[] = {
		TCP_SYN, TCP_SYN | TCP_ACK, TCP_ACK, TCP_ACK, TCP_ACK, TCP_ACK | TCP_PSH, TCP_FIN | TCP_ACK, TCP_RST, TCP_RST | TCP_ACK, 0xff,
	};

	put16(l4, direction ? flow->destination_port : flow->source_port);
	put16(l4 + 2, direction ? flow->source_port : flow->destination_port);
	switch (flow->protocol) {
	case PROTOCOL_ICMP:
		put32(l4, direction ? 0 : 8u << 24);
		put16(l4 + 4, flow->source_port);
		return 8;
	case PROTOCOL_UDP:
		put16(l4 + 4, 8 + payload_len);
		return 8;
	default:
		put32(l4 + 4, flow->sequence[direction]);
		put32(l4 + 8, flow->sequence[!direction]);
		l4[12] = 0x50;
		l4[13] = PICK(random, flags);
		put16(l4 + 14, 8000);
		flow->sequence[direction] += payload_len + (l4[13] & (TCP_SYN | TCP_FIN) ? 1 : 0);
		return 20;
	}
}

static void complete(struct packet *packet, uint8_t *bytes, uint32_t len)
{
	put16(bytes + 10, 0);
	put16(bytes + 10, checksum_finish(checksum_add(0, bytes, 20)));
	decode_ip(packet, bytes, len, len);
	put16(bytes + 20 + checksum_field_offset(bytes[9]), checksum_compute_l4(packet));
	decode_ip(packet, bytes, len, len);
}

/* A packet of a flow: mostly an ordinary one. */
static uint32_t draw_packet(struct random *random, struct flow *flow, uint8_t *bytes)
{
	unsigned direction = draw(random, 2);
	uint32_t payload_len = draw(random, 8) ? draw(random, 40) : 150 + draw(random, 100), len;
	struct packet packet;

	memset(bytes, 0, FRAME_MOST);
	bytes[0] = 0x45;
	bytes[1] = draw(random, 12) ? 0 : 0x10;
	bytes[6] = draw(random, 2) ? 0x40 : 0;
	bytes[8] = draw(random, 12) ? 64 : (uint8_t)(1 + draw(random, 2));
	bytes[9] = flow->protocol;
	put32(bytes + 12, direction ? flow->destination : flow->source);
	put32(bytes + 16, direction ? flow->source : flow->destination);
	len = 20 + make_l4(random, flow, direction, payload_len, bytes + 20) + payload_len;
	put16(bytes + 2, len);
	packet_init(&packet);
	complete(&packet, bytes, len);
	packet_clear(&packet);
	if (draw(random, 30) == 0)
		bytes[20 + draw(random, 8)] ^= 1;	/* most likely a bad checksum */
	if (draw(random, 40) == 0) {
		bytes[6] = 0x20;	/* a first fragment */
		put16(bytes + 10, 0);
		put16(bytes + 10, checksum_finish(checksum_add(0, bytes, 20)));
	}
	return draw(random, 30) ? len : 20 + draw(random, len - 20);	/* now and then it is cut */
}

struct traffic {
	struct random random;
	struct flow flows[N_FLOWS];
	uint8_t bytes[BATCH][FRAME_MOST];
	struct packet packets[BATCH];
	uint64_t n_packets;
	struct vtime now;
};

static void draw_batch(struct traffic *traffic)
{
	static const enum link_direction directions[] = { LINK_UNKNOWN, LINK_UNKNOWN, LINK_UNKNOWN, LINK_IN, LINK_OUT };

	for (size_t i = 0; i < BATCH; i++) {
		struct packet *packet = &traffic->packets[i];
		struct flow *flow = &traffic->flows[draw(&traffic->random, N_FLOWS)];
		uint32_t captured;

		if (draw(&traffic->random, 100) == 0)
			draw_flow(&traffic->random, flow);
		captured = draw_packet(&traffic->random, flow, traffic->bytes[i]);
		traffic->now.ns += draw(&traffic->random, 20) ? 1000000 : (int64_t)draw(&traffic->random, 60) * VTIME_NS_PER_SECOND;
		packet->number = ++traffic->n_packets;
		packet->time = traffic->now;
		packet->is_checksum_trusted = false;
		memset(&packet->link, 0, sizeof(packet->link));
		packet->link.direction = draw(&traffic->random, 20) ? LINK_UNKNOWN : PICK(&traffic->random, directions);
		decode_ip(packet, traffic->bytes[i], captured, (uint32_t)(traffic->bytes[i][2] << 8 | traffic->bytes[i][3]));
	}
}

static void replay(struct side *side, struct traffic *traffic)
{
	static uint8_t bytes[BATCH][FRAME_MOST];
	struct packet packets[BATCH];

	memcpy(bytes, traffic->bytes, sizeof(bytes));
	for (size_t i = 0; i < BATCH; i++) {
		packet_init(&packets[i]);
		packets[i] = traffic->packets[i];
		packets[i].frame = bytes[i];
		packets[i].bytes = traffic->packets[i].bytes ? bytes[i] : NULL;
	}
	if (traffic->n_packets % 3) {
		simulator_note_packets(side->simulator, packets, BATCH);
		simulator_prefetch(side->simulator, packets, BATCH);
	}
	for (size_t i = 0; i < BATCH; i++) {
		simulator_replay(side->simulator, &packets[i]);
		packet_clear(&packets[i]);
	}
}

/* Reloads, links that go down and up, settings: what makes ways void. */
static size_t draw_actions(struct random *random, const struct ruleset *const *rulesets, struct operator_action *actions)
{
	size_t n = draw(random, MOST_ACTIONS);
	int64_t at = 0;

	for (size_t i = 0; i < n; i++) {
		at += (int64_t)draw(random, 200) * VTIME_NS_PER_SECOND;
		actions[i] = (struct operator_action){
			.text = "drawn", .file = "drawn", .line = 1, .time = { at }, .ruleset = rulesets[i % 2], .interface = "eth1",
			.is_up = i % 2, .sysctl = settings_find("net.netfilter.nf_conntrack_udp_timeout"), .value = 10 + draw(random, 50),
			.kind = draw(random, 2) ? OPERATOR_RELOAD : draw(random, 2) ? OPERATOR_LINK : OPERATOR_SYSCTL,
		};
	}
	return n;
}

static void compare_lines(const char *plain, const char *other)
{
	size_t at = 0, line;

	if (strcmp(plain, other) == 0)
		return;
	while (plain[at] == other[at])
		at++;
	for (line = at; line > 0 && plain[line - 1] != '\n'; line--)
		;
	ck_abort_msg("walked:   %.600s\nfollowed: %.600s", plain + line, other + line);
}

static void compare(const struct side *sides)
{
	const struct text *sent = &sides[0].sent.buffer;

	ck_assert_uint_eq(sent->len, sides[1].sent.buffer.len);
	ck_assert_mem_eq(text_string(sent), text_string(&sides[1].sent.buffer), sent->len);
	compare_lines(text_string(&sides[0].told.buffer), text_string(&sides[1].told.buffer));
	compare_lines(text_string(&sides[0].outcomes), text_string(&sides[1].outcomes));
}

START_TEST(who_follows_a_way_meets_what_walkers_meet)
{
	static struct traffic traffic;
	struct operator_action actions[MOST_ACTIONS];
	const struct ruleset *rulesets[2];
	struct source sources[2];
	struct text rules[2];
	struct side sides[2];
	struct random host;
	size_t n_actions;
	unsigned tables;

	memset(&traffic, 0, sizeof(traffic));
	random_init(&traffic.random, (uint64_t)_i);
	tables = draw_tables(&traffic.random);
	for (int i = 0; i < 2; i++)
		rulesets[i] = load_rules(&traffic.random, tables, &sources[i], &rules[i]);
	n_actions = draw_actions(&traffic.random, rulesets, actions);
	for (int i = 0; i < 2; i++) {
		random_init(&host, (uint64_t)_i);
		draw_host(&host, &sides[i].topology);
		open_side(&sides[i], rulesets[0], actions, n_actions, (unsigned)_i, i == 0);
	}
	for (size_t i = 0; i < N_FLOWS; i++)
		draw_flow(&traffic.random, &traffic.flows[i]);
	while (traffic.n_packets < N_PACKETS) {
		draw_batch(&traffic);
		for (int i = 0; i < 2; i++)
			replay(&sides[i], &traffic);
		compare(sides);
	}
	for (int i = 0; i < 2; i++)
		simulator_finish(sides[i].simulator, 0);
	compare(sides);
	ck_assert_uint_gt(sides[0].told.buffer.len, 0);
	for (int i = 0; i < 2; i++) {
		close_side(&sides[i]);
		ruleset_destroy((struct ruleset *)(uintptr_t)rulesets[i]);
		source_clear(&sources[i]);
		text_clear(&rules[i]);
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("host/ways");
	TCase *cases = tcase_create("ways");
	SRunner *runner;
	int n_failed;

	tcase_set_timeout(cases, 60);
	tcase_add_loop_test(cases, who_follows_a_way_meets_what_walkers_meet, 0, N_DRAWN);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	n_failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return n_failed != 0;
}
