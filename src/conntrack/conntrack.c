/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table as a whole, and what is done to its entries. Linux 6.18, __nf_conntrack_confirm(), nf_conntrack_core.c. */
#include "conntrack/conntrack.h"

#include <assert.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "conntrack/help.h"
#include "conntrack/lifecycle.h"
#include "conntrack/tracker/tcp_states.h"

/* Entries are of eight sizes. */
static void init_entries(struct store *entries)
{
	static const enum family families[] = { FAMILY_IPV4, FAMILY_IPV6 };
	size_t sizes[STORE_MOST_SIZES];

	for (unsigned i = 0; i < STORE_MOST_SIZES; i++) {
		bool is_small = i & 1, is_measured = i & 4;
		enum family family = families[i >> 1 & 1];

		sizes[lifecycle_size(is_small, family, is_measured)] =
			connection_size(is_small, family) + (is_measured ? sizeof(struct connection_measures) : 0);
	}
	store_init(entries, sizes, STORE_MOST_SIZES);
}

static struct expectation *expectation_at(const struct conntrack *conntrack, uint32_t number)
{
	return store_at(&conntrack->expectations.store, number & ~LIFECYCLE_EXPECTATION);
}

static struct timer *find_timer(const void *owner, uint32_t number)
{
	const struct conntrack *conntrack = owner;

	return number & LIFECYCLE_EXPECTATION ? &expectation_at(conntrack, number)->timer : &lifecycle_at(conntrack, number)->timer;
}

struct conntrack *conntrack_create(const struct conntrack_settings *settings, struct stream *stream, uint64_t hash_seed)
{
	struct conntrack *conntrack = alloc_zeroed(1, sizeof(*conntrack));

	conntrack->settings = *settings;
	conntrack->stream = stream;
	for (unsigned protocol = 0; protocol < 256; protocol++) {
		conntrack->trackers[protocol] = tracker_find((uint8_t)protocol, settings->profile);
		conntrack->tracker_numbers[protocol] = tracker_number(conntrack->trackers[protocol]);
	}
	init_entries(&conntrack->entries);
	table_init(&conntrack->table, &conntrack->entries, hash_seed);
	sources_init(&conntrack->sources, &conntrack->entries);
	timers_init(&conntrack->timers, find_timer, conntrack);
	pool_init(&conntrack->annexes, sizeof(struct connection_annex));
	pool_init(&conntrack->extras, sizeof(struct connection_extra));
	pool_init(&conntrack->helps, sizeof(struct help));
	expectations_init(&conntrack->expectations);
	gre_keys_init(&conntrack->gre_keys);
	return conntrack;
}

void conntrack_destroy(struct conntrack *conntrack)
{
	if (!conntrack)
		return;
	assert(conntrack->n_unconfirmed == 0 && conntrack->n_dying == 0);
	assert(conntrack->n_created == conntrack->n_expired + conntrack->n_destroyed + conntrack->n_live);
	assert(conntrack->entries.n_live == conntrack->n_live);
	timers_clear(&conntrack->timers);
	table_clear(&conntrack->table);
	early_drop_clear(&conntrack->early_drop);
	sources_clear(&conntrack->sources);
	store_clear(&conntrack->entries);
	pool_clear(&conntrack->annexes);
	pool_clear(&conntrack->extras);
	pool_clear(&conntrack->helps);
	expectations_clear(&conntrack->expectations);
	gre_keys_clear(&conntrack->gre_keys);
	free(conntrack);
}

void conntrack_set_outside(struct conntrack *conntrack, const struct outside *outside)
{
	conntrack->outside = outside;
}

const struct conntrack_settings *conntrack_settings_of(const struct conntrack *conntrack)
{
	return &conntrack->settings;
}

void conntrack_expire(struct conntrack *conntrack, struct vtime now)
{
	struct vtime resume;
	struct timer *timer;

	if (!timers_find_due(&conntrack->timers, now))
		return;
	resume = conntrack->stream->time;
	while ((timer = timers_pop_due(&conntrack->timers, now)) != NULL) {
		conntrack->stream->time = timer->deadline;
		if (timer->number & LIFECYCLE_EXPECTATION)
			expectation_remove(conntrack, expectation_at(conntrack, timer->number), EXPECTATION_EXPIRED);
		else
			lifecycle_end(conntrack, lifecycle_at(conntrack, timer->number), LIFECYCLE_EXPIRED);
	}
	conntrack->stream->time = resume;
}

const char *connection_state_name(const struct connection *connection)
{
	return connection_tracker(connection)->state_name ? connection_tracker(connection)->state_name(connection) : NULL;
}

/* What only one protocol has. */
static void view_protocol(const struct connection *connection, struct entry_view *view)
{
	uint8_t protocol = connection_tracker(connection)->protocol;

	if (protocol == PROTOCOL_SCTP)
		memcpy(view->tags, connection->memory.sctp.tag, sizeof(view->tags));
	if (protocol == PROTOCOL_GRE) {
		view->gre_timeouts[0] = connection->memory.gre.timeout;
		view->gre_timeouts[1] = connection->memory.gre.stream_timeout;
	}
	if (protocol == PROTOCOL_DCCP)
		view->role = connection->memory.dccp.client == DIRECTION_ORIGINAL ? "client" : "server";
}

static void view_measures(const struct connection *connection, struct entry_view *view)
{
	const struct connection_measures *measures = connection_measures(connection);

	if (!measures)
		return;
	view->has_counters = connection->has_counters;
	view->has_start = connection->has_start;
	view->start = measures->start;
	memcpy(view->n_packets, measures->n_packets, sizeof(view->n_packets));
	memcpy(view->n_bytes, measures->n_bytes, sizeof(view->n_bytes));
}

static void view_extra(const struct connection_extra *extra, struct entry_view *view)
{
	if (!extra)
		return;
	view->helper = extra->help && extra->help->helper ? extra->help->helper->name : NULL;
	view->master_id = extra->master_id;
	view->expected_by = extra->expected_by ? extra->expected_by->name : NULL;
	memcpy(view->labels, extra->labels, sizeof(view->labels));
}

/* Has it nothing but what every entry has? */
static bool is_usual(const struct connection *connection)
{
	uint8_t protocol = connection->key.protocol;

	return (protocol == PROTOCOL_UDP || protocol == PROTOCOL_TCP) && !connection->is_extended && !connection->has_counters &&
	       !connection->has_start;
}

/* There is one a packet that is told of. */
void conntrack_view(const struct conntrack *conntrack, const struct connection *connection, struct entry_view *view)
{
	const size_t seldom = offsetof(struct entry_view, labels);

	view->id = connection_id(connection);
	connection_read_tuple(connection, DIRECTION_ORIGINAL, &view->tuple[DIRECTION_ORIGINAL]);
	connection_read_tuple(connection, DIRECTION_REPLY, &view->tuple[DIRECTION_REPLY]);
	view->deadline = connection->timer.deadline;
	view->hz = conntrack->settings.hz;
	view->timeout_seconds = connection->timeout_seconds;
	view->state = connection_state_name(connection);
	view->status = connection->status;
	view->mark = connection->mark;
	view->is_usual = is_usual(connection);
	alloc_clear((char *)view + seldom, sizeof(*view) - seldom);
	if (view->is_usual)
		return;
	view_protocol(connection, view);
	view_measures(connection, view);
	view_extra(connection_extra(connection), view);
}

/* Who else has one of a new entry's tuples (NAT found no free one), so that it cannot be published; NULL: nobody. */
static struct connection *find_owner(struct conntrack *conntrack, const struct connection *connection)
{
	const struct tuple original = connection_tuple(connection, DIRECTION_ORIGINAL);
	const struct tuple reply = connection_tuple(connection, DIRECTION_REPLY);
	bool is_one_zone = original.zone == reply.zone;
	struct connection *owner;
	enum direction unused;

	owner = is_one_zone ? table_find(&conntrack->table, &original, &unused)
			    : table_find_in(&conntrack->table, &original, DIRECTION_ORIGINAL);
	if (owner)
		return owner;
	return is_one_zone ? table_find(&conntrack->table, &reply, &unused) : table_find_in(&conntrack->table, &reply, DIRECTION_REPLY);
}

/*
 * The packet goes on with the entry that is in its own one's way, where its kernel does that. Linux 6.1, __nf_ct_resolve_clash(), for the
 * trackers that have allow_clash; entries with both tuples alike, which later kernels join, too, need packets that run side by side.
 */
static bool join(struct conntrack *conntrack, struct tracking *tracking, struct connection *owner)
{
	const struct connection_measures *measures = connection_measures(tracking->connection);
	uint8_t protocol = connection_tracker(owner)->protocol;

	if (!profile_value(conntrack->settings.profile, PROFILE_JOINS_CLASHING) ||
	    (protocol != PROTOCOL_UDP && protocol != PROTOCOL_UDPLITE && protocol != 0) ||
	    owner->status & (STATUS_SRC_NAT_DONE | STATUS_DST_NAT_DONE))
		return false;
	if (tracking->connection->has_counters)
		lifecycle_count(owner, tracking->direction, (uint32_t)measures->n_bytes[tracking->direction]);
	lifecycle_drop(conntrack, tracking->connection);
	lifecycle_hold(owner);
	tracking->connection = owner;
	tracking->has_joined = true;
	tracking->is_refreshed = false;
	tracking->status_before = owner->status;
	tracking->state_before = connection_state_name(owner);
	return true;
}

bool conntrack_confirm(struct conntrack *conntrack, struct tracking *tracking, struct vtime now)
{
	struct connection *connection = tracking->connection, *owner;

	if (!connection)
		return true;
	/* An answer that REJECT made carries the entry in the other direction and never confirms it. */
	if (connection_is_unconfirmed(connection) && tracking->direction == DIRECTION_ORIGINAL) {
		owner = find_owner(conntrack, connection);
		if (owner && !join(conntrack, tracking, owner))
			return false;
		if (!owner)
			lifecycle_confirm(conntrack, connection, now);
	}
	lifecycle_send_events(conntrack, tracking->connection);
	return true;
}

void conntrack_release(struct conntrack *conntrack, struct tracking *tracking)
{
	if (tracking->connection)
		lifecycle_drop(conntrack, tracking->connection);
	tracking->connection = NULL;
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

void conntrack_note_masquerade(struct conntrack *conntrack, struct connection *connection, const char *interface)
{
	lifecycle_extra(conntrack, connection)->masqueraded_by = interface;
}

void conntrack_set_label(struct conntrack *conntrack, struct connection *connection, unsigned bit)
{
	uint64_t *word = &lifecycle_extra(conntrack, connection)->labels[bit / 64], mask = UINT64_C(1) << bit % 64;

	if (*word & mask)
		return;
	*word |= mask;
	lifecycle_note(connection, CONNTRACK_EVENT_LABEL);
}

void conntrack_close_tcp(struct conntrack *conntrack, struct connection *connection, struct vtime now)
{
	if (connection->key.protocol != PROTOCOL_TCP || !(connection->status & STATUS_CONFIRMED) ||
	    connection->status & STATUS_DYING)
		return;
	/* Linux 6.18, nf_conntrack_tcp_set_closing(): what is closed already makes no event. */
	if (connection->memory.tcp.state == TCP_STATE_CLOSE)
		return;
	lifecycle_refresh(conntrack, connection, lifecycle_settings(conntrack, connection)->tcp_timeout_close, now);
	connection->memory.tcp.state = TCP_STATE_CLOSE;
	lifecycle_note(connection, CONNTRACK_EVENT_PROTOINFO);
}

struct connection *conntrack_find(struct conntrack *conntrack, const struct tuple *tuple, enum direction *direction)
{
	return table_find(&conntrack->table, tuple, direction);
}

struct connection *conntrack_find_in_zones(struct conntrack *conntrack, const struct tuple *tuple, const uint16_t zone[2],
					   enum direction *direction)
{
	return table_find_in_zones(&conntrack->table, tuple, 0, zone, direction);
}

/* Whoever lists the table meets no entry whose time is over, even if nothing has ended it yet. Linux 6.18, nf_ct_is_expired(). */
static bool is_listed(const struct conntrack *conntrack, const struct connection *connection, struct vtime now)
{
	uint32_t hz = conntrack->settings.hz;

	return vtime_jiffies(connection->timer.deadline, hz) > vtime_jiffies(now, hz);
}

static uint64_t count_listed(const struct conntrack *conntrack, struct vtime now)
{
	uint64_t n = 0;

	for (const struct connection *connection = lifecycle_oldest(conntrack); connection;
	     connection = lifecycle_newer(conntrack, connection))
		n += is_listed(conntrack, connection, now);
	return n;
}

void conntrack_list(const struct conntrack *conntrack, struct stream *stream)
{
	for (const struct connection *connection = lifecycle_oldest(conntrack); connection;
	     connection = lifecycle_newer(conntrack, connection)) {
		struct event event = { .kind = EVENT_ENTRY };

		if (!is_listed(conntrack, connection, stream->time))
			continue;
		conntrack_view(conntrack, connection, &event.entry.entry);
		stream_emit(stream, &event);
	}
}

void conntrack_emit_snapshot(struct conntrack *conntrack, const char *label)
{
	struct event event = { .kind = EVENT_SNAPSHOT };

	event.snapshot.label = label;
	event.snapshot.n_entries = count_listed(conntrack, conntrack->stream->time);
	event.snapshot.n_expectations = conntrack->expectations.n_live;
	if (stream_wants(conntrack->stream, EVENT_SNAPSHOT))
		stream_emit(conntrack->stream, &event);
	if (stream_wants(conntrack->stream, EVENT_ENTRY))
		conntrack_list(conntrack, conntrack->stream);
	if (stream_wants(conntrack->stream, EVENT_EXPECTATION_ENTRY))
		expectation_emit_all(conntrack);
}

void conntrack_count(const struct conntrack *conntrack, struct conntrack_counts *counts)
{
	*counts = (struct conntrack_counts){
		.n_created = conntrack->n_created, .n_expired = conntrack->n_expired,
		.n_destroyed = conntrack->n_destroyed, .n_live = conntrack->n_live,
		.n_early_dropped = conntrack->n_early_dropped, .n_table_full = conntrack->n_table_full,
	};
}
