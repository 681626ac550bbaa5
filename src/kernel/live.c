/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "kernel/live.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kernel/live_parts.h"
#include "kernel/probes.h"
#include "kernel/sets.h"
#include "kernel/tuples.h"
#include "packet/fragment.h"

enum {
	LOOPBACK_TRIES = 50,
	NS_PER_MS = 1000000,
	NOTICEABLE_MS = 300,
	NAP_MS = 60000,			/* of a long wait */
	WATCHED_NAP_MS = 500,		/* of one that somebody watches */
	AFTER_TICK_NS = 100000,		/* where in a tick the first packet comes */
};

/* "*filter" begins a table. */
static void note_tables(struct live *live, enum family family, const char *rules)
{
	for (const char *line = rules; line && *line && live->n_tables < LIVE_MOST_TABLES; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (sscanf(line, "*%15s", live->tables[live->n_tables].name) == 1)
			live->tables[live->n_tables++].family = family;
	}
}

static bool load_rules(struct live *live, struct text *error)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };

	if (live->options.sets && !sets_load(live->options.sets, error))
		return false;
	live->has_sets = live->options.sets != NULL;
	live->options.sets = NULL;		/* was lent for the call only, as the rules are */
	for (size_t i = 0; i < 2; i++) {
		const char *rules = live->options.rules[i];

		if (rules && !tables_load(live->options.backend, families[i], rules, error))
			return false;
		note_tables(live, families[i], rules);
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
	live->ages.is_real_time = options->is_real_time;
	live->fragment_seconds[0] = read_seconds("/proc/sys/net/ipv4/ipfrag_time");
	live->fragment_seconds[1] = read_seconds("/proc/sys/net/netfilter/nf_conntrack_frag6_timeout");
	live->reader = (struct path_reader){
		.netns = &live->netns,
		.find_place = options->find_place,
		.rules = options->ruleset,
		.nft_trace = options->backend == TABLES_NFT ? &live->nft_trace : NULL,
		.sees_tracking = options->sees_tracking,
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

const char *live_refused(const struct live *live)
{
	return text_string(&live->netns.refused);
}

const char *live_hazard(const struct live *live)
{
	return live->hazard;
}

const uint64_t *live_entries(const struct live *live)
{
	return live->packet_entries;
}

/* Before a packet, which may end them, and behind it, which may make them. */
static void note_entries(struct live *live, const struct live_effect *effect, const struct tuple *tuple)
{
	const struct aged_entry *entry;
	struct tuple answer;

	if (effect->packet_entry)
		live->packet_entries[0] = effect->packet_entry->id;
	if (!tuple)
		return;
	answer = *tuple;
	tuples_turn_round(&answer);
	entry = ages_find_tuple(&live->ages, &answer);
	if (entry)
		live->packet_entries[1] = entry->id;
}

/* Asks for the entry anew; what the kernel no longer has stays as it was. */
static struct aged_entry *look_again(struct live *live, const struct tuple *tuple, struct vtime real,
				     bool *was_armed)
{
	struct kernel_entry entry;

	if (!entries_find(&live->entries, tuple, &entry))
		return NULL;
	return ages_note(&live->ages, &entry, real, was_armed);
}

static void end_by_packet(struct live *live, const struct kernel_event *told, struct live_effect *effect)
{
	struct aged_entry *aged = ages_find(&live->ages, told->entry.kernel_id);
	struct kernel_entry last;

	if (!aged)
		return;
	live->summary.n_destroyed++;
	last = aged->entry;
	if (told->entry.has_protocol)
		last.state = told->entry.state;
	if (told->entry.has_counters) {
		memcpy(last.n_packets, told->entry.n_packets, sizeof(last.n_packets));
		memcpy(last.n_bytes, told->entry.n_bytes, sizeof(last.n_bytes));
	}
	live_tell_destroy(live, aged, &last, false);
	if (aged == effect->packet_entry) {
		effect->ended = *aged;
		effect->has_ended = true;
		effect->packet_entry = NULL;
	}
	ages_forget(&live->ages, aged);
}

static void take_expectation(struct live *live, const struct kernel_event *told)
{
	struct live_expectation ended;

	if (told->kind == KERNEL_EVENT_EXPECT)
		live_tell_expectation(live, live_expectations_add(&live->expectations, &told->expectation, live->ages.now),
				      EXPECTATION_LIVES);
	else if (live_expectations_take(&live->expectations, &told->expectation, &ended))
		live_tell_expectation(live, &ended, EXPECTATION_MET);
}

static void end_expectations(struct live *live, struct vtime now)
{
	struct live_expectation ended;

	while (live_expectations_take_due(&live->expectations, &live->entries, now, &ended)) {
		live->options.stream->time = ended.deadline;
		live_tell_expectation(live, &ended, EXPECTATION_EXPIRED);
	}
}

/* What the kernel ends together with an entry: its expectations before, and the calls that a PPTP connection announced behind it. */
static void end_with_entry(struct live *live, const struct aged_entry *master, enum kernel_event_kind kind)
{
	for (size_t i = 0; i < live->entries.n_events; i++) {
		const struct kernel_event *told = &live->entries.events[i];
		struct live_effect effect = { .packet_entry = NULL };
		const struct aged_entry *other;

		if (told->is_own || told->kind != kind)
			continue;
		if (kind == KERNEL_EVENT_EXPECT_END) {
			take_expectation(live, told);
			continue;
		}
		other = ages_find(&live->ages, told->entry.kernel_id);
		/* What is over by itself, its own end tells. */
		if (other && other != master && other->end.deadline.ns > live->moves_to.ns)
			end_by_packet(live, told, &effect);
	}
}

static void end_entry(void *owner, const struct aged_entry *ended)
{
	struct live *live = owner;

	entries_read_events(&live->entries);
	end_expectations(live, ended->end.deadline);
	live->options.stream->time = ended->end.deadline;
	end_with_entry(live, ended, KERNEL_EVENT_EXPECT_END);
	live->summary.n_expired++;
	live_tell_destroy(live, ended, &ended->entry, true);
	end_with_entry(live, ended, KERNEL_EVENT_DESTROY);
}

static void take_event(struct live *live, const struct kernel_event *told, struct vtime real, struct live_effect *effect)
{
	const struct tuple *tuple = &told->entry.tuple[DIRECTION_ORIGINAL];
	struct kernel_entry before;
	struct aged_entry *aged;
	bool was_armed;

	if (told->kind == KERNEL_EVENT_DESTROY) {
		end_by_packet(live, told, effect);
		return;
	}
	if (told->kind != KERNEL_EVENT_NEW && told->kind != KERNEL_EVENT_UPDATE) {
		take_expectation(live, told);
		return;
	}
	aged = ages_find(&live->ages, told->entry.kernel_id);
	before = aged ? aged->entry : told->entry;
	if (aged && aged == effect->packet_entry)
		before = effect->before;
	aged = look_again(live, tuple, real, &was_armed);
	if (!aged)
		aged = ages_note(&live->ages, &told->entry, real, &was_armed);
	if (aged == effect->packet_entry)
		effect->was_armed |= was_armed;
	if (told->kind == KERNEL_EVENT_NEW) {
		live_tell_new(live, aged, told);
		return;
	}
	live_tell_update(live, aged, told, &before);
	if (aged == effect->packet_entry)
		effect->before.status = told->entry.status;
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
	live->moves_to = packet->time;
	ages_move(&live->ages, packet->time, end_entry, live);
	end_expectations(live, packet->time);
	live->options.stream->time = packet->time;
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

/* Entries first that the packet touched in any way, then the one that it belongs to. */
static void read_effect(struct live *live, const struct tuple *tuple, struct vtime real, struct live_effect *effect)
{
	bool was_armed;

	for (size_t i = 0; i < live->entries.n_events; i++)
		if (!live->entries.events[i].is_own)
			take_event(live, &live->entries.events[i], real, effect);
	if (!tuple)
		return;
	if (effect->packet_entry)
		effect->packet_entry = look_again(live, &effect->packet_entry->entry.tuple[0], real, &was_armed);
	else if ((effect->packet_entry = ages_find_tuple(&live->ages, tuple)))
		was_armed = true;
	else
		effect->packet_entry = look_again(live, tuple, real, &was_armed);
	effect->was_armed |= effect->packet_entry && was_armed;
	if (effect->packet_entry)
		effect->has_ended = false;
}

/* Such a packet may shorten the time that its entry has left, when that is long. */
static bool reads_timer(const struct packet *packet)
{
	return packet->protocol == PROTOCOL_TCP && packet->has_l4 && packet->tcp_flags & (TCP_FIN | TCP_RST);
}

static void start_effect(struct live *live, const struct tuple *tuple, struct live_effect *effect)
{
	memset(effect, 0, sizeof(*effect));
	effect->newest = live->ages.n_created;
	effect->packet_entry = tuple ? ages_find_tuple(&live->ages, tuple) : NULL;
	if (effect->packet_entry) {
		effect->before = effect->packet_entry->entry;
	}
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
	memset(live->packet_entries, 0, sizeof(live->packet_entries));
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
	start_effect(live, has_tuple ? &tuple : NULL, &effect);
	note_entries(live, &effect, has_tuple ? &tuple : NULL);
	if (effect.packet_entry && reads_timer(packet) && !live->options.is_real_time)
		ages_make_exact(&live->ages, effect.packet_entry);
	forget_records(live);
	text_init(&refusal);
	real = ages_real_time();
	live->ages.tick = ages_tick().ns;
	inject_packet(&live->inject, packet, is_from_host, interface, &refusal);
	is_complete = read_records(live) && entries_read_events(&live->entries);
	path_read(&live->path, &live->reader, &live->nflog, packet);
	read_effect(live, has_tuple ? &tuple : NULL, real, &effect);
	note_entries(live, &effect, has_tuple ? &tuple : NULL);
	live_tell_packet(live, packet, &effect);
	text_clear(&refusal);
	if (!is_complete)
		text_append(error, "the kernel lost records of what it did: its socket buffers are too small");
	return is_complete;
}

struct listing {
	struct live *live;
	struct aged_entry **rows;
	size_t n_rows, capacity;
};

static void take_row(void *owner, const struct kernel_entry *entry)
{
	struct listing *listing = owner;
	struct aged_entry *aged = ages_find(&listing->live->ages, entry->kernel_id);
	bool was_armed;

	if (!aged)
		aged = ages_note(&listing->live->ages, entry, ages_real_time(), &was_armed);
	if (listing->n_rows == listing->capacity) {
		listing->capacity = alloc_grown_capacity(listing->capacity, listing->n_rows + 1);
		listing->rows = alloc_resize(listing->rows, listing->capacity, sizeof(struct aged_entry *));
	}
	aged->entry = *entry;
	listing->rows[listing->n_rows++] = aged;
}

static int compare_rows(const void *a, const void *b)
{
	const struct aged_entry *left = *(struct aged_entry *const *)a, *right = *(struct aged_entry *const *)b;

	return left->id < right->id ? -1 : left->id > right->id;
}

bool live_emit_table(struct live *live, const char *label, struct text *error)
{
	struct stream *stream = live->options.stream;
	struct listing listing = { .live = live };
	struct event event = { .kind = EVENT_SNAPSHOT };

	/* Whoever lists the table after a packet does so at least a tick later. */
	stream->packet = 0;
	stream->time.ns = live->ages.now.ns + VTIME_NS_PER_SECOND / live->options.hz;
	if (!entries_visit(&live->entries, take_row, &listing)) {
		text_printf(error, "the conntrack table could not be listed: %s", strerror(errno));
		free(listing.rows);
		return false;
	}
	if (listing.n_rows)
		qsort(listing.rows, listing.n_rows, sizeof(struct aged_entry *), compare_rows);
	event.snapshot = (struct event_snapshot){ .label = label, .n_entries = listing.n_rows };
	if (stream_wants(stream, EVENT_SNAPSHOT))
		stream_emit(stream, &event);
	for (size_t i = 0; i < listing.n_rows && stream_wants(stream, EVENT_ENTRY); i++) {
		struct event row = { .kind = EVENT_ENTRY };

		live_tell_view(live, listing.rows[i], &listing.rows[i]->entry, &row.entry.entry);
		stream_emit(stream, &row);
	}
	entries_visit_expectations(&live->entries, live_expectations_refresh, &live->expectations);
	for (size_t i = 0; i < live->expectations.n; i++)
		live_tell_waiting(live, &live->expectations.list[i]);
	stream->time = live->ages.now;
	free(listing.rows);
	return true;
}

bool live_read_counters(struct live *live, struct tables_counters *counters, struct text *error)
{
	memset(counters, 0, sizeof(*counters));
	for (size_t i = 0; i < live->n_tables; i++)
		if (!tables_read_counters(counters, live->options.backend, live->tables[i].family, live->tables[i].name,
					  error))
			return false;
	return true;
}

void live_emit_summary(struct live *live, uint64_t n_backwards)
{
	struct event event = { .kind = EVENT_SUMMARY };

	live->summary.n_backwards = n_backwards;
	live->summary.n_created = live->ages.n_created;
	live->summary.n_live = live->ages.n_live;
	event.summary = live->summary;
	live->options.stream->packet = 0;
	stream_emit(live->options.stream, &event);
}
