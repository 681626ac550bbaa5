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
#include "stateful_operator.h"
#include "stateful_packets.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/stateful", NULL };

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

static void perform(const struct play *play, bool is_plain, struct told *told)
{
	static struct run run;
	struct lives lives = { .has_zones = true, .has_other_counters = true };
	struct simulator_options options;
	struct topology topology;
	struct stream stream;

	memset(&run, 0, sizeof(run));
	run.play = play;
	stream_init(&stream);
	told_open(told, &stream);
	MUST(stream_add(&stream, EVENT_BIT(EVENT_PACKET) | EVENT_PACKET_LEFT, note_left, &run));
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
	told_close(told);
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
	struct told told[2];

	if (len < 2 + STEP_LEN)
		return 0;
	memset(&play, 0, sizeof(play));
	play.first = data[0] % N_RULESETS;
	play.settings = data[1];
	play.steps = data + 2;
	play.n_steps = (len - 2) / STEP_LEN < MOST_STEPS ? (len - 2) / STEP_LEN : MOST_STEPS;
	play.rulesets = load();
	plan_actions(&play);
	for (int i = 0; i < 2; i++)
		perform(&play, i == 1, &told[i]);
	told_compare(&told[0], &told[1]);
	for (int i = 0; i < 2; i++)
		told_clear(&told[i]);
	while (play.n_loaded)
		ruleset_destroy(play.loaded[--play.n_loaded]);
	return 0;
}

#include "replay.h"
