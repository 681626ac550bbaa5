/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of one packet through tracking. Linux 6.18, nf_conntrack_in(), resolve_normal_ct(),
 * init_conntrack(), __nf_conntrack_confirm().
 */
#include "conntrack/conntrack.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "conntrack/lifecycle.h"
#include "conntrack/tell.h"
#include "conntrack/tracker/icmp_error.h"
#include "conntrack/tracker/tcp_states.h"

/* Entries begin at a cache line, so that each packet touches as few as can be. */
static size_t round_up(size_t size)
{
	enum { LINE = 64 };

	return (size + LINE - 1) / LINE * LINE;
}

struct conntrack *conntrack_create(const struct conntrack_settings *settings, struct stream *stream, uint64_t hash_seed)
{
	struct conntrack *conntrack = alloc_zeroed(1, sizeof(*conntrack));

	conntrack->settings = *settings;
	conntrack->stream = stream;
	for (unsigned protocol = 0; protocol < 256; protocol++)
		conntrack->trackers[protocol] = tracker_find((uint8_t)protocol);
	table_init(&conntrack->table, hash_seed);
	sources_init(&conntrack->sources);
	timers_init(&conntrack->timers);
	pool_init(&conntrack->small, round_up(offsetof(struct connection, memory) + LIFECYCLE_SMALL_MEMORY));
	pool_init(&conntrack->large, round_up(sizeof(struct connection)));
	pool_init(&conntrack->extras, sizeof(struct connection_extra));
	return conntrack;
}

void conntrack_destroy(struct conntrack *conntrack)
{
	if (!conntrack)
		return;
	assert(conntrack->n_unconfirmed == 0 && conntrack->n_dying == 0);
	assert(conntrack->n_created == conntrack->n_expired + conntrack->n_destroyed + conntrack->n_live);
	assert(conntrack->small.n_live + conntrack->large.n_live == conntrack->n_live);
	timers_clear(&conntrack->timers);
	table_clear(&conntrack->table);
	sources_clear(&conntrack->sources);
	pool_clear(&conntrack->small);
	pool_clear(&conntrack->large);
	pool_clear(&conntrack->extras);
	free(conntrack);
}

const struct conntrack_settings *conntrack_settings_of(const struct conntrack *conntrack)
{
	return &conntrack->settings;
}

void conntrack_expire(struct conntrack *conntrack, struct vtime now)
{
	struct vtime resume = conntrack->stream->time;
	struct timer *timer;

	while ((timer = timers_pop_due(&conntrack->timers, now)) != NULL) {
		struct connection *connection =
			(struct connection *)(void *)((char *)timer - offsetof(struct connection, timer));

		conntrack->stream->time = timer->deadline;
		lifecycle_end(conntrack, connection, LIFECYCLE_EXPIRED);
	}
	conntrack->stream->time = resume;
}

const char *connection_state_name(const struct connection *connection)
{
	return connection->tracker->state_name ? connection->tracker->state_name(connection) : NULL;
}

void conntrack_view(const struct conntrack *conntrack, const struct connection *connection, struct entry_view *view)
{
	const struct connection_extra *extra = connection->extra;

	*view = (struct entry_view){
		.id = connection->id,
		.tuple = { connection->tuple[0], connection->tuple[1] },
		.deadline = connection->timer.deadline,
		.hz = conntrack->settings.hz,
		.timeout_seconds = connection->timeout_seconds,
		.state = connection_state_name(connection),
		.status = connection->status,
		.mark = connection->mark,
	};
	if (!extra)
		return;
	view->has_counters = extra->has_counters;
	view->has_start = extra->has_start;
	view->start = extra->start;
	for (int direction = 0; direction < 2; direction++) {
		view->n_packets[direction] = extra->n_packets[direction];
		view->n_bytes[direction] = extra->n_bytes[direction];
	}
}

/* What EVENT_TRANSITION tells: from `from` (NULL: no states) to the state that the entry has now. */
static void emit_transition(struct conntrack *conntrack, const struct tracker_packet *seen,
			    const struct connection *connection, const char *from, const char *reason)
{
	struct event event = { .kind = EVENT_TRANSITION };
	char cell[LOOKUP_LONGEST_CELL + 1];

	if (!stream_wants(conntrack->stream, EVENT_TRANSITION))
		return;
	event.transition.direction = seen->direction;
	event.transition.from = from;
	event.transition.reason = reason;
	if (connection) {
		conntrack_view(conntrack, connection, &event.transition.entry);
		event.transition.to = event.transition.entry.state;
	}
	if (connection && from && connection->tracker->packet_name) {
		tell_print_cell(connection->tracker, seen, from, cell);
		event.transition.cell = cell;
	}
	stream_emit(conntrack->stream, &event);
}

static void set_invalid(struct tracking *tracking, const char *reason)
{
	*tracking = (struct tracking){
		.ctstate = CTSTATE_INVALID, .zone = tracking->zone, .invalid_reason = reason,
	};
}

/* INVALID before any entry was found. */
static void refuse(struct conntrack *conntrack, const struct tracker_packet *seen, struct tracking *tracking,
		   const char *reason)
{
	set_invalid(tracking, reason);
	if (seen->told)
		seen->told->reason = reason;
	emit_transition(conntrack, seen, NULL, NULL, reason);
}

/* INVALID with an entry: the packet lets go of it, and a new entry is gone with that. */
static void refuse_entry(struct conntrack *conntrack, const struct tracker_packet *seen, struct tracking *tracking,
			 const char *from, const char *reason)
{
	struct connection *connection = tracking->connection;
	bool is_new = connection_is_unconfirmed(connection);

	set_invalid(tracking, reason);
	if (seen->told)
		seen->told->reason = reason;
	if (seen->told && !is_new)
		conntrack_view(conntrack, connection, &seen->told->after);
	emit_transition(conntrack, seen, is_new ? NULL : connection, is_new ? NULL : from, reason);
	lifecycle_drop(conntrack, connection);
}

static enum ctstate ctstate_of(const struct connection *connection, enum direction direction)
{
	if (direction == DIRECTION_REPLY || connection->status & STATUS_SEEN_REPLY)
		return CTSTATE_ESTABLISHED;
	return connection->status & STATUS_EXPECTED ? CTSTATE_RELATED : CTSTATE_NEW;
}

static void attach(struct tracking *tracking, struct connection *connection, enum direction direction,
		   enum ctstate ctstate)
{
	tracking->connection = connection;
	tracking->direction = direction;
	tracking->ctstate = ctstate;
	tracking->status_before = connection->status;
	tracking->state_before = connection_is_unconfirmed(connection) ? NULL : connection_state_name(connection);
	lifecycle_hold(connection);
}

/* Linux 6.18, nf_conntrack_inet_error(). An error changes nothing of the entry that it is about. */
static void track_error(struct conntrack *conntrack, struct tracker_packet *seen, struct tracking *tracking)
{
	const struct packet *packet = seen->packet;
	const char *reason = NULL;
	struct connection *connection;
	struct tuple inverse;
	enum direction direction;

	if (!icmp_error_find_tuple(packet, tracking->zone, &inverse, &reason)) {
		refuse(conntrack, seen, tracking, reason);
		return;
	}
	connection = table_find(&conntrack->table, &inverse, &direction);
	if (seen->told) {
		tell_lookup(conntrack, seen, &inverse, connection, direction);
		seen->told->is_quoted = true;
	}
	if (!connection) {
		refuse(conntrack, seen, tracking, "no entry for the packet that the error quotes");
		return;
	}
	/* It must go to whoever sent the quoted packet. */
	if (!address_is_equal(&packet->destination, &connection->tuple[direction].destination)) {
		refuse(conntrack, seen, tracking, "outer daddr != inner");
		return;
	}
	attach(tracking, connection, direction, CTSTATE_RELATED);
	tracking->is_icmp_error = true;
}

enum tracked { TRACKED, TRACKED_INVALID, TRACKED_FULL };

void conntrack_prefetch(const struct conntrack *conntrack, const struct packet *packet,
			enum conntrack_prefetch_step step)
{
	struct tuple tuple = {
		.source = packet->source, .destination = packet->destination,
		.protocol = packet->protocol, .family = packet->family,
	};

	if (packet->family == FAMILY_NONE || !conntrack->trackers[packet->protocol]->packet_to_tuple(packet, &tuple))
		return;
	if (step == CONNTRACK_PREFETCH_SLOT)
		table_prefetch_slot(&conntrack->table, &tuple);
	else
		table_prefetch_connection(&conntrack->table, &tuple);
}

/* The entry of the packet's tuple, a new one when there is none; attached. */
static enum tracked find_or_begin(struct conntrack *conntrack, const struct tracker *tracker,
				  struct tracker_packet *seen, struct tracking *tracking)
{
	const struct packet *packet = seen->packet;
	struct tuple tuple = {
		.source = packet->source, .destination = packet->destination,
		.zone = tracking->zone, .protocol = packet->protocol, .family = packet->family,
	}, reply = {
		.source = packet->destination, .destination = packet->source,
		.zone = tracking->zone, .protocol = packet->protocol, .family = packet->family,
	};
	struct connection *connection;

	if (!tracker->packet_to_tuple(packet, &tuple)) {
		refuse(conntrack, seen, tracking,
		       packet_is_cut(packet) ? tracker_cut_reason : "too short to be keyed");
		return TRACKED_INVALID;
	}
	connection = table_find(&conntrack->table, &tuple, &seen->direction);
	if (seen->told)
		tell_lookup(conntrack, seen, &tuple, connection, seen->direction);
	if (!connection) {
		seen->direction = DIRECTION_ORIGINAL;
		if (!tracker->invert(&tuple, &reply)) {
			refuse(conntrack, seen, tracking, "of no kind that could have an answer");
			return TRACKED_INVALID;
		}
		connection = lifecycle_begin(conntrack, tracker, &tuple, &reply, seen->now);
		if (!connection)
			return TRACKED_FULL;
	}
	attach(tracking, connection, seen->direction, ctstate_of(connection, seen->direction));
	return TRACKED;
}

/* What the tracker did to the state is the entry's, and an event. */
static void note_changes(struct connection *connection, const struct tracker_result *result)
{
	if (result->state_changed)
		lifecycle_note(connection, CONNTRACK_EVENT_PROTOINFO);
	if (result->becomes_assured && !(connection->status & STATUS_ASSURED)) {
		connection->status |= STATUS_ASSURED;
		lifecycle_note(connection, CONNTRACK_EVENT_ASSURED);
	}
}

/* The accepting half of nf_conntrack_in(): what the tracker said becomes the entry's. */
static void apply(struct conntrack *conntrack, const struct tracker_packet *seen, struct tracking *tracking,
		  const struct tracker_result *result, const char *from)
{
	struct connection *connection = tracking->connection;

	note_changes(connection, result);
	if (result->action == TRACKER_ACCEPT) {
		lifecycle_refresh(conntrack, connection, result->timeout_seconds, seen->now);
		tracking->is_refreshed = true;
	}
	if (result->action != TRACKER_IGNORE)
		lifecycle_count(connection, seen->direction, seen->packet->total_len);
	if (result->state_changed || result->action != TRACKER_ACCEPT)
		emit_transition(conntrack, seen, connection, from, result->reason);
	if (result->action == TRACKER_DESTROY)
		lifecycle_end(conntrack, connection, LIFECYCLE_DESTROYED);
	if (seen->direction == DIRECTION_REPLY && !(connection->status & STATUS_SEEN_REPLY)) {
		connection->status |= STATUS_SEEN_REPLY;
		lifecycle_note(connection, CONNTRACK_EVENT_REPLY);
	}
}

/* One turn of find, judge, update; true when the tracker wants the packet to be looked up again. */
static bool track_once(struct conntrack *conntrack, const struct tracker *tracker, struct tracker_packet *seen,
		       struct tracking *tracking, enum tracked *tracked)
{
	const char *from = NULL, *reason;
	struct connection *connection;
	struct tracker_result result;

	*tracked = find_or_begin(conntrack, tracker, seen, tracking);
	if (*tracked != TRACKED)
		return false;
	connection = tracking->connection;
	from = connection_state_name(connection);
	reason = tracker->check ? tracker->check(seen) : NULL;
	if (seen->told && !reason && from && tracker->packet_name)
		tell_print_cell(tracker, seen, from, seen->told->cell);
	if (!reason && connection_is_unconfirmed(connection) && tracker->begin)
		reason = tracker->begin(connection, seen);
	if (reason) {
		refuse_entry(conntrack, seen, tracking, from, reason);
		return false;
	}
	result = tracker->update(connection, seen);
	if (seen->told) {
		seen->told->reason = result.reason;
		seen->told->is_reopened = result.action == TRACKER_REOPEN;
		seen->told->timeout_from = result.action == TRACKER_ACCEPT ? result.timeout_from : NULL;
	}
	if (result.action == TRACKER_INVALID) {
		/* What the packet did to the state before it failed stays, and the next packet's event tells. */
		note_changes(connection, &result);
		if (result.lowered_timeout)
			lifecycle_refresh(conntrack, connection, result.lowered_timeout, seen->now);
		refuse_entry(conntrack, seen, tracking, from, result.reason);
		return false;
	}
	if (result.action == TRACKER_REOPEN) {
		emit_transition(conntrack, seen, connection, from, result.reason);
		if (seen->told)
			tell_emit(conntrack, seen->told);
		lifecycle_end(conntrack, connection, LIFECYCLE_DESTROYED);
		lifecycle_drop(conntrack, connection);
		return true;
	}
	apply(conntrack, seen, tracking, &result, from);
	return false;
}

/* Linux 6.18, get_l4proto() and the families that ICMP and ICMPv6 belong to. NULL: can be tracked. */
static const char *untrackable(const struct packet *packet)
{
	if (packet->fragment_offset)
		return "a later fragment on its own";
	if (packet->l4_unreachable)
		return "no layer 4 header can be found";
	if (packet->protocol == PROTOCOL_ICMPV6 && packet->family != FAMILY_IPV6)
		return "ICMPv6 in IPv4";
	if (packet->protocol == PROTOCOL_ICMP && packet->family != FAMILY_IPV4)
		return "ICMP in IPv6";
	return NULL;
}

/* What an ICMP tracker decides before any lookup; true when that was all. */
static bool track_early(struct conntrack *conntrack, const struct tracker *tracker, struct tracker_packet *seen,
			struct tracking *tracking)
{
	const char *reason = NULL;

	switch (tracker->classify(seen, &reason)) {
	case TRACKER_CLASS_INVALID:
		refuse(conntrack, seen, tracking, reason);
		return true;
	case TRACKER_CLASS_UNTRACKED:
		tracking->ctstate = CTSTATE_UNTRACKED;
		return true;
	case TRACKER_CLASS_ERROR:
		track_error(conntrack, seen, tracking);
		return true;
	case TRACKER_CLASS_QUERY:
		break;
	}
	return false;
}

static enum conntrack_verdict track(struct conntrack *conntrack, struct tracker_packet *seen, struct tracking *tracking)
{
	const struct tracker *tracker = conntrack->trackers[seen->packet->protocol];
	const char *reason = untrackable(seen->packet);
	enum tracked tracked;

	if (reason) {
		refuse(conntrack, seen, tracking, reason);
		return CONNTRACK_ACCEPT;
	}
	if (tracker->classify && track_early(conntrack, tracker, seen, tracking))
		return CONNTRACK_ACCEPT;
	while (track_once(conntrack, tracker, seen, tracking, &tracked))
		tracking->connection = NULL;
	return tracked == TRACKED_FULL ? CONNTRACK_DROP : CONNTRACK_ACCEPT;
}

/* track(), told as EVENT_LOOKUP. */
static enum conntrack_verdict track_and_tell(struct conntrack *conntrack, struct tracker_packet *seen,
					     struct tracking *tracking)
{
	struct event_lookup told = { .result = LOOKUP_IMPOSSIBLE };
	enum conntrack_verdict verdict;

	seen->told = &told;
	verdict = track(conntrack, seen, tracking);
	told.ctstate = tracking->ctstate;
	told.is_refreshed = tracking->is_refreshed;
	if (tracking->connection) {
		told.is_new = connection_is_unconfirmed(tracking->connection);
		conntrack_view(conntrack, tracking->connection, &told.after);
	}
	tell_emit(conntrack, &told);
	return verdict;
}

enum conntrack_verdict conntrack_track(struct conntrack *conntrack, const struct packet *packet, enum hook hook,
				       struct vtime now, struct tracking *tracking)
{
	struct tracker_packet seen = {
		.packet = packet, .hook = hook, .direction = DIRECTION_ORIGINAL, .now = now,
		.settings = &conntrack->settings,
	};

	if (tracking->connection || tracking->ctstate == CTSTATE_UNTRACKED)
		return CONNTRACK_ACCEPT;
	if (stream_wants(conntrack->stream, EVENT_LOOKUP))
		return track_and_tell(conntrack, &seen, tracking);
	return track(conntrack, &seen, tracking);
}

/* A new entry whose tuples somebody else has (NAT found no free one) cannot be published. */
static bool has_clash(struct conntrack *conntrack, const struct connection *connection)
{
	enum direction unused;

	return table_find(&conntrack->table, &connection->tuple[DIRECTION_ORIGINAL], &unused) ||
	       table_find(&conntrack->table, &connection->tuple[DIRECTION_REPLY], &unused);
}

bool conntrack_confirm(struct conntrack *conntrack, struct tracking *tracking, struct vtime now)
{
	struct connection *connection = tracking->connection;

	if (!connection)
		return true;
	/* An answer that REJECT made carries the entry in the other direction and never confirms it. */
	if (connection_is_unconfirmed(connection) && tracking->direction == DIRECTION_ORIGINAL) {
		if (has_clash(conntrack, connection))
			return false;
		lifecycle_confirm(conntrack, connection, now);
	}
	lifecycle_send_events(conntrack, connection);
	return true;
}

void conntrack_attach(struct tracking *reply, const struct tracking *offending)
{
	if (offending->connection)
		attach(reply, offending->connection, direction_other(offending->direction), CTSTATE_RELATED);
}

void conntrack_release(struct conntrack *conntrack, struct tracking *tracking)
{
	if (tracking->connection)
		lifecycle_drop(conntrack, tracking->connection);
	*tracking = (struct tracking){ 0 };
}

void conntrack_remove(struct conntrack *conntrack, struct connection *connection, struct vtime now)
{
	struct vtime resume = conntrack->stream->time;

	conntrack->stream->time = now;
	lifecycle_end(conntrack, connection, LIFECYCLE_DESTROYED);
	conntrack->stream->time = resume;
}

void conntrack_change_mark(struct conntrack *conntrack, struct connection *connection, uint32_t mark)
{
	(void)conntrack;
	if (connection->mark == mark)
		return;
	connection->mark = mark;
	lifecycle_note(connection, CONNTRACK_EVENT_MARK);
}

void conntrack_close_tcp(struct conntrack *conntrack, struct connection *connection, struct vtime now)
{
	if (connection->tracker->protocol != PROTOCOL_TCP || !(connection->status & STATUS_CONFIRMED) ||
	    connection->status & STATUS_DYING)
		return;
	/* Linux 6.18, nf_conntrack_tcp_set_closing(): what is closed already makes no event. */
	if (connection->memory.tcp.state == TCP_STATE_CLOSE)
		return;
	lifecycle_refresh(conntrack, connection, conntrack->settings.tcp_timeout_close, now);
	connection->memory.tcp.state = TCP_STATE_CLOSE;
	lifecycle_note(connection, CONNTRACK_EVENT_PROTOINFO);
}

struct connection *conntrack_find(struct conntrack *conntrack, const struct tuple *tuple, enum direction *direction)
{
	return table_find(&conntrack->table, tuple, direction);
}

void conntrack_emit_snapshot(struct conntrack *conntrack, const char *label)
{
	struct event event = { .kind = EVENT_SNAPSHOT };

	event.snapshot.label = label;
	event.snapshot.n_entries = conntrack->n_live;
	if (stream_wants(conntrack->stream, EVENT_SNAPSHOT))
		stream_emit(conntrack->stream, &event);
	if (!stream_wants(conntrack->stream, EVENT_ENTRY))
		return;
	for (struct connection *connection = conntrack->oldest; connection; connection = connection->newer) {
		event = (struct event){ .kind = EVENT_ENTRY };
		conntrack_view(conntrack, connection, &event.entry.entry);
		stream_emit(conntrack->stream, &event);
	}
}

void conntrack_count(const struct conntrack *conntrack, struct conntrack_counts *counts)
{
	*counts = (struct conntrack_counts){
		.n_created = conntrack->n_created, .n_expired = conntrack->n_expired,
		.n_destroyed = conntrack->n_destroyed, .n_live = conntrack->n_live,
		.n_early_dropped = conntrack->n_early_dropped, .n_table_full = conntrack->n_table_full,
	};
}
