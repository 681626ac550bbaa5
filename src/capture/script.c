/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/script.h"

#include <ctype.h>
#include <pcap/dlt.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "capture/script_parts.h"

/* 2026-01-01T00:00:00Z */
static const int64_t default_start_ns = INT64_C(1767225600) * VTIME_NS_PER_SECOND;

static const int64_t usual_pace_ns = INT64_C(5000000);

/* With a start before 2100 an absolute time is still a number of nanoseconds. */
static const int64_t latest_ns = INT64_C(4000000000) * VTIME_NS_PER_SECOND;

static void fail(struct script_line *line, const struct script_word *word, const char *what)
{
	diag_error(line->diagnostics, word->where, NULL, "%s", what);
}

static void expect_end(struct script_line *line)
{
	struct script_word word = script_next(line);

	if (word.len)
		fail(line, &word, "nothing more is wanted on this line");
}

static void read_host(struct script_line *line)
{
	struct script_word name = script_next(line), address = script_next(line), mac = script_next(line);
	struct script_host *host = arena_alloc(&line->script->arena, sizeof(*host));
	const struct script_host *same;
	enum family family;

	if (name.len == 0 || !isalpha((unsigned char)name.text[0]) || memchr(name.text, ':', name.len)) {
		fail(line, &name, "a host's name begins with a letter and has no colon");
		return;
	}
	if (!script_address(line, &address, &family, &host->address, &same))
		return;
	host->family = family;
	host->has_mac = mac.len > 0;
	if (host->has_mac && !script_mac(&mac, host->mac)) {
		fail(line, &mac, "a MAC address is six pairs of digits: 02:00:00:00:00:01");
		return;
	}
	host->name = arena_copy(&line->script->arena, name.text, name.len);
	map_add(&line->script->hosts, host->name, host);
	expect_end(line);
}

static void read_link(struct script_line *line)
{
	struct script_word word = script_next(line);

	if (line->script->n_packets)
		fail(line, &word, "link stands before the first packet");
	else if (script_word_is(&word, "raw"))
		line->script->link_type = DLT_RAW;
	else if (script_word_is(&word, "ethernet"))
		line->script->link_type = DLT_EN10MB;
	else
		fail(line, &word, "link is ethernet or raw");
	expect_end(line);
}

static void read_start(struct script_line *line)
{
	struct script_word word = script_next(line);

	if (!script_date(&word, &line->script->start_ns))
		fail(line, &word, "start is a time like 2026-01-02T03:04:05Z");
	expect_end(line);
}

static void read_pace(struct script_line *line)
{
	struct script_word word = script_next(line);
	bool is_relative;

	if (!script_time(&word, &is_relative, &line->script->pace_ns) || is_relative)
		fail(line, &word, "pace is the time between two packets of a conversation, in seconds");
	expect_end(line);
}

/* "again 3": the packet as it was. */
static void read_again(struct script_line *line, int64_t time_ns)
{
	struct script_word word = script_next(line);
	uint32_t number;

	word = script_next(line);
	if (!script_number(line, &word, "again", UINT32_MAX, &number))
		return;
	if (number == 0 || number > line->script->n_packets)
		fail(line, &word, "there is no packet of this number before this one");
	else
		script_repeat(line, number - 1, time_ns);
	expect_end(line);
}

static void make_packets(struct script_line *line, int64_t time_ns)
{
	struct script_word word = script_peek(line);
	struct script_spec spec;

	if (script_word_is(&word, "again"))
		read_again(line, time_ns);
	else if (!script_read_spec(line, &spec))
		return;
	else if (spec.is_conversation)
		script_converse(line, &spec, time_ns);
	else
		script_build(line, &spec, time_ns);
}

/* A packet or several, `first` being their time. */
static void read_packet(struct script_line *line, const struct script_word *first)
{
	struct script *script = line->script;
	size_t n_before = script->n_packets;
	bool is_relative;
	int64_t time_ns;

	if (!script_time(first, &is_relative, &time_ns)) {
		fail(line, first, "a time is seconds, with up to nine decimals, or + and seconds since the last packet");
		return;
	}
	if (is_relative && script->n_packets)
		time_ns += script->packets[script->n_packets - 1].time_ns;
	if (time_ns > latest_ns) {
		fail(line, first, "more than 126 years after the start");
		return;
	}
	make_packets(line, time_ns);
	for (size_t i = n_before; i < script->n_packets; i++)
		script->packets[i].where = first->where;
}

static void read_line(struct script_line *line)
{
	struct script_word first = script_next(line);

	if (first.len == 0)
		return;
	if (isdigit((unsigned char)first.text[0]) || first.text[0] == '+')
		read_packet(line, &first);
	else if (script_word_is(&first, "host"))
		read_host(line);
	else if (script_word_is(&first, "link"))
		read_link(line);
	else if (script_word_is(&first, "start"))
		read_start(line);
	else if (script_word_is(&first, "pace"))
		read_pace(line);
	else
		fail(line, &first, "a line begins with a time, or with host, link, pace or start");
}

bool script_parse(struct script *script, const struct source *source, const struct limits *limits, struct diagnostics *diagnostics)
{
	size_t n_errors = diagnostics->n_errors;
	size_t start = 0;

	memset(script, 0, sizeof(*script));
	arena_init(&script->arena);
	map_init(&script->hosts);
	script->start_ns = default_start_ns;
	script->link_type = DLT_EN10MB;
	script->pace_ns = usual_pace_ns;
	script->most_bytes = limits ? limits->script_bytes : limits_usual.script_bytes;
	while (start < source->len && diag_has_room(diagnostics) && !script->is_full) {
		const char *newline = memchr(source->text + start, '\n', source->len - start);
		size_t end = newline ? (size_t)(newline - source->text) : source->len;
		struct script_line line = {
			.source = source, .diagnostics = diagnostics, .script = script,
			.at = (uint32_t)start, .end = (uint32_t)end,
		};

		read_line(&line);
		start = end + 1;
	}
	return diagnostics->n_errors == n_errors;
}

void script_clear(struct script *script)
{
	free(script->packets);
	map_clear(&script->hosts);
	arena_clear(&script->arena);
	memset(script, 0, sizeof(*script));
}

struct script_source {
	struct packet_source source;	/* first: the two are one object */
	const struct script *script;	/* borrowed */
	size_t n_delivered;
};

static enum packet_source_result next(struct packet_source *source, struct packet *packet)
{
	struct script_source *script_source = (struct script_source *)source;
	const struct script_packet *from;

	if (script_source->n_delivered == script_source->script->n_packets)
		return PACKET_SOURCE_END;
	from = &script_source->script->packets[script_source->n_delivered++];
	packet->frame = from->frame;
	packet->captured_len = from->captured_len;
	packet->original_len = from->original_len;
	packet_source_stamp(source, packet, script_source->script->start_ns + from->time_ns);
	return PACKET_SOURCE_PACKET;
}

static void close_source(struct packet_source *source)
{
	text_clear(&source->error);
	free(source);
}

struct packet_source *script_open(const struct script *script)
{
	struct script_source *source = alloc_zeroed(1, sizeof(*source));

	source->source.next = next;
	source->source.close = close_source;
	source->source.link_type = script->link_type;
	source->script = script;
	return &source->source;
}
