/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/entry_print.h"

#include "packet/address.h"
#include "packet/packet.h"
#include "packet/tuple.h"
#include "sink/time_print.h"

enum { NAME_COLUMN = 9 };	/* names fill 8 columns and a space follows */

/* Which of the forms a line has. */
struct form {
	bool is_proc;		/* the kernel's own words */
	bool is_long;		/* IPv6 addresses in full */
	bool has_counters;
};

const char *entry_print_protocol(uint8_t protocol)
{
	switch (protocol) {
	case PROTOCOL_TCP:
		return "tcp";
	case PROTOCOL_UDP:
		return "udp";
	case PROTOCOL_UDPLITE:
		return "udplite";
	case PROTOCOL_ICMP:
		return "icmp";
	case PROTOCOL_ICMPV6:
		return "icmpv6";
	case PROTOCOL_SCTP:
		return "sctp";
	case PROTOCOL_GRE:
		return "gre";
	default:
		return NULL;
	}
}

bool entry_print_has_ports(const struct tuple *tuple)
{
	uint8_t protocol = tuple->protocol;

	/* A kernel that does not track DCCP has no ports in its tuples. */
	if (protocol == PROTOCOL_DCCP)
		return tuple->source_port || tuple->destination_port;
	return protocol == PROTOCOL_TCP || protocol == PROTOCOL_UDP || protocol == PROTOCOL_UDPLITE ||
	       protocol == PROTOCOL_SCTP;
}

static void append_padded(struct text *out, const char *name)
{
	size_t start = out->len;

	text_append(out, name);
	text_append_char(out, ' ');
	text_pad_to(out, start, NAME_COLUMN);
}

static void append_field(struct text *out, const char *name, uint64_t value)
{
	text_append(out, name);
	text_append_u64(out, value);
	text_append_char(out, ' ');
}

static void append_layer3(const struct entry_view *entry, struct text *out)
{
	bool is_ipv6 = entry->tuple[0].family == FAMILY_IPV6;

	append_padded(out, is_ipv6 ? "ipv6" : "ipv4");
	text_append(out, is_ipv6 ? "10 " : "2 ");
}

/* Only a kernel that tracks DCCP knows the ports and a state. */
static bool is_tracked_dccp(const struct entry_view *entry)
{
	return entry->tuple[0].protocol == PROTOCOL_DCCP && entry->state;
}

static void append_layer4(const struct form *form, const struct entry_view *entry, struct text *out)
{
	uint8_t protocol = entry->tuple[0].protocol;
	const char *name = entry_print_protocol(protocol);

	/* Linux 6.18 has no DCCP tracker any more, but conntrack 1.4.7 knows the name. */
	if (!name)
		name = protocol == PROTOCOL_DCCP && (!form->is_proc || is_tracked_dccp(entry)) ? "dccp" : "unknown";
	append_padded(out, name);
	text_append_u64(out, protocol);
	text_append_char(out, ' ');
}

static void append_address(const struct form *form, const struct tuple *tuple, const struct address *address,
			   struct text *out)
{
	if (form->is_long)
		address_print_long(tuple->family, address, out);
	else
		address_print(tuple->family, address, out);
	text_append_char(out, ' ');
}

void entry_print_keys(const struct tuple *tuple, bool is_proc, struct text *out)
{
	switch (tuple->protocol) {
	case PROTOCOL_ICMP:
	case PROTOCOL_ICMPV6:
		append_field(out, "type=", tuple->destination_port >> 8);
		append_field(out, "code=", tuple->destination_port & 0xff);
		append_field(out, "id=", tuple->source_port);
		break;
	case PROTOCOL_GRE:
		text_printf(out, "srckey=0x%x dstkey=0x%x ", tuple->source_port, tuple->destination_port);
		break;
	default:
		if (!entry_print_has_ports(tuple) && (tuple->protocol != PROTOCOL_DCCP || is_proc))
			break;
		append_field(out, "sport=", tuple->source_port);
		append_field(out, "dport=", tuple->destination_port);
		break;
	}
}

static void append_direction(const struct form *form, const struct entry_view *entry, enum direction direction,
			     struct text *out)
{
	const struct tuple *tuple = &entry->tuple[direction];

	text_append(out, "src=");
	append_address(form, tuple, &tuple->source, out);
	text_append(out, "dst=");
	append_address(form, tuple, &tuple->destination, out);
	entry_print_keys(tuple, form->is_proc, out);
	if (tuple->zone && !entry_columns_zone(entry))
		append_field(out, direction == DIRECTION_ORIGINAL ? "zone-orig=" : "zone-reply=", tuple->zone);
	if (form->has_counters) {
		append_field(out, "packets=", entry->n_packets[direction]);
		append_field(out, "bytes=", entry->n_bytes[direction]);
	}
}

/* Both directions, and what the status bits say between and behind them. */
static void append_flow(const struct form *form, const struct entry_view *entry, struct text *out)
{
	append_direction(form, entry, DIRECTION_ORIGINAL, out);
	if (!(entry->status & STATUS_SEEN_REPLY))
		text_append(out, "[UNREPLIED] ");
	append_direction(form, entry, DIRECTION_REPLY, out);
	if (entry->status & STATUS_ASSURED)
		text_append(out, "[ASSURED] ");
}

static void append_state(const struct entry_view *entry, struct text *out)
{
	text_append(out, entry->state);
	text_append_char(out, ' ');
}

static void append_delta_time(const struct entry_view *entry, struct vtime now, struct text *out)
{
	append_field(out, "delta-time=", vtime_seconds_between(entry->start, now));
}

static void drop_last_space(struct text *out)
{
	if (out->len && out->bytes[out->len - 1] == ' ')
		out->bytes[--out->len] = '\0';
}

void entry_print_proc(const struct entry_view *entry, struct vtime now, bool is_legacy, struct text *out)
{
	struct form form = { .is_proc = true, .is_long = true, .has_counters = entry->has_counters };

	if (!is_legacy)
		append_layer3(entry, out);
	append_layer4(&form, entry, out);
	append_field(out, "", vtime_seconds_left(entry->deadline, now, entry->hz));
	if (entry->tuple[0].protocol == PROTOCOL_GRE)
		text_printf(out, "timeout=%u, stream_timeout=%u ", entry->gre_timeouts[0], entry->gre_timeouts[1]);
	if (entry->state)
		append_state(entry, out);
	append_flow(&form, entry, out);
	append_field(out, "mark=", entry->mark);
	if (entry->tuple[0].zone == entry->tuple[1].zone && !is_legacy)
		append_field(out, "zone=", entry_columns_zone(entry));
	if (entry->has_start)
		append_delta_time(entry, now, out);
	text_append(out, is_legacy ? "use=1" : "use=2"); /* the table's reference, and the reader's own */
}

static void append_moment(const char *name, const struct entry_clock *clock, struct vtime time, struct text *out)
{
	text_printf(out, "[%s=", name);
	time_print_calendar(time_print_seconds(clock->origin_seconds, clock->origin_ns, time), out);
	text_append(out, "] ");
}

static void append_times(const struct entry_view *entry, const struct entry_clock *clock,
			 const struct entry_columns *columns, uint32_t flags, struct text *out)
{
	append_delta_time(entry, clock->now, out);
	if (!(flags & ENTRY_PRINT_KTIMESTAMP))
		return;
	append_moment("start", clock, entry->start, out);
	if (columns->type)
		append_moment("stop", clock, clock->now, out);
}

/* As a connlabel.conf would have it that calls every label by its number. */
static void append_labels(const struct entry_view *entry, struct text *out)
{
	const char *separator = "labels=";

	for (unsigned bit = 0; bit < ENTRY_LABELS; bit++) {
		if (!entry_view_has_label(entry, bit))
			continue;
		text_printf(out, "%s%u", separator, bit);
		separator = ",";
	}
}

/* The tool's line, of a listing or of an event. */
static void print_columns(const struct entry_view *entry, const struct entry_clock *clock,
			  const struct entry_columns *columns, uint32_t flags, struct text *out)
{
	struct form form = { .has_counters = columns->has_counters };

	if (flags & ENTRY_PRINT_EXTENDED)
		append_layer3(entry, out);
	append_layer4(&form, entry, out);
	if (columns->has_timeout)
		append_field(out, "", columns->timeout_seconds);
	if (columns->has_state)
		append_state(entry, out);
	append_flow(&form, entry, out);
	if (columns->has_mark)
		append_field(out, "mark=", entry->mark);
	if (entry_columns_zone(entry))
		append_field(out, "zone=", entry_columns_zone(entry));
	if (columns->has_delta_time)
		append_times(entry, clock, columns, flags, out);
	if (columns->has_helper)
		text_printf(out, "helper=%s ", entry->helper);
	if (columns->has_use)
		append_field(out, "use=", 1);
	if (flags & ENTRY_PRINT_ID)
		append_field(out, "id=", entry->id);
	if (columns->has_labels && flags & ENTRY_PRINT_LABELS)
		append_labels(entry, out);
	drop_last_space(out);
}

void entry_print_list(const struct entry_view *entry, const struct entry_clock *clock, uint32_t flags, struct text *out)
{
	struct entry_columns columns = entry_columns_of_listing(entry, clock->now);

	print_columns(entry, clock, &columns, flags, out);
}

static void append_event_type(const char *type, struct text *out)
{
	static const char *const padded[] = { "    [NEW] ", " [UPDATE] ", "[DESTROY] " };

	text_append(out, padded[type[0] == 'N' ? 0 : type[0] == 'U' ? 1 : 2]);
}

void entry_print_event(const struct event_conntrack *event, const struct entry_clock *clock, uint32_t flags,
		       struct text *out)
{
	struct entry_columns columns = entry_columns_of_event(event, clock->now);

	append_event_type(columns.type, out);
	print_columns(&event->entry, clock, &columns, flags, out);
	entry_columns_print_user(event, out);
}
