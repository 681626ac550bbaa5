/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/kernel_side.h"

#include <pcap/pcap.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/plan.h"
#include "cli/remote.h"
#include "kernel/live.h"

static const struct rule_place *find_place(const void *ruleset, enum family family, const char *table, const char *chain,
					   uint32_t number)
{
	return ruleset_find_place(ruleset, family, table, chain, number);
}

/* A line on the terminal while nothing else moves. */
static void tell_wait(void *owner, struct vtime left)
{
	struct kernel_side *side = owner;

	side->has_progress = true;
	fprintf(stderr, "\rwaiting for the kernel's clock: %lld s ", (long long)(left.ns / VTIME_NS_PER_SECOND) + 1);
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

static bool open_live(struct kernel_side *side, struct stream *stream, struct text *error)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	const struct run_options *run = &side->options->run;
	const struct ruleset *ruleset = side->scene->ruleset;
	struct plan plan;
	struct live_options options = {
		.plan = &plan.netns,
		.backend = side->options->backend,
		.find_place = find_place,
		.ruleset = ruleset,
		.stream = stream,
		.hz = run->settings.hz,
		.has_timestamps = run->settings.timestamp != 0,
		.tracks_dccp = profile_value(run->settings.profile, PROFILE_TRACKS_DCCP),
		.has_counters = run->settings.acct != 0 || ruleset_has_match(ruleset, "connbytes"),
		.is_real_time = side->options->is_real_time,
		/* Linux 6.18, __nf_conncount_add(): closed connections are counted out once a tick. */
		.is_ticked = ruleset_has_match(ruleset, "connlimit"),
		.tell_wait = isatty(STDERR_FILENO) ? tell_wait : NULL,
		.owner = side,
	};
	struct text rules[2], sets;

	if (!plan_is_possible(&run->topology, error))
		return false;
	text_init(&sets);
	print_sets(run->rules.sets, &sets);
	options.sets = run->rules.sets ? text_string(&sets) : NULL;
	options.policies = run->policies.path ? run->policies.source.text : NULL;
	for (size_t i = 0; i < 2; i++) {
		text_init(&rules[i]);
		ruleset_print_as_loaded(ruleset, families[i], &rules[i]);
		options.rules[i] = ruleset_has_family(ruleset, families[i]) ? text_string(&rules[i]) : NULL;
		options.sees_tracking[i] = run->track == TRACK_ALWAYS || ruleset_needs_tracking(ruleset, families[i]);
	}
	plan_init(&plan, &run->topology, &run->settings);
	plan.netns.is_ethernet = has_ethernet(side->scene->capture.source->link_type);
	side->live = live_open(&options, error);
	plan_clear(&plan);
	text_clear(&sets);
	text_clear(&rules[0]);
	text_clear(&rules[1]);
	return side->live != NULL;
}

bool kernel_side_open(struct kernel_side *side, const struct verify_options *options, struct scene *scene, struct stream *stream,
		      struct text *error)
{
	*side = (struct kernel_side){ .options = options, .scene = scene };
	if (!options->kernel_command)
		return open_live(side, stream, error);
	side->remote = remote_open(options->kernel_command, options->argc, options->argv, error);
	return side->remote != NULL;
}

void kernel_side_close(struct kernel_side *side)
{
	live_close(side->live);
	remote_close(side->remote);
}

void kernel_side_print(const struct kernel_side *side, struct text *out)
{
	struct utsname kernel = { .release = "" };

	if (side->remote) {
		text_append(out, remote_kernel(side->remote));
		return;
	}
	uname(&kernel);
	text_printf(out, "Linux %s (iptables %s)", kernel.release, side->options->backend == TABLES_LEGACY ? "legacy" : "nft");
}

bool kernel_side_passes_over(const struct sighting *sighting)
{
	return sighting->is_left_out || sighting_is_passed_over(sighting->kind);
}

bool kernel_side_ask(struct kernel_side *side, const struct packet *packet, const struct sighting *sighting,
		     struct account *account, struct text *error)
{
	const uint64_t *entries;
	size_t n;

	if (side->remote)
		return remote_packet(side->remote, packet->number, account, error);
	if (kernel_side_passes_over(sighting))
		return true;
	if (!live_packet(side->live, packet, sighting->kind == SIGHTED_SENT, scene_interface(side->scene, packet, sighting), error))
		return false;
	entries = live_entries(side->live, &n);
	for (size_t i = 0; i < n; i++)
		account_touch(account, entries[i]);
	return true;
}

const char *kernel_side_hazard(const struct kernel_side *side)
{
	return side->remote ? remote_hazard(side->remote) : live_hazard(side->live);
}

bool kernel_side_list(struct kernel_side *side, const struct event *snapshot, struct compare *compare, struct text *error)
{
	if (side->remote)
		return remote_list(side->remote, snapshot->snapshot.label, compare, error);
	return live_list(side->live, snapshot->snapshot.label, snapshot->time, error);
}

bool kernel_side_read_counters(struct kernel_side *side, struct tables_counters *counters, struct text *error)
{
	return side->remote ? remote_read_counters(side->remote, counters, error) : live_read_counters(side->live, counters, error);
}

bool kernel_side_end(struct kernel_side *side, struct text *error)
{
	return !side->remote || remote_end(side->remote, error);
}

void kernel_side_clear_progress(struct kernel_side *side)
{
	if (side->has_progress)
		fputs("\r                                             \r", stderr);
	side->has_progress = false;
}
