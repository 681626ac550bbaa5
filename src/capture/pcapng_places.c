/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/pcapng_places.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/arena.h"
#include "base/cursor.h"
#include "base/text.h"

enum {
	BLOCK_SECTION = 0x0a0d0d0a, BLOCK_INTERFACE = 1, BLOCK_PACKET_OLD = 2, BLOCK_SIMPLE = 3, BLOCK_PACKET = 6,
	BYTE_ORDER_MAGIC = 0x1a2b3c4d,
	OPTION_END = 0, OPTION_COMMENT = 1, OPTION_NAME = 2, OPTION_FLAGS = 2,
	HEADER_LEN = 8, TRAILER_LEN = 4,
	MOST_INTERFACES = 4096, LONGEST_NAME = 255,
	LONGEST_BLOCK = 1 << 22,	/* what is longer says nothing */
};

/* What is known of one packet until libpcap has come to it. */
struct place {
	const char *name, *comments;
	enum link_direction direction;
};

struct pcapng_places {
	FILE *stream;			/* owned */
	struct arena arena;		/* names, comments */
	struct text comments;		/* of the packet at hand */
	bool is_big_endian;
	const char **names;		/* owned: of the section's interfaces; NULL: it has none */
	size_t n_names;
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

static void add_interface(struct pcapng_places *places)
{
	struct cursor cursor = body_of(places);
	const uint8_t *name;
	uint16_t len = 0;

	cursor_skip(&cursor, 8);	/* link type, reserved, snap length */
	name = find_option(places, &cursor, OPTION_NAME, &len);
	if (places->n_names == MOST_INTERFACES)
		return;
	places->names = alloc_resize(places->names, places->n_names + 1, sizeof(char *));
	places->names[places->n_names++] =
		name && len && len <= LONGEST_NAME ? arena_copy(&places->arena, (const char *)name, len) : NULL;
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
	if (interface < places->n_names)
		place.name = places->names[interface];
	place.comments = read_comments(places, cursor);
	flags = find_option(places, &cursor, OPTION_FLAGS, &len);
	if (flags && len == 4)
		place.direction = direction_of(places, flags);
	add_packet(places, &place);
}

static void begin_section(struct pcapng_places *places)
{
	places->n_names = 0;
}

/* A whole block, or the beginning of one that is too long to be kept. */
static void end_block(struct pcapng_places *places)
{
	struct cursor cursor = cursor_over(places->block, places->block_len);
	uint32_t type = read_u32(places, &cursor);
	bool is_whole = places->block_len == places->total_len;
	struct place nothing = { .name = NULL };

	if (type == BLOCK_SECTION)
		begin_section(places);
	else if (type == BLOCK_INTERFACE && is_whole)
		add_interface(places);
	else if ((type == BLOCK_PACKET || type == BLOCK_PACKET_OLD) && is_whole)
		read_packet(places, type == BLOCK_PACKET_OLD);
	else if (type == BLOCK_PACKET || type == BLOCK_PACKET_OLD)
		add_packet(places, &nothing);
	else if (type == BLOCK_SIMPLE)
		add_packet(places, places->n_names ? &(struct place){ .name = places->names[0] } : &nothing);
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
	FILE *copy = fopencookie(made, "rb", (cookie_io_functions_t){ .read = read_stream, .close = close_stream });

	if (!copy)
		alloc_fail();
	/* Without a buffer libpcap asks for one block at a time, and the next one of a live capture is not waited for. */
	setvbuf(copy, NULL, _IONBF, 0);
	arena_init(&made->arena);
	text_init(&made->comments);
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
	free(places->names);
	free(places->block);
	free(places->queue);
	free(places);
}

void pcapng_places_take(struct pcapng_places *places, struct packet *packet)
{
	if (places->first == places->n_queued)
		return;
	packet->link.interface_name = places->queue[places->first].name;
	packet->link.comments = places->queue[places->first].comments;
	packet->link.direction = places->queue[places->first].direction;
	places->first++;
}
