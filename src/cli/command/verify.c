/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ctreplay verify: the same packets through the running kernel, in a network namespace of
 * our own, and what both say compared packet by packet.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/answers.h"
#include "cli/cli.h"
#include "cli/compare.h"
#include "cli/drawn_ports.h"
#include "cli/kernel_counters.h"
#include "cli/outputs.h"
#include "cli/plan.h"
#include "cli/remote.h"
#include "cli/run_options.h"
#include "cli/scene.h"
#include "host/simulator.h"
#include "kernel/live.h"
#include "packet/decode.h"
#include "rules/eval.h"

struct verify_options {
	struct run_options run;		/* first: its options store into it */
	enum tables_backend backend;
	bool is_json, is_kernel_only, is_real_time, shows_all;
	const char *kernel_command;	/* NULL: the kernel that runs here */
	int argc;
	char **argv;			/* the command's own */
};

struct verify {
	struct verify_options options;
	struct scene scene;
	struct stream kernel_stream, our_stream;
	struct outputs outputs;
	struct compare compare;
	struct live *live;		/* NULL when another kernel is asked */
	struct remote *remote;		/* or NULL */
	struct answers answers;		/* of --kernel-only --json; into the report */
	struct simulator *simulator;	/* with --kernel-only nobody hears it: it tells what each frame is */
	struct text error;
	struct drawn_ports drawn;
	bool has_progress, has_output_failed;
};

static bool store_backend(void *target, const char *value, struct diagnostics *diagnostics)
{
	struct verify_options *options = target;

	if (strcmp(value, "legacy") == 0)
		options->backend = TABLES_LEGACY;
	else if (strcmp(value, "nft") == 0)
		options->backend = TABLES_NFT;
	else {
		diag_error_plain(diagnostics, "--backend '%s': expected legacy or nft", value);
		return false;
	}
	return true;
}

static bool store_json(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct verify_options *)target)->is_json = true;
	return true;
}

static bool store_kernel_only(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct verify_options *)target)->is_kernel_only = true;
	return true;
}

static bool store_kernel_command(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)diagnostics;
	((struct verify_options *)target)->kernel_command = value;
	return true;
}

static bool store_real_time(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct verify_options *)target)->is_real_time = true;
	return true;
}

static bool store_all(void *target, const char *value, struct diagnostics *diagnostics)
{
	(void)value;
	(void)diagnostics;
	((struct verify_options *)target)->shows_all = true;
	return true;
}

static const struct cli_option own_options[] = {
	{ "backend", 0, "legacy|nft", "which iptables loads the rules (legacy)", store_backend },
	{ "kernel-only", 0, NULL, "show what the kernel says; --out works as in `run`", store_kernel_only },
	{ "kernel-command", 0, "COMMAND", "ask another kernel: COMMAND runs its arguments there", store_kernel_command },
	{ "json", 0, NULL, "differences and the result as JSON lines; with --kernel-only the kernel's answers", store_json },
	{ "real-time", 0, NULL, "wait as long as the capture took: for rules that read the kernel's clock", store_real_time },
	{ "all", 0, NULL, "every difference, not only the first 20 packets'", store_all },
};

/* Is this the half of --kernel-command that asks? */
static bool is_answering(const struct verify *verify)
{
	return verify->options.is_kernel_only && verify->options.is_json;
}

enum { N_OWN_OPTIONS = sizeof(own_options) / sizeof(own_options[0]) };

static const struct rule_place *find_place(const void *ruleset, enum family family, const char *table, const char *chain,
					   uint32_t number)
{
	return ruleset_find_place(ruleset, family, table, chain, number);
}

/* A line on the terminal while nothing else moves. */
static void tell_wait(void *owner, struct vtime left)
{
	struct verify *verify = owner;

	verify->has_progress = true;
	fprintf(stderr, "\rwaiting for the kernel's clock: %lld s ", (long long)(left.ns / VTIME_NS_PER_SECOND) + 1);
}

static void clear_progress(struct verify *verify)
{
	if (verify->has_progress)
		fputs("\r                                             \r", stderr);
	verify->has_progress = false;
}

static bool has_ethernet(int link_type)
{
	return link_type != DLT_RAW && link_type != DLT_NULL && link_type != DLT_LOOP && link_type != DLT_IPV4 &&
	       link_type != DLT_IPV6;
}

/* As they are before the first packet. */
static void print_sets(const struct ipsets *sets, struct text *out)
{
	static const struct vtime start = { .ns = 0 };
	struct ipsets_position position = { .set = 0 };

	while (sets && ipsets_next_line(sets, &position, start, out))
		text_append_char(out, '\n');
	ipsets_end(&position);
}

static bool open_live(struct verify *verify)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	const struct run_options *run = &verify->options.run;
	const struct ruleset *ruleset = verify->scene.ruleset;
	struct plan plan;
	struct live_options options = {
		.plan = &plan.netns,
		.backend = verify->options.backend,
		.find_place = find_place,
		.ruleset = ruleset,
		.stream = &verify->kernel_stream,
		.hz = run->settings.hz,
		.sees_tracking = run->track == TRACK_ALWAYS || ruleset_needs_tracking(ruleset, FAMILY_IPV4) ||
				 ruleset_needs_tracking(ruleset, FAMILY_IPV6),
		.has_timestamps = run->settings.timestamp != 0,
		.has_counters = run->settings.acct != 0 || ruleset_has_match(ruleset, "connbytes"),
		.is_real_time = verify->options.is_real_time,
		/* Linux 6.18, __nf_conncount_add(): closed connections are counted out once a tick. */
		.is_ticked = ruleset_has_match(ruleset, "connlimit"),
		.tell_wait = isatty(STDERR_FILENO) ? tell_wait : NULL,
		.owner = verify,
	};
	struct text rules[2], sets;

	text_init(&sets);
	print_sets(run->rules.sets, &sets);
	options.sets = run->rules.sets ? text_string(&sets) : NULL;
	for (size_t i = 0; i < 2; i++) {
		text_init(&rules[i]);
		ruleset_print(ruleset, families[i], false, &rules[i]);
		options.rules[i] = ruleset_has_family(ruleset, families[i]) ? text_string(&rules[i]) : NULL;
	}
	plan_init(&plan, &run->topology, &run->settings);
	plan.netns.is_ethernet = has_ethernet(verify->scene.capture.source->link_type);
	verify->live = live_open(&options, &verify->error);
	plan_clear(&plan);
	text_clear(&sets);
	text_clear(&rules[0]);
	text_clear(&rules[1]);
	if (verify->live && *live_refused(verify->live))
		cli_complain("not set in the namespace: %s", live_refused(verify->live));
	return verify->live != NULL;
}

/* A copy of another packet, or one that is left out, goes through neither kernel nor simulation. */
static bool is_passed_over(const struct sighting *sighting)
{
	return sighting->is_left_out || sighting->kind == SIGHTED_LEAVING || sighting->kind == SIGHTED_AGAIN;
}

static void note_entries(const uint64_t *entries, struct compare_facts *facts)
{
	for (size_t i = 0; i < LIVE_N_ENTRIES; i++)
		compare_facts_touch(facts, entries[i]);
}

/* What the kernel says of a packet, here or elsewhere. */
static bool ask(struct verify *verify, const struct packet *packet, const struct sighting *sighting)
{
	if (verify->remote)
		return remote_packet(verify->remote, packet->number, &verify->compare, &verify->error);
	if (is_passed_over(sighting))
		return true;
	if (!live_packet(verify->live, packet, sighting->kind == SIGHTED_SENT,
			 scene_interface(&verify->scene, packet, sighting), &verify->error))
		return false;
	note_entries(live_entries(verify->live), is_answering(verify) ? &verify->answers.facts : &verify->compare.sides[SIDE_KERNEL]);
	return true;
}

static void replay_ours(struct verify *verify, struct packet *packet, struct sighting *sighting)
{
	uint64_t n_drawn = simulator_n_drawn(verify->simulator);
	const char *hazard;
	bool is_drawn;

	simulator_replay_sighted(verify->simulator, packet, sighting);
	if (verify->options.is_kernel_only || is_passed_over(sighting))
		return;
	hazard = verify->remote ? remote_hazard(verify->remote) : live_hazard(verify->live);
	is_drawn = drawn_ports_note(&verify->drawn, packet, simulator_n_drawn(verify->simulator) > n_drawn);
	if (!hazard && is_drawn)
		hazard = "NAT drew a port at random";
	compare_end(&verify->compare, packet, hazard);
}

static bool replay_both(struct verify *verify, struct packet *packet)
{
	struct sighting sighting;

	compare_begin(&verify->compare);
	simulator_sight(verify->simulator, packet, &sighting);
	if (!ask(verify, packet, &sighting))
		return false;
	if (is_answering(verify))
		answers_end_packet(&verify->answers, packet, live_hazard(verify->live));
	replay_ours(verify, packet, &sighting);
	return true;
}

/* False when nobody can read it any more. */
static bool print_report(struct verify *verify)
{
	bool is_ok = true;

	if (verify->compare.report.len) {
		clear_progress(verify);
		is_ok = cli_print(&verify->compare.report) == EXIT_DONE;
		text_reset(&verify->compare.report);
	}
	verify->has_output_failed |= !is_ok;
	return is_ok;
}

static bool replay_all(struct verify *verify)
{
	struct packet packet;
	bool is_ok = true;

	packet_init(&packet);
	while (is_ok && lookahead_next(&verify->scene.lookahead, &packet) == PACKET_SOURCE_PACKET) {
		decode_frame(&packet, verify->scene.capture.source->link_type);
		verify->outputs.is_shown = !verify->scene.filter || filter_is_passed(verify->scene.filter, &packet);
		is_ok = replay_both(verify, &packet) && print_report(verify);
		if (verify->options.is_kernel_only) {
			outputs_flush(&verify->outputs);
			is_ok &= !outputs_have_failed(&verify->outputs);
		}
	}
	packet_clear(&packet);
	clear_progress(verify);
	return is_ok;
}

/* The kernel's counters and its table. */
static bool ask_end(struct verify *verify, struct tables_counters *counters)
{
	bool wants_table = !verify->options.is_kernel_only || is_answering(verify) || verify->options.run.snapshots.at_end;

	if (verify->remote)
		return remote_finish(verify->remote, &verify->compare, counters, &verify->error);
	if (!live_read_counters(verify->live, counters, &verify->error))
		return false;
	return !wants_table || (live_emit_table(verify->live, "at the end", &verify->error) && live_emit_sets(verify->live, &verify->error));
}

static bool finish(struct verify *verify)
{
	const struct packet_source *source = verify->scene.capture.source;
	struct kernel_counters_patch patch = { .stream = &verify->kernel_stream };
	struct kernel_counters_check check = { .compare = &verify->compare };
	struct tables_counters counters;
	bool is_ok;

	patch.counters = check.counters = &counters;
	is_ok = ask_end(verify, &counters);
	if (is_ok && !verify->options.is_kernel_only) {
		stream_add(&verify->our_stream, EVENT_BIT(EVENT_COUNTER), kernel_counters_compare, &check);
		simulator_finish(verify->simulator, source->n_backwards);
		compare_tables(&verify->compare);
	} else if (is_ok && is_answering(verify)) {
		answers_end(&verify->answers, &counters);
		is_ok = print_report(verify);
	} else if (is_ok) {
		scene_visit_rules(&verify->scene, kernel_counters_emit, &patch);
		live_emit_summary(verify->live, source->n_backwards);
	}
	tables_clear_counters(&counters);
	return is_ok;
}

static void listen_to_both(struct verify *verify)
{
	struct run_options *run = &verify->options.run;

	run->zero_counters = true;
	/* One listing of ours, for one of the kernel's. */
	run->snapshots.after_each = false;
	run->snapshots.every.ns = 0;
	run->snapshots.n_at = run->snapshots.n_after_packets = 0;
	run->snapshots.at_end = true;
	verify->compare.is_json = verify->options.is_json;
	verify->compare.clock.is_real_time = verify->options.is_real_time;
	verify->compare.clock.has_aging_sets = ipsets_have_timeouts(verify->options.run.rules.sets);
	verify->compare.ignores_events = run->settings.events == 0;
	if (verify->options.shows_all)
		verify->compare.n_most = SIZE_MAX;
	scene_visit_rules(&verify->scene, compare_hear_rule, &verify->compare);
	stream_add(&verify->kernel_stream, compare_kinds(&verify->compare), compare_hear_kernel, &verify->compare);
	stream_add(&verify->our_stream, compare_kinds(&verify->compare), compare_hear_ours, &verify->compare);
}

/* "Linux 6.18.44 (iptables legacy)" */
static void print_kernel(const struct verify *verify, struct text *out)
{
	struct utsname kernel = { .release = "" };

	if (verify->remote) {
		text_append(out, remote_kernel(verify->remote));
		return;
	}
	uname(&kernel);
	text_printf(out, "Linux %s (iptables %s)", kernel.release,
		    verify->options.backend == TABLES_LEGACY ? "legacy" : "nft");
}

/* Another kernel than the one that is simulated is asked at one's own risk. */
static void check_version(const struct verify *verify)
{
	const char *version = profile_name(verify->options.run.settings.profile);
	struct text kernel, wanted;

	text_init(&kernel);
	text_init(&wanted);
	print_kernel(verify, &kernel);
	text_printf(&wanted, "Linux %s.", version);
	if (strncmp(text_string(&kernel), text_string(&wanted), wanted.len) != 0)
		cli_complain("verify: Linux %s is simulated (--kernel), and the one that is asked is %s", version, text_string(&kernel));
	text_clear(&kernel);
	text_clear(&wanted);
}

static enum exit_code report_result(struct verify *verify)
{
	struct text name;
	enum compare_result result;

	text_init(&name);
	print_kernel(verify, &name);
	result = compare_finish(&verify->compare, text_string(&name));
	text_clear(&name);
	if (!print_report(verify))
		return EXIT_SYSTEM;
	return result == COMPARE_ALIKE ? EXIT_DONE : result == COMPARE_DIFFERENT ? EXIT_DIFFERENT : EXIT_SYSTEM;
}

static enum exit_code fail(struct verify *verify)
{
	if (verify->has_output_failed)
		return EXIT_SYSTEM;	/* said already */
	cli_complain("verify: the kernel could not be asked: %s", text_string(&verify->error));
	return EXIT_SYSTEM;
}

/* The kernel alone: its events go to the sinks. */
static enum exit_code show_kernel(struct verify *verify)
{
	bool is_complete;

	if (!outputs_open(&verify->outputs, &verify->options.run, &verify->kernel_stream, &verify->scene.diagnostics)) {
		cli_report(&verify->scene.diagnostics);
		return verify->outputs.has_failed_to_open ? EXIT_SYSTEM : EXIT_BAD_INPUT;
	}
	scene_emit_run(&verify->scene, &verify->kernel_stream);
	is_complete = replay_all(verify) && finish(verify);
	if (!outputs_close(&verify->outputs, is_complete, &verify->scene.diagnostics)) {
		cli_report(&verify->scene.diagnostics);
		return EXIT_SYSTEM;
	}
	return is_complete ? EXIT_DONE : fail(verify);
}

/* The kernel alone, for `verify --kernel-command` to read. */
static enum exit_code answer(struct verify *verify)
{
	struct text name;

	text_init(&name);
	print_kernel(verify, &name);
	answers_begin(&verify->answers, text_string(&name));
	text_clear(&name);
	stream_add(&verify->kernel_stream, answers_kinds(), answers_hear, &verify->answers);
	return print_report(verify) && replay_all(verify) && finish(verify) ? EXIT_DONE : fail(verify);
}

static enum exit_code judge(struct verify *verify)
{
	check_version(verify);
	return replay_all(verify) && finish(verify) ? report_result(verify) : fail(verify);
}

static bool open_kernel(struct verify *verify)
{
	const struct verify_options *options = &verify->options;

	if (!options->kernel_command)
		return open_live(verify);
	verify->remote = remote_open(options->kernel_command, options->argc, options->argv, &verify->error);
	return verify->remote != NULL;
}

static enum exit_code ask_kernel(struct verify *verify)
{
	enum exit_code code;

	if (!open_kernel(verify))
		return fail(verify);
	if (!verify->options.is_kernel_only)
		listen_to_both(verify);
	verify->simulator = scene_create_simulator(&verify->scene, &verify->our_stream);
	if (is_answering(verify))
		code = answer(verify);
	else
		code = verify->options.is_kernel_only ? show_kernel(verify) : judge(verify);
	if (code == EXIT_SYSTEM || verify->scene.lookahead.last_result != PACKET_SOURCE_ERROR)
		return code;
	diag_error_plain(&verify->scene.diagnostics, "%s", text_string(&verify->scene.capture.source->error));
	return cli_report(&verify->scene.diagnostics);
}

static enum exit_code check_and_ask(struct verify *verify)
{
	struct verify_options *options = &verify->options;

	if (options->run.n_outs && !options->is_kernel_only)
		diag_error_plain(&verify->scene.diagnostics, "--out goes with --kernel-only: it shows what the kernel says");
	if (options->run.n_outs && is_answering(verify))
		diag_error_plain(&verify->scene.diagnostics, "--kernel-only shows either --out or --json");
	if (options->kernel_command && options->is_kernel_only)
		diag_error_plain(&verify->scene.diagnostics, "--kernel-only shows what the kernel says that runs here: no --kernel-command");
	if (options->kernel_command && options->run.capture && strcmp(options->run.capture, "-") == 0)
		diag_error_plain(&verify->scene.diagnostics, "--kernel-command: both need the capture, so it cannot be standard input");
	if (verify->scene.diagnostics.n_errors || !scene_open(&verify->scene))
		return cli_report(&verify->scene.diagnostics);
	cli_report(&verify->scene.diagnostics);
	diag_clear(&verify->scene.diagnostics);
	return ask_kernel(verify);
}

enum exit_code command_verify(const struct command *command, int argc, char **argv)
{
	struct verify verify = { .options = { .argc = argc, .argv = argv } };
	struct cli_option_table table;
	enum exit_code code;
	bool wants_help;

	cli_options_join(own_options, N_OWN_OPTIONS, &run_option_table, &table);
	run_options_init(&verify.options.run);
	scene_init(&verify.scene, &verify.options.run);
	compare_init(&verify.compare);
	answers_init(&verify.answers, &verify.compare.report);
	stream_init(&verify.kernel_stream);
	stream_init(&verify.our_stream);
	text_init(&verify.error);
	if (!cli_options_parse(&table, argc, argv, &verify.options, &wants_help, &verify.scene.diagnostics))
		code = cli_report(&verify.scene.diagnostics);
	else if (wants_help)
		code = cli_print_help(command, &table);
	else
		code = check_and_ask(&verify);
	simulator_destroy(verify.simulator);
	live_close(verify.live);
	remote_close(verify.remote);
	answers_clear(&verify.answers);
	compare_clear(&verify.compare);
	drawn_ports_clear(&verify.drawn);
	scene_clear(&verify.scene);
	run_options_clear(&verify.options.run);
	text_clear(&verify.error);
	free((void *)table.options);
	return code;
}
