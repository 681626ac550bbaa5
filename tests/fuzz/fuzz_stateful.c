/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A script of things that happen to a host, not of bytes: packets of a few flows, answers to what has left, errors about it,
 * fragments, repetitions, and an operator who flushes, changes and makes entries, loads other rules, takes links down and
 * sets sysctls. Replayed twice, fast and plain, with different hash seeds: both must tell the same, and what holds of all lives
 * must hold.
 *
 * Input: a byte that chooses the first rules, a byte of settings, then steps of STEP_LEN bytes: what happens (enum deed), which
 * flow, four bytes that say more of it, how much later.
 */
#include "fuzz.h"

#include "host/fib_rows.h"
#include "host/simulator.h"
#include "lives.h"
#include "rules/ipset/ipset.h"
#include "same.h"
#include "segments.h"
#include "sink/sink.h"
#include "stateful_rules.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/stateful", NULL };

enum {
	SETTING_EACH = 1, SETTING_SMALL_TABLE = 2, SETTING_ACCT = 4, SETTING_LIBERAL = 8, SETTING_OLD_KERNEL = 16,
	SETTING_AUTO = 32,
	STEP_LEN = 7, MOST_STEPS = 300, PACKET_LONGEST = 512,
};

enum deed {
	DEED_TCP, DEED_UDP, DEED_ICMP, DEED_SCTP, DEED_GRE, DEED_ANSWER, DEED_ANSWER_AGAIN, DEED_ERROR, DEED_FRAGMENT, DEED_REPEAT,
	DEED_REMOVE, DEED_CHANGE, DEED_CREATE, DEED_RELOAD, DEED_LINK, DEED_SYSCTL, DEED_COUNT,
};

/* Where packets are from and to: peers on both sides, the host itself, nobody. */
static const char *const addresses[] = { "10.0.1.2", "10.0.1.3", "10.0.1.1", "10.0.2.2", "10.0.2.1", "10.0.2.3", "198.51.100.7", "10.0.1.255" };
static const uint16_t ports[] = { 80, 53, 21, 8080, 1000, 100, 40000, 40001 };

/* What both runs share. */
struct play {
	const uint8_t *steps;
	size_t n_steps;
	uint8_t settings;
	struct ruleset *const *rulesets;
	size_t first;
	struct ruleset *loaded[MOST_STEPS];	/* after each time that rules were loaded on top of what there was */
	size_t n_loaded;
	struct operator_action actions[MOST_STEPS];
	size_t n_actions;
	bool has_silence;			/* somebody switches the events of entries off: lives cannot be followed */
};

/* One run. */
struct run {
	const struct play *play;
	struct simulator *simulator;
	struct packet packet;
	uint8_t bytes[PACKET_LONGEST], left[PACKET_LONGEST];
	uint32_t len, left_len;		/* of the last packet, and of the last one that left */
	uint32_t next[8];		/* TCP: by source, the next byte */
};

static struct address address_at(uint8_t which)
{
	return segments_address(addresses[which % (sizeof(addresses) / sizeof(addresses[0]))]);
}

static struct tuple flow_of(const uint8_t *step, uint8_t protocol)
{
	return (struct tuple){
		.source = address_at(step[1]), .destination = address_at(step[1] >> 3),
		.source_port = ports[step[2] & 7], .destination_port = ports[step[2] >> 3 & 7],
		.protocol = protocol, .family = FAMILY_IPV4,
	};
}

/* Milliseconds, seconds, minutes, days. */
static int64_t step_ns(const uint8_t *step)
{
	static const int64_t units[] = { VTIME_NS_PER_SECOND / 1000, VTIME_NS_PER_SECOND / 4, 7 * (int64_t)VTIME_NS_PER_SECOND,
					 3601 * (int64_t)VTIME_NS_PER_SECOND };

	return units[step[6] >> 6] * (step[6] & 63);
}

static const struct sysctl *choose_sysctl(uint8_t which, uint16_t number, uint32_t *value)
{
	size_t n;
	const struct sysctl *all = settings_sysctls(&n), *sysctl = &all[which % n];

	*value = sysctl->min + (sysctl->max - sysctl->min < number ? sysctl->max - sysctl->min : number);
	return sysctl;
}

static void plan_filter(const uint8_t *step, struct entry_filter *filter)
{
	static const uint8_t protocols[] = { PROTOCOL_TCP, PROTOCOL_UDP, PROTOCOL_ICMP, PROTOCOL_SCTP };

	filter->has_protocol = step[2] & 1;
	filter->protocol = protocols[step[2] >> 1 & 3];
	if (step[2] & 8) {
		enum filter_end end = (enum filter_end)(step[2] >> 4 & 3);

		filter->has_address[end] = true;
		filter->address[end] = (struct masked_address){ .address = address_at(step[1]) };
		filter->address[end].mask = segments_address("255.255.255.255");
	}
	filter->has_mark = step[2] & 64;
	filter->mark = step[3];
	filter->mark_mask = 0xff;
	filter->status = step[2] & 128 ? STATUS_ASSURED : 0;
}

static void plan_change(const uint8_t *step, struct entry_change_set *change)
{
	*change = (struct entry_change_set){
		.has_mark = step[4] & 1, .has_timeout = (step[4] & 2) || step[0] % DEED_COUNT == DEED_CREATE, .mark = step[5],
		.mark_mask = 0xff, .timeout_seconds = step[5], .status = step[4] & 4 ? STATUS_ASSURED : 0,
		.add_labels = { step[4] & 8 ? 2 : 0 }, .remove_labels = { step[4] & 16 ? 32 : 0 },
	};
}

static const struct ruleset *load_on_top(struct play *play, const struct ruleset *rules)
{
	const struct ruleset *base = play->n_loaded ? play->loaded[play->n_loaded - 1] : play->rulesets[play->first];

	play->loaded[play->n_loaded] = ruleset_overlay(base, rules);
	return play->loaded[play->n_loaded++];
}

/* What the operator does, with its time; false: the step is a packet. */
static bool plan_action(struct play *play, const uint8_t *step, struct operator_action *action)
{
	switch (step[0] % DEED_COUNT) {
	case DEED_REMOVE:
		action->kind = OPERATOR_REMOVE;
		plan_filter(step, &action->filter);
		return true;
	case DEED_CHANGE:
		action->kind = OPERATOR_CHANGE;
		plan_filter(step, &action->filter);
		plan_change(step, &action->change);
		return true;
	case DEED_CREATE:
		action->kind = OPERATOR_CREATE;
		action->original = flow_of(step, step[3] & 1 ? PROTOCOL_TCP : PROTOCOL_UDP);
		plan_change(step, &action->change);
		action->change.has_state = step[3] & 1;
		action->change.state = TCP_STATE_ESTABLISHED;
		return true;
	case DEED_RELOAD:
		action->kind = OPERATOR_RELOAD;
		action->ruleset = load_on_top(play, play->rulesets[step[1] % N_RULESETS]);
		action->keeps_counters = step[2] & 1;
		return true;
	case DEED_LINK:
		action->kind = OPERATOR_LINK;
		action->interface = step[1] & 1 ? "eth2" : "eth1";
		action->is_up = step[1] & 2;
		return true;
	case DEED_SYSCTL:
		action->kind = OPERATOR_SYSCTL;
		action->sysctl = choose_sysctl(step[1], (uint16_t)(step[2] << 8 | step[3]), &action->value);
		play->has_silence |= strcmp(action->sysctl->name, "net.netfilter.nf_conntrack_events") == 0;
		return true;
	default:
		return false;
	}
}

static void plan_actions(struct play *play)
{
	int64_t now = 0;

	for (size_t i = 0; i < play->n_steps; i++) {
		const uint8_t *step = play->steps + i * STEP_LEN;
		struct operator_action action = { .text = "deed", .file = "actions", .line = (uint32_t)i + 1 };

		now += step_ns(step);
		action.time.ns = now;
		if (plan_action(play, step, &action))
			play->actions[play->n_actions++] = action;
	}
}

static void deliver(struct run *run)
{
	segments_decode(&run->packet, run->bytes, run->len, run->len);
	run->packet.number++;
	simulator_replay(run->simulator, &run->packet);
}

static void send(struct run *run, const struct tuple *tuple, uint32_t l4_len)
{
	uint32_t ip_len = segments_put_ip(run->bytes, tuple, l4_len);

	run->len = ip_len + l4_len;
	segments_decode(&run->packet, run->bytes, run->len, run->len);
	segments_put_checksum(&run->packet, run->bytes, ip_len);
	deliver(run);
}

/* Flags are step[3]; payload and how far the numbers are from where they should be, step[4] and step[5]. */
static void send_tcp(struct run *run, const struct tuple *tuple, const uint8_t *step)
{
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;
	uint32_t *next = &run->next[tuple->source.word[0] & 7], payload_len = step[4] & 31;

	memset(l4, 0, 20 + payload_len);
	put16(l4, tuple->source_port);
	put16(l4 + 2, tuple->destination_port);
	put32(l4 + 4, *next + (step[4] >> 5) * 3000u);
	put32(l4 + 8, step[3] & TCP_ACK ? run->next[tuple->destination.word[0] & 7] + (uint32_t)(int8_t)step[5] * 100u : 0);
	l4[12] = 0x50;
	l4[13] = step[3];
	put16(l4 + 14, 4000);
	*next += payload_len + !!(step[3] & TCP_SYN) + !!(step[3] & TCP_FIN);
	if (tuple->destination_port == 21 && payload_len >= 28)
		memcpy(l4 + 20, "PORT 10,0,1,2,156,64\r\n      ", 28);
	send(run, tuple, 20 + payload_len);
}

static void send_udp(struct run *run, const struct tuple *tuple, const uint8_t *step)
{
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;
	uint32_t len = 8 + (step[4] & 31u);

	memset(l4, step[3], len);
	put16(l4, tuple->source_port);
	put16(l4 + 2, tuple->destination_port);
	put16(l4 + 4, len);
	send(run, tuple, len);
}

static void send_icmp(struct run *run, const struct tuple *tuple, const uint8_t *step)
{
	static const uint8_t types[] = { 8, 0, 13, 14, 17, 18, 8, 0 };
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;

	memset(l4, 0, 16);
	l4[0] = types[step[3] & 7];
	put16(l4 + 4, step[4] & 3);
	put16(l4 + 6, step[5]);
	send(run, tuple, 16);
}

static void send_sctp(struct run *run, const struct tuple *tuple, const uint8_t *step)
{
	static const uint8_t chunks[] = { 1, 2, 10, 11, 0, 3, 7, 8, 14, 6, 4, 5, 9, 0, 0, 12 };
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;

	memset(l4, 0, 32);
	put16(l4, tuple->source_port);
	put16(l4 + 2, tuple->destination_port);
	put32(l4 + 4, (step[3] & 15) == 0 ? 0 : step[4] & 128 ? step[5] : 7);
	l4[12] = chunks[step[3] & 15];
	l4[13] = step[3] >> 7;
	put16(l4 + 14, 20);
	put32(l4 + 16, 7);
	send(run, tuple, 32);
}

static void send_gre(struct run *run, const struct tuple *tuple, const uint8_t *step)
{
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;

	memset(l4, 0, 16);
	put32(l4, step[3] & 1 ? 0x3001880b : 0x00000800);
	put16(l4 + 6, step[4] & 3);
	send(run, tuple, 16);
}

/* A piece of a datagram: its number is step[3], offset and whether more follows, step[4]. */
static void send_fragment(struct run *run, const uint8_t *step)
{
	struct tuple tuple = flow_of(step, PROTOCOL_UDP);
	uint32_t len = 8 * (1 + (step[5] & 7u)), offset = step[4] & 15;
	uint8_t *header = run->bytes;

	memset(run->bytes + IPV4_HEADER_LEN, step[5], len);
	if (offset == 0) {
		put16(run->bytes + IPV4_HEADER_LEN, tuple.source_port);
		put16(run->bytes + IPV4_HEADER_LEN + 2, tuple.destination_port);
		put16(run->bytes + IPV4_HEADER_LEN + 6, 0);
	}
	run->len = segments_put_ip(run->bytes, &tuple, len) + len;
	put16(header + 4, step[3]);
	put16(header + 6, (step[4] & 128 ? 0x2000u : 0) | offset);
	put16(header + 10, 0);
	put16(header + 10, checksum_finish(checksum_add(0, header, IPV4_HEADER_LEN)));
	deliver(run);
}

/* What has left comes back, as its receiver would answer it. */
static void answer(struct run *run, const uint8_t *step)
{
	struct packet left;
	struct tuple tuple;

	packet_init(&left);
	segments_decode(&left, run->left, run->left_len, run->left_len);
	tuple = (struct tuple){
		.source = left.destination, .destination = left.source, .source_port = left.destination_port,
		.destination_port = left.source_port, .protocol = left.protocol, .family = FAMILY_IPV4,
	};
	if (left.protocol == PROTOCOL_TCP) {
		run->next[left.source.word[0] & 7] = left.tcp_sequence + 1;
		send_tcp(run, &tuple, step);
	} else if (left.protocol == PROTOCOL_UDP) {
		send_udp(run, &tuple, step);
	} else if (left.protocol == PROTOCOL_ICMP && run->left_len - IPV4_HEADER_LEN >= 8) {
		memcpy(run->bytes + IPV4_HEADER_LEN, run->left + IPV4_HEADER_LEN, run->left_len - IPV4_HEADER_LEN);
		run->bytes[IPV4_HEADER_LEN] = (uint8_t)(left.icmp_type == 8 ? 0 : left.icmp_type + 1);
		send(run, &tuple, run->left_len - IPV4_HEADER_LEN);
	} else if (left.protocol == PROTOCOL_SCTP) {
		send_sctp(run, &tuple, step);
	}
	packet_clear(&left);
}

/* Somebody complains about what has left. */
static void send_error(struct run *run, const uint8_t *step)
{
	static const uint8_t types[] = { 3, 11, 12, 5, 4, 3, 3, 11 };
	uint32_t quoted = run->left_len < 28u + (step[4] & 31) ? run->left_len : 28u + (step[4] & 31);
	struct tuple tuple = { .source = address_at(step[1]), .protocol = PROTOCOL_ICMP, .family = FAMILY_IPV4 };
	uint8_t *l4 = run->bytes + IPV4_HEADER_LEN;

	tuple.destination = address_from_bytes(FAMILY_IPV4, run->left + 12);
	memset(l4, 0, 8);
	l4[0] = types[step[3] & 7];
	l4[1] = step[3] >> 4;
	memcpy(l4 + 8, run->left, quoted);
	send(run, &tuple, 8 + quoted);
}

static void take_step(struct run *run, const uint8_t *step)
{
	enum deed deed = (enum deed)(step[0] % DEED_COUNT);
	struct tuple tuple;

	run->packet.time.ns += step_ns(step);
	switch (deed) {
	case DEED_TCP:
		tuple = flow_of(step, PROTOCOL_TCP);
		send_tcp(run, &tuple, step);
		break;
	case DEED_UDP:
		tuple = flow_of(step, PROTOCOL_UDP);
		send_udp(run, &tuple, step);
		break;
	case DEED_ICMP:
		tuple = flow_of(step, PROTOCOL_ICMP);
		send_icmp(run, &tuple, step);
		break;
	case DEED_SCTP:
		tuple = flow_of(step, PROTOCOL_SCTP);
		send_sctp(run, &tuple, step);
		break;
	case DEED_GRE:
		tuple = flow_of(step, PROTOCOL_GRE);
		send_gre(run, &tuple, step);
		break;
	case DEED_FRAGMENT:
		send_fragment(run, step);
		break;
	case DEED_ANSWER:
	case DEED_ANSWER_AGAIN:
		if (run->left_len)
			answer(run, step);
		break;
	case DEED_ERROR:
		if (run->left_len)
			send_error(run, step);
		break;
	case DEED_REPEAT:
		if (run->len)
			deliver(run);
		break;
	default:
		break;
	}
}

/* What leaves whole and small can be answered. */
static void note_left(void *owner, const struct event *event)
{
	const struct packet *left = event->journey.as_left;
	struct run *run = owner;

	if (!left || left->len > PACKET_LONGEST / 2 || left->len != left->total_len || left->l4_offset != IPV4_HEADER_LEN || !left->has_l4)
		return;
	memcpy(run->left, left->bytes, left->len);
	run->left_len = left->len;
}

static void prepare_host(struct topology *topology)
{
	struct diagnostics diagnostics;

	diag_init(&diagnostics);
	topology_init(topology);
	MUST(topology_parse_local(topology, "10.0.1.1/24@eth1", &diagnostics));
	MUST(topology_parse_local(topology, "10.0.2.1/24@eth2", &diagnostics));
	MUST(topology_parse_route(topology, "default@eth2,via=10.0.2.9", &diagnostics));
	topology_finish(topology);
	diag_clear(&diagnostics);
}

static void prepare_options(const struct play *play, bool is_plain, struct simulator_options *options)
{
	*options = (struct simulator_options){
		.ruleset = play->rulesets[play->first], .is_plain = is_plain, .zero_counters = true, .seed = 1,
		.hash_seed = is_plain ? 1 : UINT64_C(0x9e3779b97f4a7c15),
		.track = play->settings & SETTING_AUTO ? TRACK_AUTO : TRACK_ALWAYS,
		.snapshots = { .at_end = true, .after_each = (play->settings & SETTING_EACH) != 0 },
		.actions = { .actions = play->actions, .n_actions = play->n_actions },
	};
	settings_init(&options->settings);
	options->settings.acct = (play->settings & SETTING_ACCT) != 0;
	options->settings.tcp_be_liberal = (play->settings & SETTING_LIBERAL) != 0;
	if (play->settings & SETTING_SMALL_TABLE)
		options->settings.max = 4;
	if (play->settings & SETTING_OLD_KERNEL)
		options->settings.profile = PROFILE_6_1;
}

static void perform(const struct play *play, bool is_plain, struct output *output)
{
	static struct run run;
	struct sink_options sink_options = { .words = UINT32_MAX };
	struct lives lives = { .has_zones = true, .has_other_counters = true };
	struct simulator_options options;
	struct topology topology;
	struct stream stream;
	struct sink sink;

	memset(&run, 0, sizeof(run));
	run.play = play;
	stream_init(&stream);
	sink_open(&sink, sink_find("json"), &sink_options, output);
	MUST(stream_add(&stream, sink.kinds, sink_listen, &sink));
	MUST(stream_add(&stream, EVENT_BIT(EVENT_PACKET), note_left, &run));
	if (!play->has_silence)
		lives_follow(&lives, &stream);
	prepare_host(&topology);
	if (is_plain) {
		fib_rows_destroy(topology.fib_rows);
		topology.fib_rows = NULL;
	}
	prepare_options(play, is_plain, &options);
	options.topology = options.actions.topology = &topology;
	options.stream = &stream;
	run.simulator = simulator_create(&options);
	packet_init(&run.packet);
	for (size_t i = 0; i < play->n_steps; i++)
		take_step(&run, play->steps + i * STEP_LEN);
	simulator_finish(run.simulator, 0);
	simulator_destroy(run.simulator);
	MUST(lives.is_over || play->has_silence);
	packet_clear(&run.packet);
	lives_clear(&lives);
	sink_close(&sink);
	topology_clear(&topology);
}

/* Once for all inputs: rules do not change. */
static struct ruleset *const *load(void)
{
	static struct ruleset *loaded[N_RULESETS];
	static struct source sources[N_RULESETS], set_source;
	static struct ipsets *sets;
	struct ruleset_options options = { .is_strict = false };
	struct diagnostics diagnostics;
	struct text messages;

	if (sets)
		return loaded;
	options.sets = sets = ipsets_create();
	diag_init(&diagnostics);
	text_init(&messages);
	source_init(&set_source, "sets", sets_text, strlen(sets_text));
	MUST(ipsets_read(sets, &set_source, &diagnostics));
	for (size_t i = 0; i < N_RULESETS; i++) {
		struct ruleset_input input = { &sources[i], FAMILY_IPV4 };

		source_init(&sources[i], "rules", rulesets[i], strlen(rulesets[i]));
		loaded[i] = ruleset_load(&input, 1, &options, &diagnostics);
		diag_print(&diagnostics, &messages);
		if (!loaded[i])
			fputs(text_string(&messages), stderr);
		MUST(loaded[i]);
	}
	text_clear(&messages);
	diag_clear(&diagnostics);
	return loaded;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct play play;
	struct output outputs[2];

	if (len < 2 + STEP_LEN)
		return 0;
	memset(&play, 0, sizeof(play));
	play.first = data[0] % N_RULESETS;
	play.settings = data[1];
	play.steps = data + 2;
	play.n_steps = (len - 2) / STEP_LEN < MOST_STEPS ? (len - 2) / STEP_LEN : MOST_STEPS;
	play.rulesets = load();
	plan_actions(&play);
	for (int i = 0; i < 2; i++) {
		output_init(&outputs[i]);
		perform(&play, i == 1, &outputs[i]);
	}
	MUST_BE_SAME(&outputs[0].buffer, &outputs[1].buffer);
	for (int i = 0; i < 2; i++)
		output_clear(&outputs[i]);
	while (play.n_loaded)
		ruleset_destroy(play.loaded[--play.n_loaded]);
	return 0;
}

#include "replay.h"
