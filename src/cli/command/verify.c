/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ctreplay verify: the same packets through the running kernel, in a network namespace of
 * our own, and what both say compared packet by packet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/answers.h"
#include "cli/cli.h"
#include "cli/compare.h"
#include "cli/drawn_ports.h"
#include "cli/kernel_counters.h"
#include "cli/kernel_side.h"
#include "cli/terminal.h"
#include "cli/verify_options.h"
#include "host/simulator.h"
#include "kernel/live.h"
#include "packet/decode.h"
#include "replay/outputs.h"
#include "replay/scene.h"

#ifdef HAVE_VERIFY

struct verify {
	struct verify_options options;
	struct scene scene;
	struct stream kernel_stream, our_stream;
	struct outputs outputs;
	struct compare compare;
	struct kernel_side kernel;
	struct answers answers;		/* of --kernel-only --json; into the report */
	struct simulator *simulator;	/* with --kernel-only nobody hears it: it tells what each frame is */
	struct text error;
	struct drawn_ports drawn;
	bool has_output_failed, has_listing_failed;
};

static bool is_answering(const struct verify *verify)
{
	return verify_options_are_answering(&verify->options);
}

/* When the simulator lists its table, so does the kernel. */
static void hear_listing(void *owner, const struct event *event)
{
	struct verify *verify = owner;

	if (!verify->options.is_kernel_only)
		compare_begin_listing(&verify->compare, event->snapshot.label);
	if (!verify->has_listing_failed && !kernel_side_list(&verify->kernel, event, &verify->compare, &verify->error))
		verify->has_listing_failed = true;
}

static void replay_ours(struct verify *verify, struct packet *packet, struct sighting *sighting)
{
	const struct topology *topology = &verify->options.run.topology;
	uint64_t n_drawn = simulator_n_drawn(verify->simulator);
	const char *hazard;
	bool is_drawn;

	simulator_replay_sighted(verify->simulator, packet, sighting);
	if (verify->options.is_kernel_only || kernel_side_passes_over(sighting))
		return;
	hazard = kernel_side_hazard(&verify->kernel);
	if (!hazard && sighting->kind == SIGHTED_SENT && topology->has_layer4_rules[packet->family == FAMILY_IPV6])
		hazard = "the host's own: the sockets of this test have no ports, for which a policy rule asks";
	is_drawn = drawn_ports_note(&verify->drawn, packet, simulator_n_drawn(verify->simulator) > n_drawn);
	if (!hazard && is_drawn)
		hazard = "NAT drew a port at random";
	compare_end(&verify->compare, packet, hazard);
	compare_end_listing(&verify->compare);
}

static bool replay_both(struct verify *verify, struct packet *packet)
{
	struct account *account = is_answering(verify) ? &verify->answers.account : &verify->compare.sides[SIDE_KERNEL];
	struct sighting sighting;

	compare_begin(&verify->compare);
	simulator_sight(verify->simulator, packet, &sighting);
	compare_end_listing(&verify->compare);
	if (!kernel_side_ask(&verify->kernel, packet, &sighting, account, &verify->error))
		return false;
	if (is_answering(verify))
		answers_end_packet(&verify->answers, packet, kernel_side_hazard(&verify->kernel));
	replay_ours(verify, packet, &sighting);
	return !verify->has_listing_failed;
}

/* False when nobody can read it any more. */
static bool print_report(struct verify *verify)
{
	bool is_ok = true;

	if (verify->compare.report.len) {
		kernel_side_clear_progress(&verify->kernel);
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
	kernel_side_clear_progress(&verify->kernel);
	return is_ok;
}

static bool finish(struct verify *verify)
{
	uint64_t n_backwards = verify->scene.capture.source->n_backwards;
	struct kernel_counters_patch patch = { .stream = &verify->kernel_stream };
	struct kernel_counters_check check = { .compare = &verify->compare };
	struct tables_counters counters;
	bool is_ok;

	patch.counters = check.counters = &counters;
	is_ok = kernel_side_read_counters(&verify->kernel, &counters, &verify->error);
	if (is_ok && is_answering(verify))
		answers_tell_counters(&verify->answers, &counters);
	if (is_ok && !verify->options.is_kernel_only)
		stream_add(&verify->our_stream, EVENT_BIT(EVENT_COUNTER), kernel_counters_compare, &check);
	if (is_ok)
		simulator_finish(verify->simulator, n_backwards);
	compare_end_listing(&verify->compare);
	is_ok = is_ok && !verify->has_listing_failed && kernel_side_end(&verify->kernel, &verify->error);
	if (is_ok && is_answering(verify)) {
		answers_end(&verify->answers);
		is_ok = print_report(verify);
	} else if (is_ok && verify->options.is_kernel_only) {
		scene_visit_rules(&verify->scene, kernel_counters_emit, &patch);
		live_emit_summary(verify->kernel.live, n_backwards);
	}
	tables_clear_counters(&counters);
	return is_ok;
}

static void listen_to_both(struct verify *verify)
{
	struct run_options *run = &verify->options.run;

	run->zero_counters = true;
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

/* Another kernel than the one that is simulated is asked at one's own risk. */
static void check_version(const struct verify *verify)
{
	const char *version = profile_name(verify->options.run.settings.profile);
	struct text kernel, wanted;

	text_init(&kernel);
	text_init(&wanted);
	kernel_side_print(&verify->kernel, &kernel);
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
	kernel_side_print(&verify->kernel, &name);
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
	struct ctreplay_screen terminal = terminal_screen();
	struct screen screen = { terminal.file, terminal.has_color, terminal.columns, "text" };
	bool is_complete;

	if (!outputs_open(&verify->outputs, &verify->options.run, &screen, &verify->kernel_stream, &verify->scene.diagnostics)) {
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
	kernel_side_print(&verify->kernel, &name);
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

static enum exit_code ask_kernel(struct verify *verify)
{
	enum exit_code code;

	if (!kernel_side_open(&verify->kernel, &verify->options, &verify->scene, &verify->kernel_stream, &verify->error))
		return fail(verify);
	stream_add(&verify->our_stream, EVENT_BIT(EVENT_SNAPSHOT), hear_listing, verify);
	if (!verify->options.is_kernel_only)
		listen_to_both(verify);
	/* The last listing is always compared, here or by whoever asks. */
	verify->options.run.snapshots.at_end |= !verify->options.is_kernel_only || is_answering(verify);
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

struct set_user {
	const struct rule_place *rule;	/* the first that asks for a set, or changes one; NULL: none */
};

static void find_set_user(void *owner, const struct event *event)
{
	struct set_user *user = owner;

	if (event->kind != EVENT_COUNTER || user->rule)
		return;
	if (strstr(event->counter.rule->text, "-m set ") || strcmp(event->counter.rule->target, "SET") == 0)
		user->rule = event->counter.rule;
}

/* The simulator can do without knowing what sets hold; a kernel takes no rule with a set that is not there. */
static bool has_sets(struct verify *verify)
{
	struct set_user user = { .rule = NULL };

	if (verify->options.run.rules.sets)
		return true;
	scene_visit_rules(&verify->scene, find_set_user, &user);
	if (user.rule)
		diag_error_plain(&verify->scene.diagnostics, "%s:%u: this rule asks for a set: --ipset FILE says what it holds (ipset save)",
				 user.rule->file, (unsigned)user.rule->line);
	return !user.rule;
}

static enum exit_code check_and_ask(struct verify *verify)
{
	if (!verify_options_check(&verify->options, &verify->scene.diagnostics) || !scene_open(&verify->scene) || !has_sets(verify))
		return cli_report(&verify->scene.diagnostics);
	cli_report(&verify->scene.diagnostics);
	diag_clear(&verify->scene.diagnostics);
	return ask_kernel(verify);
}

static enum exit_code run_verify(const struct command *command, int argc, char **argv)
{
	struct verify verify = { .options = { .argc = argc, .argv = argv } };
	enum exit_code code;
	bool wants_help;

	run_options_init(&verify.options.run);
	scene_init(&verify.scene, &verify.options.run);
	compare_init(&verify.compare);
	answers_init(&verify.answers, &verify.compare.report);
	stream_init(&verify.kernel_stream);
	stream_init(&verify.our_stream);
	text_init(&verify.error);
	if (!cli_options_parse(command->options, argc, argv, &verify.options, &wants_help, &verify.scene.diagnostics))
		code = cli_report(&verify.scene.diagnostics);
	else if (wants_help)
		code = cli_print_help(command);
	else
		code = check_and_ask(&verify);
	simulator_destroy(verify.simulator);
	kernel_side_close(&verify.kernel);
	answers_clear(&verify.answers);
	compare_clear(&verify.compare);
	drawn_ports_clear(&verify.drawn);
	scene_clear(&verify.scene);
	run_options_clear(&verify.options.run);
	text_clear(&verify.error);
	return code;
}

#else

static enum exit_code run_verify(const struct command *command, int argc, char **argv)
{
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return cli_print_help(command);
	cli_complain("verify was not built in: it asks the kernel of Linux, through libmnl (Debian: libmnl-dev)");
	return EXIT_SYSTEM;
}

#endif

const struct command command_verify = {
	.name = "verify",
	.synopsis = "-r CAPTURE RULES...",
	.summary = "does the running kernel agree, packet by packet",
	.options = &verify_option_table,
	.run = run_verify,
};
