/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One line a packet for spreadsheets and data frames: comma-separated values, RFC 4180. */
#include "sink/sink.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "packet/protocol.h"
#include "packet/summary.h"
#include "sink/entry_print.h"
#include "sink/packet_words.h"
#include "sink/pieces.h"
#include "sink/time_print.h"

enum { NANOSECOND_DIGITS = 9 };

static const char header[] =
	"number,time,hooks,in,out,protocol,src,sport,dst,dport,len,ctstate,direction,entry,change,state,timeout,"
	"verdict,table,chain,rule,file,line,reason,invalid_reason,unsimulated,mark,sent_src,sent_sport,sent_dst,"
	"sent_dport,summary\r\n";

struct csv {
	struct text *out;
	struct text scratch;
	struct pieces ways, states, changes, decisions;	/* fields side by side: see their print functions */
};

static void *open_csv(const struct sink_options *options, struct output *output)
{
	struct csv *csv = alloc_zeroed(1, sizeof(*csv));

	(void)options;
	csv->out = &output->buffer;
	text_append(csv->out, header);
	return csv;
}

static void append_quoted(struct text *out, const char *string)
{
	text_append_char(out, '"');
	for (; *string; string++) {
		if (*string == '"')
			text_append_char(out, '"');
		text_append_char(out, *string);
	}
	text_append_char(out, '"');
}

/* A field, and the comma behind it. */
static void add_text(struct text *out, const char *string)
{
	if (string && strpbrk(string, ",\"\r\n"))
		append_quoted(out, string);
	else if (string)
		text_append(out, string);
	text_append_char(out, ',');
}

/* The same of one of the program's own words, in which nothing has to be quoted; or NULL. */
static void add_word(struct text *out, const char *word)
{
	if (word)
		text_append(out, word);
	text_append_char(out, ',');
}

static void add_u64(struct text *out, uint64_t value)
{
	text_append_u64(out, value);
	text_append_char(out, ',');
}

static void add_empty(struct text *out, size_t n_fields)
{
	text_append_bytes(out, ",,,,,,,,,,", n_fields);
}

/* An address and a port, or none, with a comma behind each. */
static void add_endpoint(struct text *out, enum family family, const struct address *address, bool has_port, uint16_t port)
{
	char *at = text_room(out, ADDRESS_ROOM + TEXT_U64_ROOM + sizeof(",,"));

	at = address_write(at, family, address);
	*at++ = ',';
	if (has_port)
		at = text_write_u64(at, port);
	*at++ = ',';
	text_end_at(out, at);
}

/* From hooks to protocol. */
static void print_way(const void *what, struct text *out)
{
	const struct event_packet *journey = what;
	const struct packet *packet = journey->packet;
	const char *protocol = packet->family == FAMILY_NONE ? "" : protocol_name(packet->protocol);

	for (size_t i = 0; i < journey->n_hooks; i++) {
		if (i)
			text_append_char(out, '>');
		text_append(out, hook_name(journey->hooks[i]));
	}
	text_append_char(out, ',');
	add_text(out, journey->in);
	add_text(out, journey->out);
	if (protocol)
		add_word(out, protocol);
	else
		add_u64(out, packet->protocol);
}

static void add_way(struct csv *csv, const struct event_packet *journey)
{
	const struct packet *packet = journey->packet;
	struct piece_key key = { {
		packet_words_hooks(journey), pieces_pointer(journey->in), pieces_pointer(journey->out),
		(uint64_t)packet->family << 8 | packet->protocol,
	} };

	pieces_append(&csv->ways, &key, print_way, journey, csv->out);
}

static void add_packet(struct text *out, const struct packet *packet)
{
	if (packet->family == FAMILY_NONE) {
		add_empty(out, 4);
		add_u64(out, packet->original_len);
		return;
	}
	add_endpoint(out, packet->family, &packet->source, packet->has_ports, packet->source_port);
	add_endpoint(out, packet->family, &packet->destination, packet->has_ports, packet->destination_port);
	add_u64(out, packet->total_len);
}

/* From ctstate to direction; all that follow of the entry, where there is none. */
static void print_state(const void *what, struct text *out)
{
	const struct event_packet *journey = what;

	add_word(out, journey->ctstate == CTSTATE_NONE ? "" : ctstate_name(journey->ctstate));
	if (journey->has_entry)
		add_word(out, packet_words_direction(journey->direction));
	else
		add_empty(out, 5);
}

/* Change and state. */
static void print_change(const void *what, struct text *out)
{
	const struct event_packet *journey = what;

	add_word(out, packet_words_change(journey->change));
	add_word(out, journey->entry.state);
}

static void add_entry(struct csv *csv, const struct event *event)
{
	const struct event_packet *journey = &event->journey;
	struct piece_key state = { { journey->ctstate, journey->has_entry, journey->direction } };
	struct piece_key change = { { journey->change, pieces_pointer(journey->entry.state) } };

	pieces_append(&csv->states, &state, print_state, journey, csv->out);
	if (!journey->has_entry)
		return;
	add_u64(csv->out, journey->entry.id);
	pieces_append(&csv->changes, &change, print_change, journey, csv->out);
	add_u64(csv->out, vtime_seconds_left(journey->entry.deadline, event->time, journey->entry.hz));
}

static void print_place(const struct rule_place *place, struct text *out)
{
	if (!place) {
		add_empty(out, 5);
		return;
	}
	add_text(out, place->table);
	add_text(out, place->chain);
	if (place->number)
		add_u64(out, place->number);
	else
		add_text(out, "policy");
	add_text(out, place->file);
	if (place->line)
		text_append_u64(out, place->line);
	text_append_char(out, ',');
}

/* From verdict to reason. */
static void print_decision(const void *what, struct text *out)
{
	const struct event_packet *journey = what;

	add_word(out, journey->verdict == VERDICT_NONE ? "" : verdict_name(journey->verdict));
	print_place(journey->decided_by, out);
	add_text(out, journey->reason);
}

static void add_decision(struct csv *csv, const struct event_packet *journey)
{
	struct piece_key key = { {
		journey->verdict, pieces_pointer(journey->decided_by), pieces_pointer(journey->reason),
	} };

	pieces_append(&csv->decisions, &key, print_decision, journey, csv->out);
}

static void add_unsimulated(struct csv *csv, const struct rule_place *place)
{
	text_reset(&csv->scratch);
	if (place)
		packet_words_print_place(place, &csv->scratch);
	add_text(csv->out, text_string(&csv->scratch));
}

static void add_sent(struct text *out, const struct event_packet *journey)
{
	const struct tuple *sent = &journey->sent;

	if (!journey->was_rewritten) {
		add_empty(out, 4);
		return;
	}
	add_endpoint(out, sent->family, &sent->source, entry_print_has_ports(sent), sent->source_port);
	add_endpoint(out, sent->family, &sent->destination, entry_print_has_ports(sent), sent->destination_port);
}

/* Without a comma behind it: it is the last. */
static void add_summary(struct csv *csv, const struct packet *packet)
{
	size_t start = csv->out->len;

	summary_print(packet, csv->out);
	if (summary_is_plain(packet) || !strpbrk(csv->out->bytes + start, ",\"\r\n"))
		return;
	text_reset(&csv->scratch);
	text_append(&csv->scratch, csv->out->bytes + start);
	text_end_at(csv->out, csv->out->bytes + start);
	append_quoted(csv->out, text_string(&csv->scratch));
}

static void on_event(void *state, const struct event *event)
{
	struct csv *csv = state;
	struct text *out = csv->out;
	const struct event_packet *journey = &event->journey;
	char room[COMPLAINT_ROOM];

	add_u64(out, event->packet);
	time_print(event->time, NANOSECOND_DIGITS, out);
	text_append_char(out, ',');
	add_way(csv, journey);
	add_packet(out, journey->packet);
	add_entry(csv, event);
	add_decision(csv, journey);
	add_text(out, complaint_words(&journey->invalid, room));
	add_unsimulated(csv, journey->unsimulated);
	add_u64(out, journey->mark);
	add_sent(out, journey);
	add_summary(csv, journey->packet);
	text_append(out, "\r\n");
}

static void close_csv(void *state)
{
	struct csv *csv = state;

	text_clear(&csv->scratch);
	pieces_clear(&csv->ways);
	pieces_clear(&csv->states);
	pieces_clear(&csv->changes);
	pieces_clear(&csv->decisions);
	free(csv);
}

const struct sink_type sink_csv = {
	.name = "csv",
	.summary = "one line a packet, comma-separated, with a header line",
	.kinds = EVENT_BIT(EVENT_PACKET),
	.open = open_csv,
	.on_event = on_event,
	.close = close_csv,
};
