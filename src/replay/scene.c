/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "replay/scene.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "host/guess.h"
#include "host/routing.h"
#include "replay/outputs.h"
#include "rules/eval.h"

void scene_init(struct scene *scene, struct run_options *options)
{
	memset(scene, 0, sizeof(*scene));
	scene->options = options;
	text_init(&scene->host);
	captured_on_init(&scene->captured_on);
	text_init(&scene->capture_names);
	diag_init(&scene->diagnostics);
	actions_file_init(&scene->actions);
}

void scene_clear(struct scene *scene)
{
	diag_clear(&scene->diagnostics);
	actions_file_clear(&scene->actions);
	if (!scene->borrows_ruleset)
		ruleset_destroy(scene->ruleset);
	lookahead_clear(&scene->lookahead);
	filter_destroy(scene->filter);
	annotation_file_clear(&scene->annotations);
	if (scene->pushed != scene->capture.source)
		packet_source_close(scene->pushed);
	capture_file_close(&scene->capture);
	text_clear(&scene->host);
	captured_on_clear(&scene->captured_on);
	text_clear(&scene->capture_names);
}

/* What the options leave open but others imply. */
static bool complete_options(struct scene *scene)
{
	struct run_options *options = scene->options;
	struct diagnostics *diagnostics = &scene->diagnostics;
	struct snapshot_plan *plan = &options->snapshots;
	const char *wrong;
	bool has_plan = plan->at_end || plan->after_each || plan->every.ns || plan->n_at || plan->n_after_packets;

	if (!options->capture && !scene->script && !scene->pushed)
		diag_error_plain(diagnostics, "no capture: -r FILE names one (- is standard input)");
	if (!options->rules.n_files && !scene->borrows_ruleset)
		diag_error_plain(diagnostics, "no rules: name one or more files of iptables rules");
	for (size_t i = 0; i < options->n_outs && !has_plan; i++)
		plan->at_end |= outputs_is_of_listings(options->outs[i]);
	if (scene->pushed && !options->topology.n_addresses)
		diag_error_plain(diagnostics, "no host: packets that are not there yet do not show it; local or host describes it");
	run_options_sort_snapshots(plan);
	scene->filter_room.most = options->limits.filter_bytes;
	wrong = settings_check(&options->settings);
	if (wrong)
		diag_error_plain(diagnostics, "--kernel %s, --sysctl %s", profile_name(options->settings.profile), wrong);
	return diagnostics->n_errors == 0;
}

static void print_host(struct scene *scene, bool is_guessed, const struct text *why)
{
	struct topology *topology = &scene->options->topology;

	text_append(&scene->host, "host ");
	topology_print(topology, &scene->host);
	if (is_guessed)
		text_printf(&scene->host, " (found from the capture: %s; --local says otherwise)", text_string(why));
	else if (topology->has_assumed_default)
		text_printf(&scene->host, " (everything else is reached by %s; --route says otherwise)",
			    topology_first_interface(topology));
}

/* How many packets are looked at before the first is replayed. What comes through a pipe is to be told as it comes. */
static size_t needed_packets(const struct scene *scene, bool is_guessed)
{
	if (is_guessed)
		return LOOKAHEAD_MOST_PACKETS;
	return scene->capture.source->is_live ? 1 : LOOKAHEAD_FOR_VANTAGE;
}

/* Reads ahead as far as needed, and finishes the host: as described, or as the first packets show it. */
static void find_host(struct scene *scene)
{
	struct topology *topology = &scene->options->topology;
	bool is_guessed = topology->n_addresses == 0;
	struct guess guess;
	struct text why;

	guess_init(&guess);
	text_init(&why);
	lookahead_init(&scene->lookahead, scene->capture.source);
	lookahead_read(&scene->lookahead, needed_packets(scene, is_guessed), is_guessed ? &guess : NULL);
	if (is_guessed)
		guess_apply(&guess, topology, &why);
	topology->hop_seed = (uint32_t)scene->options->seed;
	if (!topology->is_finished)
		topology_finish(topology);
	print_host(scene, is_guessed, &why);
	guess_clear(&guess);
	text_clear(&why);
}

static void open_filter(struct scene *scene)
{
	struct text error;

	if (!scene->options->packets)
		return;
	text_init(&error);
	scene->filter = filter_create(scene->options->packets, scene->capture.source->link_type, &scene->filter_room, &error);
	if (!scene->filter)
		diag_error_plain(&scene->diagnostics, "--packets: %s", text_string(&error));
	text_clear(&error);
}

static bool open_packets(struct scene *scene)
{
	const struct run_options *options = scene->options;

	if (scene->pushed) {
		scene->capture.source = scene->pushed;
		text_append(&scene->capture_names, "(packets)");
		return true;
	}
	if (scene->script) {
		text_append(&scene->capture_names, scene->script_name);
		return capture_file_open_text(&scene->capture, scene->script_name, scene->script, &options->limits, &scene->diagnostics);
	}
	for (size_t i = 0; i < options->n_captures; i++)
		text_printf(&scene->capture_names, "%s%s", i ? ", " : "", options->captures[i]);
	if (options->n_captures > 1)
		return capture_file_open_all(&scene->capture, options->captures, options->n_captures, &options->limits, &scene->diagnostics);
	return capture_file_open(&scene->capture, options->capture, &options->limits, &scene->diagnostics);
}

/* How they are to be loaded. */
static struct ruleset_options rules_options(const struct run_options *options)
{
	return (struct ruleset_options){
		.is_strict = options->is_strict, .keeps_tables = options->keeps_tables, .profile = options->settings.profile,
		.limits = &options->limits, .policies = &options->policies.policies,
	};
}

bool scene_load_rules(struct scene *scene)
{
	struct run_options *options = scene->options;
	const struct ruleset_options how = rules_options(options);

	if (policies_file_load(&options->policies, &options->settings, &scene->diagnostics))
		scene->ruleset = rules_files_load(&options->rules, &how, &scene->diagnostics);
	return scene->ruleset != NULL;
}

bool scene_load(struct scene *scene)
{
	struct run_options *options = scene->options;
	struct ruleset_options actions_options;

	if (!complete_options(scene))
		return false;
	if (scene->borrows_ruleset && !policies_file_load(&options->policies, &options->settings, &scene->diagnostics))
		return false;
	if (!scene->ruleset && !scene_load_rules(scene))
		return false;
	actions_options = rules_options(options);
	actions_options.sets = options->rules.sets;
	return actions_file_load(&scene->actions, options->actions, &actions_options, scene->ruleset, &scene->diagnostics);
}

bool scene_meet_packets(struct scene *scene)
{
	struct run_options *options = scene->options;

	if (!open_packets(scene))
		return false;
	if (options->annotations &&
	    !annotation_file_open(&scene->annotations, options->annotations, scene->capture.source->link_type, &scene->filter_room,
				   &scene->diagnostics))
		return false;
	find_host(scene);
	/* Of a script every packet came in, or is the host's own. */
	if (!scene->script &&
	    !captured_on_find(&scene->captured_on, options, scene->ruleset, &scene->lookahead, &scene->diagnostics))
		return false;
	if (scene->lookahead.last_result == PACKET_SOURCE_ERROR && scene->lookahead.n_held == 0)
		diag_error_plain(&scene->diagnostics, "%s", text_string(&scene->capture.source->error));
	else
		open_filter(scene);
	return scene->diagnostics.n_errors == 0;
}

bool scene_open(struct scene *scene)
{
	return scene_load(scene) && scene_meet_packets(scene);
}

void scene_emit_run(const struct scene *scene, struct stream *stream)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	static const char *const names[2][TABLE_COUNT] = {
		{ "ipv4 raw", "ipv4 mangle", "ipv4 nat", "ipv4 filter", "ipv4 security" },
		{ "ipv6 raw", "ipv6 mangle", "ipv6 nat", "ipv6 filter", "ipv6 security" },
	};
	const char *tables[2 * TABLE_COUNT];
	int64_t origin = scene->capture.source->origin_ns;
	struct event event = { .kind = EVENT_RUN };
	size_t n_tables = 0;

	for (size_t f = 0; f < 2; f++)
		for (int table = 0; table < TABLE_COUNT; table++)
			if (ruleset_has_table(scene->ruleset, families[f], (enum table)table))
				tables[n_tables++] = names[f][table];
	event.run = (struct event_run){
		.origin_seconds = origin / VTIME_NS_PER_SECOND,
		.origin_ns = (uint32_t)(origin % VTIME_NS_PER_SECOND),
		.is_empty = scene->capture.source->n_packets == 0,
		.capture = scene->capture_names.len ? text_string(&scene->capture_names) : scene->options->capture,
		.host = text_string(&scene->host),
		.captured_on = scene->captured_on.words.len ? text_string(&scene->captured_on.words) : NULL,
		.tables = tables,
		.n_tables = n_tables,
	};
	stream_emit(stream, &event);
}

struct simulator *scene_create_simulator(const struct scene *scene, struct stream *stream)
{
	const struct run_options *options = scene->options;
	struct simulator_options simulator_options = {
		.ruleset = scene->ruleset,
		.topology = &options->topology,
		.annotations = options->annotations ? &scene->annotations.annotations : NULL,
		.vantage = &scene->captured_on.plan,
		.is_causal = options->is_causal,
		.stream = stream,
		.settings = options->settings,
		.limits = &options->limits,
		.snapshots = options->snapshots,
		.actions = {
			.actions = scene->actions.actions, .n_actions = scene->actions.n_actions,
			.topology = &scene->options->topology,
		},
		.track = options->track,
		.zero_counters = options->zero_counters,
		.counts_tries = options->counts_tries || stream_wants(stream, EVENT_FINDING),
		.origin_ns = scene->capture.source->origin_ns,
		.seed = options->seed,
		.hash_seed = options->hash_seed,
	};

	return simulator_create(&simulator_options);
}

void scene_visit_rules(const struct scene *scene, stream_listener *listener, void *owner)
{
	const struct run_options *options = scene->options;
	struct evaluation *evaluation =
		evaluation_create(scene->ruleset, options->settings.hz, options->seed, options->zero_counters);
	struct stream stream;

	stream_init(&stream);
	stream_add(&stream, EVENT_BIT(EVENT_COUNTER) | EVENT_BIT(EVENT_CHAIN), listener, owner);
	evaluation_emit_counters(evaluation, &stream);
	evaluation_destroy(evaluation);
}

const char *scene_interface(const struct scene *scene, const struct packet *packet, const struct sighting *sighting)
{
	const struct topology *topology = &scene->options->topology;
	struct routing routing;

	if (sighting->kind != SIGHTED_SENT)
		return sighting->in;
	routing_output(topology, packet, 0, &routing);
	return routing.interface ? routing.interface : topology_first_interface(topology);
}
