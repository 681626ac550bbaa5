/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "sink/entry_save.h"

#include "packet/address.h"
#include "packet/packet.h"
#include "sink/entry_print.h"

static void append_status(const struct entry_view *entry, struct text *out)
{
	static const struct { uint32_t bit; const char *name; } names[] = {
		{ STATUS_EXPECTED, "EXPECTED" }, { STATUS_SEEN_REPLY, "SEEN_REPLY" }, { STATUS_ASSURED, "ASSURED" },
		{ STATUS_FIXED_TIMEOUT, "FIXED_TIMEOUT" },
	};
	const char *separator = " -u ";

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!(entry->status & names[i].bit))
			continue;
		text_printf(out, "%s%s", separator, names[i].name);
		separator = ",";
	}
	if (*separator == ' ')
		text_append(out, " -u UNSET");
}

static void append_zones(const struct entry_view *entry, struct text *out)
{
	if (entry_columns_zone(entry)) {
		text_printf(out, " -w %u", entry_columns_zone(entry));
		return;
	}
	if (entry->tuple[DIRECTION_ORIGINAL].zone)
		text_printf(out, " --orig-zone %u", entry->tuple[DIRECTION_ORIGINAL].zone);
	if (entry->tuple[DIRECTION_REPLY].zone)
		text_printf(out, " --reply-zone %u", entry->tuple[DIRECTION_REPLY].zone);
}

static void append_address(const char *option, const struct tuple *tuple, const struct address *address, struct text *out)
{
	text_printf(out, " %s ", option);
	address_print(tuple->family, address, out);
}

static bool is_mapped(const struct entry_view *entry, uint32_t bit, const struct address *a, const struct address *b)
{
	return entry->status & bit && !address_is_equal(a, b);
}

/* The reply's addresses stand as what translation made of the original ones, where it did. */
static void append_addresses(const struct entry_view *entry, struct text *out)
{
	const struct tuple *original = &entry->tuple[DIRECTION_ORIGINAL], *reply = &entry->tuple[DIRECTION_REPLY];
	bool is_dnat = is_mapped(entry, STATUS_DST_NAT, &original->destination, &reply->source);
	bool is_snat = is_mapped(entry, STATUS_SRC_NAT, &original->source, &reply->destination);

	append_address("-s", original, &original->source, out);
	append_address("-d", original, &original->destination, out);
	append_address(is_dnat ? "-g" : "-r", reply, &reply->source, out);
	append_address(is_snat ? "-n" : "-q", reply, &reply->destination, out);
}

static uint32_t swap_bytes(uint32_t value)
{
	return value >> 24 | (value >> 8 & 0xff00) | (value & 0xff00) << 8 | value << 24;
}

static void append_protocol(const struct entry_view *entry, struct text *out)
{
	const struct tuple *original = &entry->tuple[DIRECTION_ORIGINAL], *reply = &entry->tuple[DIRECTION_REPLY];
	const char *name = entry_columns_protocol(original->protocol);

	if (name)
		text_printf(out, " -p %s", name);
	else
		text_printf(out, " -p %u", original->protocol);
	if (original->protocol == PROTOCOL_ICMP || original->protocol == PROTOCOL_ICMPV6)
		text_printf(out, " --%s-type %u --%s-code %u --%s-id %u", name, original->destination_port >> 8, name,
			    original->destination_port & 0xffu, name, original->source_port);
	else if (original->protocol == PROTOCOL_GRE)
		text_printf(out, " --srckey %u --dstkey %u --reply-key-src %u --reply-key-dst %u", original->source_port,
			    original->destination_port, reply->source_port, reply->destination_port);
	else if (entry_print_has_ports(original))
		text_printf(out, " --sport %u --dport %u --reply-port-src %u --reply-port-dst %u", original->source_port,
			    original->destination_port, reply->source_port, reply->destination_port);
}

static void append_state(const struct entry_view *entry, const struct entry_columns *columns, struct text *out)
{
	uint8_t protocol = entry->tuple[DIRECTION_ORIGINAL].protocol;

	if (!columns->has_state)
		return;
	text_printf(out, " --state %s", entry->state);
	/* Linux 6.18, sctp_to_nlattr(): at the end of an entry the state is all that is told. */
	if (columns->type && *columns->type == 'D')
		return;
	/* The tool prints the tags with their bytes turned round. */
	if (protocol == PROTOCOL_SCTP)
		text_printf(out, " --orig-vtag %u --reply-vtag %u", swap_bytes(entry->tags[DIRECTION_ORIGINAL]),
			    swap_bytes(entry->tags[DIRECTION_REPLY]));
	if (entry->role)
		text_printf(out, " --role %s", entry->role);
}

static void print(const struct entry_view *entry, const struct entry_columns *columns, struct text *out)
{
	text_printf(out, "-%c", !columns->type || *columns->type == 'N' ? 'A' : *columns->type);
	if (columns->has_timeout)
		text_printf(out, " -t %u", columns->timeout_seconds);
	append_status(entry, out);
	append_zones(entry, out);
	append_addresses(entry, out);
	append_protocol(entry, out);
	append_state(entry, columns, out);
}

void entry_save_print_list(const struct entry_view *entry, struct vtime now, struct text *out)
{
	struct entry_columns columns = entry_columns_of_listing(entry, now);

	print(entry, &columns, out);
}

void entry_save_print_event(const struct event_conntrack *event, struct vtime now, struct text *out)
{
	struct entry_columns columns = entry_columns_of_event(event, now);

	print(&event->entry, &columns, out);
	entry_columns_print_user(event, out);
}
