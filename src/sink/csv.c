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
	struct pieces kept;	/* all that follows from how a packet was treated: see print_kept() */
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

enum { ENDPOINT_ROOM = ADDRESS_ROOM + PRINTED_PORT_ROOM + sizeof(",,") };

/* An address and a port, or none, with a comma behind each. */
static char *write_endpoint(char *at, const struct printed_end *end)
{
	at = printed_end_write_address(end, at);
	*at++ = ',';
	at = printed_end_write_port(end, at);
	*at++ = ',';
	return at;
}

static char *write_u64(char *at, uint64_t value)
{
	at = text_write_u64(at, value);
	*at++ = ',';
	return at;
}

static char *write_packet(char *at, const struct packet *packet, const struct printed_ends *ends)
{
	if (packet->family == FAMILY_NONE)
		return write_u64(text_write(at, ",,,,"), packet->original_len);
	at = write_endpoint(at, &ends->source);
	at = write_endpoint(at, &ends->destination);
	return write_u64(at, packet->total_len);
}

/* From hooks to protocol. */
static void print_way(const struct event_packet *journey, struct text *out)
{
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

/* From ctstate to direction; all that follow of the entry, where there is none. */
static void print_state(const struct event_packet *journey, struct text *out)
{
	add_word(out, journey->ctstate == CTSTATE_NONE ? "" : ctstate_name(journey->ctstate));
	if (journey->has_entry)
		add_word(out, packet_words_direction(journey->direction));
	else
		add_empty(out, 5);
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
static void print_decision(const struct event_packet *journey, struct text *out)
{
	add_word(out, journey->verdict == VERDICT_NONE ? "" : verdict_name(journey->verdict));
	print_place(journey->decided_by, out);
	add_text(out, journey->reason);
}

enum { PART_WAY, PART_STATE, PART_CHANGE, PART_DECISION };

static void print_kept(const void *what, struct piece *piece)
{
	const struct event_packet *journey = what;
	struct text *out = &piece->printed;

	print_way(journey, out);
	piece_end_part(piece);
	print_state(journey, out);
	piece_end_part(piece);
	add_word(out, packet_words_change(journey->change));
	add_word(out, journey->entry.state);
	piece_end_part(piece);
	print_decision(journey, out);
	piece_end_part(piece);
}

static const struct piece *find_kept(struct csv *csv, const struct event_packet *journey)
{
	const struct packet *packet = journey->packet;
	const uint64_t words[] = {
		packet_words_hooks(journey), pieces_pointer(journey->in), pieces_pointer(journey->out),
		(uint64_t)packet->family << 40 | (uint64_t)packet->protocol << 32 | (uint64_t)journey->ctstate << 24 |
			(uint64_t)journey->verdict << 16 | (uint64_t)journey->change << 8 | (uint64_t)journey->direction << 1 |
			journey->has_entry,
		pieces_pointer(journey->entry.state), pieces_pointer(journey->decided_by), pieces_pointer(journey->reason),
	};
	const struct piece_key key = { words, sizeof(words) / sizeof(words[0]) };

	return pieces_print(&csv->kept, &key, print_kept, journey);
}

static void add_unsimulated(struct csv *csv, const struct rule_place *place)
{
	text_reset(&csv->scratch);
	if (place)
		packet_words_print_place(place, &csv->scratch);
	add_text(csv->out, text_string(&csv->scratch));
}

static void add_sent(struct text *out, const struct tuple *sent)
{
	enum family family = (enum family)sent->family;
	bool has_ports = entry_print_has_ports(sent);
	char *at = text_room(out, 2 * ENDPOINT_ROOM);
	struct printed_ends ends;

	printed_end_make(&ends.source, family, &sent->source, has_ports, sent->source_port);
	printed_end_make(&ends.destination, family, &sent->destination, has_ports, sent->destination_port);
	text_end_at(out, write_endpoint(write_endpoint(at, &ends.source), &ends.destination));
}

/* From invalid_reason to sent_dport: most packets have none of these. */
static void add_rest(struct csv *csv, const struct event_packet *journey)
{
	char room[COMPLAINT_ROOM];

	add_text(csv->out, complaint_words(&journey->invalid, room));
	add_unsimulated(csv, journey->unsimulated);
	add_u64(csv->out, journey->mark);
	if (journey->was_rewritten)
		add_sent(csv->out, &journey->sent);
	else
		add_empty(csv->out, 4);
}

static bool has_rest(const struct event_packet *journey)
{
	return journey->invalid.words || journey->unsimulated || journey->mark || journey->was_rewritten;
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

enum { START_ROOM = 4 * TEXT_U64_ROOM + TIME_ROOM + 2 * ENDPOINT_ROOM };

/* From number to reason, of which much is kept; there is room for all of it. */
static char *write_start(char *at, const struct event *event, const struct piece *kept, const struct printed_ends *ends)
{
	const struct event_packet *journey = &event->journey;

	at = write_u64(at, event->packet);
	at = time_write(at, event->time, NANOSECOND_DIGITS);
	*at++ = ',';
	at = piece_write_part(kept, PART_WAY, at);
	at = write_packet(at, journey->packet, ends);
	at = piece_write_part(kept, PART_STATE, at);
	if (journey->has_entry) {
		at = write_u64(at, journey->entry.id);
		at = piece_write_part(kept, PART_CHANGE, at);
		at = write_u64(at, vtime_seconds_left(journey->entry.deadline, event->time, journey->entry.hz));
	}
	return piece_write_part(kept, PART_DECISION, at);
}

static void on_event(void *state, const struct event *event)
{
	static const char no_rest[] = ",,0,,,,,", end[] = "\r\n";
	const struct event_packet *journey = &event->journey;
	struct csv *csv = state;
	struct text *out = csv->out;
	const struct piece *kept = find_kept(csv, journey);
	struct printed_ends ends;
	char *at = text_room(out, START_ROOM + kept->printed.len + sizeof(no_rest) + SUMMARY_ORDINARY_ROOM + sizeof(end));

	printed_ends_make(&ends, journey->packet);
	at = write_start(at, event, kept, &ends);
	if (!has_rest(journey) && summary_is_ordinary(journey->packet)) {
		at = text_write_bytes(at, no_rest, sizeof(no_rest) - 1);
		at = summary_write_ordinary(at, journey->packet, &ends, SUMMARY_ADDRESSES | SUMMARY_TCP_NUMBERS);
		text_end_at(out, text_write_bytes(at, end, sizeof(end) - 1));
		return;
	}
	text_end_at(out, at);
	add_rest(csv, journey);
	add_summary(csv, journey->packet);
	text_append(out, end);
}

static void close_csv(void *state)
{
	struct csv *csv = state;

	text_clear(&csv->scratch);
	pieces_clear(&csv->kept);
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
