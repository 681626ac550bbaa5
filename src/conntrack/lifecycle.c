/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/lifecycle.h"

#include <assert.h>
#include <stddef.h>

#include "conntrack/help.h"
#include "conntrack/timeout_policy.h"

struct connection_annex *lifecycle_annex(struct conntrack *conntrack, struct connection *connection)
{
	if (!connection->annex)
		connection->annex = pool_take(&conntrack->annexes);
	return connection->annex;
}

struct connection_extra *lifecycle_extra(struct conntrack *conntrack, struct connection *connection)
{
	struct connection_extra *extra = connection_extra(connection);

	if (extra)
		return extra;
	extra = pool_take(&conntrack->extras);
	if (connection->annex) {
		extra->annex = *connection->annex;
		pool_give(&conntrack->annexes, connection->annex);
	}
	connection->annex = &extra->annex;
	connection->is_extended = true;
	return extra;
}

void lifecycle_set_reply(struct conntrack *conntrack, struct connection *connection, const struct tuple *reply)
{
	struct tuple inverse = connection_tuple(connection, DIRECTION_ORIGINAL);

	connection->has_reply = !tuple_invert(&inverse, &inverse) || !tuple_is_equal(&inverse, reply);
	if (connection->has_reply)
		lifecycle_annex(conntrack, connection)->reply = *reply;
}

static void set_reply_zone(struct conntrack *conntrack, struct connection *connection, uint16_t zone)
{
	struct tuple reply = connection_tuple(connection, DIRECTION_REPLY);

	reply.zone = zone;
	lifecycle_set_reply(conntrack, connection, &reply);
}

static struct connection *take_entry(struct conntrack *conntrack, const struct tuple *original)
{
	uint8_t number_of_tracker = conntrack->tracker_numbers[original->protocol];
	bool is_small = conntrack->trackers[original->protocol]->memory_size <= CONNECTION_SMALL_MEMORY;
	bool is_measured = conntrack->settings.acct || conntrack->settings.timestamp;
	struct connection *connection;
	uint32_t number;

	connection = store_take(&conntrack->entries, lifecycle_size(is_small, (enum family)original->family, is_measured), &number);
	connection->timer.number = number;
	connection->is_small = is_small;
	connection->has_counters = conntrack->settings.acct;
	connection->has_start = conntrack->settings.timestamp;
	connection->tracker = number_of_tracker;
	connection_set_original(connection, original);
	return connection;
}

static void note_start(struct connection *connection, struct vtime now)
{
	struct connection_measures *measures = connection_measures(connection);

	if (measures && connection->has_start)
		measures->start = now;
}

struct connection *lifecycle_begin(struct conntrack *conntrack, const struct tuple *original, uint16_t reply_zone,
				   struct vtime now)
{
	const struct conntrack_settings *settings = &conntrack->settings;
	struct connection *connection;

	/* A kernel that takes nf_conntrack_max=0 means no limit. */
	if (settings->max && conntrack->n_live + conntrack->n_unconfirmed + conntrack->n_dying >= settings->max &&
	    !early_drop(conntrack, original)) {
		conntrack->n_table_full++;
		return NULL;
	}
	connection = take_entry(conntrack, original);
	if (reply_zone != original->zone)
		set_reply_zone(conntrack, connection, reply_zone);
	connection->timer.order = (conntrack->n_created + 1) << CONNECTION_ORDER_BITS;
	connection->timer.deadline = now;
	note_start(connection, now);
	conntrack->n_unconfirmed++;
	return connection;
}

/* Linux 6.18, init_conntrack(): nf_ct_timeout_ext_add(), nf_ct_ecache_ext_add(). */
void lifecycle_follow_template(struct conntrack *conntrack, struct connection *connection,
			       const struct template *template)
{
	bool has_mask = template->events || template->expectation_events;
	struct connection_extra *extra;

	if (!template->policy && !has_mask)
		return;
	extra = lifecycle_extra(conntrack, connection);
	if (template->policy)
		extra->settings = &template->policy->settings;
	extra->has_event_mask = has_mask;
	extra->event_mask = template->events;
	extra->expectation_event_mask = template->expectation_events;
}

static void link_newest(struct conntrack *conntrack, struct connection *connection)
{
	uint32_t number = connection->timer.number;

	connection->older = conntrack->newest;
	*(conntrack->newest ? &lifecycle_at(conntrack, conntrack->newest)->newer : &conntrack->oldest) = number;
	conntrack->newest = number;
}

static void unlink_entry(struct conntrack *conntrack, struct connection *connection)
{
	uint32_t older = connection->older, newer = connection->newer;

	*(older ? &lifecycle_at(conntrack, older)->newer : &conntrack->oldest) = newer;
	*(newer ? &lifecycle_at(conntrack, newer)->older : &conntrack->newest) = older;
	connection->older = connection->newer = 0;
}

void lifecycle_confirm(struct conntrack *conntrack, struct connection *connection, struct vtime now)
{
	conntrack->n_unconfirmed--;
	conntrack->n_live++;
	connection->timer.order = ++conntrack->n_created << CONNECTION_ORDER_BITS;
	conntrack->n_ordered = 0;
	connection->status |= STATUS_CONFIRMED;
	note_start(connection, now);
	table_add(&conntrack->table, connection);
	early_drop_add(&conntrack->early_drop, connection);
	link_newest(conntrack, connection);
	if (connection->status & STATUS_SRC_NAT_DONE) {
		lifecycle_annex(conntrack, connection);
		sources_add(&conntrack->sources, connection);
	}
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
	struct connection_measures *measures;

	if (!connection->has_counters)
		return;
	measures = connection_measures(connection);
	measures->n_packets[direction]++;
	measures->n_bytes[direction] += len;
}

/*
 * Is the event told? When one of its bits is wanted, all of them are. Linux 6.18, nf_ct_ecache_ext_add(): what a rule chose
 * does not ask for the sysctl.
 */
static bool is_told(const struct conntrack *conntrack, const struct connection *connection, uint32_t bits)
{
	const struct connection_extra *extra = connection_extra(connection);

	if (extra && extra->has_event_mask)
		return (bits & extra->event_mask) != 0;
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
	struct connection_extra *extra = connection_extra(connection);

	if (extra && extra->help)
		pool_give(&conntrack->helps, extra->help);
	if (extra)
		pool_give(&conntrack->extras, extra);
	else if (connection->annex)
		pool_give(&conntrack->annexes, connection->annex);
	store_give(&conntrack->entries, connection->timer.number);
}

void lifecycle_end(struct conntrack *conntrack, struct connection *connection, enum lifecycle_cause cause)
{
	assert(connection->status & STATUS_CONFIRMED && !(connection->status & STATUS_DYING));
	timers_remove(&conntrack->timers, &connection->timer);
	table_remove(&conntrack->table, connection);
	early_drop_remove(&conntrack->early_drop, connection);
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
	if (connection->is_extended)
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
		if (connection->is_extended)
			help_end(conntrack, connection);
	} else if (connection->status & STATUS_DYING) {
		conntrack->n_dying--;
	} else {
		return;
	}
	free_entry(conntrack, connection);
}
