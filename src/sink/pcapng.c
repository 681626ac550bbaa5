/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The capture once more, frame by frame as it was, each with a comment that says what became of it: for Wireshark and its
 * filters. draft-ietf-opsawg-pcapng. Little-endian on every machine: the same input gives the same bytes.
 *
 * What the original says of its section, interfaces and frames is kept, but for how it counts time.
 */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "sink/entry_print.h"
#include "sink/packet_words.h"
#include "sink/sink.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_PACKET = 6,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d, MAJOR = 1, MINOR = 0,
	OPTION_END = 0, OPTION_COMMENT = 1, OPTION_NAME = 2, OPTION_RESOLUTION = 9, OPTION_FLAGS = 2, OPTION_PROGRAM = 4,
	NANOSECONDS = 9, FLAG_INBOUND = 1, FLAG_OUTBOUND = 2, LONGEST_OPTION = 65535,
	DLT_RAW_HERE = 12, LINKTYPE_RAW = 101,		/* the one number that libpcap and its files do not share */
};

/* An interface of the original: those of each of its captures have names of their own. */
struct place {
	const char *name;		/* borrowed from the capture; NULL: it says none */
	const struct capture_interface *described;	/* likewise, of a pcapng file */
	uint32_t capture;
	uint16_t type;
};

struct pcapng {
	struct text *out;
	struct text comment;
	int64_t origin_ns;
	bool has_begun;			/* the section's header is written */
	struct place *places;		/* owned */
	size_t n_places;
	size_t latest;			/* of the frame before */
};

static void *open_pcapng(const struct sink_options *options, struct output *output)
{
	struct pcapng *pcapng = alloc_zeroed(1, sizeof(*pcapng));

	(void)options;
	pcapng->out = &output->buffer;
	text_init(&pcapng->comment);
	return pcapng;
}

static void put_u16(struct text *out, uint32_t value)
{
	text_append_char(out, (char)(value & 0xff));
	text_append_char(out, (char)(value >> 8 & 0xff));
}

static void put_u32(struct text *out, uint32_t value)
{
	put_u16(out, value);
	put_u16(out, value >> 16);
}

static void pad(struct text *out, size_t len)
{
	for (; len % 4; len++)
		text_append_char(out, '\0');
}

static void put_option(struct text *out, unsigned code, const void *value, size_t len)
{
	if (len > LONGEST_OPTION)
		len = LONGEST_OPTION;
	put_u16(out, code);
	put_u16(out, (uint32_t)len);
	text_append_bytes(out, value, len);
	pad(out, len);
}

/* Returns where the block begins; its length is filled in at its end. */
static size_t begin_block(struct text *out, uint32_t type)
{
	size_t start = out->len;

	put_u32(out, type);
	put_u32(out, 0);
	return start;
}

static void end_block(struct text *out, size_t start)
{
	size_t len = out->len - start + 4;

	for (unsigned i = 0; i < 4; i++)
		out->bytes[start + 4 + i] = (char)(len >> 8 * i & 0xff);
	put_u32(out, (uint32_t)len);
}

static void put_options(struct text *out, const struct capture_options *options)
{
	text_append_bytes(out, (const char *)options->bytes, options->len);
}

/* `original`: the options that the section of the first frame has. */
static void write_section(struct pcapng *pcapng, const struct capture_options *original)
{
	static const char program[] = "ctreplay";
	struct text *out = pcapng->out;
	size_t start = begin_block(out, BLOCK_SECTION);

	pcapng->has_begun = true;
	put_u32(out, BYTE_ORDER_MAGIC);
	put_u16(out, MAJOR);
	put_u16(out, MINOR);
	put_u32(out, UINT32_MAX);	/* the section's length is not told */
	put_u32(out, UINT32_MAX);
	if (original && original->len)
		put_options(out, original);
	else
		put_option(out, OPTION_PROGRAM, program, strlen(program));
	put_option(out, OPTION_END, "", 0);
	end_block(out, start);
}

static void write_interface(struct pcapng *pcapng, const struct place *place)
{
	static const char resolution = NANOSECONDS;
	struct text *out = pcapng->out;
	size_t start = begin_block(out, BLOCK_INTERFACE);

	put_u16(out, place->type == DLT_RAW_HERE ? LINKTYPE_RAW : place->type);
	put_u16(out, 0);
	put_u32(out, place->described ? place->described->snap_len : 0);	/* 0: no limit of a frame's length is told */
	if (place->described)
		put_options(out, &place->described->options);
	else if (place->name)
		put_option(out, OPTION_NAME, place->name, strlen(place->name));
	put_option(out, OPTION_RESOLUTION, &resolution, 1);
	put_option(out, OPTION_END, "", 0);
	end_block(out, start);
}

static bool is_same(const struct place *place, const struct place *other)
{
	bool has_same_name = place->name && other->name ? strcmp(place->name, other->name) == 0 : place->name == other->name;

	return place->described == other->described && (place->described || has_same_name) &&
	       place->capture == other->capture && place->type == other->type;
}

static void add_place(struct pcapng *pcapng, const struct place *place)
{
	pcapng->places = alloc_resize(pcapng->places, pcapng->n_places + 1, sizeof(*pcapng->places));
	pcapng->places[pcapng->n_places++] = *place;
	write_interface(pcapng, place);
}

/* Those that stand before it in the original come first, whether or not they have frames. */
static void add_all_until(struct pcapng *pcapng, const struct place *place)
{
	struct place next = *place;
	size_t i = pcapng->n_places;

	while (i > 0 && (pcapng->places[i - 1].capture != place->capture || !pcapng->places[i - 1].described))
		i--;
	next.described = i ? pcapng->places[i - 1].described->next : place->described->first;
	for (; next.described && next.described != place->described; next.described = next.described->next)
		add_place(pcapng, &next);
	add_place(pcapng, place);
}

/* The number of an interface, which is described when it has none yet. */
static uint32_t number_of(struct pcapng *pcapng, const struct place *place)
{
	size_t i = pcapng->latest;

	if (i < pcapng->n_places && is_same(&pcapng->places[i], place))
		return (uint32_t)i;
	for (i = 0; i < pcapng->n_places && !is_same(&pcapng->places[i], place); i++)
		;
	if (i == pcapng->n_places) {
		if (place->described)
			add_all_until(pcapng, place);
		else
			add_place(pcapng, place);
		i = pcapng->n_places - 1;
	}
	pcapng->latest = i;
	return (uint32_t)i;
}

static uint32_t find_interface(struct pcapng *pcapng, const struct link_info *link)
{
	struct place place = {
		.name = link->interface_name, .capture = link->capture, .type = link->type,
		.described = link->note ? link->note->interface : NULL,
	};

	if (!pcapng->has_begun)
		write_section(pcapng, place.described ? &place.described->section : NULL);
	return number_of(pcapng, &place);
}

static void describe_decision(const struct event_packet *journey, struct text *out)
{
	if (journey->reason) {
		text_append(out, "; ");
		text_append(out, journey->reason);
	}
	if (journey->decided_by) {
		text_append(out, "; by ");
		packet_words_print_place(journey->decided_by, out);
	}
	if (journey->invalid.words) {
		text_append(out, "; INVALID: ");
		complaint_print(&journey->invalid, out);
	}
}

static void describe_entry(const struct event *event, struct text *out)
{
	const struct event_packet *journey = &event->journey;

	if (!journey->has_entry)
		return;
	text_append(out, "; entry ");
	text_append_u64(out, journey->entry.id);
	text_append_char(out, ' ');
	text_append(out, packet_words_change(journey->change));
	text_append(out, ": ");
	entry_print_proc(&journey->entry, event->time, false, out);
}

/* "DROP; NEW; by filter INPUT 3 office.rules:12" */
static void describe(const struct event *event, struct text *out)
{
	const struct event_packet *journey = &event->journey;

	text_append(out, journey->verdict == VERDICT_NONE ? "not judged" : verdict_name(journey->verdict));
	if (journey->ctstate != CTSTATE_NONE) {
		text_append(out, "; ");
		text_append(out, ctstate_name(journey->ctstate));
	}
	if (journey->has_entry) {
		text_append_char(out, ' ');
		text_append(out, packet_words_direction(journey->direction));
	}
	if (sighting_is_passed_over(journey->sighting)) {
		text_append(out, "; ");
		packet_words_print_copy(journey, out);
	}
	describe_decision(journey, out);
	describe_entry(event, out);
	if (journey->was_rewritten) {
		text_append(out, "; leaves as ");
		packet_words_print_flow(&journey->sent, out);
	}
	if (journey->unsimulated) {
		text_append(out, "; depends on what is not simulated: ");
		packet_words_print_place(journey->unsimulated, out);
	}
}

static void put_comments(struct pcapng *pcapng, const struct event *event)
{
	const struct capture_note *note = event->journey.packet->link.note;
	const char *kept = note ? note->comments : NULL;

	for (; kept && *kept; kept += strlen(kept) + 1)
		put_option(pcapng->out, OPTION_COMMENT, kept, strlen(kept));
	text_reset(&pcapng->comment);
	describe(event, &pcapng->comment);
	put_option(pcapng->out, OPTION_COMMENT, pcapng->comment.bytes, pcapng->comment.len);
}

static void write_packet(struct pcapng *pcapng, const struct event *event)
{
	const struct packet *packet = event->journey.packet;
	const struct capture_note *note = packet->link.note;
	uint32_t interface = find_interface(pcapng, &packet->link);
	uint64_t ns = (uint64_t)(pcapng->origin_ns + event->time.ns);
	struct text *out = pcapng->out;
	size_t start = begin_block(out, BLOCK_PACKET);
	uint8_t flags[4] = { packet->link.direction == LINK_IN ? FLAG_INBOUND : FLAG_OUTBOUND };

	put_u32(out, interface);
	put_u32(out, (uint32_t)(ns >> 32));
	put_u32(out, (uint32_t)ns);
	put_u32(out, packet->captured_len);
	put_u32(out, packet->original_len);
	text_append_bytes(out, (const char *)packet->frame, packet->captured_len);
	pad(out, packet->captured_len);
	put_comments(pcapng, event);
	if (note && note->options.len)
		put_options(out, &note->options);
	else if (packet->link.direction == LINK_IN || packet->link.direction == LINK_OUT)
		put_option(out, OPTION_FLAGS, flags, sizeof(flags));
	put_option(out, OPTION_END, "", 0);
	end_block(out, start);
}

static void on_event(void *state, const struct event *event)
{
	struct pcapng *pcapng = state;

	if (event->kind == EVENT_RUN)
		pcapng->origin_ns = event->run.origin_seconds * VTIME_NS_PER_SECOND + event->run.origin_ns;
	else
		write_packet(pcapng, event);
}

static void close_pcapng(void *state)
{
	struct pcapng *pcapng = state;

	if (!pcapng->has_begun)
		write_section(pcapng, NULL);
	text_clear(&pcapng->comment);
	free(pcapng->places);
	free(pcapng);
}

const struct sink_type sink_pcapng = {
	.name = "pcapng",
	.summary = "the capture with a comment on each packet: verdict, ctstate, rule, entry; for Wireshark",
	.kinds = EVENT_BIT(EVENT_RUN) | EVENT_BIT(EVENT_PACKET),
	.wants_frames = true,
	.open = open_pcapng,
	.on_event = on_event,
	.close = close_pcapng,
};
