/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/kernel_side.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/plan.h"
#include "cli/remote.h"
#include "kernel/live.h"

/* A path_find_place, of struct places. */
static const struct rule_place *find_place(const void *places, enum family family, const char *table, const char *chain, uint32_t number)
{
	return places_find(places, (uint8_t)family, table, chain, number);
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
	static const int raw[] = { 0, 101, 108, 228, 229 };	/* LINKTYPE_NULL, _RAW, _LOOP, _IPV4, _IPV6 */

	for (size_t i = 0; i < sizeof(raw) / sizeof(raw[0]); i++)
		if (link_type == raw[i])
			return false;
	return true;
}

/* Has some rule this match? */
static bool asks(const struct places *places, const char *match)
{
	for (size_t i = 0; i < places->n; i++)
		if (strstr(places->places[i].text, match))
			return true;
	return false;
}

static bool is_on(const struct ctreplay_machine *machine, const char *sysctl)
{
	for (size_t i = 0; i < machine->n_settings; i++)
		if (strcmp(machine->settings[i].name, sysctl) == 0)
			return machine->settings[i].value != 0;
	return false;
}

static struct live_options live_options(struct kernel_side *side, const struct ctreplay_machine *machine)
{
	return (struct live_options){
		.backend = side->options->backend,
		.rules = { ctreplay_loaded(side->replay, "4"), ctreplay_loaded(side->replay, "6") },
		.sets = ctreplay_loaded(side->replay, "ipset"),
		.policies = ctreplay_loaded(side->replay, "timeouts"),
		.find_place = find_place,
		.ruleset = side->places,
		.hz = machine->hz,
		.sees_tracking = { machine->tracks[0], machine->tracks[1] },
		.has_timestamps = is_on(machine, "net.netfilter.nf_conntrack_timestamp"),
		.tracks_dccp = machine->tracks_dccp,
		.has_counters = is_on(machine, "net.netfilter.nf_conntrack_acct") || asks(side->places, "-m connbytes "),
		.is_real_time = side->options->is_real_time,
		/* Linux 6.18, __nf_conncount_add(): closed connections are counted out once a tick. */
		.is_ticked = asks(side->places, "-m connlimit "),
		.tell_wait = isatty(STDERR_FILENO) ? tell_wait : NULL,
		.owner = side,
	};
}

static bool open_live(struct kernel_side *side, struct stream *stream, struct text *error)
{
	const struct ctreplay_machine *machine = ctreplay_machine(side->replay);
	struct live_options options;
	struct plan plan;

	if (!plan_is_possible(machine, error))
		return false;
	options = live_options(side, machine);
	plan_init(&plan, machine);
	plan.netns.is_ethernet = has_ethernet(ctreplay_link_type(side->replay));
	options.plan = &plan.netns;
	options.stream = stream;
	side->live = live_open(&options, error);
	plan_clear(&plan);
	return side->live != NULL;
}

bool kernel_side_open(struct kernel_side *side, const struct verify_options *options, const struct places *places, struct stream *stream,
		      struct text *error)
{
	*side = (struct kernel_side){ .options = options, .replay = options->play.replay, .places = places };
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

bool kernel_side_ask(struct kernel_side *side, const struct packet *packet, const struct ctreplay_arrival *arrival,
		     struct account *account, struct text *error)
{
	const uint64_t *entries;
	size_t n;

	if (side->remote)
		return remote_packet(side->remote, packet->number, account, error);
	if (arrival->way == CTREPLAY_UNKNOWN_WAY)
		return true;
	if (!live_packet(side->live, packet, arrival->way == CTREPLAY_WENT_OUT, arrival->interface, error))
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

bool kernel_side_list(struct kernel_side *side, const struct ctreplay_listing *listing, struct compare *compare, struct text *error)
{
	if (side->remote)
		return remote_list(side->remote, listing->label, compare, error);
	return live_list(side->live, listing->label, (struct vtime){ .ns = listing->time_ns }, error);
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
