/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "kernel/live_parts.h"
#include "kernel/sets.h"
#include "packet/decode.h"

void live_tell_view(const struct live *live, const struct aged_entry *aged, const struct kernel_entry *seen,
		      struct entry_view *view)
{
	*view = (struct entry_view){
		.id = aged->id,
		.tuple = { seen->tuple[0], seen->tuple[1] },
		.deadline = aged->end.deadline,
		.hz = live->options.hz,
		.timeout_seconds = aged->timeout_seconds,
		.state = seen->state,
		.status = seen->status,
		.mark = seen->mark,
		.has_counters = live->options.has_counters,
		.n_packets = { seen->n_packets[0], seen->n_packets[1] },
		.n_bytes = { seen->n_bytes[0], seen->n_bytes[1] },
		.helper = seen->helper[0] ? seen->helper : NULL,
		.has_start = live->options.has_timestamps,
		.start = aged->born,
	};
}

void live_tell_destroy(struct live *live, const struct aged_entry *aged, const struct kernel_entry *seen,
			 bool is_expired)
{
	struct event event = { .kind = EVENT_CONNTRACK };

	if (!stream_wants(live->options.stream, EVENT_CONNTRACK))
		return;
	event.conntrack.bits = CONNTRACK_EVENT_DESTROY;
	event.conntrack.expired = is_expired;
	live_tell_view(live, aged, seen, &event.conntrack.entry);
	stream_emit(live->options.stream, &event);
}

/* A mark of 0 is told of when it is news alone. */
static uint32_t mark_bit(const struct kernel_entry *seen)
{
	return seen->has_mark && !seen->mark ? CONNTRACK_EVENT_MARK : 0;
}

/* What the message of an update shows of what happened; only differences tell about the rest. */
static uint32_t update_bits(const struct kernel_entry *before, const struct kernel_entry *seen)
{
	uint32_t added = seen->status & ~before->status, bits = 0;

	bits |= added & STATUS_SEEN_REPLY ? CONNTRACK_EVENT_REPLY : 0;
	bits |= added & STATUS_ASSURED ? CONNTRACK_EVENT_ASSURED : 0;
	bits |= seen->has_protocol ? CONNTRACK_EVENT_PROTOINFO : 0;
	bits |= seen->has_helper ? CONNTRACK_EVENT_HELPER : 0;
	bits |= seen->has_seqadj ? CONNTRACK_EVENT_SEQADJ : 0;
	bits |= seen->has_mark && seen->mark != before->mark ? CONNTRACK_EVENT_MARK : 0;
	return bits | mark_bit(seen);
}

static void emit_change(struct live *live, const struct aged_entry *aged, const struct kernel_event *told,
			uint32_t bits)
{
	struct event event = { .kind = EVENT_CONNTRACK };

	if (!stream_wants(live->options.stream, EVENT_CONNTRACK))
		return;
	event.conntrack.bits = bits;
	live_tell_view(live, aged, &told->entry, &event.conntrack.entry);
	stream_emit(live->options.stream, &event);
}

void live_tell_new(struct live *live, const struct aged_entry *aged, const struct kernel_event *told)
{
	uint32_t bits = told->entry.status & STATUS_EXPECTED ? CONNTRACK_EVENT_RELATED : CONNTRACK_EVENT_NEW;

	struct aged_entry then = *aged;
	uint32_t shown = told->entry.seconds_left;

	/* A helper may have set another time since. */
	if (shown + 1 != then.timeout_seconds && shown != then.timeout_seconds) {
		then.timeout_seconds = shown;
		then.end.deadline = vtime_add_seconds(live->ages.now, shown);
	}
	emit_change(live, &then, told, bits | mark_bit(&told->entry));
}

void live_tell_update(struct live *live, const struct aged_entry *aged, const struct kernel_event *told,
		      const struct kernel_entry *before)
{
	emit_change(live, aged, told, update_bits(before, &told->entry));
}

static const struct aged_entry *find_master(const struct live *live, const struct live_expectation *expectation)
{
	const struct aged_entry *entry = NULL;

	while ((entry = ages_find_tuple(&live->ages, &expectation->told.master, entry)))
		if (entries_zone(&entry->entry) == expectation->zone)
			return entry;
	return NULL;
}

static void view_expectation(const struct live *live, const struct live_expectation *expectation, struct expectation_view *view)
{
	const struct kernel_expectation *told = &expectation->told;
	const struct aged_entry *master = find_master(live, expectation);

	*view = (struct expectation_view){
		.id = expectation->id,
		.master_id = master ? master->id : 0,
		.tuple = told->tuple,
		.mask = told->mask,
		.master = told->master,
		.deadline = expectation->deadline,
		.hz = live->options.hz,
		.timeout_seconds = told->seconds_left,
		.flags = told->flags,
		.class = told->class,
		.class_name = "",
		.helper = told->helper[0] ? told->helper : NULL,
	};
}

void live_tell_expectation(struct live *live, const struct live_expectation *expectation, enum expectation_end end)
{
	struct event event = { .kind = EVENT_EXPECTATION, .expectation.end = end };

	if (!stream_wants(live->options.stream, EVENT_EXPECTATION))
		return;
	view_expectation(live, expectation, &event.expectation.expectation);
	stream_emit(live->options.stream, &event);
}

void live_tell_waiting(struct live *live, const struct live_expectation *expectation)
{
	struct event event = { .kind = EVENT_EXPECTATION_ENTRY };

	if (!stream_wants(live->options.stream, EVENT_EXPECTATION_ENTRY))
		return;
	view_expectation(live, expectation, &event.expectation_entry.expectation);
	stream_emit(live->options.stream, &event);
}

static bool is_tracked(enum ctstate ctstate)
{
	return ctstate == CTSTATE_NEW || ctstate == CTSTATE_ESTABLISHED || ctstate == CTSTATE_RELATED;
}

static void describe_entry(struct live *live, const struct live_effect *effect, struct event_packet *told)
{
	const struct aged_entry *aged = effect->has_ended ? &effect->ended : effect->packet_entry;

	if (!aged || !is_tracked(told->ctstate))
		return;
	told->has_entry = true;
	live_tell_view(live, aged, &aged->entry, &told->entry);
	if (effect->has_ended && !effect->packet_entry) {
		told->change = ENTRY_DESTROYED;
		told->entry.status |= STATUS_DYING;
	} else if (aged->id > effect->newest) {
		told->change = ENTRY_NEW;
	} else if (aged->entry.status != effect->before.status || aged->entry.state != effect->before.state) {
		told->change = ENTRY_CHANGED;
		if (aged->entry.state != effect->before.state)
			told->state_before = effect->before.state;
	} else {
		told->change = effect->was_armed ? ENTRY_REFRESHED : ENTRY_UNCHANGED;
	}
}

/* The packet as it left. What was filled up for the kernel, because the snap length had cut it, is cut again. */
static void decode_final(const struct live *live, const struct packet *packet, struct packet *final)
{
	uint32_t len = (uint32_t)live->path.final_len;
	bool is_cut = packet->captured_len < packet->original_len && packet->len < len;

	packet_init(final);
	decode_ip(final, live->path.final, is_cut ? packet->len : len, len);
	decode_accept_ip_checksum(final);	/* the kernel fills in IP options of what it delivers, but no checksum then */
}

/* Addresses and ports as it left, where they are others than those that came. */
static void describe_sent(const struct packet *packet, const struct packet *final, struct event_packet *told)
{
	struct tuple before, after;

	memset(&after, 0, sizeof(after));
	after.source = final->source;
	after.destination = final->destination;
	after.source_port = final->has_ports ? final->source_port : final->icmp_id;
	after.destination_port = final->destination_port;
	after.protocol = final->protocol;
	after.family = final->family;
	before = after;
	before.source = packet->source;
	before.destination = packet->destination;
	if (!packet->is_fragment) {
		before.source_port = packet->has_ports ? packet->source_port : packet->icmp_id;
		before.destination_port = packet->destination_port;
	}
	told->was_rewritten = !tuple_is_equal(&before, &after);
	told->sent = after;
	told->as_left = told->verdict == VERDICT_ACCEPT ? final : NULL;
}

static void emit_reply(struct live *live, const struct path_reply *reply)
{
	struct event event = { .kind = EVENT_REPLY };
	struct packet packet;

	packet_init(&packet);
	decode_ip(&packet, reply->bytes, (uint32_t)reply->len, (uint32_t)reply->len);
	event.reply = (struct event_reply){
		.packet = &packet,
		.reason = "made by the kernel",
		.verdict = path_reply_verdict(reply),
		.decided_by = reply->last_rule,
	};
	stream_emit(live->options.stream, &event);
	packet_clear(&packet);
}

/*
 * An answer may be answered itself, and then the last one's journey ended first. One that has left, to the host itself, did so
 * before it was answered.
 */
static void emit_replies(struct live *live, const struct path *path)
{
	for (size_t first = 0, last; first < path->n_replies; first = last + 1) {
		for (last = first; last + 1 < path->n_replies && !path->replies[last].has_left;)
			last++;
		for (size_t i = last + 1; i > first; i--)
			emit_reply(live, &path->replies[i - 1]);
	}
}

void live_tell_packet(struct live *live, const struct packet *packet, const struct live_effect *effect)
{
	const struct path *path = &live->path;
	struct event event = { .kind = EVENT_PACKET };
	struct event_packet *told = &event.journey;
	struct packet final;

	*told = (struct event_packet){
		.packet = packet,
		.n_hooks = path->n_hooks,
		.in = path->in,
		.out = path->out,
		.ctstate = path->ctstate,
		.direction = path->direction,
		.verdict = path->verdict,
		.decided_by = path->decided_by,
		.reason = path->reason,
		.invalid.words = path->ctstate == CTSTATE_INVALID && path->complaint[0] ? path->complaint : NULL,
		.matched = path->matched,
		.n_matched = path->n_matched,
		.mark = path->mark,
	};
	for (size_t i = 0; i < path->n_hooks; i++)
		told->hooks[i] = (uint8_t)path->hooks[i];
	describe_entry(live, effect, told);
	if (stream_wants(live->options.stream, EVENT_REPLY))
		emit_replies(live, path);
	packet_init(&final);
	if (path->final) {
		decode_final(live, packet, &final);
		describe_sent(packet, &final, told);
	}
	live->summary.n_verdicts[told->verdict]++;
	live->summary.n_ctstates[told->ctstate]++;
	stream_emit(live->options.stream, &event);
	packet_clear(&final);
}

void live_tell_passed_by(struct live *live, const struct packet *packet)
{
	struct event event = {
		.kind = EVENT_PACKET,
		.journey = {
			.packet = packet,
			.in = "",
			.out = "",
			.verdict = packet->status == DECODE_MALFORMED ? VERDICT_DROP : VERDICT_NONE,
			.reason = packet->status == DECODE_NOT_IP ? NULL : packet->problem,
		},
	};

	live->summary.n_verdicts[event.journey.verdict]++;
	live->summary.n_ctstates[CTSTATE_NONE]++;
	stream_emit(live->options.stream, &event);
}
