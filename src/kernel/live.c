/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernel/live_parts.h"
#include "kernel/policies.h"
#include "kernel/probes.h"
#include "kernel/sets.h"

enum {
	LOOPBACK_TRIES = 50,
	NS_PER_MS = 1000000,
	NOTICEABLE_MS = 300,
	NAP_MS = 60000,			/* of a long wait */
	WATCHED_NAP_MS = 500,		/* of one that somebody watches */
	AFTER_TICK_NS = 500,		/* where in a tick the first packet comes: below a microsecond, as the last of a tick must not leave it */
};

/* What the rules have: "*filter" begins a table; and whether they choose zones. */
static void note_rules(struct live *live, enum family family, const char *rules)
{
	live->entries.has_zones |= rules && strstr(rules, "--zone") != NULL;
	for (const char *line = rules; line && *line && live->n_tables < LIVE_MOST_TABLES; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "*%15s", live->tables[live->n_tables].name) == 1)
			live->tables[live->n_tables++].family = family;
	}
}

static bool load_rules(struct live *live, struct text *error)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };

	if (live->options.policies && !policies_load(live->options.policies, error))
		return false;
	if (live->options.sets && !sets_load(live->options.sets, error))
		return false;
	live->has_sets = live->options.sets != NULL;
	live->options.sets = NULL;		/* was lent for the call only, as the policies and the rules are */
	for (size_t i = 0; i < 2; i++) {
		const char *rules = live->options.rules[i];

		if (rules && !tables_load(live->options.backend, families[i], rules, error))
			return false;
		note_rules(live, families[i], rules);
		live->options.rules[i] = NULL;
	}
	return true;
}

static bool open_all(struct live *live, struct text *error)
{
	const struct live_options *options = &live->options;

	return netns_open(&live->netns, options->plan, error) &&
	       inject_open(&live->inject, &live->netns, options->plan, error) &&
	       nflog_open(&live->nflog, error) && entries_open(&live->entries, error) &&
	       probes_load_ends(error) && load_rules(live, error) &&
	       (options->backend != TABLES_NFT || nft_trace_open(&live->nft_trace, error)) && probes_load(options->sees_tracking, error);
}

static unsigned read_seconds(const char *path)
{
	char line[32] = "";

	netns_read_line(path, line, sizeof(line));
	return (unsigned)strtoul(line, NULL, 10);
}

struct live *live_open(const struct live_options *options, struct text *error)
{
	struct live *live = alloc_zeroed(1, sizeof(*live));

	live->options = *options;
	live->inject.raw[0] = live->inject.raw[1] = -1;
	if (!open_all(live, error)) {
		live_close(live);
		return NULL;
	}
	/* Observation needs both, whatever the user's settings are: the events show what those would. */
	netns_set_sysctl("net.netfilter.nf_conntrack_acct", "1");
	netns_set_sysctl("net.netfilter.nf_conntrack_events", "1");
	netns_set_sysctl("net.netfilter.nf_conntrack_log_invalid", "255");
	ages_init(&live->ages, &live->entries);
	if (!live_learn_zones(live, error)) {
		live_close(live);
		return NULL;
	}
	live->ages.is_real_time = options->is_real_time;
	live->fragment_seconds[0] = read_seconds("/proc/sys/net/ipv4/ipfrag_time");
	live->fragment_seconds[1] = read_seconds("/proc/sys/net/netfilter/nf_conntrack_frag6_timeout");
	live->reader = (struct path_reader){
		.netns = &live->netns,
		.find_place = options->find_place,
		.rules = options->ruleset,
		.nft_trace = options->backend == TABLES_NFT ? &live->nft_trace : NULL,
		.sees_tracking = live->options.sees_tracking,
		.stream = options->stream,
	};
	return live;
}

void live_close(struct live *live)
{
	if (!live)
		return;
	if (live->ages.by_id)
		ages_clear(&live->ages);
	live_expectations_clear(&live->expectations);
	path_clear(&live->path);
	entries_close(&live->entries);
	nflog_close(&live->nflog);
	nft_trace_close(&live->nft_trace);
	inject_close(&live->inject);
	netns_close(&live->netns);
	free(live);
}

const char *live_hazard(const struct live *live)
{
	return live->hazard;
}

/*
 * Real time follows virtual time, in naps. The first packet comes right behind a tick, as virtual time begins with one: what
 * the kernel counts in ticks it counts as we do.
 */
static void wait_for(struct live *live, struct vtime time)
{
	int64_t nap = (int64_t)(live->options.tell_wait ? WATCHED_NAP_MS : NAP_MS) * NS_PER_MS;

	for (;;) {
		struct vtime left = { .ns = live->start_real.ns + time.ns - ages_real_time().ns };

		if (left.ns <= 0)
			return;
		if (left.ns > (int64_t)NOTICEABLE_MS * NS_PER_MS && live->options.tell_wait)
			live->options.tell_wait(live->options.owner, left);
		ages_sleep(left.ns > nap ? nap : left.ns);
	}
}

void live_move(struct live *live, struct vtime time)
{
	live->moves_to = time;
	ages_move(&live->ages, time, live_end_entry, live);
	live_end_expectations(live, time);
	live->options.stream->time = time;
}

static void move_time(struct live *live, const struct packet *packet)
{
	if (!live->has_started) {
		ages_wait_for_tick();
		live->start_real = ages_tick();
		live->start_real.ns += AFTER_TICK_NS - packet->time.ns;
		live->has_started = true;
	}
	if (live->options.is_real_time)
		wait_for(live, packet->time);
	else if (live->options.is_ticked && vtime_jiffies(packet->time, live->options.hz) > vtime_jiffies(live->ages.now, live->options.hz))
		ages_wait_for_tick();
	live->options.stream->packet = packet->number;
	live_move(live, packet->time);
}

static void wait_for_stream(struct live *live, const struct tuple *tuple)
{
	struct vtime wait = { .ns = ages_stream_wait(&live->ages, tuple) };

	if (wait.ns > (int64_t)NOTICEABLE_MS * NS_PER_MS && live->options.tell_wait)
		live->options.tell_wait(live->options.owner, wait);
	if (!ages_wait_for_stream(&live->ages, tuple))
		live->hazard = "the kernel's clock ran ahead of the capture's: a UDP flow is older than 2 seconds there";
}

static void forget_records(struct live *live)
{
	nflog_read(&live->nflog);
	entries_read_events(&live->entries);
	if (live->reader.nft_trace)
		nft_trace_read(&live->nft_trace);
}

/* lo alone is asynchronous: the packet comes back in through the backlog. */
static bool read_records(struct live *live)
{
	bool is_complete = nflog_read(&live->nflog);

	for (int i = 0; i < LOOPBACK_TRIES && path_is_on_loopback(&live->nflog); i++) {
		ages_sleep(NS_PER_MS);
		is_complete &= nflog_read_more(&live->nflog);
	}
	if (live->reader.nft_trace)
		is_complete &= nft_trace_read(&live->nft_trace);
	return is_complete;
}

/* Such a packet may shorten the time that its entry has left, when that is long. */
static bool reads_timer(const struct packet *packet)
{
	return packet->protocol == PROTOCOL_TCP && packet->has_l4 && packet->tcp_flags & (TCP_FIN | TCP_RST);
}

static void make_exact(struct live *live, const struct tuple *tuple)
{
	struct aged_entry *entry = NULL;

	while ((entry = ages_find_tuple(&live->ages, tuple, entry)))
		ages_make_exact(&live->ages, entry);
}

static bool is_for_kernel(const struct packet *packet)
{
	return packet->family != FAMILY_NONE && packet->total_len > 0 && packet->bytes && packet->len > 0;
}

bool live_packet(struct live *live, const struct packet *packet, bool is_from_host, const char *interface,
		   struct text *error)
{
	struct live_effect effect;
	struct tuple tuple;
	struct vtime real;
	bool has_tuple, is_complete;
	struct text refusal;

	live->hazard = NULL;
	live->n_packet_entries = 0;
	live->summary.n_packets++;
	live->summary.n_not_ip += packet->status == DECODE_NOT_IP;
	live->summary.n_cut += packet->captured_len < packet->original_len;
	live->summary.duration = packet->time;
	live->path.final = NULL;
	move_time(live, packet);
	if (!is_for_kernel(packet)) {
		live_tell_passed_by(live, packet);
		return true;
	}
	has_tuple = live_find_tuple(live, packet, &tuple);
	if (has_tuple && !live->options.is_real_time)
		wait_for_stream(live, &tuple);
	if (has_tuple && reads_timer(packet) && !live->options.is_real_time)
		make_exact(live, &tuple);
	forget_records(live);
	text_init(&refusal);
	real = ages_real_time();
	live->ages.tick = ages_tick().ns;
	inject_packet(&live->inject, packet, is_from_host, interface, &refusal);
	is_complete = read_records(live) && entries_read_events(&live->entries);
	path_read(&live->path, &live->reader, &live->nflog, packet);
	if (live->path.verdict != VERDICT_HELD && !live->path.is_at_defragmentation)
		live_end_fragmented(live, packet);
	live_start_effect(live, has_tuple ? &tuple : NULL, &effect);
	live_note_entries(live, &effect, has_tuple ? &tuple : NULL);
	live_read_effect(live, has_tuple ? &tuple : NULL, real, &effect);
	live_note_entries(live, &effect, has_tuple ? &tuple : NULL);
	live_look_at_expectations(live, packet->time);
	live_tell_packet(live, packet, &effect);
	text_clear(&refusal);
	if (!is_complete)
		text_append(error, "the kernel lost records of what it did: its socket buffers are too small");
	return is_complete && live_learn_zones(live, error);
}
