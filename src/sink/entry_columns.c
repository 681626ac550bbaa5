/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/entry_columns.h"

#include "packet/packet.h"
#include "sink/entry_print.h"

struct entry_columns entry_columns_of_listing(const struct entry_view *entry, struct vtime now)
{
	return (struct entry_columns){
		.timeout_seconds = vtime_seconds_left(entry->deadline, now, entry->hz),
		.has_timeout = true,
		.has_state = entry->state != NULL,
		.has_mark = true,
		.has_counters = entry->has_counters,
		.has_delta_time = entry->has_start,
		.has_helper = entry->helper != NULL,
		.has_labels = entry_view_has_labels(entry),
		.has_use = true,
	};
}

const char *entry_columns_event_type(uint32_t bits)
{
	if (bits & CONNTRACK_EVENT_DESTROY)
		return "DESTROY";
	return bits & (CONNTRACK_EVENT_NEW | CONNTRACK_EVENT_RELATED) ? "NEW" : "UPDATE";
}

struct entry_columns entry_columns_of_event(const struct event_conntrack *event, struct vtime now)
{
	const struct entry_view *entry = &event->entry;
	bool is_destroy = (event->bits & CONNTRACK_EVENT_DESTROY) != 0;
	bool is_new = !is_destroy && (event->bits & (CONNTRACK_EVENT_NEW | CONNTRACK_EVENT_RELATED)) != 0;
	uint32_t seconds = vtime_seconds_left(entry->deadline, now, entry->hz);

	return (struct entry_columns){
		.type = entry_columns_event_type(event->bits),
		.timeout_seconds = seconds,
		/* Linux 6.18, ctnetlink_dump_timeout(): DESTROY leaves out a timeout that is over. */
		.has_timeout = !is_destroy || (seconds && !event->expired),
		.has_state = entry->state && (is_destroy || is_new || event->bits & CONNTRACK_EVENT_PROTOINFO),
		.has_mark = entry->mark || event->bits & CONNTRACK_EVENT_MARK,
		.has_counters = entry->has_counters && is_destroy,
		.has_delta_time = entry->has_start && is_destroy,
		.has_helper = entry->helper && !is_destroy,
		/* Linux 6.18, ctnetlink_conntrack_event(): labels are told when they change. */
		.has_labels = entry_view_has_labels(entry) && !is_destroy && event->bits & CONNTRACK_EVENT_LABEL,
	};
}

uint16_t entry_columns_zone(const struct entry_view *entry)
{
	return entry->tuple[0].zone == entry->tuple[1].zone ? entry->tuple[0].zone : 0;
}

const char *entry_columns_protocol(uint8_t protocol)
{
	return protocol == PROTOCOL_DCCP ? "dccp" : entry_print_protocol(protocol);
}

void entry_columns_print_user(const struct event_conntrack *event, struct text *out)
{
	/* The tool prints the port of whoever asked, mostly a process number: nobody can know it. */
	if (event->program)
		text_printf(out, " [USERSPACE] portid=1 progname=%s", event->program);
}
