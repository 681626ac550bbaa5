/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/lifecycle.h"

#include <assert.h>
#include <stddef.h>

#include "conntrack/help.h"
#include "conntrack/timeout_policy.h"

static struct pool *pool_of(struct conntrack *conntrack, const struct tracker *tracker)
{
	return tracker->memory_size > LIFECYCLE_SMALL_MEMORY ? &conntrack->large : &conntrack->small;
}

/*
 * Linux 6.18, early_drop(), throws out the non-ASSURED entries of the first bucket near the new one that has
 * any; the hash is keyed at boot, so nobody can say which. Here it is the oldest non-ASSURED entry, alone.
 */
static bool evict(struct conntrack *conntrack)
{
	struct connection *victim = conntrack->oldest_evictable;

	while (victim && victim->status & STATUS_ASSURED)
		victim = victim->newer;
	conntrack->oldest_evictable = victim;
	if (!victim)
		return false;
	conntrack->n_early_dropped++;
	lifecycle_end(conntrack, victim, LIFECYCLE_DESTROYED);
	return true;
}

struct connection_extra *lifecycle_extra(struct conntrack *conntrack, struct connection *connection)
{
	if (!connection->extra)
		connection->extra = pool_take(&conntrack->extras);
	return connection->extra;
}

struct connection *lifecycle_begin(struct conntrack *conntrack, const struct tracker *tracker,
				   const struct tuple *original, const struct tuple *reply, struct vtime now)
{
	const struct conntrack_settings *settings = &conntrack->settings;
	struct connection *connection;

	/* A kernel that takes nf_conntrack_max=0 means no limit. */
	if (settings->max && conntrack->n_live + conntrack->n_unconfirmed + conntrack->n_dying >= settings->max &&
	    !evict(conntrack)) {
		conntrack->n_table_full++;
		return NULL;
	}
	connection = pool_take(pool_of(conntrack, tracker));
	connection->tracker = tracker;
	connection->tuple[DIRECTION_ORIGINAL] = *original;
	connection->tuple[DIRECTION_REPLY] = *reply;
	connection->id = conntrack->n_created + 1;
	connection->timer.deadline = now;
	if (settings->acct || settings->timestamp) {
		struct connection_extra *extra = lifecycle_extra(conntrack, connection);

		extra->has_counters = settings->acct;
		extra->has_start = settings->timestamp;
		extra->start = now;
	}
	conntrack->n_unconfirmed++;
	return connection;
}

/* Linux 6.18, init_conntrack(): nf_ct_timeout_ext_add(), nf_ct_ecache_ext_add(). */
void lifecycle_follow_template(struct conntrack *conntrack, struct connection *connection,
			       const struct template *template)
{
	bool has_mask = template->events || template->expectation_events;

	if (!template->policy && !has_mask)
		return;
	lifecycle_extra(conntrack, connection);
	if (template->policy)
		connection->extra->settings = &template->policy->settings;
	connection->extra->has_event_mask = has_mask;
	connection->extra->event_mask = template->events;
	connection->extra->expectation_event_mask = template->expectation_events;
}

static void link_newest(struct conntrack *conntrack, struct connection *connection)
{
	connection->older = conntrack->newest;
	if (conntrack->newest)
		conntrack->newest->newer = connection;
	else
		conntrack->oldest = connection;
	conntrack->newest = connection;
	if (!conntrack->oldest_evictable)
		conntrack->oldest_evictable = connection;
}

static void unlink_entry(struct conntrack *conntrack, struct connection *connection)
{
	if (conntrack->oldest_evictable == connection)
		conntrack->oldest_evictable = connection->newer;
	if (connection->older)
		connection->older->newer = connection->newer;
	else
		conntrack->oldest = connection->newer;
	if (connection->newer)
		connection->newer->older = connection->older;
	else
		conntrack->newest = connection->older;
	connection->older = connection->newer = NULL;
}

void lifecycle_confirm(struct conntrack *conntrack, struct connection *connection, struct vtime now)
{
	conntrack->n_unconfirmed--;
	conntrack->n_live++;
	connection->id = ++conntrack->n_created;
	connection->status |= STATUS_CONFIRMED;
	if (connection->extra)
		connection->extra->start = now;
	table_add(&conntrack->table, connection);
	link_newest(conntrack, connection);
	if (connection->status & STATUS_SRC_NAT_DONE)
		sources_add(&conntrack->sources, connection);
	timers_add(&conntrack->timers, &connection->timer, vtime_add_seconds(now, connection->timeout_seconds));
	if (help_helper(connection))
		lifecycle_note(connection, CONNTRACK_EVENT_HELPER);
	lifecycle_note(connection, connection->status & STATUS_EXPECTED ? CONNTRACK_EVENT_RELATED : CONNTRACK_EVENT_NEW);
}

void lifecycle_refresh(struct conntrack *conntrack, struct connection *connection, uint32_t timeout_seconds,
		       struct vtime now)
{
	struct vtime deadline = vtime_add_seconds(now, timeout_seconds);

	if (connection->status & STATUS_FIXED_TIMEOUT)
		return;
	connection->timeout_seconds = timeout_seconds;
	if (connection_is_unconfirmed(connection))
		connection->timer.deadline = deadline;
	else
		timers_rearm(&conntrack->timers, &connection->timer, deadline);
}

void lifecycle_count(struct connection *connection, enum direction direction, uint32_t len)
{
	if (!connection->extra || !connection->extra->has_counters)
		return;
	connection->extra->n_packets[direction]++;
	connection->extra->n_bytes[direction] += len;
}

/*
 * Is the event told? When one of its bits is wanted, all of them are. Linux 6.18, nf_ct_ecache_ext_add(): what a rule chose
 * does not ask for the sysctl.
 */
static bool is_told(const struct conntrack *conntrack, const struct connection *connection, uint32_t bits)
{
	if (connection->extra && connection->extra->has_event_mask)
		return (bits & connection->extra->event_mask) != 0;
	return conntrack->settings.events != 0;
}

static void emit(struct conntrack *conntrack, const struct connection *connection, uint32_t bits, bool expired)
{
	struct event event = { .kind = EVENT_CONNTRACK };

	if (!stream_wants(conntrack->stream, EVENT_CONNTRACK) || !is_told(conntrack, connection, bits))
		return;
	event.conntrack.bits = bits;
	event.conntrack.expired = expired;
	event.conntrack.program = conntrack->program;
	conntrack_view(conntrack, connection, &event.conntrack.entry);
	stream_emit(conntrack->stream, &event);
}

void lifecycle_send_events(struct conntrack *conntrack, struct connection *connection)
{
	uint32_t bits = connection->pending_events;

	if (!bits || connection->status & STATUS_DYING || !(connection->status & STATUS_CONFIRMED))
		return;
	connection->pending_events = 0;
	emit(conntrack, connection, bits, false);
}

static void free_entry(struct conntrack *conntrack, struct connection *connection)
{
	if (connection->extra) {
		if (connection->extra->help)
			pool_give(&conntrack->helps, connection->extra->help);
		pool_give(&conntrack->extras, connection->extra);
	}
	pool_give(pool_of(conntrack, connection->tracker), connection);
}

void lifecycle_end(struct conntrack *conntrack, struct connection *connection, enum lifecycle_cause cause)
{
	assert(connection->status & STATUS_CONFIRMED && !(connection->status & STATUS_DYING));
	timers_remove(&conntrack->timers, &connection->timer);
	table_remove(&conntrack->table, connection);
	unlink_entry(conntrack, connection);
	if (connection->status & STATUS_SRC_NAT_DONE)
		sources_remove(&conntrack->sources, connection);
	conntrack->n_live--;
	if (cause == LIFECYCLE_EXPIRED)
		conntrack->n_expired++;
	else
		conntrack->n_destroyed++;
	emit(conntrack, connection, CONNTRACK_EVENT_DESTROY, cause == LIFECYCLE_EXPIRED);
	connection->status |= STATUS_DYING;
	if (connection->extra)
		help_end(conntrack, connection);
	connection->pending_events = 0;
	if (connection->n_holders)
		conntrack->n_dying++;
	else
		free_entry(conntrack, connection);
}

void lifecycle_hold(struct connection *connection)
{
	assert(connection->n_holders < UINT8_MAX);
	connection->n_holders++;
}

void lifecycle_drop(struct conntrack *conntrack, struct connection *connection)
{
	assert(connection->n_holders > 0);
	if (--connection->n_holders)
		return;
	if (connection_is_unconfirmed(connection)) {
		conntrack->n_unconfirmed--;
		if (connection->extra)
			help_end(conntrack, connection);
	} else if (connection->status & STATUS_DYING) {
		conntrack->n_dying--;
	} else {
		return;
	}
	free_entry(conntrack, connection);
}
