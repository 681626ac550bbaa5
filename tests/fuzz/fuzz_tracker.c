/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any layer 4 bytes between two hosts, in both directions, one protocol at a time: what holds of all lives must hold.
 *
 * So that bytes get beyond the first checks, ports are the flow's; TCP's numbers count from where the connection is, SCTP's tag 0
 * stands for the one that the other side wants, and checksums are right; each unless the packet says otherwise.
 *
 * Input: a byte that chooses the protocol, a byte of settings, then packets: a byte of enum said, a byte of length, layer 4.
 */
#include "fuzz.h"

#include "host/simulator.h"
#include "lives.h"
#include "segments.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/tracker", NULL };

enum {
	SETTING_IPV6 = 1, SETTING_LIBERAL = 2, SETTING_NOT_LOOSE = 4, SETTING_TRANSLATED = 8, SETTING_OLD_KERNEL = 16,
	SETTING_EXPLAINED = 32, SETTING_NO_RST_CHECK = 64,
};

enum said {
	SAID_BY_SERVER = 1,
	SAID_LATER = 2,		/* 20 seconds; with the next, a day */
	SAID_MUCH_LATER = 4,	/* 400 seconds */
	SAID_AS_IT_IS = 8,	/* ports, numbers, tags are what the bytes say */
	SAID_BAD = 16,		/* so is the checksum */
	SAID_QUOTES = 32,	/* behind 8 bytes stands the packet before; of an ICMP error, whatever the protocol */
	SAID_IS_CUT = 64,	/* the last half was not captured */
	SAID_OTHER_PORTS = 128,	/* another connection of the same hosts */
};

enum { MOST_PACKETS = 300, PACKET_LONGEST = 1024, HEADER_LEN = 2, QUOTE_OFFSET = 8, CLIENT_PORT = 4000, SERVER_PORT = 5000 };

static const uint8_t protocols[] = {
	PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_UDPLITE, PROTOCOL_ICMP, PROTOCOL_ICMPV6, PROTOCOL_SCTP, PROTOCOL_DCCP, PROTOCOL_GRE,
	PROTOCOL_ESP, PROTOCOL_IPCOMP,
};

static const char rules_text[] =
	"*nat\n-A POSTROUTING -o eth2 -j MASQUERADE\nCOMMIT\n"
	"*filter\n-A FORWARD -m conntrack --ctstate INVALID -j DROP\nCOMMIT\n";

/* One exchange. */
struct scene {
	uint8_t settings, protocol;
	enum family family;
	struct simulator *simulator;
	struct packet packet;
	uint8_t bytes[PACKET_LONGEST], last[PACKET_LONGEST];
	uint32_t last_len;
	uint32_t next[2];	/* TCP: the next byte of the client, the server */
	uint32_t tags[2];	/* SCTP: what each wants to read in packets to it */
};

static struct tuple flow_of(const struct scene *scene, uint8_t said)
{
	bool is_ipv6 = scene->family == FAMILY_IPV6;
	struct tuple tuple = {
		.source = segments_address(is_ipv6 ? "2001:db8:1::2" : "10.0.1.2"),
		.destination = segments_address(is_ipv6 ? "2001:db8:2::2" : "10.0.2.2"),
		.source_port = said & SAID_OTHER_PORTS ? CLIENT_PORT + 1 : CLIENT_PORT, .destination_port = SERVER_PORT,
		.protocol = scene->protocol, .family = scene->family,
	};

	if (!(said & SAID_BY_SERVER))
		return tuple;
	return (struct tuple){
		.source = tuple.destination,
		.destination = !(scene->settings & SETTING_TRANSLATED) ? tuple.source :
			       segments_address(is_ipv6 ? "2001:db8:2::1" : "10.0.2.1"),
		.source_port = tuple.destination_port, .destination_port = tuple.source_port,
		.protocol = tuple.protocol, .family = tuple.family,
	};
}

/* Numbers count from where the connection is. */
static void fill_tcp(struct scene *scene, int from, uint8_t *l4, uint32_t len)
{
	uint32_t header_len = (uint32_t)(l4[12] >> 4) * 4, sequence = scene->next[from] + read32(l4 + 4);

	put32(l4 + 4, sequence);
	put32(l4 + 8, scene->next[!from] + read32(l4 + 8));
	if (header_len < 20 || header_len > len) {
		l4[12] = 0x50;
		header_len = 20;
	}
	sequence += len - header_len + !!(l4[13] & TCP_SYN) + !!(l4[13] & TCP_FIN);
	if ((int32_t)(sequence - scene->next[from]) > 0)
		scene->next[from] = sequence;
}

static void fill_sctp(struct scene *scene, int from, uint8_t *l4, uint32_t len)
{
	enum { CHUNK_INIT = 1, CHUNK_INIT_ACK = 2 };

	if (len < 20)
		return;
	if (l4[12] != CHUNK_INIT && read32(l4 + 4) == 0)
		put32(l4 + 4, scene->tags[!from]);
	if (l4[12] == CHUNK_INIT || l4[12] == CHUNK_INIT_ACK)
		scene->tags[from] = read32(l4 + 16);
}

static void fill(struct scene *scene, const struct tuple *tuple, uint8_t said, uint8_t *l4, uint32_t len)
{
	int from = said & SAID_BY_SERVER;
	bool has_ports = tuple->protocol != PROTOCOL_ICMP && tuple->protocol != PROTOCOL_ICMPV6 && tuple->protocol != PROTOCOL_GRE;

	if (has_ports && len >= 4) {
		put16(l4, tuple->source_port);
		put16(l4 + 2, tuple->destination_port);
	}
	if (tuple->protocol == PROTOCOL_TCP && len >= 20)
		fill_tcp(scene, from, l4, len);
	else if (tuple->protocol == PROTOCOL_SCTP)
		fill_sctp(scene, from, l4, len);
	else if ((tuple->protocol == PROTOCOL_UDP || tuple->protocol == PROTOCOL_UDPLITE) && len >= 8)
		put16(l4 + 4, tuple->protocol == PROTOCOL_UDP ? len : 0);
}

static void move_time(struct packet *packet, uint8_t said)
{
	int64_t seconds = said & SAID_LATER ? (said & SAID_MUCH_LATER ? 86400 : 20) : said & SAID_MUCH_LATER ? 400 : 0;

	packet->time.ns += seconds * VTIME_NS_PER_SECOND + VTIME_NS_PER_SECOND / 100;
	packet->number++;
}

static void send(struct scene *scene, uint8_t said, const uint8_t *data, uint32_t l4_len)
{
	struct tuple tuple = flow_of(scene, said);
	struct packet *packet = &scene->packet;
	uint32_t ip_len, len;

	if (said & SAID_QUOTES)
		tuple.protocol = scene->family == FAMILY_IPV6 ? PROTOCOL_ICMPV6 : PROTOCOL_ICMP;
	ip_len = segments_put_ip(scene->bytes, &tuple, l4_len);
	memcpy(scene->bytes + ip_len, data, l4_len);
	if (said & SAID_QUOTES && l4_len >= QUOTE_OFFSET) {
		l4_len = QUOTE_OFFSET + (scene->last_len < 200 ? scene->last_len : 200);
		memcpy(scene->bytes + ip_len + QUOTE_OFFSET, scene->last, l4_len - QUOTE_OFFSET);
		segments_put_ip(scene->bytes, &tuple, l4_len);
	} else if (!(said & SAID_AS_IT_IS)) {
		fill(scene, &tuple, said, scene->bytes + ip_len, l4_len);
	}
	len = ip_len + l4_len;
	segments_decode(packet, scene->bytes, len, len);
	if (!(said & SAID_BAD))
		segments_put_checksum(packet, scene->bytes, ip_len);
	segments_decode(packet, scene->bytes, len, said & SAID_IS_CUT ? ip_len + l4_len / 2 : len);
	memcpy(scene->last, scene->bytes, len);
	scene->last_len = len;
	move_time(packet, said);
	simulator_replay(scene->simulator, packet);
}

static void exchange(struct scene *scene, const uint8_t *data, size_t len)
{
	for (int n = 0; len >= HEADER_LEN && n < MOST_PACKETS; n++) {
		uint8_t said = data[0];
		uint32_t l4_len = data[1];

		data += HEADER_LEN;
		len -= HEADER_LEN;
		if (l4_len > len)
			l4_len = (uint32_t)len;
		send(scene, said, data, l4_len);
		data += l4_len;
		len -= l4_len;
	}
}

static void prepare_host(struct topology *topology)
{
	static const char *const addresses[] = { "10.0.1.1/24@eth1", "10.0.2.1/24@eth2", "2001:db8:1::1/64@eth1", "2001:db8:2::1/64@eth2" };
	struct diagnostics diagnostics;

	diag_init(&diagnostics);
	topology_init(topology);
	for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++)
		MUST(topology_parse_local(topology, addresses[i], &diagnostics));
	topology_finish(topology);
	diag_clear(&diagnostics);
}

static struct ruleset *load(const struct scene *scene, struct source *source)
{
	struct ruleset_input input = { source, scene->family };
	struct ruleset_options options = { .is_strict = true };
	struct diagnostics diagnostics;
	struct ruleset *ruleset;
	const char *text = scene->settings & SETTING_TRANSLATED ? rules_text : strstr(rules_text, "*filter");

	source_init(source, "rules", text, strlen(text));
	diag_init(&diagnostics);
	ruleset = ruleset_load(&input, 1, &options, &diagnostics);
	MUST(ruleset);
	diag_clear(&diagnostics);
	return ruleset;
}

static void prepare_settings(struct conntrack_settings *conntrack, uint8_t settings)
{
	settings_init(conntrack);
	conntrack->tcp_be_liberal = (settings & SETTING_LIBERAL) != 0;
	conntrack->tcp_loose = (settings & SETTING_NOT_LOOSE) == 0;
	conntrack->tcp_ignore_invalid_rst = (settings & SETTING_NO_RST_CHECK) != 0;
	conntrack->acct = conntrack->timestamp = 1;
	conntrack->log_invalid = 255;
	if (settings & SETTING_OLD_KERNEL)
		conntrack->profile = PROFILE_6_1;
}

static void ignore(void *owner, const struct event *event)
{
	(void)owner;
	(void)event;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct scene scene;
	struct simulator_options options = { .snapshots.after_each = true, .snapshots.at_end = true, .zero_counters = true };
	struct lives lives = { .n_states = 0 };
	struct topology topology;
	struct stream stream;
	struct source source;
	struct ruleset *ruleset;

	if (len < 2 || len > 65536)
		return 0;
	memset(&scene, 0, sizeof(scene));
	scene.protocol = protocols[data[0] % sizeof(protocols)];
	scene.settings = data[1];
	scene.family = scene.settings & SETTING_IPV6 ? FAMILY_IPV6 : FAMILY_IPV4;
	scene.next[0] = 1000;
	scene.next[1] = 0xfffff000;	/* wraps soon */
	ruleset = load(&scene, &source);
	stream_init(&stream);
	lives_follow(&lives, &stream);
	if (scene.settings & SETTING_EXPLAINED)
		MUST(stream_add(&stream, UINT32_MAX, ignore, NULL));
	prepare_host(&topology);
	prepare_settings(&options.settings, scene.settings);
	options.ruleset = ruleset;
	options.topology = &topology;
	options.stream = &stream;
	scene.simulator = simulator_create(&options);
	packet_init(&scene.packet);
	exchange(&scene, data + 2, len - 2);
	simulator_finish(scene.simulator, 0);
	simulator_destroy(scene.simulator);
	MUST(lives.is_over);
	packet_clear(&scene.packet);
	lives_clear(&lives);
	topology_clear(&topology);
	ruleset_destroy(ruleset);
	source_clear(&source);
	return 0;
}

#include "replay.h"
