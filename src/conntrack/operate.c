/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "conntrack/operate.h"

#include <string.h>

#include "conntrack/lifecycle.h"
#include "conntrack/tracker/tcp_window.h"

static struct address address_of(const struct connection *connection, enum filter_end end)
{
	const struct tuple tuple = connection_tuple(connection, (enum direction)(end >= FILTER_REPLY_SOURCE));

	return end == FILTER_ORIGINAL_SOURCE || end == FILTER_REPLY_SOURCE ? tuple.source : tuple.destination;
}

static uint16_t port_of(const struct connection *connection, enum filter_end end)
{
	const struct tuple tuple = connection_tuple(connection, (enum direction)(end >= FILTER_REPLY_SOURCE));

	return end == FILTER_ORIGINAL_SOURCE || end == FILTER_REPLY_SOURCE ? tuple.source_port : tuple.destination_port;
}

static bool ends_hold(const struct entry_filter *filter, const struct connection *connection)
{
	for (int end = 0; end < FILTER_ENDS; end++) {
		struct address address = address_of(connection, (enum filter_end)end);

		if (filter->has_address[end] && !address_is_in(&address, &filter->address[end]))
			return false;
		if (filter->has_port[end] && port_of(connection, (enum filter_end)end) != filter->port[end])
			return false;
	}
	return true;
}

static bool is_masqueraded_by(const struct connection *connection, const char *interface)
{
	const struct connection_extra *extra = connection_extra(connection);

	return extra && extra->masqueraded_by && strcmp(extra->masqueraded_by, interface) == 0;
}

static bool state_holds(const char *state, const struct connection *connection)
{
	const char *own = connection_state_name(connection);

	return !state || (own && strcmp(own, state) == 0);
}

bool entry_filter_holds(const struct entry_filter *filter, const struct connection *connection)
{
	const struct tuple original = connection_tuple(connection, DIRECTION_ORIGINAL);

	if (filter->family != FAMILY_NONE && filter->family != original.family)
		return false;
	if (filter->has_protocol && filter->protocol != original.protocol)
		return false;
	if (filter->has_mark && (connection->mark & filter->mark_mask) != filter->mark)
		return false;
	for (int direction = 0; direction < 2; direction++)
		if (filter->has_zone[direction] && filter->zone[direction] != connection_tuple(connection, (enum direction)direction).zone)
			return false;
	if ((connection->status & filter->status) != filter->status)
		return false;
	if (filter->has_source_nat && !(connection->status & STATUS_SRC_NAT))
		return false;
	if (filter->has_destination_nat && !(connection->status & STATUS_DST_NAT))
		return false;
	if (filter->has_id && filter->id != connection_id(connection))
		return false;
	if (filter->masqueraded_by && !is_masqueraded_by(connection, filter->masqueraded_by))
		return false;
	return state_holds(filter->state, connection) && ends_hold(filter, connection);
}

size_t operate_count(const struct conntrack *conntrack, const struct entry_filter *filter)
{
	size_t n = 0;

	for (const struct connection *connection = lifecycle_oldest(conntrack); connection;
	     connection = lifecycle_newer(conntrack, connection))
		n += entry_filter_holds(filter, connection);
	return n;
}

void operate_remove(struct conntrack *conntrack, const struct entry_filter *filter, const char *program,
		    struct vtime now)
{
	conntrack->program = program;
	for (struct connection *connection = lifecycle_oldest(conntrack), *next; connection; connection = next) {
		next = lifecycle_newer(conntrack, connection);
		if (entry_filter_holds(filter, connection))
			conntrack_remove(conntrack, connection, now);
	}
	conntrack->program = NULL;
}

static void change_labels(struct conntrack *conntrack, struct connection *connection, const struct entry_change_set *change)
{
	struct connection_extra *extra;

	for (int word = 0; word < 2; word++) {
		if (!change->add_labels[word] && !change->remove_labels[word])
			continue;
		extra = lifecycle_extra(conntrack, connection);
		extra->labels[word] &= ~change->remove_labels[word];
		extra->labels[word] |= change->add_labels[word];
	}
}

/* Linux 6.18, ctnetlink_new_conntrack(): whatever changed, all of these are told. */
enum {
	CHANGE_EVENTS = CONNTRACK_EVENT_REPLY | CONNTRACK_EVENT_ASSURED | CONNTRACK_EVENT_HELPER | CONNTRACK_EVENT_LABEL |
			CONNTRACK_EVENT_PROTOINFO | CONNTRACK_EVENT_SEQADJ | CONNTRACK_EVENT_MARK,
};

/* conntrack-tools 1.4.7 sends more than the state: windows are not judged, and what has ended may be opened again. Seen live. */
static void set_state(struct tcp_memory *memory, enum tcp_state state)
{
	uint8_t flags = TCP_FLAG_LIBERAL | TCP_FLAG_SACK_PERMITTED;

	if (state >= TCP_STATE_TIME_WAIT)
		flags |= TCP_FLAG_CLOSE_INIT;
	memory->state = (uint8_t)state;
	memory->side[0].flags |= flags;
	memory->side[1].flags |= flags;
}

static void change_entry(struct conntrack *conntrack, struct connection *connection, const struct entry_change_set *change)
{
	if (change->has_mark)
		connection->mark = (connection->mark & ~change->mark_mask) | (change->mark & change->mark_mask);
	if (change->has_state)
		set_state(&connection->memory.tcp, change->state);
	connection->status |= change->status;
	change_labels(conntrack, connection, change);
	lifecycle_note(connection, CHANGE_EVENTS);
}

/* Linux 6.18, ctnetlink_create_conntrack(): what a tracker would remember of a first packet is not there. */
bool operate_create(struct conntrack *conntrack, const struct tuple *original, const struct entry_change_set *set,
		    const char *program, struct vtime now)
{
	struct connection *connection;
	enum direction direction;
	struct tuple reply;

	if (!tuple_invert(original, &reply) || conntrack_find(conntrack, original, &direction) ||
	    conntrack_find(conntrack, &reply, &direction))
		return false;
	connection = lifecycle_begin(conntrack, original, original->zone, now);
	if (!connection)
		return false;
	lifecycle_refresh(conntrack, connection, set->timeout_seconds, now);
	change_entry(conntrack, connection, set);
	lifecycle_confirm(conntrack, connection, now);
	conntrack->program = program;
	lifecycle_send_events(conntrack, connection);
	conntrack->program = NULL;
	return true;
}

void operate_change(struct conntrack *conntrack, const struct entry_filter *filter, const struct entry_change_set *change,
		    const char *program, struct vtime now)
{
	conntrack->program = program;
	for (struct connection *connection = lifecycle_oldest(conntrack); connection;
	     connection = lifecycle_newer(conntrack, connection)) {
		if (!entry_filter_holds(filter, connection))
			continue;
		if (change->has_timeout)
			lifecycle_refresh(conntrack, connection, change->timeout_seconds, now);
		change_entry(conntrack, connection, change);
		lifecycle_send_events(conntrack, connection);
	}
	conntrack->program = NULL;
}

void operate_set(struct conntrack *conntrack, const struct sysctl *sysctl, uint32_t value)
{
	settings_apply(&conntrack->settings, sysctl, value);
}
