/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/pcapng_places.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/cursor.h"
#include "base/system.h"
#include "base/text.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_PACKET_OLD = 2, BLOCK_SIMPLE = 3, BLOCK_PACKET = 6,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	OPTION_END = 0, OPTION_COMMENT = 1, OPTION_NAME = 2, OPTION_FLAGS = 2,
	OPTION_SPEED = 8, OPTION_RESOLUTION = 9, OPTION_TIME_ZONE = 10, OPTION_TIME_OFFSET = 14, OPTION_SPEED_OUT = 16, OPTION_SPEED_IN = 17,
	OPTION_DROPS = 4, OPTION_PACKET_ID = 5, OPTION_QUEUE = 6,
	HEADER_LEN = 8, TRAILER_LEN = 4,
	MOST_INTERFACES = 4096, LONGEST_NAME = 255,
	LONGEST_BLOCK = 1 << 22,	/* what is longer says nothing */
};

/* What is known of one packet until libpcap has come to it. */
struct place {
	const char *name;
	const struct capture_note *note;
	enum link_direction direction;
};

/* What the file says of an interface. */
struct described {
	const char *name;		/* NULL: it has none */
	struct capture_interface interface;
	struct capture_note note;	/* of a packet of which it says nothing */
};

struct pcapng_places {
	FILE *stream;			/* owned */
	struct arena arena;		/* interfaces, and what stands on packets */
	struct text comments, options;	/* of the block at hand */
	bool is_big_endian;
	struct described **interfaces;	/* owned: of the section */
	size_t n_interfaces;
	struct capture_interface *first_interface, *last_interface;	/* of all sections so far, or NULL */
	struct capture_options section;
	uint8_t *block;			/* owned: as much of the block at hand as has been read */
	size_t block_len, capacity;
	size_t n_read;			/* bytes of the block so far, kept or not */
	uint32_t total_len;		/* of the block; 0: its header is not read yet */
	struct place *queue;		/* owned: packets that were read ahead */
	size_t first, n_queued, queue_capacity;
};

static uint32_t order(const struct pcapng_places *places, uint32_t big_endian)
{
	return places->is_big_endian ? big_endian : __builtin_bswap32(big_endian);
}

static uint32_t read_u32(const struct pcapng_places *places, struct cursor *cursor)
{
	return order(places, cursor_u32(cursor));
}

static uint16_t read_u16(const struct pcapng_places *places, struct cursor *cursor)
{
	uint16_t value = cursor_u16(cursor);

	return places->is_big_endian ? value : __builtin_bswap16(value);
}

static uint32_t padded(uint32_t len)
{
	return (len + 3) & ~3u;
}

/* The first option of a code, up to its length; NULL when there is none. */
static const uint8_t *find_option(const struct pcapng_places *places, struct cursor *cursor, uint16_t wanted, uint16_t *len)
{
	while (cursor_left(cursor) >= 4) {
		uint16_t code = read_u16(places, cursor);
		const uint8_t *value;

		*len = read_u16(places, cursor);
		value = cursor_take(cursor, padded(*len));
		if (!value || code == OPTION_END)
			return NULL;
		if (code == wanted)
			return value;
	}
	return NULL;
}

static struct cursor body_of(const struct pcapng_places *places)
{
	return cursor_over(places->block + HEADER_LEN, places->block_len - HEADER_LEN - TRAILER_LEN);
}

static void append_u16(struct text *out, unsigned value)
{
	text_append_char(out, (char)(value & 0xff));
	text_append_char(out, (char)(value >> 8 & 0xff));
}

static void append_value(const struct pcapng_places *places, const uint8_t *value, uint16_t len, bool is_number, struct text *out)
{
	for (uint16_t i = 0; i < len; i++)
		text_append_char(out, (char)value[places->is_big_endian && is_number ? len - 1 - i : i]);
	for (; len % 4; len++)
		text_append_char(out, '\0');
}

/* All options but those in `without`, as they are written; `numbers`: those whose value is one. A bit for each code below 32. */
static struct capture_options keep_options(struct pcapng_places *places, struct cursor cursor, uint32_t without, uint32_t numbers)
{
	struct text *out = &places->options;

	text_reset(out);
	while (cursor_left(&cursor) >= 4) {
		uint16_t code = read_u16(places, &cursor), len = read_u16(places, &cursor);
		const uint8_t *value = cursor_take(&cursor, padded(len));

		if (!value || code == OPTION_END)
			break;
		if (code < 32 && (without >> code & 1))
			continue;
		append_u16(out, code);
		append_u16(out, len);
		append_value(places, value, len, code < 32 && (numbers >> code & 1), out);
	}
	if (!out->len)
		return (struct capture_options){ .len = 0 };
	return (struct capture_options){ .bytes = (const uint8_t *)arena_copy(&places->arena, out->bytes, out->len), .len = (uint32_t)out->len };
}

static void add_interface(struct pcapng_places *places)
{
	const uint32_t of_times = 1u << OPTION_RESOLUTION | 1u << OPTION_TIME_ZONE | 1u << OPTION_TIME_OFFSET;
	const uint32_t numbers = 1u << OPTION_SPEED | 1u << OPTION_SPEED_OUT | 1u << OPTION_SPEED_IN;
	struct cursor cursor = body_of(places);
	struct described *described;
	const uint8_t *name;
	uint16_t len = 0;

	if (places->n_interfaces == MOST_INTERFACES)
		return;
	described = arena_alloc(&places->arena, sizeof(*described));
	*described = (struct described){ .interface.section = places->section, .note.interface = &described->interface };
	if (places->last_interface)
		places->last_interface->next = &described->interface;
	else
		places->first_interface = &described->interface;
	described->interface.first = places->first_interface;
	cursor_skip(&cursor, 4);	/* link type, reserved */
	described->interface.snap_len = read_u32(places, &cursor);
	described->interface.options = keep_options(places, cursor, of_times, numbers);
	name = find_option(places, &cursor, OPTION_NAME, &len);
	if (name && len && len <= LONGEST_NAME)
		described->name = arena_copy(&places->arena, (const char *)name, len);
	places->last_interface = &described->interface;
	places->interfaces = alloc_resize(places->interfaces, places->n_interfaces + 1, sizeof(*places->interfaces));
	places->interfaces[places->n_interfaces++] = described;
}

/* All comments on a packet, each ended by a NUL; NULL when there is none. Those are few that have any: they stay. */
static const char *read_comments(struct pcapng_places *places, struct cursor options)
{
	const uint8_t *comment;
	uint16_t len;

	text_reset(&places->comments);
	while ((comment = find_option(places, &options, OPTION_COMMENT, &len)) != NULL)
		if (len) {
			text_append_bytes(&places->comments, (const char *)comment, strnlen((const char *)comment, len));
			text_append_char(&places->comments, '\0');
		}
	return places->comments.len ? arena_copy(&places->arena, places->comments.bytes, places->comments.len) : NULL;
}

static void add_packet(struct pcapng_places *places, const struct place *place)
{
	if (places->first && places->first == places->n_queued)
		places->first = places->n_queued = 0;
	if (places->n_queued == places->queue_capacity) {
		places->queue_capacity = alloc_grown_capacity(places->queue_capacity, places->n_queued + 1);
		places->queue = alloc_resize(places->queue, places->queue_capacity, sizeof(*places->queue));
	}
	places->queue[places->n_queued++] = *place;
}

static enum link_direction direction_of(const struct pcapng_places *places, const uint8_t *flags)
{
	struct cursor cursor = cursor_over(flags, 4);
	static const enum link_direction directions[4] = { LINK_UNKNOWN, LINK_IN, LINK_OUT, LINK_UNKNOWN };

	return directions[read_u32(places, &cursor) & 3];
}

/* Most packets have nothing of their own: they share what their interface has. */
static void describe(struct pcapng_places *places, const struct described *described, struct cursor options, struct place *place)
{
	const uint32_t numbers = 1u << OPTION_FLAGS | 1u << OPTION_DROPS | 1u << OPTION_PACKET_ID | 1u << OPTION_QUEUE;
	struct capture_note note = {
		.comments = read_comments(places, options),
		.options = keep_options(places, options, 1u << OPTION_COMMENT, numbers),
		.interface = &described->interface,
	};

	place->name = described->name;
	place->note = &described->note;
	if (note.comments || note.options.len)
		place->note = memcpy(arena_alloc(&places->arena, sizeof(note)), &note, sizeof(note));
}

static void read_packet(struct pcapng_places *places, bool is_old)
{
	struct cursor cursor = body_of(places);
	struct place place = { .name = NULL };
	uint32_t interface = is_old ? read_u16(places, &cursor) : read_u32(places, &cursor), captured_len;
	const uint8_t *flags;
	uint16_t len = 0;

	cursor_skip(&cursor, is_old ? 2 + 8 : 8);	/* drops; time */
	captured_len = read_u32(places, &cursor);
	cursor_skip(&cursor, 4);
	if (captured_len < LONGEST_BLOCK)
		cursor_skip(&cursor, padded(captured_len));
	if (interface < places->n_interfaces)
		describe(places, places->interfaces[interface], cursor, &place);
	flags = find_option(places, &cursor, OPTION_FLAGS, &len);
	if (flags && len == 4)
		place.direction = direction_of(places, flags);
	add_packet(places, &place);
}

static void begin_section(struct pcapng_places *places)
{
	struct cursor cursor = body_of(places);

	cursor_skip(&cursor, 16);	/* byte order, version, length of the section */
	places->section = keep_options(places, cursor, 0, 0);
	places->n_interfaces = 0;
}

static void add_simple_packet(struct pcapng_places *places)
{
	struct place place = { .name = NULL };

	if (places->n_interfaces)
		place = (struct place){ .name = places->interfaces[0]->name, .note = &places->interfaces[0]->note };
	add_packet(places, &place);
}

/* A whole block, or the beginning of one that is too long to be kept. */
static void end_block(struct pcapng_places *places)
{
	struct cursor cursor = cursor_over(places->block, places->block_len);
	uint32_t type = read_u32(places, &cursor);
	bool is_whole = places->block_len == places->total_len;
	struct place nothing = { .name = NULL };

	if (type == BLOCK_SECTION && is_whole)
		begin_section(places);
	else if (type == BLOCK_INTERFACE && is_whole)
		add_interface(places);
	else if ((type == BLOCK_PACKET || type == BLOCK_PACKET_OLD) && is_whole)
		read_packet(places, type == BLOCK_PACKET_OLD);
	else if (type == BLOCK_PACKET || type == BLOCK_PACKET_OLD)
		add_packet(places, &nothing);
	else if (type == BLOCK_SIMPLE)
		add_simple_packet(places);
}

/* A section says in its third word which way round its numbers are; its type reads the same both ways. */
static void read_header(struct pcapng_places *places)
{
	struct cursor cursor = cursor_over(places->block, places->block_len);
	uint32_t type = cursor_u32(&cursor), len = cursor_u32(&cursor);

	if (type == BLOCK_SECTION)
		places->is_big_endian = cursor_u32(&cursor) == BYTE_ORDER_MAGIC;
	places->total_len = order(places, len);
	if (places->total_len < HEADER_LEN + TRAILER_LEN)
		places->total_len = UINT32_MAX;		/* broken: libpcap ends here */
}

static void keep(struct pcapng_places *places, const uint8_t *bytes, size_t len)
{
	if (len > LONGEST_BLOCK - places->block_len)
		len = LONGEST_BLOCK - places->block_len;
	if (places->block_len + len > places->capacity) {
		places->capacity = alloc_grown_capacity(places->capacity, places->block_len + len);
		places->block = alloc_resize(places->block, places->capacity, 1);
	}
	memcpy(places->block + places->block_len, bytes, len);
	places->block_len += len;
}

static void read_along(struct pcapng_places *places, const uint8_t *bytes, size_t len)
{
	static const size_t header_len = HEADER_LEN + TRAILER_LEN;	/* no block is shorter */

	while (len) {
		size_t wanted = places->total_len ? places->total_len : header_len;
		size_t n = len < wanted - places->n_read ? len : wanted - places->n_read;

		keep(places, bytes, n);
		places->n_read += n;
		bytes += n;
		len -= n;
		if (!places->total_len && places->n_read == header_len)
			read_header(places);
		if (places->total_len && places->n_read == places->total_len) {
			end_block(places);
			places->n_read = places->block_len = 0;
			places->total_len = 0;
		}
	}
}

static ssize_t read_stream(void *cookie, char *buffer, size_t size)
{
	struct pcapng_places *places = cookie;
	size_t n = fread(buffer, 1, size, places->stream);

	if (!n && ferror(places->stream))
		return -1;
	read_along(places, (const uint8_t *)buffer, n);
	return (ssize_t)n;
}

static int close_stream(void *cookie)
{
	struct pcapng_places *places = cookie;
	int result = places->stream == stdin ? 0 : fclose(places->stream);

	places->stream = NULL;
	return result;
}

FILE *pcapng_places_open(FILE *stream, struct pcapng_places **places)
{
	struct pcapng_places *made = alloc_zeroed(1, sizeof(*made));
	FILE *copy = system_open_stream(made, read_stream, close_stream);

	if (!copy)
		alloc_fail();
	/* Without a buffer libpcap asks for one block at a time, and the next one of a live capture is not waited for. */
	setvbuf(copy, NULL, _IONBF, 0);
	arena_init(&made->arena);
	text_init(&made->comments);
	text_init(&made->options);
	made->stream = stream;
	*places = made;
	return copy;
}

void pcapng_places_free(struct pcapng_places *places)
{
	if (!places)
		return;
	arena_clear(&places->arena);
	text_clear(&places->comments);
	text_clear(&places->options);
	free(places->interfaces);
	free(places->block);
	free(places->queue);
	free(places);
}

void pcapng_places_take(struct pcapng_places *places, struct packet *packet)
{
	if (places->first == places->n_queued)
		return;
	packet->link.interface_name = places->queue[places->first].name;
	packet->link.note = places->queue[places->first].note;
	packet->link.direction = places->queue[places->first].direction;
	places->first++;
}
