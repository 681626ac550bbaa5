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
		if (filter->passes_missing_ports && !connection_tracker(connection)->protocol)
			continue;
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

static bool icmp_holds(const struct entry_filter *filter, const struct connection *connection)
{
	uint16_t type_and_code = connection_tuple(connection, DIRECTION_ORIGINAL).destination_port;

	return (!filter->has_icmp_type || type_and_code >> 8 == filter->icmp_type) &&
	       (!filter->has_icmp_code || (type_and_code & 0xff) == filter->icmp_code);
}

/*
 * conntrack-tools 1.4.7, seen live: what counts is that NAT has decided and that the two tuples do not mirror each other there.
 * It takes ICMP's type and code for a port, and compares no IPv6 address.
 */
static bool translation_holds(const struct entry_filter *filter, enum filter_translation which,
			      const struct connection *connection)
{
	const struct translation_filter *wanted = &filter->translation[which];
	const struct tuple original = connection_tuple(connection, DIRECTION_ORIGINAL);
	const struct tuple reply = connection_tuple(connection, DIRECTION_REPLY);
	bool is_source = which == FILTER_SOURCE_NAT, has_address, has_port;
	const struct address *to = is_source ? &reply.destination : &reply.source;
	uint16_t to_port = is_source ? reply.destination_port : reply.source_port;

	if (!wanted->is_wanted)
		return true;
	if (!(connection->status & (is_source ? STATUS_SRC_NAT_DONE : STATUS_DST_NAT_DONE)))
		return false;
	has_address = !address_is_equal(to, is_source ? &original.source : &original.destination);
	has_port = to_port != (is_source ? original.source_port : original.destination_port);
	if (!wanted->has_address || original.family != FAMILY_IPV4)
		return has_address || has_port;
	return has_address && address_is_equal(to, &wanted->address) &&
	       (!wanted->has_port || (has_port && to_port == wanted->port));
}

static bool labels_hold(const struct entry_filter *filter, const struct connection *connection)
{
	static const uint64_t none[2];
	const struct connection_extra *extra = connection_extra(connection);
	const uint64_t *labels = extra ? extra->labels : none;

	return !((filter->labels[0] & ~labels[0]) | (filter->labels[1] & ~labels[1]));
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
	for (int which = 0; which < FILTER_TRANSLATIONS; which++)
		if (!translation_holds(filter, (enum filter_translation)which, connection))
			return false;
	if (filter->has_id && filter->id != connection_id(connection))
		return false;
	if (filter->masqueraded_by && !is_masqueraded_by(connection, filter->masqueraded_by))
		return false;
	return icmp_holds(filter, connection) && labels_hold(filter, connection) && state_holds(filter->state, connection) &&
	       ends_hold(filter, connection);
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

static uint64_t labels_of(const struct connection *connection, int word)
{
	const struct connection_extra *extra = connection_extra(connection);

	return extra ? extra->labels[word] : 0;
}

static uint64_t changed_labels(const struct connection *connection, const struct entry_change_set *change, int word)
{
	return (labels_of(connection, word) & ~change->remove_labels[word]) | change->add_labels[word];
}

static void change_labels(struct conntrack *conntrack, struct connection *connection, const struct entry_change_set *change)
{
	for (int word = 0; word < 2; word++)
		if (change->add_labels[word] || change->remove_labels[word])
			lifecycle_extra(conntrack, connection)->labels[word] = changed_labels(connection, change, word);
}

static uint32_t changed_mark(const struct connection *connection, const struct entry_change_set *change)
{
	return change->has_mark ? (connection->mark & ~change->mark_mask) ^ change->mark : connection->mark;
}

/* conntrack-tools 1.4.7 asks the kernel only where something would be another. */
static bool would_change(const struct conntrack *conntrack, const struct connection *connection,
			 const struct entry_change_set *change, struct vtime now)
{
	for (int word = 0; word < 2; word++)
		if (changed_labels(connection, change, word) != labels_of(connection, word))
			return true;
	if (change->has_timeout &&
	    vtime_seconds_left(connection->timer.deadline, now, conntrack->settings.hz) != change->timeout_seconds)
		return true;
	return changed_mark(connection, change) != connection->mark || (change->status & ~connection->status) ||
	       (change->has_state && change->state != connection->memory.tcp.state);
}

size_t operate_count_changed(const struct conntrack *conntrack, const struct entry_filter *filter,
			     const struct entry_change_set *change, struct vtime now)
{
	size_t n = 0;

	for (const struct connection *connection = lifecycle_oldest(conntrack); connection;
	     connection = lifecycle_newer(conntrack, connection))
		n += entry_filter_holds(filter, connection) && would_change(conntrack, connection, change, now);
	return n;
}

/* Linux 6.18, ctnetlink_new_conntrack(): whatever changed, all of these are told. */
enum {
	CHANGE_EVENTS = CONNTRACK_EVENT_REPLY | CONNTRACK_EVENT_ASSURED | CONNTRACK_EVENT_HELPER | CONNTRACK_EVENT_LABEL |
			CONNTRACK_EVENT_PROTOINFO | CONNTRACK_EVENT_SEQADJ | CONNTRACK_EVENT_MARK,
};

/* conntrack-tools 1.4.7 sends more than the state: windows are not judged, and what has ended may be opened again. Seen live. */
static void set_tcp_state(struct tcp_memory *memory, uint8_t state)
{
	uint8_t flags = TCP_FLAG_LIBERAL | TCP_FLAG_SACK_PERMITTED;

	if (state >= TCP_STATE_TIME_WAIT)
		flags |= TCP_FLAG_CLOSE_INIT;
	memory->state = state;
	memory->side[0].flags |= flags;
	memory->side[1].flags |= flags;
}

static void set_state(struct connection *connection, const struct entry_change_set *change)
{
	switch (connection_tracker(connection)->protocol) {
	case PROTOCOL_TCP:
		set_tcp_state(&connection->memory.tcp, change->state);
		break;
	case PROTOCOL_SCTP:
		connection->memory.sctp.state = change->state;
		connection->memory.sctp.tag[0] = change->tag[0];
		connection->memory.sctp.tag[1] = change->tag[1];
		break;
	case PROTOCOL_DCCP:
		connection->memory.dccp.state = change->state;
		connection->memory.dccp.client = change->dccp_client;
		break;
	default:		/* DCCP, where nobody tracks it */
		break;
	}
}

struct tuple operate_known_tuple(const struct conntrack *conntrack, struct tuple tuple)
{
	if (!tracker_find(tuple.protocol, conntrack->settings.profile)->protocol)
		tuple.source_port = tuple.destination_port = 0;
	return tuple;
}

static void change_entry(struct conntrack *conntrack, struct connection *connection, const struct entry_change_set *change)
{
	connection->mark = changed_mark(connection, change);
	if (change->has_state)
		set_state(connection, change);
	connection->status |= change->status;
	change_labels(conntrack, connection, change);
	lifecycle_note(connection, CHANGE_EVENTS);
}

struct connection *operate_begin(struct conntrack *conntrack, const struct tuple *original, const struct tuple *reply,
				 struct vtime now)
{
	struct connection *connection;
	enum direction direction;

	if (conntrack_find(conntrack, original, &direction))
		return NULL;
	connection = lifecycle_begin(conntrack, original, reply->zone, now);
	if (!connection)
		return NULL;
	lifecycle_set_reply(conntrack, connection, reply);
	lifecycle_hold(connection);
	return connection;
}

/* Linux 6.18, ctnetlink_create_conntrack(): what a tracker would remember of a first packet is not there. */
bool operate_finish(struct conntrack *conntrack, struct connection *connection, const struct entry_change_set *set,
		    const char *program, struct vtime now)
{
	const struct tuple reply = connection_tuple(connection, DIRECTION_REPLY);
	enum direction direction;
	bool is_free = !conntrack_find(conntrack, &reply, &direction);

	if (is_free) {
		lifecycle_refresh(conntrack, connection, set->timeout_seconds, now);
		change_entry(conntrack, connection, set);
		lifecycle_confirm(conntrack, connection, now);
		conntrack->program = program;
		lifecycle_send_events(conntrack, connection);
		conntrack->program = NULL;
	}
	lifecycle_drop(conntrack, connection);
	return is_free;
}

void operate_change(struct conntrack *conntrack, const struct entry_filter *filter, const struct entry_change_set *change,
		    const char *program, struct vtime now)
{
	conntrack->program = program;
	for (struct connection *connection = lifecycle_oldest(conntrack); connection;
	     connection = lifecycle_newer(conntrack, connection)) {
		if (!entry_filter_holds(filter, connection) || !would_change(conntrack, connection, change, now))
			continue;
		/* Linux 6.18, __nf_ct_change_timeout(): refused, and the rest with it. */
		if (change->has_timeout && connection->status & STATUS_FIXED_TIMEOUT)
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
