/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/entry_xml.h"

#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "packet/address.h"
#include "packet/packet.h"
#include "sink/entry_print.h"
#include "sink/time_print.h"

const char entry_xml_head[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<conntrack>\n";
const char entry_xml_tail[] = "</conntrack>\n";

static void append_field(struct text *out, const char *name, uint64_t value)
{
	text_printf(out, "<%s>%" PRIu64 "</%s>", name, value, name);
}

static void append_layer3(const struct tuple *tuple, struct text *out)
{
	bool is_ipv6 = tuple->family == FAMILY_IPV6;

	text_printf(out, "<layer3 protonum=\"%d\" protoname=\"%s\"><src>", is_ipv6 ? 10 : 2, is_ipv6 ? "ipv6" : "ipv4");
	address_print(tuple->family, &tuple->source, out);
	text_append(out, "</src><dst>");
	address_print(tuple->family, &tuple->destination, out);
	text_append(out, "</dst></layer3>");
}

/* The tool has no words for the keys of ICMP. */
static void append_layer4(const struct tuple *tuple, struct text *out)
{
	const char *name = entry_columns_protocol(tuple->protocol);

	text_printf(out, "<layer4 protonum=\"%u\" protoname=\"%s\">", tuple->protocol, name ? name : "unknown");
	if (tuple->protocol == PROTOCOL_GRE) {
		text_printf(out, "<srckey>0x%x</srckey><dstkey>0x%x</dstkey>", tuple->source_port, tuple->destination_port);
	} else if (entry_print_has_ports(tuple) || tuple->protocol == PROTOCOL_DCCP) {
		append_field(out, "sport", tuple->source_port);
		append_field(out, "dport", tuple->destination_port);
	}
	text_append(out, "</layer4>");
}

static void append_direction(const struct entry_view *entry, enum direction direction,
			     const struct entry_columns *columns, struct text *out)
{
	const struct tuple *tuple = &entry->tuple[direction];

	text_printf(out, "<meta direction=\"%s\">", direction == DIRECTION_ORIGINAL ? "original" : "reply");
	append_layer3(tuple, out);
	append_layer4(tuple, out);
	if (tuple->zone && !entry_columns_zone(entry))
		append_field(out, "zone", tuple->zone);
	if (columns->has_counters) {
		text_append(out, "<counters>");
		append_field(out, "packets", entry->n_packets[direction]);
		append_field(out, "bytes", entry->n_bytes[direction]);
		text_append(out, "</counters>");
	}
	text_append(out, "</meta>");
}

/* The tool takes every state for one of TCP's, by its number. */
static const char *state_of(const struct entry_view *entry)
{
	static const char *const tcp[] = {
		"NONE", "SYN_SENT", "SYN_RECV", "ESTABLISHED", "FIN_WAIT", "CLOSE_WAIT", "LAST_ACK", "TIME_WAIT", "CLOSE",
	};
	static const char *const sctp[] = {
		"NONE", "CLOSED", "COOKIE_WAIT", "COOKIE_ECHOED", "ESTABLISHED", "SHUTDOWN_SENT", "SHUTDOWN_RECD",
		"SHUTDOWN_ACK_SENT", "HEARTBEAT_SENT",
	};
	static const char *const dccp[] = {
		"NONE", "REQUEST", "RESPOND", "PARTOPEN", "OPEN", "CLOSEREQ", "CLOSING", "TIMEWAIT",
	};
	const char *const *names = entry->tuple[0].protocol == PROTOCOL_SCTP ? sctp : dccp;
	size_t n_names = names == sctp ? sizeof(sctp) / sizeof(sctp[0]) : sizeof(dccp) / sizeof(dccp[0]);

	if (entry->tuple[0].protocol == PROTOCOL_TCP)
		return entry->state;
	for (size_t i = 0; i < n_names; i++)
		if (strcmp(names[i], entry->state) == 0)
			return tcp[i];
	return tcp[0];
}

static void append_time(const char *name, const struct entry_clock *clock, struct vtime time, struct text *out)
{
	text_printf(out, "<%s>%" PRId64 "</%s>", name,
		    clock->origin_seconds * VTIME_NS_PER_SECOND + clock->origin_ns + time.ns, name);
}

static void append_times(const struct entry_view *entry, const struct entry_clock *clock,
			 const struct entry_columns *columns, uint32_t flags, struct text *out)
{
	if (!columns->has_delta_time)
		return;
	if (flags & ENTRY_PRINT_KTIMESTAMP) {
		text_append(out, "<timestamp>");
		append_time("start", clock, entry->start, out);
		if (columns->type)
			append_time("stop", clock, clock->now, out);
		text_append(out, "</timestamp>");
	}
	append_field(out, "deltatime", vtime_seconds_between(entry->start, clock->now));
}

static void append_labels(const struct entry_view *entry, struct text *out)
{
	text_append(out, "<labels>");
	for (unsigned bit = 0; bit < ENTRY_LABELS; bit++)
		if (entry_view_has_label(entry, bit))
			text_printf(out, "<label>%u</label>", bit);
	text_append(out, "</labels>");
}

static void append_independent(const struct entry_view *entry, const struct entry_clock *clock,
			       const struct entry_columns *columns, uint32_t flags, struct text *out)
{
	text_append(out, "<meta direction=\"independent\">");
	if (columns->has_state)
		text_printf(out, "<state>%s</state>", state_of(entry));
	if (columns->has_timeout)
		append_field(out, "timeout", columns->timeout_seconds);
	if (columns->has_mark)
		append_field(out, "mark", entry->mark);
	if (columns->has_labels && flags & ENTRY_PRINT_LABELS)
		append_labels(entry, out);
	if (entry_columns_zone(entry))
		append_field(out, "zone", entry_columns_zone(entry));
	if (columns->has_use)
		append_field(out, "use", 1);
	append_field(out, "id", entry->id);
	if (entry->status & STATUS_ASSURED)
		text_append(out, "<assured/>");
	if (!(entry->status & STATUS_SEEN_REPLY))
		text_append(out, "<unreplied/>");
	append_times(entry, clock, columns, flags, out);
	text_append(out, "</meta>");
	if (columns->has_helper)
		text_printf(out, "<helper>%s</helper>", entry->helper);
}

/* When the event came; the tool says it in the time of its place, we in UTC. */
static void append_when(const struct entry_clock *clock, struct text *out)
{
	time_t seconds = (time_t)time_print_seconds(clock->origin_seconds, clock->origin_ns, clock->now);
	struct tm date;

	if (!gmtime_r(&seconds, &date))
		return;
	text_printf(out, "<when><hour>%d</hour><min>%02d</min><sec>%02d</sec><wday>%d</wday><day>%d</day><month>%d</month>"
		    "<year>%d</year></when>", date.tm_hour, date.tm_min, date.tm_sec, date.tm_wday + 1, date.tm_mday,
		    date.tm_mon + 1, date.tm_year + 1900);
}

static void print(const struct entry_view *entry, const struct entry_clock *clock, const struct entry_columns *columns,
		  uint32_t flags, struct text *out)
{
	append_direction(entry, DIRECTION_ORIGINAL, columns, out);
	append_direction(entry, DIRECTION_REPLY, columns, out);
	append_independent(entry, clock, columns, flags, out);
	if (columns->type && flags & ENTRY_PRINT_WHEN)
		append_when(clock, out);
	text_append(out, "</flow>");
}

void entry_xml_print_list(const struct entry_view *entry, const struct entry_clock *clock, uint32_t flags, struct text *out)
{
	struct entry_columns columns = entry_columns_of_listing(entry, clock->now);

	text_append(out, "<flow>");
	print(entry, clock, &columns, flags, out);
}

void entry_xml_print_event(const struct event_conntrack *event, const struct entry_clock *clock, uint32_t flags,
			   struct text *out)
{
	struct entry_columns columns = entry_columns_of_event(event, clock->now);

	text_printf(out, "<flow type=\"%s\">", *columns.type == 'N' ? "new" : *columns.type == 'U' ? "update" : "destroy");
	print(&event->entry, clock, &columns, flags, out);
	entry_columns_print_user(event, out);
}
