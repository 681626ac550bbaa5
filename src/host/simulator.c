/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/simulator.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "host/causes.h"
#include "host/schedule.h"
#include "host/tell.h"
#include "host/walk.h"
#include "packet/ends.h"

struct simulator {
	struct simulator_options options;
	struct walk walk;
	struct schedule schedule;
	struct vantage vantage;
	struct causes *causes;		/* owned; NULL when nobody asks for them */
	struct packet captured;		/* the packet at hand, before anything changed it */
	bool keeps_packets;
	struct packet travelling;	/* where packets are kept: the copy that changes; else without use */
	const struct packet *ahead;	/* packets that will be replayed soon, in order; borrowed */
	size_t n_ahead;
	struct eval_trace trace;
	struct event following;		/* see tell_followed_packet() */
	uint64_t n_unseen;		/* packets that were to leave and were not captured */
	bool has_tracked[2];
	struct event_summary summary;
};

static const struct vantage_plan no_vantage;

struct simulator *simulator_create(const struct simulator_options *options)
{
	struct simulator *simulator = alloc_zeroed(1, sizeof(*simulator));
	struct walk *walk = &simulator->walk;

	simulator->options = *options;
	walk->topology = options->topology;
	walk->annotations = options->annotations;
	walk->stream = options->stream;
	walk->hz = options->settings.hz;
	walk->profile = options->settings.profile;
	walk->origin_ns = options->origin_ns;
	walk->evaluation = evaluation_create(options->ruleset, options->settings.hz, options->seed, options->zero_counters);
	if (options->counts_tries)
		evaluation_count_tries(walk->evaluation);
	if (options->limits)
		evaluation_limit(walk->evaluation, options->limits->rules_tried);
	if (options->is_plain)
		evaluation_go_plain(walk->evaluation);
	/* Linux 6.18, connbytes_mt_check(): such a rule switches accounting on. */
	if (ruleset_has_match(options->ruleset, "connbytes"))
		simulator->options.settings.acct = true;
	walk->conntrack = conntrack_create(&simulator->options.settings, options->stream, options->hash_seed);
	walk->defrag = defrag_create(&simulator->options.settings, options->stream);
	bind_init(&walk->binder, walk->conntrack, options->seed);
	walk->binder.stream = options->stream;
	outside_init(&walk->outside, &walk->binder, walk->topology);
	conntrack_set_outside(walk->conntrack, &walk->outside.outside);
	vantage_init(&simulator->vantage, options->vantage ? options->vantage : &no_vantage, options->topology,
		     walk->conntrack, options->ruleset);
	walk->vantage = &simulator->vantage;
	if (options->is_causal || stream_wants_phantoms(options->stream))
		simulator->causes = causes_create(options->hash_seed);
	walk_init(walk, options->ruleset, options->track == TRACK_ALWAYS);
	walk->ways.is_off = options->is_plain;
	operator_prepare(&options->actions, walk);
	schedule_init(&simulator->schedule, walk, options->ruleset, &options->snapshots, &options->actions);
	if (options->limits) {
		simulator->schedule.most_every = options->limits->listings;
		simulator->schedule.most_passed = options->limits->actions_passed;
	}
	simulator->schedule.tracks_always = options->track == TRACK_ALWAYS;
	eval_trace_init(&simulator->trace);
	packet_init(&simulator->travelling);
	return simulator;
}

void simulator_destroy(struct simulator *simulator)
{
	if (!simulator)
		return;
	walk_clear(&simulator->walk);
	vantage_clear(&simulator->vantage);
	causes_destroy(simulator->causes);
	packet_clear(&simulator->travelling);
	eval_trace_clear(&simulator->trace);
	evaluation_destroy(simulator->walk.evaluation);
	conntrack_destroy(simulator->walk.conntrack);
	defrag_destroy(simulator->walk.defrag);
	free(simulator);
}

static bool is_copy(const struct sighting *sighting)
{
	return sighting->kind == SIGHTED_LEAVING || sighting->kind == SIGHTED_AGAIN;
}

static bool has_vantage(const struct simulator *simulator)
{
	return simulator->vantage.plan->is_on;
}

/* Would the packet have been, under these rules? */
static void find_cause(struct simulator *simulator, struct sighting *sighting)
{
	if (!simulator->causes || sighting_is_passed_over(sighting->kind))
		return;
	sighting->phantom_of = causes_find(simulator->causes, &simulator->captured);
	sighting->is_left_out = simulator->options.is_causal && sighting->phantom_of;
	simulator->summary.n_phantoms += sighting->phantom_of != 0;
	simulator->summary.n_left_out += sighting->is_left_out;
}

static void sight(struct simulator *simulator, struct packet *packet, struct sighting *sighting)
{
	if (stream_wants(simulator->options.stream, EVENT_PACKET) || stream_wants(simulator->options.stream, EVENT_OUTCOME) ||
	    has_vantage(simulator) || simulator->causes)
		simulator->captured = *packet;	/* the journey may change it; the frame keeps its bytes */
	vantage_judge(&simulator->vantage, packet, sighting);
	find_cause(simulator, sighting);
}

void simulator_sight(struct simulator *simulator, struct packet *packet, struct sighting *sighting)
{
	schedule_move(&simulator->schedule, packet->number, packet->time);
	sight(simulator, packet, sighting);
}

/* The kernel drew a number where the simulation would draw another: the capture shows it. */
static void take_hint(struct simulator *simulator, const struct packet *packet, const struct sighting *sighting)
{
	struct binder *binder = &simulator->walk.binder;

	binder->has_wanted = has_vantage(simulator);
	binder->wants_address = sighting->is_stand_in;
	if (!binder->has_wanted)
		return;
	while (simulator->n_ahead && simulator->ahead->number <= packet->number) {
		simulator->ahead++;
		simulator->n_ahead--;
	}
	if (sighting->is_turned_back)
		binder->wanted = ends_of(&simulator->captured);
	else
		binder->has_wanted = vantage_foresee(&simulator->vantage, packet, simulator->ahead, simulator->n_ahead,
						     &binder->wanted);
}

/* The host sent it to itself: it has left by lo, whatever became of it when it came back in. */
static bool is_through_loopback(const struct journey *journey)
{
	return journey->has_left && journey->in == walk_loopback;
}

/* Where a packet left; "" when it stayed with the host, or was lost. */
static const char *way_out(const struct journey *journey)
{
	bool has_left = journey->verdict == VERDICT_ACCEPT && journey->n_hooks &&
			journey->hooks[journey->n_hooks - 1] == HOOK_POSTROUTING;

	if (is_through_loopback(journey))
		return walk_loopback;
	return has_left ? journey->out : "";
}

/* What the capture shows, or will show, of the packet on its way out. */
static void settle(struct simulator *simulator, const struct journey *journey, struct sighting *sighting)
{
	struct vantage *vantage = &simulator->vantage;
	struct event_summary *summary = &simulator->summary;
	bool is_lost = journey->verdict != VERDICT_ACCEPT && !is_through_loopback(journey), is_a_copy = is_copy(sighting);

	if (!has_vantage(simulator) || sighting->kind == SIGHTED_ELSEWHERE || journey->packet->family == FAMILY_NONE || journey->verdict == VERDICT_HELD)
		return;
	if (!is_a_copy && (sighting->is_turned_back || sighting->kind == SIGHTED_SENT))
		vantage_compare(vantage, &simulator->captured, journey->packet, way_out(journey), is_lost, sighting);
	else if (!is_a_copy)
		vantage_note(vantage, journey->packet, way_out(journey), is_lost);
	summary->n_copies += is_a_copy;
	summary->n_compared += sighting->kind == SIGHTED_LEAVING || sighting->is_turned_back;
	summary->n_turned_back += sighting->is_turned_back;
	summary->n_differences += sighting->difference != NULL;
}

static void note_cause(struct simulator *simulator, const struct packet *captured, const struct tracking *tracking,
		       enum verdict verdict, const struct sighting *sighting)
{
	bool is_lost = verdict == VERDICT_DROP || verdict == VERDICT_REJECT || verdict == VERDICT_QUEUE;
	struct cause cause = {
		.number = captured->number,
		.is_lost = is_lost || sighting->phantom_of,
		.has_entry = tracking->connection && !connection_is_unconfirmed(tracking->connection),
		.is_reply = tracking->connection && tracking->direction == DIRECTION_REPLY,
	};

	if (sighting->kind == SIGHTED_ELSEWHERE || verdict == VERDICT_HELD || captured->family == FAMILY_NONE)
		return;
	if (sighting->phantom_of)
		cause.number = sighting->phantom_of;
	if (is_copy(sighting)) {
		cause.number = sighting->of_packet;
		cause.is_lost = sighting->is_of_lost;
	}
	causes_note(simulator->causes, captured, &cause);
}

static void count(struct simulator *simulator, const struct packet *packet, enum verdict verdict, enum ctstate ctstate)
{
	struct event_summary *summary = &simulator->summary;

	summary->n_packets++;
	summary->n_verdicts[verdict]++;
	summary->n_ctstates[ctstate]++;
	summary->n_not_ip += packet->status == DECODE_NOT_IP;
	summary->n_cut += packet->captured_len < packet->original_len;
	if (ctstate != CTSTATE_NONE)
		simulator->has_tracked[packet->family == FAMILY_IPV6] = true;
}

/* As it was captured, its sighting decided. */
static void replay_walking(struct simulator *simulator, struct packet *packet, struct sighting *sighting)
{
	struct walk *walk = &simulator->walk;
	struct journey journey;

	eval_trace_reset(&simulator->trace);
	take_hint(simulator, packet, sighting);
	if (sighting->is_turned_back)
		sighting->arrived_as = ends_of(packet);
	walk_packet(walk, packet, sighting, &simulator->trace, &journey);
	ways_note(&walk->ways, walk->evaluation, &journey);
	if (simulator->causes)
		note_cause(simulator, &simulator->captured, &journey.tracking, journey.verdict, sighting);
	settle(simulator, &journey, sighting);
	count(simulator, packet, journey.verdict, journey.tracking.ctstate);
	simulator->summary.n_unsimulated += simulator->trace.unsimulated != NULL;
	tell_packet(simulator->options.stream, walk->conntrack, &journey, sighting,
		    journey.n_fragments ? &simulator->walk.whole : &simulator->captured);
	tell_outcome(simulator->options.stream, &journey, journey.n_fragments ? &simulator->walk.whole : &simulator->captured);
	conntrack_release(walk->conntrack, &journey.tracking);
	schedule_follow(&simulator->schedule, packet);
}

/* Somebody wants to hear of each packet, or it has to be compared with others. */
static bool is_told(const struct simulator *simulator)
{
	return simulator->causes || stream_wants(simulator->options.stream, EVENT_PACKET);
}

/* What was turned back, or is compared with what is captured elsewhere, walks, and so does what should never have been. */
static bool may_follow(const struct simulator *simulator)
{
	return !has_vantage(simulator) && ways_are_open(&simulator->walk.ways, simulator->options.stream);
}

/* True: the packet took the way of the one before it, and is not told yet. */
static bool follow(struct simulator *simulator, const struct packet *packet, bool is_told, struct way_outcome *outcome)
{
	struct walk *walk = &simulator->walk;
	bool has_followed = ways_follow(walk, packet, is_told, outcome);

	walk->ahead = !has_followed && outcome->is_tracked ? outcome : NULL;
	if (has_followed)
		count(simulator, packet, outcome->verdict, outcome->tracking.ctstate);
	return has_followed;
}

static void tell_repeat(struct simulator *simulator, const struct packet *packet, const struct way_outcome *outcome)
{
	if (stream_wants(simulator->options.stream, EVENT_OUTCOME))
		tell_wanted_repeat(simulator->options.stream, &simulator->walk, packet, outcome, &simulator->trace);
}

/* Is something to be told of it that nobody knows before its bytes are translated? */
static bool needs_translation(const struct simulator *simulator, const struct packet *packet)
{
	return stream_wants(simulator->options.stream, EVENT_OUTCOME) && !tell_knows_repeat(packet);
}

/* What travels, where the packet itself stays as it is. */
static struct packet *copy_kept(struct simulator *simulator, struct packet *packet)
{
	if (!simulator->keeps_packets)
		return packet;
	packet_copy(&simulator->travelling, packet);
	return &simulator->travelling;
}

static void tell_following(struct simulator *simulator, struct packet *packet, const struct way_outcome *outcome)
{
	struct walk *walk = &simulator->walk;
	struct followed followed = { .outcome = outcome, .trace = &simulator->trace, .captured = packet };

	if (stream_wants_left(walk->stream)) {
		simulator->captured = *packet;	/* the frame keeps its bytes */
		packet = copy_kept(simulator, packet);
		followed.captured = &simulator->captured;
		followed.left = packet;
		ways_apply(outcome->way, packet);
	}
	eval_trace_reset(&simulator->trace);
	ways_trace(walk, packet, outcome, &simulator->trace);
	tell_followed_packet(walk->stream, walk->conntrack, &followed, &simulator->following);
}

static void end_following(struct simulator *simulator, struct packet *packet, struct way_outcome *outcome)
{
	static const struct sighting plain = { .kind = SIGHTED_ARRIVING };

	if (simulator->causes)
		note_cause(simulator, packet, &outcome->tracking, outcome->verdict, &plain);
	if (stream_wants(simulator->walk.stream, EVENT_PACKET))
		tell_following(simulator, packet, outcome);
	tell_repeat(simulator, packet, outcome);
	conntrack_release(simulator->walk.conntrack, &outcome->tracking);
	schedule_follow(&simulator->schedule, packet);
}

void simulator_replay_sighted(struct simulator *simulator, struct packet *packet, struct sighting *sighting)
{
	struct way_outcome outcome;

	if (!may_follow(simulator) || sighting->phantom_of || !follow(simulator, packet, true, &outcome))
		replay_walking(simulator, packet, sighting);
	else
		end_following(simulator, packet, &outcome);
}

static bool is_phantom(struct simulator *simulator, const struct packet *packet)
{
	return simulator->causes && causes_find(simulator->causes, packet);
}

void simulator_keep_packets(struct simulator *simulator)
{
	simulator->keeps_packets = true;
}

void simulator_replay(struct simulator *simulator, struct packet *packet)
{
	struct way_outcome outcome;
	struct sighting sighting;

	schedule_move(&simulator->schedule, packet->number, packet->time);
	/* Who takes a way was sighted as the one before it. */
	if (may_follow(simulator) && !is_phantom(simulator, packet) &&
	    follow(simulator, packet, is_told(simulator) || needs_translation(simulator, packet), &outcome)) {
		end_following(simulator, packet, &outcome);
		return;
	}
	packet = copy_kept(simulator, packet);
	sight(simulator, packet, &sighting);
	replay_walking(simulator, packet, &sighting);
}

void simulator_note_packets(const struct simulator *simulator, struct packet *packets, size_t n_packets)
{
	conntrack_note_packets(simulator->walk.conntrack, packets, n_packets);
}

void simulator_prefetch(struct simulator *simulator, struct packet *packets, size_t n_packets)
{
	simulator->ahead = packets;
	simulator->n_ahead = n_packets;
	conntrack_prefetch(simulator->walk.conntrack, packets, n_packets);
	if (simulator->causes)
		causes_foresee(simulator->causes, packets, n_packets);
}

static void __attribute__((format(printf, 2, 3))) warn(struct simulator *simulator, const char *format, ...)
{
	struct event event = { .kind = EVENT_WARNING };
	struct text text;
	va_list args;

	text_init(&text);
	va_start(args, format);
	text_vprintf(&text, format, args);
	va_end(args);
	event.warning.text = text_string(&text);
	stream_emit(simulator->options.stream, &event);
	text_clear(&text);
}

/* Times that ran backwards and cut packets are counts of the summary; this is not. */
static void warn_of_fragments(struct simulator *simulator)
{
	uint64_t n = defrag_count(simulator->walk.defrag);

	if (n)
		warn(simulator, "%" PRIu64 " of the fragments still waited for the rest of their datagrams at the end", n);
}

static void warn_of_unsimulated(struct simulator *simulator)
{
	struct ruleset_walk walk = { .program = 0 };
	const struct rule_place *rule;
	const char *reason;

	while ((rule = ruleset_next_unsimulated(simulator->schedule.ruleset, &walk, &reason)))
		warn(simulator, "%s:%" PRIu32 ": %s is not simulated: %s %s rule %" PRIu32 ": %s", rule->file, rule->line, reason,
		     rule->table, rule->chain, rule->number, rule->text);
}

static void warn_of_unfollowed(struct simulator *simulator)
{
	struct ruleset_walk walk = { .program = 0 };
	const struct rule_place *rule;
	const char *what;

	while ((rule = ruleset_next_unfollowed(simulator->schedule.ruleset, &walk, &what)))
		warn(simulator, "%s:%" PRIu32 ": OUTPUT and POSTROUTING do not see %s here, as they do in a kernel: %s %s rule %" PRIu32 ": %s",
		     rule->file, rule->line, what, rule->table, rule->chain, rule->number, rule->text);
}

void simulator_wait(struct simulator *simulator, struct vtime time)
{
	schedule_move(&simulator->schedule, 0, time);
}

void simulator_list(const struct simulator *simulator, struct stream *stream)
{
	stream->time = simulator->schedule.now;
	conntrack_list(simulator->walk.conntrack, stream);
}

void simulator_count(const struct simulator *simulator, struct stream *stream)
{
	evaluation_emit_counters(simulator->walk.evaluation, stream);
}

uint64_t simulator_n_drawn(const struct simulator *simulator)
{
	return simulator->walk.binder.n_drawn;
}

static void warn_of_unseen(void *owner, const struct predicted *unseen)
{
	enum { MOST_WARNINGS = 10 };
	struct simulator *simulator = owner;

	simulator->summary.n_differences++;
	if (++simulator->n_unseen <= MOST_WARNINGS)
		warn(simulator, "prediction differs: packet %" PRIu64 " was to leave by %s, and the capture does not show it",
		     unseen->packet, unseen->out);
}

void simulator_finish(struct simulator *simulator, uint64_t n_backwards)
{
	struct event event = { .kind = EVENT_SUMMARY };
	struct event_summary *summary = &simulator->summary;
	struct conntrack_counts counts;

	schedule_finish(&simulator->schedule);
	summary->n_backwards = n_backwards;
	evaluation_emit_counters(simulator->walk.evaluation, simulator->options.stream);
	warn_of_fragments(simulator);
	vantage_visit_unseen(&simulator->vantage, warn_of_unseen, simulator);
	warn_of_unsimulated(simulator);
	warn_of_unfollowed(simulator);
	evaluation_emit_unknowns(simulator->walk.evaluation, simulator->options.stream);
	conntrack_count(simulator->walk.conntrack, &counts);
	summary->n_created = counts.n_created;
	summary->n_expired = counts.n_expired;
	summary->n_destroyed = counts.n_destroyed;
	summary->n_live = counts.n_live;
	summary->duration = simulator->schedule.now;
	for (int family = 0; family < 2; family++)
		summary->is_tracked_anyway[family] =
			simulator->has_tracked[family] && !simulator->schedule.is_tracking_asked_for[family];
	event.summary = *summary;
	stream_emit(simulator->options.stream, &event);
}
