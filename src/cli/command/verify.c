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
#include "cli/kernel_show.h"
#include "cli/kernel_side.h"
#include "cli/our_side.h"
#include "cli/places.h"
#include "cli/verify_options.h"
#include "kernel/live.h"
#include "replay/outputs.h"

#ifdef HAVE_VERIFY

struct verify {
	struct verify_options options;
	struct diagnostics diagnostics;
	struct places places;
	struct stream kernel_stream;
	struct compare compare;
	struct kernel_side kernel;
	struct answers answers;		/* of --kernel-only --json; into the report */
	struct text error;
	struct text failures;		/* of the replay, told at the end */
	struct drawn_ports drawn;
	struct outputs outputs;		/* of --kernel-only */
	bool has_output_failed, has_listing_failed;
};

static struct ctreplay *replay_of(const struct verify *verify)
{
	return verify->options.play.replay;
}

static bool is_answering(const struct verify *verify)
{
	return verify_options_are_answering(&verify->options);
}

/* When the simulation lists its table, so does the kernel. */
static void list_both(struct verify *verify, const struct ctreplay_listing *listing)
{
	if (!verify->options.is_kernel_only)
		compare_begin_listing(&verify->compare, listing->label);
	if (!verify->has_listing_failed && !kernel_side_list(&verify->kernel, listing, &verify->compare, &verify->error))
		verify->has_listing_failed = true;
	if (!verify->options.is_kernel_only)
		our_side_take_listing(&verify->compare, listing);
}

/* Those that were made since `first`; how many there are. */
static size_t take_listings(struct verify *verify, size_t first)
{
	size_t n;
	const struct ctreplay_listing *listings = ctreplay_listings(replay_of(verify), &n);

	for (size_t i = first; i < n; i++)
		list_both(verify, &listings[i]);
	return n;
}

/* The sockets of this test have none. */
static bool has_rule_of_ports(const struct ctreplay_machine *machine, uint8_t family)
{
	for (size_t i = 0; i < machine->n_rules; i++) {
		const struct ctreplay_policy_rule *rule = &machine->rules[i];

		if (rule->family == family && (rule->protocol || rule->has_source_port || rule->has_destination_port))
			return true;
	}
	return false;
}

/* Both have replayed it. */
static void compare_both(struct verify *verify, struct packet *packet, bool is_own)
{
	struct ctreplay *replay = replay_of(verify);
	const struct ctreplay_account *account = ctreplay_account(replay);
	const char *hazard = kernel_side_hazard(&verify->kernel);
	bool is_drawn;

	our_side_take(&verify->compare, &verify->places, ctreplay_packet(replay), account);
	our_side_settle(ctreplay_packet(replay), packet);
	if (!hazard && is_own && has_rule_of_ports(ctreplay_machine(replay), packet->family))
		hazard = "the host's own: the sockets of this test have no ports, for which a policy rule asks";
	is_drawn = drawn_ports_note(&verify->drawn, packet, account->was_drawn);
	if (!hazard && is_drawn)
		hazard = "NAT drew a port at random";
	compare_end(&verify->compare, packet, hazard);
	compare_end_listing(&verify->compare);
}

/* The kernel is asked about the packet that waits, and then it is replayed. */
static bool replay_both(struct verify *verify, const struct ctreplay_arrival *arrival, struct packet *packet)
{
	struct account *account = is_answering(verify) ? &verify->answers.account : &verify->compare.sides[SIDE_KERNEL];
	bool is_own = arrival->way == CTREPLAY_WENT_OUT, is_compared = !verify->options.is_kernel_only && arrival->way != CTREPLAY_UNKNOWN_WAY;
	size_t n_listings;

	compare_begin(&verify->compare);
	n_listings = take_listings(verify, 0);
	our_side_take_before(&verify->compare, ctreplay_account(replay_of(verify)));
	compare_end_listing(&verify->compare);
	if (!kernel_side_ask(&verify->kernel, packet, arrival, account, &verify->error))
		return false;
	if (is_answering(verify))
		answers_end_packet(&verify->answers, packet, kernel_side_hazard(&verify->kernel));
	ctreplay_step(replay_of(verify));
	/* A listing behind the packet is compared behind it. */
	take_listings(verify, n_listings);
	if (is_compared)
		compare_both(verify, packet, is_own);
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
	struct ctreplay *replay = replay_of(verify);
	struct outputs *outputs = &verify->outputs;
	struct packet packet;
	bool is_ok = true;

	packet_init(&packet);
	while (is_ok && ctreplay_look(replay) == CTREPLAY_PACKET) {
		const struct ctreplay_arrival *arrival = ctreplay_arrival(replay);

		our_side_decode(arrival, ctreplay_link_type(replay), &packet);
		outputs->is_shown = arrival->is_shown;
		is_ok = replay_both(verify, arrival, &packet) && print_report(verify);
		if (verify->options.is_kernel_only) {
			outputs_flush(outputs);
			is_ok &= !outputs_have_failed(outputs);
		}
	}
	packet_clear(&packet);
	kernel_side_clear_progress(&verify->kernel);
	return is_ok;
}

/* What is wrong with the capture is told when all else is. */
static void finish_replay(struct verify *verify)
{
	struct ctreplay *replay = replay_of(verify);
	const struct ctreplay_message *messages;
	size_t n;

	if (!ctreplay_finish(replay)) {
		messages = ctreplay_messages(replay, &n);
		for (size_t i = 0; i < n; i++)
			if (messages[i].is_error)
				text_printf(&verify->failures, "ctreplay: error: %s\n", messages[i].text);
	}
	our_side_take_before(&verify->compare, ctreplay_account(replay));
	take_listings(verify, 0);
}

static bool finish(struct verify *verify)
{
	struct ctreplay *replay = replay_of(verify);
	struct tables_counters counters;
	bool is_ok;

	is_ok = kernel_side_read_counters(&verify->kernel, &counters, &verify->error);
	if (is_ok && is_answering(verify))
		answers_tell_counters(&verify->answers, &counters);
	if (is_ok)
		finish_replay(verify);
	if (is_ok && !verify->options.is_kernel_only)
		kernel_counters_compare(&counters, &verify->places, replay, &verify->compare);
	compare_end_listing(&verify->compare);
	is_ok = is_ok && !verify->has_listing_failed && kernel_side_end(&verify->kernel, &verify->error);
	if (is_ok && is_answering(verify)) {
		answers_end(&verify->answers);
		is_ok = print_report(verify);
	} else if (is_ok && verify->options.is_kernel_only) {
		kernel_show_counters(replay, &verify->places, &counters, &verify->kernel_stream);
		live_emit_summary(verify->kernel.live, ctreplay_summary(replay)->n_backwards);
	}
	tables_clear_counters(&counters);
	return is_ok;
}

/* Has some set elements that end in time? */
static bool has_aging_sets(const char *sets)
{
	bool is_creation = false;

	for (const char *line = sets; line && *line && !is_creation; line = strchr(line, '\n')) {
		const char *timeout;

		line += *line == '\n';
		timeout = strstr(line, " timeout ");
		is_creation = strncmp(line, "create ", 7) == 0 && timeout && !memchr(line, '\n', (size_t)(timeout - line));
	}
	return is_creation;
}

static bool is_without_events(const struct ctreplay_machine *machine)
{
	for (size_t i = 0; i < machine->n_settings; i++)
		if (strcmp(machine->settings[i].name, "net.netfilter.nf_conntrack_events") == 0)
			return machine->settings[i].value == 0;
	return false;
}

static void prepare_comparison(struct verify *verify)
{
	struct ctreplay *replay = replay_of(verify);
	struct compare *compare = &verify->compare;

	compare->is_json = verify->options.is_json;
	compare->clock.is_real_time = verify->options.is_real_time;
	compare->clock.has_aging_sets = has_aging_sets(ctreplay_loaded(replay, "ipset"));
	compare->ignores_events = is_without_events(ctreplay_machine(replay));
	if (verify->options.shows_all)
		compare->n_most = SIZE_MAX;
	for (size_t i = 0; i < verify->places.n; i++)
		if (verify->places.places[i].number)
			compare_clock_hear_rule(&compare->clock, &verify->places.places[i]);
	stream_add(&verify->kernel_stream, compare_kinds(), compare_hear_kernel, compare);
}

/* Another kernel than the one that is simulated is asked at one's own risk. */
static void check_version(const struct verify *verify)
{
	const char *version = ctreplay_machine(replay_of(verify))->kernel;
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
	struct outputs *outputs = &verify->outputs;
	bool is_complete;

	if (!kernel_show_open(outputs, &verify->options.shown, replay_of(verify), &verify->kernel_stream, &verify->diagnostics)) {
		cli_report(&verify->diagnostics);
		return outputs->has_failed_to_open ? EXIT_SYSTEM : EXIT_BAD_INPUT;
	}
	is_complete = replay_all(verify) && finish(verify);
	if (!outputs_close(outputs, is_complete, &verify->diagnostics)) {
		cli_report(&verify->diagnostics);
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

	if (!kernel_side_open(&verify->kernel, &verify->options, &verify->places, &verify->kernel_stream, &verify->error))
		return fail(verify);
	if (!verify->options.is_kernel_only)
		prepare_comparison(verify);
	if (is_answering(verify))
		code = answer(verify);
	else
		code = verify->options.is_kernel_only ? show_kernel(verify) : judge(verify);
	if (code == EXIT_SYSTEM || !verify->failures.len)
		return code;
	fputs(text_string(&verify->failures), stderr);
	return EXIT_BAD_INPUT;
}

static bool asks_for_set(const struct rule_place *rule)
{
	return strstr(rule->text, "-m set ") || strcmp(rule->target, "SET") == 0;
}

/* The simulator can do without knowing what sets hold; a kernel takes no rule with a set that is not there. */
static bool has_sets(struct verify *verify)
{
	if (ctreplay_loaded(replay_of(verify), "ipset"))
		return true;
	for (size_t i = 0; i < verify->places.n; i++) {
		const struct rule_place *rule = &verify->places.places[i];

		if (!asks_for_set(rule))
			continue;
		diag_error_plain(&verify->diagnostics, "%s:%u: this rule asks for a set: --ipset FILE says what it holds (ipset save)",
				 rule->file, (unsigned)rule->line);
		return false;
	}
	return true;
}

/* What is asked of the replay, besides what the user asks for. */
static bool set_replay(struct verify *verify)
{
	const struct verify_options *options = &verify->options;
	struct ctreplay *replay = replay_of(verify);
	bool is_compared = !options->is_kernel_only;

	/* The last listing is always compared, here or by whoever asks. */
	if ((is_compared || is_answering(verify) || verify_options_list_at_end(options)) && !ctreplay_set(replay, "snapshot", "end"))
		return false;
	return (!is_compared || ctreplay_set(replay, "zero", NULL)) && ctreplay_keep_account(replay);
}

static enum exit_code check_and_ask(struct verify *verify)
{
	bool is_open;

	if (!verify_options_check(&verify->options, &verify->diagnostics))
		return cli_report(&verify->diagnostics);
	is_open = set_replay(verify) && play_open(&verify->options.play, NULL);
	play_report(&verify->options.play);
	if (!is_open)
		return EXIT_BAD_INPUT;
	places_fill(&verify->places, replay_of(verify));
	if (!has_sets(verify))
		return cli_report(&verify->diagnostics);
	return ask_kernel(verify);
}

static enum exit_code run_verify(const struct command *command, int argc, char **argv)
{
	struct verify verify = { .options = { .argc = argc, .argv = argv } };
	enum exit_code code;

	play_init(&verify.options.play);
	run_options_init(&verify.options.shown);
	diag_init(&verify.diagnostics);
	compare_init(&verify.compare);
	answers_init(&verify.answers, &verify.compare.report);
	stream_init(&verify.kernel_stream);
	text_init(&verify.error);
	text_init(&verify.failures);
	if (play_begin(command, argc, argv, &verify.options.play, &code))
		code = check_and_ask(&verify);
	kernel_side_close(&verify.kernel);
	answers_clear(&verify.answers);
	compare_clear(&verify.compare);
	drawn_ports_clear(&verify.drawn);
	places_clear(&verify.places);
	run_options_clear(&verify.options.shown);
	play_clear(&verify.options.play);
	diag_clear(&verify.diagnostics);
	text_clear(&verify.error);
	text_clear(&verify.failures);
	return code;
}

#else

static enum exit_code run_verify(const struct command *command, int argc, char **argv)
{
	if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
		return cli_print_help(command);
	cli_complain("verify was not built in: it asks the kernel of Linux, and is built there, with libmnl (Debian: libmnl-dev)");
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
