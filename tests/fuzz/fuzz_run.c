/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A whole replay, through every output format, twice with different hash seeds: both must give the same bytes, and
 * what holds of all lives must hold.
 *
 * Input: a byte that chooses the ruleset and which words the formats get (all, or one), a byte of settings, then a pcap file whose damage is forgiven (its link type
 * is read from the header; a record that promises more than there is holds what there is).
 */
#include "fuzz.h"

#include "host/guess.h"
#include "host/simulator.h"
#include "lives.h"
#include "same.h"
#include "packet/decode.h"
#include "sink/sink.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/run", NULL };

enum {
	FILE_HEADER_LEN = 24, RECORD_HEADER_LEN = 16, MOST_PACKETS = 500, MOST_SINKS = 32, N_WORDS = 32,
	SETTING_AUTO = 1, SETTING_LIBERAL = 2, SETTING_SMALL_TABLE = 4, SETTING_ACCT = 8, SETTING_NOT_LOOSE = 16,
	SETTING_ROUTER = 32, SETTING_EACH = 64, SETTING_NO_CHECKSUM = 128,
};

static const char *const rulesets[] = {
	"*filter\n:INPUT DROP [0:0]\n:FORWARD DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n"
	"-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n"
	"-A INPUT -m conntrack --ctstate INVALID -j DROP\n"
	"-A INPUT -p tcp --dport 22 -m limit --limit 2/s --limit-burst 3 -j ACCEPT\n"
	"-A INPUT -p icmp --icmp-type 8 -j ACCEPT\n"
	"-A INPUT -p udp -m multiport --dports 53,67:68 -j ACCEPT\n"
	"-A FORWARD -m state --state ESTABLISHED,RELATED,NEW -j ACCEPT\nCOMMIT\n"
	"*nat\n-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.5-10.0.0.9:80-90\n-A PREROUTING -p icmp -j REDIRECT\n"
	"-A OUTPUT -p udp -j REDIRECT --to-ports 53\n-A INPUT -j NETMAP --to 10.9.0.0/16\n"
	"-A POSTROUTING -p udp -j MASQUERADE --to-ports 100-102\n-A POSTROUTING -j SNAT --to-source 10.0.0.77 --random\nCOMMIT\n",
	"*raw\n:PREROUTING ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A PREROUTING -p udp --dport 53 -j NOTRACK\n"
	"-A OUTPUT -p udp --sport 53 -j CT --notrack\nCOMMIT\n"
	"*mangle\n-A PREROUTING -p tcp -j MARK --set-mark 7\n-A FORWARD -m ttl --ttl-lt 3 -j DROP\nCOMMIT\n"
	"*filter\n-A INPUT -p tcp --tcp-flags SYN,ACK SYN -j REJECT --reject-with tcp-reset\n"
	"-A INPUT -p udp -j REJECT\n-A INPUT -m mark --mark 7 -j LOG --log-prefix \"x: \"\n"
	"-A FORWARD -j REJECT --reject-with icmp-admin-prohibited\n-A OUTPUT -m conntrack --ctstate RELATED\nCOMMIT\n",
	"*filter\n:U - [0:0]\n:V - [0:0]\n-A INPUT -g U\n-A FORWARD -j U\n-A U -p tcp --tcp-option 8 -j RETURN\n-A U -j V\n"
	"-A V -m conntrack --ctstatus ASSURED --ctexpire 0:200 --ctdir ORIGINAL -j ACCEPT\n"
	"-A V -m addrtype --dst-type LOCAL -m length --length 0:100\n-A V -m pkttype --pkt-type broadcast -j DROP\n"
	"-A V -f -j DROP\n-A V -m iprange --src-range 10.0.0.1-10.0.0.9 -j RETURN\n"
	"-A V -m string --algo bm --string x -j DROP\nCOMMIT\n",
};

static const char rules6[] =
	"*filter\n:INPUT DROP [0:0]\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED,UNTRACKED -j ACCEPT\n"
	"-A INPUT -p ipv6-icmp --icmpv6-type 128 -j ACCEPT\n-A INPUT -m hl --hl-gt 5 -p udp -j REJECT\n"
	"-A INPUT -p tcp -j REJECT --reject-with tcp-reset\n-A FORWARD -j REJECT --reject-with icmp6-adm-prohibited\nCOMMIT\n"
	"*nat\n-A PREROUTING -p udp -j DNAT --to-destination 2001:db8::5-2001:db8:1::9\n-A POSTROUTING -j MASQUERADE\nCOMMIT\n";

/* The input, taken apart. */
struct input {
	const uint8_t *data;
	size_t len;
	int link_type;
	uint32_t words;
	uint8_t rules, settings;
};

struct collector {
	struct sink sinks[MOST_SINKS];
	struct output outputs[MOST_SINKS];
	size_t n;
	struct lives lives;
};

static uint32_t read_u32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void open_sinks(struct collector *collector, uint32_t words, struct stream *stream)
{
	const struct sink_type *const *types = sink_all();

	for (; *types; types++) {
		struct sink_options options = { .words = words };
		struct sink *sink = &collector->sinks[collector->n];
		struct output *output = &collector->outputs[collector->n];

		if (!(*types)->open)	/* its library was not there when it was built */
			continue;
		MUST(collector->n < MOST_SINKS);
		output_init(output);
		sink_open(sink, *types, &options, output);
		MUST(stream_add(stream, sink->kinds, sink_listen, sink));
		collector->n++;
	}
	lives_follow(&collector->lives, stream);
}

static void prepare_host(struct topology *topology, uint8_t settings)
{
	struct diagnostics diagnostics;

	diag_init(&diagnostics);
	topology_init(topology);
	MUST(topology_parse_local(topology, "10.0.0.1/24@eth0", &diagnostics));
	MUST(topology_parse_local(topology, "2001:db8::1/64@eth0", &diagnostics));
	if (settings & SETTING_ROUTER) {
		MUST(topology_parse_local(topology, "192.168.1.1/24@eth1", &diagnostics));
		MUST(topology_parse_route(topology, "10.1.0.0/16@eth1", &diagnostics));
	}
	topology_finish(topology);
	diag_clear(&diagnostics);
}

static void prepare_settings(struct conntrack_settings *conntrack, uint8_t settings)
{
	settings_init(conntrack);
	conntrack->tcp_be_liberal = (settings & SETTING_LIBERAL) != 0;
	conntrack->tcp_loose = (settings & SETTING_NOT_LOOSE) == 0;
	conntrack->acct = (settings & SETTING_ACCT) != 0;
	conntrack->timestamp = (settings & SETTING_ACCT) != 0;
	conntrack->checksum = (settings & SETTING_NO_CHECKSUM) == 0;
	if (settings & SETTING_SMALL_TABLE)
		conntrack->max = 3;
}

static void replay_packets(const struct input *input, struct simulator *simulator)
{
	const uint8_t *at = input->data, *end = input->data + input->len;
	struct packet packet;
	int64_t time_ns = 0;

	packet_init(&packet);
	for (uint64_t number = 1; end - at > RECORD_HEADER_LEN && number <= MOST_PACKETS; number++) {
		int64_t ns = (int64_t)(read_u32(at) & 0xffff) * VTIME_NS_PER_SECOND + read_u32(at + 4) % 1000000 * 1000;
		uint32_t captured_len = read_u32(at + 8), original_len = read_u32(at + 12);

		at += RECORD_HEADER_LEN;
		if (captured_len > (size_t)(end - at))
			captured_len = (uint32_t)(end - at);
		if (ns > time_ns)
			time_ns = ns;
		memset(&packet.link, 0, sizeof(packet.link));
		packet.is_checksum_trusted = false;
		packet.number = number;
		packet.time.ns = time_ns;
		packet.frame = at;
		packet.captured_len = captured_len;
		packet.original_len = original_len < captured_len ? captured_len : original_len;
		decode_frame(&packet, input->link_type);
		simulator_replay(simulator, &packet);
		at += captured_len;
	}
	packet_clear(&packet);
}

static void run(const struct input *input, const struct ruleset *ruleset, uint64_t hash_seed, struct text *out)
{
	struct simulator_options options = { .ruleset = ruleset, .hash_seed = hash_seed };
	struct collector collector = { .n = 0 };
	struct topology topology;
	struct stream stream;
	struct simulator *simulator;

	stream_init(&stream);
	open_sinks(&collector, input->words, &stream);
	prepare_host(&topology, input->settings);
	prepare_settings(&options.settings, input->settings);
	options.topology = &topology;
	options.stream = &stream;
	options.track = input->settings & SETTING_AUTO ? TRACK_AUTO : TRACK_ALWAYS;
	options.snapshots.at_end = true;
	options.snapshots.after_each = (input->settings & SETTING_EACH) != 0;
	simulator = simulator_create(&options);
	replay_packets(input, simulator);
	simulator_finish(simulator, 0);
	simulator_destroy(simulator);
	MUST(collector.lives.is_over);
	lives_clear(&collector.lives);
	for (size_t i = 0; i < collector.n; i++) {
		sink_close(&collector.sinks[i]);
		text_append_bytes(out, text_string(&collector.outputs[i].buffer), collector.outputs[i].buffer.len);
		output_clear(&collector.outputs[i]);
	}
	topology_clear(&topology);
}

static struct ruleset *load(const char *text, struct source *source, struct source *source6)
{
	struct ruleset_input inputs[2] = { { source, FAMILY_IPV4 }, { source6, FAMILY_IPV6 } };
	struct ruleset_options options = { .is_strict = false };
	struct diagnostics diagnostics;
	struct ruleset *ruleset;
	struct text messages;

	source_init(source, "rules", text, strlen(text));
	source_init(source6, "rules6", rules6, strlen(rules6));
	diag_init(&diagnostics);
	ruleset = ruleset_load(inputs, 2, &options, &diagnostics);
	text_init(&messages);
	diag_print(&diagnostics, &messages);
	if (!ruleset)
		fputs(text_string(&messages), stderr);
	MUST(ruleset);
	text_clear(&messages);
	diag_clear(&diagnostics);
	return ruleset;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	struct input input;
	struct source source, source6;
	struct ruleset *ruleset;
	struct text first, second;

	if (len < 2 + FILE_HEADER_LEN || len > 65536)
		return 0;
	input = (struct input){
		.data = data + 2 + FILE_HEADER_LEN, .len = len - 2 - FILE_HEADER_LEN,
		.link_type = (int)(read_u32(data + 2 + FILE_HEADER_LEN - 4) & 0xffff),
		.rules = data[0] % 3, .settings = data[1],
		.words = data[0] < 3 ? UINT32_MAX : UINT32_C(1) << (data[0] / 3 - 1) % N_WORDS,
	};
	if (!decode_supports_link_type(input.link_type))
		return 0;
	ruleset = load(rulesets[input.rules], &source, &source6);
	text_init(&first);
	text_init(&second);
	run(&input, ruleset, 1, &first);
	run(&input, ruleset, UINT64_C(0x9e3779b97f4a7c15), &second);
	MUST_BE_SAME(&first, &second);
	text_clear(&first);
	text_clear(&second);
	ruleset_destroy(ruleset);
	source_clear(&source);
	source_clear(&source6);
	return 0;
}

#include "replay.h"
