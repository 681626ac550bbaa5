/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The short ways against the long one: a world of tests/kernel/scenario, its rules and packets chosen by the input, is replayed
 * twice. Once with all that makes the program fast: an index of long chains, ways through the tables remembered, routes
 * laid out flat, packets foreseen in batches; and once without any of it, with another hash seed and every question asked that
 * an explanation asks. All that is told must be the same: verdicts, states, rules that matched, entries, events, counters, and
 * every byte that leaves.
 *
 * Input: a byte of settings, four of the seed, then what the scenario draws; what is drawn behind its end comes from the seed.
 */
#include "fuzz.h"

#include "host/fib_rows.h"
#include "host/simulator.h"
#include "host/sysctls.h"
#include "lives.h"
#include "packet/decode.h"
#include "rules/explain.h"
#include "same.h"
#include "tests/kernel/scenario.h"

const char *const fuzz_known[] = { "tests/fuzz/corpus/differential", NULL };

enum {
	SETTING_AUTO = 1, SETTING_ACCT = 2, SETTING_SMALL_TABLE = 4, SETTING_LONG_CHAINS = 8, SETTING_EACH = 16,
	HEADER_LEN = 5, ETHERNET = 1 /* DLT_EN10MB */, BATCH = 32,
};

/* What both runs share. */
struct world {
	struct scenario scenario;
	uint8_t settings;
	struct ruleset *ruleset;
	struct source sources[2];	/* IPv4, IPv6 */
	char *texts[2];
	char *options;
	bool has_zones;
};

/* So many rules that what a long chain has is looked up; none of them decides. */
static void add_long_chain(struct world *world, int family, FILE *out)
{
	const char *address = family == 4 ? "10.0.0" : "fd00:", *separator = family == 4 ? "." : ":";

	fputs("*mangle\n:PREROUTING ACCEPT [0:0]\n", out);
	for (unsigned i = 0; i < 40; i++) {
		fputs("-A PREROUTING", out);
		if (chance(&world->scenario, 60))
			fprintf(out, " %s %s%s%u", chance(&world->scenario, 50) ? "-s" : "-d", address, separator,
				pick(&world->scenario, 9));
		if (chance(&world->scenario, 60))
			fprintf(out, " -p %s --dport %u", chance(&world->scenario, 50) ? "tcp" : "udp",
				chance(&world->scenario, 50) ? 53 : 80);
		fputs(chance(&world->scenario, 20) ? " -j ACCEPT\n" : "\n", out);
	}
	fputs("COMMIT\n", out);
}

static void write_world_rules(struct world *world, int family)
{
	size_t len;
	FILE *file = open_memstream(&world->texts[family == 6], &len);

	MUST(file);
	write_rules(&world->scenario, family, file);
	fclose(file);
	/* A table that is there twice would be another ruleset. */
	if (world->settings & SETTING_LONG_CHAINS && !strstr(world->texts[family == 6], "*mangle")) {
		char *first = world->texts[family == 6];

		file = open_memstream(&world->texts[family == 6], &len);
		MUST(file);
		fputs(first, file);
		add_long_chain(world, family, file);
		fclose(file);
		free(first);
	}
	source_init(&world->sources[family == 6], "rules", world->texts[family == 6], len);
}

static void load(struct world *world)
{
	struct ruleset_input inputs[2] = { { &world->sources[0], FAMILY_IPV4 }, { &world->sources[1], FAMILY_IPV6 } };
	struct ruleset_options options = { .is_strict = false };
	struct diagnostics diagnostics;
	struct text messages;

	write_world_rules(world, 4);
	if (world->scenario.has_ipv6)
		write_world_rules(world, 6);
	diag_init(&diagnostics);
	world->ruleset = ruleset_load(inputs, world->scenario.has_ipv6 ? 2 : 1, &options, &diagnostics);
	text_init(&messages);
	diag_print(&diagnostics, &messages);
	if (!world->ruleset)
		fputs(text_string(&messages), stderr);
	MUST(world->ruleset);
	text_clear(&messages);
	diag_clear(&diagnostics);
	for (int i = 0; i < 2; i++)
		world->has_zones |= world->texts[i] && strstr(world->texts[i], "--zone");
}

/* The options that the scenario writes for ctreplay, "OPTION\nVALUE\n...": drawn once. */
static void write_options(struct world *world)
{
	size_t len;
	FILE *file = open_memstream(&world->options, &len);

	MUST(file);
	write_arguments(&world->scenario, file);
	fclose(file);
}

/* Of those, what a host has. */
static void prepare_host(const struct world *world, struct topology *topology, struct conntrack_settings *settings)
{
	const struct sysctls sysctls = { topology, settings };
	struct diagnostics diagnostics;
	char *words = strdup(world->options), *rest, *word;
	const char *nearest;
	struct text problem;

	text_init(&problem);
	diag_init(&diagnostics);
	topology_init(topology);
	for (word = strtok_r(words, "\n", &rest); word; word = strtok_r(NULL, "\n", &rest)) {
		char *value = strtok_r(NULL, "\n", &rest), *equals = strchr(value, '=');

		if (strcmp(word, "--local") == 0) {
			MUST(topology_parse_local(topology, value, &diagnostics));
		} else if (strcmp(word, "--route") == 0) {
			MUST(topology_parse_route(topology, value, &diagnostics));
		} else if (strcmp(word, "--sysctl") == 0) {
			*equals = '\0';
			MUST(sysctls_set(&sysctls, value, equals + 1, &problem, &nearest));
		} else {
			MUST(strcmp(value, "arriving") == 0);	/* what a simulator without a plan takes for granted */
		}
	}
	topology_finish(topology);
	diag_clear(&diagnostics);
	text_clear(&problem);
	free(words);
}

static void prepare_packet(const struct world *world, size_t i, struct packet *packet)
{
	const struct frame *frame = &world->scenario.frames[i];

	memset(&packet->link, 0, sizeof(packet->link));
	packet->is_checksum_trusted = false;
	packet->number = i + 1;
	packet->time.ns = frame->time_ns - world->scenario.frames[0].time_ns;
	packet->frame = frame->bytes;
	packet->captured_len = packet->original_len = (uint32_t)frame->len;
	decode_frame(packet, ETHERNET);
}

static void replay_world(const struct world *world, struct simulator *simulator, bool is_plain)
{
	size_t n_frames = world->scenario.n_frames, most = is_plain ? 1 : BATCH;
	static struct packet packets[BATCH];

	for (size_t i = 0; i < most; i++)
		packet_init(&packets[i]);
	for (size_t i = 0; i < n_frames; i += most) {
		size_t n = n_frames - i < most ? n_frames - i : most;

		for (size_t j = 0; j < n; j++)
			prepare_packet(world, i + j, &packets[j]);
		if (!is_plain) {
			simulator_note_packets(simulator, packets, n);
			simulator_prefetch(simulator, packets, n);
		}
		for (size_t j = 0; j < n; j++)
			simulator_replay(simulator, &packets[j]);
	}
	for (size_t i = 0; i < most; i++)
		packet_clear(&packets[i]);
}

static void ignore(void *owner, const struct event *event)
{
	(void)owner;
	(void)event;
}

static void prepare_options(const struct world *world, bool is_plain, struct simulator_options *options)
{
	*options = (struct simulator_options){
		.ruleset = world->ruleset, .is_plain = is_plain, .zero_counters = true, .seed = 1,
		.hash_seed = is_plain ? 1 : UINT64_C(0x9e3779b97f4a7c15),
		.track = world->settings & SETTING_AUTO ? TRACK_AUTO : TRACK_ALWAYS,
		.snapshots = { .at_end = true, .after_each = (world->settings & SETTING_EACH) != 0 },
	};
	settings_init(&options->settings);
	options->settings.acct = options->settings.timestamp = (world->settings & SETTING_ACCT) != 0;
	if (world->settings & SETTING_SMALL_TABLE)
		options->settings.max = 5;
}

static void run(const struct world *world, bool is_plain, struct told *told)
{
	struct lives lives = { .has_zones = world->has_zones };
	struct simulator_options options;
	struct topology topology;
	struct stream stream;
	struct simulator *simulator;

	stream_init(&stream);
	told_open(told, &stream);
	lives_follow(&lives, &stream);
	if (is_plain)
		MUST(stream_add(&stream, UINT32_MAX, ignore, NULL));
	MUST(explain_is_wanted(&stream) == is_plain);
	prepare_options(world, is_plain, &options);
	prepare_host(world, &topology, &options.settings);
	if (is_plain) {
		fib_rows_destroy(topology.fib_rows);
		topology.fib_rows = NULL;
	}
	options.topology = &topology;
	options.stream = &stream;
	simulator = simulator_create(&options);
	replay_world(world, simulator, is_plain);
	simulator_finish(simulator, 0);
	simulator_destroy(simulator);
	MUST(lives.is_over);
	lives_clear(&lives);
	told_close(told);
	topology_clear(&topology);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static struct world world;
	struct told told[2];

	if (len < HEADER_LEN || len > 65536)
		return 0;
	memset(&world, 0, sizeof(world));
	world.settings = data[0];
	world.scenario.choices = data + HEADER_LEN;
	world.scenario.n_choices = len - HEADER_LEN;
	make_scenario(&world.scenario, (uint64_t)data[1] << 24 | (uint64_t)data[2] << 16 | (uint64_t)data[3] << 8 | data[4]);
	if (world.scenario.n_frames == 0)
		return 0;
	load(&world);
	write_options(&world);
	for (int i = 0; i < 2; i++)
		run(&world, i == 1, &told[i]);
	told_compare(&told[0], &told[1]);
	for (int i = 0; i < 2; i++) {
		told_clear(&told[i]);
		source_clear(&world.sources[i]);
		free(world.texts[i]);
	}
	free(world.options);
	ruleset_destroy(world.ruleset);
	return 0;
}

#include "replay.h"
