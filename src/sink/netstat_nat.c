/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Snapshots of the translated connections, as `netstat-nat -n` 1.4.10 makes them of /proc/net/nf_conntrack. A connection
 * counts as translated when an address changed; one whose port alone did is not shown. Rows stand in order of
 * protocol, then of creation; the tool takes the order of the kernel's hash table.
 */
#include "sink/sink.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/address.h"
#include "packet/packet.h"
#include "packet/protocol.h"
#include "sink/entry_print.h"
#include "sink/listing.h"

enum { WORD_HOST = 1 << 0, WORD_SNAT = 1 << 1, WORD_DNAT = 1 << 2 };

enum { PROTOCOL_WIDTH = 5, ADDRESS_WIDTH = 30, STATE_WIDTH = 11, ADDRESS_LONGEST = 15 };

struct row {
	struct entry_view entry;
	struct text protocol;		/* as the tool calls it */
};

struct netstat_nat {
	struct text *out;
	uint32_t words;
	struct listing listing;
	bool has_begun;			/* a listing whose rows are still gathered */
	struct row *rows;		/* owned */
	size_t n_rows, capacity;
};

static void *open_netstat_nat(const struct sink_options *options, struct output *output)
{
	struct netstat_nat *netstat = alloc_zeroed(1, sizeof(*netstat));

	netstat->out = &output->buffer;
	netstat->words = options->words;
	return netstat;
}

static bool is_snat(const struct entry_view *entry)
{
	return !address_is_equal(&entry->tuple[DIRECTION_ORIGINAL].source, &entry->tuple[DIRECTION_REPLY].destination);
}

static bool is_dnat(const struct entry_view *entry)
{
	return !address_is_equal(&entry->tuple[DIRECTION_ORIGINAL].destination, &entry->tuple[DIRECTION_REPLY].source);
}

static bool is_wanted(const struct netstat_nat *netstat, const struct entry_view *entry)
{
	uint32_t wanted = netstat->words & (WORD_SNAT | WORD_DNAT);

	if (!wanted)
		wanted = WORD_SNAT | WORD_DNAT;
	return (wanted & WORD_SNAT && is_snat(entry)) || (wanted & WORD_DNAT && is_dnat(entry));
}

/* The tool knows the beginnings of three names, and asks the system about what the kernel calls unknown. */
static void append_protocol(uint8_t protocol, struct text *out)
{
	const char *name = entry_print_protocol(protocol);

	if (name && strncmp(name, "icmp", 4) == 0)
		text_append(out, "icmp");
	else if (name && strncmp(name, "udp", 3) == 0)
		text_append(out, "udp");
	else if (name)
		text_append(out, protocol == PROTOCOL_TCP ? "tcp" : "");
	else if (protocol_name(protocol))
		text_append(out, protocol_name(protocol));
	else
		text_append_u64(out, protocol);
	if (out->len > PROTOCOL_WIDTH)
		out->bytes[out->len = PROTOCOL_WIDTH] = '\0';
}

static void append_padded(struct text *out, const struct text *word, size_t width)
{
	size_t start = out->len;

	text_append_bytes(out, text_string(word), word->len);
	text_pad_to(out, start, width);
	text_append_char(out, ' ');
}

/* Addresses are cut after 15 characters: no more than IPv4 has. */
static void append_end(const struct row *row, const struct address *address, uint16_t port, struct text *out)
{
	const char *protocol = text_string(&row->protocol);
	struct text word;

	text_init(&word);
	address_print_long(row->entry.tuple[0].family, address, &word);
	if (word.len > ADDRESS_LONGEST)
		word.bytes[word.len = ADDRESS_LONGEST] = '\0';
	if (strcmp(protocol, "tcp") == 0 || strcmp(protocol, "udp") == 0)
		text_printf(&word, ":%u", port);
	append_padded(out, &word, ADDRESS_WIDTH);
	text_clear(&word);
}

/* What the tool finds first in the line of the table. */
static const char *state_of(const struct row *row)
{
	static const char *const words[] = { "ESTABLISHED", "TIME_WAIT", "FIN_WAIT", "SYN_RECV", "SYN_SENT" };
	const struct entry_view *entry = &row->entry;

	for (size_t i = 0; entry->state && i < sizeof(words) / sizeof(words[0]); i++)
		if (strstr(entry->state, words[i]))
			return words[i];
	if (!(entry->status & STATUS_SEEN_REPLY))
		return "UNREPLIED";
	if (entry->state && strstr(entry->state, "CLOSE"))
		return "CLOSE";
	if (entry->status & STATUS_ASSURED)
		return "ASSURED";
	return strcmp(text_string(&row->protocol), "udp") == 0 ? "UNREPLIED" : "";
}

static void print_row(const struct netstat_nat *netstat, const struct row *row)
{
	const struct tuple *original = &row->entry.tuple[DIRECTION_ORIGINAL], *reply = &row->entry.tuple[DIRECTION_REPLY];

	append_padded(netstat->out, &row->protocol, PROTOCOL_WIDTH);
	append_end(row, &original->source, original->source_port, netstat->out);
	if (netstat->words & WORD_HOST)
		append_end(row, is_snat(&row->entry) ? &reply->destination : &original->destination,
			   reply->destination_port, netstat->out);
	append_end(row, &reply->source, reply->source_port, netstat->out);
	text_printf(netstat->out, "%-*s\n", STATE_WIDTH, state_of(row));
}

static int compare_rows(const void *a, const void *b)
{
	const struct row *first = a, *second = b;
	int order = strcmp(text_string(&first->protocol), text_string(&second->protocol));

	if (order)
		return order;
	return first->entry.id < second->entry.id ? -1 : first->entry.id > second->entry.id;
}

static void end_listing(struct netstat_nat *netstat)
{
	if (!netstat->has_begun)
		return;
	if (netstat->n_rows)
		qsort(netstat->rows, netstat->n_rows, sizeof(*netstat->rows), compare_rows);
	for (size_t i = 0; i < netstat->n_rows; i++) {
		print_row(netstat, &netstat->rows[i]);
		text_clear(&netstat->rows[i].protocol);
	}
	netstat->n_rows = 0;
}

static void begin_listing(struct netstat_nat *netstat, const struct event_snapshot *snapshot)
{
	end_listing(netstat);
	netstat->has_begun = true;
	listing_begin(&netstat->listing, snapshot, netstat->out);
	text_printf(netstat->out, "Proto %-*s ", ADDRESS_WIDTH, "NATed Address");
	if (netstat->words & WORD_HOST)
		text_printf(netstat->out, "%-*s ", ADDRESS_WIDTH, "NAT-host Address");
	text_printf(netstat->out, "%-*s State \n", ADDRESS_WIDTH, "Destination Address");
}

static void on_event(void *state, const struct event *event)
{
	struct netstat_nat *netstat = state;
	struct row *row;

	if (event->kind == EVENT_SNAPSHOT) {
		begin_listing(netstat, &event->snapshot);
		return;
	}
	if (!is_wanted(netstat, &event->entry.entry))
		return;
	if (netstat->n_rows == netstat->capacity) {
		netstat->capacity = netstat->capacity ? 2 * netstat->capacity : 64;
		netstat->rows = alloc_resize(netstat->rows, netstat->capacity, sizeof(*netstat->rows));
	}
	row = &netstat->rows[netstat->n_rows++];
	row->entry = event->entry.entry;
	text_init(&row->protocol);
	append_protocol(row->entry.tuple[0].protocol, &row->protocol);
}

static void close_netstat_nat(void *state)
{
	struct netstat_nat *netstat = state;

	end_listing(netstat);
	free(netstat->rows);
	free(netstat);
}

static const struct sink_word words[] = {
	{ "host", WORD_HOST, 0, "with the address of the host that stands in between, as -N shows it" },
	{ "snat", WORD_SNAT, 0, "those whose source is translated alone, as -S shows them" },
	{ "dnat", WORD_DNAT, 0, "those whose destination is translated alone, as -D shows them" },
	{ 0 },
};

const struct sink_type sink_netstat_nat = {
	.name = "netstat-nat",
	.summary = "snapshots of the translated connections, as `netstat-nat -n` shows them",
	.kinds = EVENT_BIT(EVENT_SNAPSHOT) | EVENT_BIT(EVENT_ENTRY),
	.words = words,
	.open = open_netstat_nat,
	.on_event = on_event,
	.close = close_netstat_nat,
};
