/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What two hosts say to each other in a connection with a helper, translated or not, and packets that come because of it.
 * Whatever is said, what leaves has a good checksum, and another hash seed gives the same bytes.
 *
 * Input: a byte that chooses the helper, a byte of settings, then what is said: a byte of enum said, two bytes of length
 * (little endian), the payload.
 */
#include "fuzz.h"

#include "conntrack/helper.h"
#include "host/simulator.h"
#include "lives.h"
#include "same.h"
#include "segments.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/helper", NULL };

enum { SETTING_IPV6 = 1, SETTING_TRANSLATED = 2, SETTING_OTHER_PROTOCOL = 4, SETTING_FROM_HOST = 8 };

enum said {
	SAID_BY_SERVER = 1,
	SAID_MEETS = 2,		/* and then a packet comes that the latest expectation waits for */
	SAID_CUT = 4,		/* the last third was not captured */
	SAID_LATE = 8,		/* a hundred seconds later */
	SAID_AGAIN = 16,	/* the sequence number stays */
};

enum { CLIENT_PORT = 2001, MOST_PACKETS = 200, PACKET_LONGEST = 65000, SAID_HEADER_LEN = 3 };

static const char rules_form[] =
	"*raw\n%sCOMMIT\n*nat\n%sCOMMIT\n*filter\n-A FORWARD -m helper --helper ftp\n-A FORWARD -m conntrack --ctstatus EXPECTED\nCOMMIT\n";

/* One conversation. */
struct scene {
	const struct helper *helper;
	uint8_t settings, protocol;
	enum family family;
	struct simulator *simulator;
	struct packet packet;
	uint8_t bytes[PACKET_LONGEST];
	uint32_t sequence[2];		/* [0] of the client */
	struct tuple expected;		/* by the latest expectation; family FAMILY_NONE: there is none */
};

static struct address client(const struct scene *scene)
{
	if (scene->settings & SETTING_FROM_HOST)
		return segments_address(scene->family == FAMILY_IPV6 ? "2001:db8:1::1" : "10.0.1.1");
	return segments_address(scene->family == FAMILY_IPV6 ? "2001:db8:1::2" : "10.0.1.2");
}

static struct address server(const struct scene *scene)
{
	return segments_address(scene->family == FAMILY_IPV6 ? "2001:db8:2::2" : "10.0.2.2");
}

/* Where the server sees the client. */
static struct address public_client(const struct scene *scene)
{
	if (!(scene->settings & SETTING_TRANSLATED))
		return client(scene);
	return segments_address(scene->family == FAMILY_IPV6 ? "2001:db8:2::99" : "10.0.2.111");
}

static uint32_t header_len(uint8_t protocol)
{
	return protocol == PROTOCOL_TCP ? 20 : 8;
}

/* A TCP segment (`flags`), UDP datagram or GRE packet of PPTP, with its right checksum; replayed. */
static void send(struct scene *scene, const struct tuple *tuple, uint8_t flags, uint32_t sequence, const uint8_t *payload,
		 uint32_t payload_len, bool is_cut)
{
	uint32_t l4_len = header_len(tuple->protocol) + payload_len, at = segments_put_ip(scene->bytes, tuple, l4_len), len = at + l4_len;
	uint8_t *l4 = scene->bytes + at;

	memset(l4, 0, header_len(tuple->protocol));
	put16(l4, tuple->source_port);
	put16(l4 + 2, tuple->destination_port);
	if (tuple->protocol == PROTOCOL_TCP) {
		put32(l4 + 4, sequence);
		l4[12] = 0x50;
		l4[13] = flags;
		put16(l4 + 14, 8192);
	} else if (tuple->protocol == PROTOCOL_UDP) {
		put16(l4 + 4, l4_len);
	} else {
		put32(l4, 0x3001880b);
		put16(l4 + 6, tuple->destination_port);
	}
	if (payload_len)
		memcpy(l4 + header_len(tuple->protocol), payload, payload_len);
	segments_decode(&scene->packet, scene->bytes, len, len);
	segments_put_checksum(&scene->packet, scene->bytes, at);
	segments_decode(&scene->packet, scene->bytes, len, is_cut ? at + header_len(tuple->protocol) + payload_len * 2 / 3 : len);
	scene->packet.number++;
	scene->packet.time.ns += VTIME_NS_PER_SECOND / 100;
	simulator_replay(scene->simulator, &scene->packet);
}

static struct tuple flow(const struct scene *scene, bool is_from_server)
{
	struct tuple tuple = {
		.source = client(scene), .destination = server(scene), .source_port = CLIENT_PORT,
		.destination_port = scene->helper->port, .protocol = scene->protocol, .family = scene->family,
	};

	if (!is_from_server)
		return tuple;
	tuple.source = tuple.destination;
	tuple.destination = public_client(scene);
	tuple.source_port = scene->helper->port;
	tuple.destination_port = CLIENT_PORT;
	return tuple;
}

static void shake_hands(struct scene *scene)
{
	struct tuple there = flow(scene, false), back = flow(scene, true);

	scene->sequence[0] = 1000;
	scene->sequence[1] = 5000;
	if (scene->protocol != PROTOCOL_TCP)
		return;
	send(scene, &there, TCP_SYN, scene->sequence[0]++, NULL, 0, false);
	send(scene, &back, TCP_SYN | TCP_ACK, scene->sequence[1]++, NULL, 0, false);
	send(scene, &there, TCP_ACK, scene->sequence[0], NULL, 0, false);
}

static void meet(struct scene *scene)
{
	struct tuple tuple = scene->expected;

	if (tuple.family == FAMILY_NONE)
		return;
	if (address_is_unspecified(&tuple.source))
		tuple.source = server(scene);
	if (!tuple.source_port)
		tuple.source_port = 3333;
	send(scene, &tuple, TCP_SYN, 1, NULL, 0, false);
}

static void talk(struct scene *scene, const uint8_t *data, size_t len)
{
	for (int n = 0; len >= SAID_HEADER_LEN && n < MOST_PACKETS; n++) {
		uint8_t said = data[0];
		bool is_from_server = said & SAID_BY_SERVER;
		uint32_t payload_len = data[1] | (uint32_t)data[2] << 8;
		struct tuple tuple = flow(scene, is_from_server);

		data += SAID_HEADER_LEN;
		len -= SAID_HEADER_LEN;
		if (payload_len > len)
			payload_len = (uint32_t)len;
		if (payload_len > PACKET_LONGEST - 100)
			payload_len = PACKET_LONGEST - 100;
		if (said & SAID_LATE)
			scene->packet.time.ns += 100 * (int64_t)VTIME_NS_PER_SECOND;
		send(scene, &tuple, TCP_ACK | TCP_PSH, scene->sequence[is_from_server], data, payload_len, said & SAID_CUT);
		if (!(said & SAID_AGAIN))
			scene->sequence[is_from_server] += payload_len;
		if (said & SAID_MEETS)
			meet(scene);
		data += payload_len;
		len -= payload_len;
	}
}

static void hear(void *owner, const struct event *event)
{
	struct scene *scene = owner;

	if (event->kind == EVENT_EXPECTATION) {
		if (event->expectation.end == EXPECTATION_LIVES)
			scene->expected = event->expectation.expectation.tuple;
		return;
	}
	if (event->journey.as_left && event->journey.as_left->protocol != PROTOCOL_GRE &&
	    !packet_is_cut(event->journey.as_left))
		MUST(checksum_verify_l4(event->journey.as_left) == CHECKSUM_VALID);
}

static void prepare_host(struct topology *topology)
{
	struct diagnostics diagnostics;

	diag_init(&diagnostics);
	topology_init(topology);
	MUST(topology_parse_local(topology, "10.0.1.1/24@eth1", &diagnostics));
	MUST(topology_parse_local(topology, "10.0.2.1/24@eth2", &diagnostics));
	MUST(topology_parse_local(topology, "2001:db8:1::1/64@eth1", &diagnostics));
	MUST(topology_parse_local(topology, "2001:db8:2::1/64@eth2", &diagnostics));
	topology_finish(topology);
	diag_clear(&diagnostics);
}

static struct ruleset *load(const struct scene *scene, struct source *source, struct text *rules)
{
	bool is_ipv6 = scene->family == FAMILY_IPV6;
	struct ruleset_input input = { source, scene->family };
	struct ruleset_options options = { .is_strict = true };
	struct diagnostics diagnostics;
	struct ruleset *ruleset;
	struct text raw, nat;

	text_init(&raw);
	text_init(&nat);
	text_printf(&raw, "-A PREROUTING -p %s --dport %u -j CT --helper %s\n-A OUTPUT -p %s --dport %u -j CT --helper %s\n",
		    scene->protocol == PROTOCOL_TCP ? "tcp" : "udp", scene->helper->port, scene->helper->name,
		    scene->protocol == PROTOCOL_TCP ? "tcp" : "udp", scene->helper->port, scene->helper->name);
	if (scene->settings & SETTING_TRANSLATED)
		text_printf(&nat, "-A POSTROUTING -o eth2 -j SNAT --to-source %s\n",
			    is_ipv6 ? "2001:db8:2::99" : "10.0.2.111");
	text_printf(rules, rules_form, text_string(&raw), text_string(&nat));
	source_init(source, "rules", text_string(rules), rules->len);
	diag_init(&diagnostics);
	ruleset = ruleset_load(&input, 1, &options, &diagnostics);
	MUST(ruleset);
	diag_clear(&diagnostics);
	text_clear(&raw);
	text_clear(&nat);
	return ruleset;
}

static void run(struct scene *scene, const struct ruleset *ruleset, uint64_t hash_seed, const uint8_t *data, size_t len,
		struct told *told)
{
	struct simulator_options options = { .ruleset = ruleset, .hash_seed = hash_seed };
	struct lives lives = { .n_states = 0 };
	struct topology topology;
	struct stream stream;

	stream_init(&stream);
	told_open(told, &stream);
	MUST(stream_add(&stream, EVENT_BIT(EVENT_PACKET) | EVENT_PACKET_LEFT | EVENT_BIT(EVENT_EXPECTATION), hear, scene));
	lives_follow(&lives, &stream);
	prepare_host(&topology);
	settings_init(&options.settings);
	options.settings.tcp_be_liberal = 1;	/* what the other side acknowledges is not followed */
	options.topology = &topology;
	options.stream = &stream;
	options.snapshots.at_end = true;
	scene->simulator = simulator_create(&options);
	memset(&scene->expected, 0, sizeof(scene->expected));
	packet_init(&scene->packet);
	shake_hands(scene);
	talk(scene, data, len);
	simulator_finish(scene->simulator, 0);
	simulator_destroy(scene->simulator);
	packet_clear(&scene->packet);
	lives_clear(&lives);
	told_close(told);
	topology_clear(&topology);
}

/* The n-th helper, counted round and round. */
static const struct helper *choose_helper(uint8_t n)
{
	const struct helper *const *all = helper_all();
	size_t n_helpers = 0;

	while (all[n_helpers])
		n_helpers++;
	return all[n % n_helpers];
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct scene scene;
	struct source source;
	struct ruleset *ruleset;
	struct told told[2];
	struct text rules;

	if (len < 2 || len > 65536)
		return 0;
	memset(&scene, 0, sizeof(scene));
	scene.helper = choose_helper(data[0]);
	scene.settings = data[1];
	scene.family = scene.settings & SETTING_IPV6 && scene.helper->has_ipv6 ? FAMILY_IPV6 : FAMILY_IPV4;
	scene.protocol = scene.helper->protocols[scene.settings & SETTING_OTHER_PROTOCOL && scene.helper->protocols[1]];
	text_init(&rules);
	ruleset = load(&scene, &source, &rules);
	for (int i = 0; i < 2; i++)
		run(&scene, ruleset, 1 + (uint64_t)i, data + 2, len - 2, &told[i]);
	told_compare(&told[0], &told[1]);
	for (int i = 0; i < 2; i++)
		told_clear(&told[i]);
	ruleset_destroy(ruleset);
	source_clear(&source);
	text_clear(&rules);
	return 0;
}

#include "replay.h"
