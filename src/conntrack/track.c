/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The way of one packet to its entry. Linux 6.18, nf_conntrack_in(), resolve_normal_ct(), init_conntrack().
 */
#include "conntrack/conntrack.h"

#include <string.h>

#include "conntrack/help.h"
#include "conntrack/lifecycle.h"
#include "conntrack/tell.h"
#include "conntrack/tracker/icmp_error.h"

static void set_invalid(struct tracking *tracking, const struct tracker_packet *seen, const struct complaint *complaint)
{
	*tracking = (struct tracking){
		.ctstate = CTSTATE_INVALID, .invalid = *complaint,
	};
	if (seen->told)
		seen->told->reason = *complaint;
}

/* INVALID before any entry was found. */
static void refuse_with(struct conntrack *conntrack, const struct tracker_packet *seen, struct tracking *tracking,
			const struct complaint *complaint)
{
	set_invalid(tracking, seen, complaint);
	tell_transition(conntrack, seen, NULL, NULL, complaint);
}

static void refuse(struct conntrack *conntrack, const struct tracker_packet *seen, struct tracking *tracking,
		   const char *words)
{
	refuse_with(conntrack, seen, tracking, &(struct complaint){ .words = words });
}

/* INVALID with an entry: the packet lets go of it, and a new entry is gone with that. */
static void refuse_entry(struct conntrack *conntrack, const struct tracker_packet *seen, struct tracking *tracking,
			 const char *from, const struct complaint *complaint)
{
	struct connection *connection = tracking->connection;
	bool is_new = connection_is_unconfirmed(connection);

	set_invalid(tracking, seen, complaint);
	if (seen->told && !is_new)
		conntrack_view(conntrack, connection, &seen->told->after);
	tell_transition(conntrack, seen, is_new ? NULL : connection, is_new ? NULL : from, complaint);
	lifecycle_drop(conntrack, connection);
}

static enum ctstate ctstate_of(const struct connection *connection, enum direction direction)
{
	if (direction == DIRECTION_REPLY || connection->status & STATUS_SEEN_REPLY)
		return CTSTATE_ESTABLISHED;
	return connection->status & STATUS_EXPECTED ? CTSTATE_RELATED : CTSTATE_NEW;
}

/* Trackers are looked up by protocol; an entry's own pointer is a cache line further on. */
static inline const char *state_name_of(const struct tracker *tracker, const struct connection *connection)
{
	return tracker->state_name ? tracker->state_name(connection) : NULL;
}

static void attach(struct tracking *tracking, const struct tracker *tracker, struct connection *connection,
		   enum direction direction, enum ctstate ctstate)
{
	tracking->connection = connection;
	tracking->direction = direction;
	tracking->ctstate = ctstate;
	tracking->status_before = connection->status;
	tracking->state_before = connection_is_unconfirmed(connection) ? NULL : state_name_of(tracker, connection);
	lifecycle_hold(connection);
}

/* The key that the quoted packet of PPTP does not hold. */
static void complete_inverse(const struct conntrack *conntrack, struct tuple *inverse)
{
	struct tuple quoted = *inverse;

	quoted.source = inverse->destination;
	quoted.destination = inverse->source;
	quoted.destination_port = inverse->source_port;
	inverse->destination_port = gre_keys_find(&conntrack->gre_keys, &quoted);
}

/* Linux 6.18, nf_conntrack_inet_error(). An error changes nothing of the entry that it is about. */
static void track_error(struct conntrack *conntrack, struct tracker_packet *seen, struct tracking *tracking)
{
	const struct packet *packet = seen->packet;
	const char *reason = NULL;
	struct connection *connection;
	struct tuple inverse, known;
	enum direction direction;

	if (!icmp_error_find_tuple(packet, conntrack->settings.profile, &inverse, &reason)) {
		refuse(conntrack, seen, tracking, reason);
		return;
	}
	if (inverse.protocol == PROTOCOL_GRE && inverse.source_port)
		complete_inverse(conntrack, &inverse);
	connection = table_find_in_zones(&conntrack->table, &inverse, 0, tracking->zone, &direction);
	if (seen->told) {
		tell_lookup(conntrack, seen, &inverse, connection, direction);
		seen->told->is_quoted = true;
	}
	if (!connection) {
		refuse(conntrack, seen, tracking, "no entry for the packet that the error quotes");
		return;
	}
	/* It must go to whoever sent the quoted packet. */
	known = connection_tuple(connection, direction);
	if (!address_is_equal(&packet->destination, &known.destination)) {
		refuse_with(conntrack, seen, tracking, &(struct complaint){
			.words = packet->family == FAMILY_IPV4 ? "outer daddr %4 != inner %4" : "outer daddr %6 != inner %6",
			.addresses = { packet->destination, known.destination },
		});
		return;
	}
	attach(tracking, connection_tracker(connection), connection, direction, CTSTATE_RELATED);
	tracking->is_icmp_error = true;
}

enum tracked { TRACKED, TRACKED_INVALID, TRACKED_DROPPED };

/* Outside of zones. False: its entry has no tuple, or another one (of GRE's keys the entry may know more). */
static inline bool find_tuple(const struct conntrack *conntrack, const struct packet *packet, struct tuple *tuple)
{
	*tuple = (struct tuple){
		.source = packet->source, .destination = packet->destination,
		.protocol = packet->protocol, .family = packet->family,
	};
	/* Most packets, without a call. */
	if (packet->protocol == PROTOCOL_UDP || packet->protocol == PROTOCOL_TCP) {
		tuple->source_port = packet->source_port;
		tuple->destination_port = packet->destination_port;
		return packet->has_ports;
	}
	return packet->family != FAMILY_NONE && packet->protocol != PROTOCOL_GRE &&
	       conntrack->trackers[packet->protocol]->packet_to_tuple(packet, tuple);
}

static void note(const struct conntrack *conntrack, struct packet *packet)
{
	struct tuple tuple;

	packet->tuple_hash = find_tuple(conntrack, packet, &tuple) ? table_hash(&conntrack->table, &tuple) : 0;
}

void conntrack_note_packets(const struct conntrack *conntrack, struct packet *packets, size_t n_packets)
{
	for (size_t i = 0; i < n_packets; i++)
		note(conntrack, &packets[i]);
}

void conntrack_prefetch(const struct conntrack *conntrack, struct packet *packets, size_t n_packets)
{
	bool is_told = stream_wants(conntrack->stream, EVENT_PACKET) || stream_wants(conntrack->stream, EVENT_OUTCOME);

	for (size_t i = 0; i < n_packets; i++) {
		if (!packets[i].tuple_hash)
			note(conntrack, &packets[i]);
		table_foresee(&conntrack->table, packets[i].tuple_hash);
	}
	for (size_t i = 0; i < n_packets; i++)
		if (packets[i].tuple_hash)
			table_foresee_connection(&conntrack->table, packets[i].tuple_hash, packets[i].protocol == PROTOCOL_TCP, is_told);
}

/* The entry of the packet's tuple, a new one when there is none; attached. */
static enum tracked find_or_begin(struct conntrack *conntrack, const struct tracker *tracker,
				  struct tracker_packet *seen, struct tracking *tracking)
{
	const struct packet *packet = seen->packet;
	struct tuple tuple = {
		.source = packet->source, .destination = packet->destination,
		.zone = tracking->zone[DIRECTION_ORIGINAL], .protocol = packet->protocol, .family = packet->family,
	}, unused;
	struct connection *connection;

	if (!tracker->packet_to_tuple(packet, &tuple)) {
		refuse(conntrack, seen, tracking,
		       packet_is_cut(packet) ? tracker_cut_reason : "too short to be keyed");
		return TRACKED_INVALID;
	}
	if (tuple.protocol == PROTOCOL_GRE && tuple.destination_port)
		tuple.source_port = gre_keys_find(&conntrack->gre_keys, &tuple);
	connection = table_find_in_zones(&conntrack->table, &tuple, packet->tuple_hash, tracking->zone, &seen->direction);
	if (seen->told)
		tell_lookup(conntrack, seen, &tuple, connection, seen->direction);
	if (!connection) {
		seen->direction = DIRECTION_ORIGINAL;
		if (!tuple_invert(&tuple, &unused)) {
			refuse(conntrack, seen, tracking, "of no kind that could have an answer");
			return TRACKED_INVALID;
		}
		connection = lifecycle_begin(conntrack, &tuple, tracking->zone[DIRECTION_REPLY], seen->now);
		if (!connection) {
			tracking->drop_reason = "conntrack: table full";
			return TRACKED_DROPPED;
		}
		if (tracking->template.is_set)
			lifecycle_follow_template(conntrack, connection, &tracking->template);
		help_begin(conntrack, connection, tracking->template.helper, seen->now);
	}
	seen->settings = lifecycle_settings(conntrack, connection);
	attach(tracking, tracker, connection, seen->direction, ctstate_of(connection, seen->direction));
	return TRACKED;
}

/* What a tracker says, with the numbers that stand in it. */
static struct complaint complaint_of(const struct tracker_packet *seen, const char *reason)
{
	struct complaint complaint = { .words = reason };

	memcpy(complaint.numbers, seen->numbers, sizeof(complaint.numbers));
	return complaint;
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
	struct complaint reason;

	note_changes(connection, result);
	if (result->action == TRACKER_ACCEPT) {
		lifecycle_refresh(conntrack, connection, result->timeout_seconds, seen->now);
		tracking->is_refreshed = true;
	}
	if (result->action != TRACKER_IGNORE)
		lifecycle_count(connection, seen->direction, seen->packet->total_len);
	if (result->state_changed || result->action != TRACKER_ACCEPT) {
		reason = complaint_of(seen, result->reason);
		tell_transition(conntrack, seen, connection, from, &reason);
	}
	if (result->action == TRACKER_DESTROY)
		lifecycle_end(conntrack, connection, LIFECYCLE_DESTROYED);
	if (seen->direction == DIRECTION_REPLY && !(connection->status & STATUS_SEEN_REPLY)) {
		connection->status |= STATUS_SEEN_REPLY;
		lifecycle_note(connection, CONNTRACK_EVENT_REPLY);
	}
}

/* Judge and update the entry that is attached; true when the tracker wants the packet to be looked up again. */
static bool judge(struct conntrack *conntrack, const struct tracker *tracker, struct tracker_packet *seen,
		  struct tracking *tracking, enum tracked *tracked)
{
	const char *from = NULL, *reason;
	struct connection *connection;
	struct tracker_result result;
	struct complaint complaint;

	connection = tracking->connection;
	from = state_name_of(tracker, connection);
	reason = tracker->check ? tracker->check(seen) : NULL;
	if (seen->told && !reason && from && tracker->packet_name)
		tell_print_cell(tracker, seen, from, seen->told->cell);
	if (!reason && connection_is_unconfirmed(connection) && tracker->begin)
		reason = tracker->begin(connection, seen);
	if (reason) {
		complaint = complaint_of(seen, reason);
		refuse_entry(conntrack, seen, tracking, from, &complaint);
		return false;
	}
	result = tracker->update(connection, seen);
	if (seen->told) {
		seen->told->reason = complaint_of(seen, result.reason);
		seen->told->is_reopened = result.action == TRACKER_REOPEN;
		seen->told->timeout_from = result.action == TRACKER_ACCEPT ? result.timeout_from : NULL;
	}
	if (result.action == TRACKER_INVALID) {
		/* What the packet did to the state before it failed stays, and the next packet's event tells. */
		note_changes(connection, &result);
		if (result.lowered_timeout)
			lifecycle_refresh(conntrack, connection, result.lowered_timeout, seen->now);
		complaint = complaint_of(seen, result.reason);
		refuse_entry(conntrack, seen, tracking, from, &complaint);
		return false;
	}
	if (result.action == TRACKER_DROP) {
		lifecycle_drop(conntrack, connection);
		*tracking = (struct tracking){ .drop_reason = result.reason };
		*tracked = TRACKED_DROPPED;
		return false;
	}
	if (result.action == TRACKER_REOPEN) {
		complaint = complaint_of(seen, result.reason);
		tell_transition(conntrack, seen, connection, from, &complaint);
		if (seen->told)
			tell_emit(conntrack, seen->told);
		lifecycle_end(conntrack, connection, LIFECYCLE_DESTROYED);
		lifecycle_drop(conntrack, connection);
		return true;
	}
	apply(conntrack, seen, tracking, &result, from);
	return false;
}

/* One turn of find, judge, update; true likewise. */
static bool track_once(struct conntrack *conntrack, const struct tracker *tracker, struct tracker_packet *seen,
		       struct tracking *tracking, enum tracked *tracked)
{
	*tracked = find_or_begin(conntrack, tracker, seen, tracking);
	return *tracked == TRACKED && judge(conntrack, tracker, seen, tracking, tracked);
}

/* Again and again, until the tracker does not want the packet to be looked up once more. */
static enum conntrack_verdict look_up(struct conntrack *conntrack, const struct tracker *tracker,
				      struct tracker_packet *seen, struct tracking *tracking)
{
	enum tracked tracked;

	while (track_once(conntrack, tracker, seen, tracking, &tracked))
		tracking->connection = NULL;
	return tracked == TRACKED_DROPPED ? CONNTRACK_DROP : CONNTRACK_ACCEPT;
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

	if (reason) {
		refuse(conntrack, seen, tracking, reason);
		return CONNTRACK_ACCEPT;
	}
	if (tracker->classify && track_early(conntrack, tracker, seen, tracking))
		return CONNTRACK_ACCEPT;
	return look_up(conntrack, tracker, seen, tracking);
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
	seen->told = NULL;
	return verdict;
}

enum conntrack_verdict conntrack_track(struct conntrack *conntrack, const struct packet *packet, enum hook hook,
				       struct vtime now, struct tracking *tracking)
{
	uint32_t numbers[COMPLAINT_MOST_NUMBERS] = { 0 };
	struct tracker_packet seen = {
		.packet = packet, .hook = hook, .direction = DIRECTION_ORIGINAL, .now = now,
		.settings = &conntrack->settings, .numbers = numbers,
	};

	if (tracking->connection || tracking->ctstate == CTSTATE_UNTRACKED)
		return CONNTRACK_ACCEPT;
	if (stream_wants(conntrack->stream, EVENT_LOOKUP))
		return track_and_tell(conntrack, &seen, tracking);
	return track(conntrack, &seen, tracking);
}

struct connection *conntrack_find_untracked(const struct conntrack *conntrack, const struct packet *packet,
					    enum direction *direction)
{
	struct tuple tuple;

	if (!packet->has_ports || packet->l4_unreachable || !find_tuple(conntrack, packet, &tuple))
		return NULL;
	return table_find_hashed(&conntrack->table, &tuple,
				 packet->tuple_hash ? packet->tuple_hash : table_hash(&conntrack->table, &tuple), direction);
}

enum conntrack_verdict conntrack_track_found(struct conntrack *conntrack, const struct packet *packet, enum hook hook,
					     struct vtime now, struct connection *connection, enum direction direction,
					     struct tracking *tracking)
{
	uint32_t numbers[COMPLAINT_MOST_NUMBERS] = { 0 };
	const struct tracker *tracker = conntrack->trackers[packet->protocol];
	struct tracker_packet seen = {
		.packet = packet, .hook = hook, .direction = direction, .now = now,
		.settings = lifecycle_settings(conntrack, connection), .numbers = numbers,
	};
	enum tracked tracked = TRACKED;

	attach(tracking, tracker, connection, direction, ctstate_of(connection, direction));
	if (judge(conntrack, tracker, &seen, tracking, &tracked)) {
		tracking->connection = NULL;
		return look_up(conntrack, tracker, &seen, tracking);
	}
	return tracked == TRACKED_DROPPED ? CONNTRACK_DROP : CONNTRACK_ACCEPT;
}

void conntrack_attach(struct tracking *reply, const struct tracking *offending)
{
	if (offending->connection)
		attach(reply, connection_tracker(offending->connection), offending->connection,
		       direction_other(offending->direction), CTSTATE_RELATED);
}
