/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/defrag_queue.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

enum {
	LONGEST_DATAGRAM = 65535, IPV6_HEADER_LEN = 40,
	ECN_MASK = 3, ECN_NOT_ECT = 1 << 0, ECN_CE = 1 << 3,	/* as sets: a bit for each of the four code points */
};

void defrag_queue_reset(struct defrag_queue *queue)
{
	for (size_t i = 0; i < queue->n_pieces; i++)
		free(queue->pieces[i].bytes);
	free(queue->header);
	queue->header = NULL;
	queue->n_pieces = 0;
	queue->len = queue->present = 0;
	queue->ecn = 0;
	queue->has_last = false;
}

void defrag_queue_clear(struct defrag_queue *queue)
{
	defrag_queue_reset(queue);
	free(queue->pieces);
	memset(queue, 0, sizeof(*queue));
}

bool defrag_queue_note_len(struct defrag_queue *queue, const struct fragment *fragment)
{
	if (!fragment->has_more) {
		if (fragment->end < queue->len || (queue->has_last && fragment->end != queue->len))
			return false;
		queue->has_last = true;
		queue->len = fragment->end;
	} else if (fragment->end > queue->len) {
		if (queue->has_last)
			return false;
		queue->len = fragment->end;
	}
	return true;
}

static uint32_t end_of(const struct fragment_piece *piece)
{
	return piece->offset + piece->len;
}

/*
 * Linux 6.18, inet_frag_queue_insert(): pieces that came in order form runs, and what lies within one run repeats it.
 * Any other overlap is none.
 */
static enum defrag_fit find_place(const struct defrag_queue *queue, uint32_t offset, uint32_t end, size_t *at)
{
	size_t next;

	*at = queue->n_pieces;
	if (!queue->n_pieces)
		return DEFRAG_FITS;
	if (end_of(&queue->pieces[queue->n_pieces - 1]) < end)
		return offset < end_of(&queue->pieces[queue->n_pieces - 1]) ? DEFRAG_OVERLAPS : DEFRAG_FITS;
	for (size_t i = 0; i < queue->n_pieces; i = next) {
		uint32_t run_end;

		for (next = i + 1; next < queue->n_pieces && !queue->pieces[next].begins_run; next++)
			continue;
		run_end = end_of(&queue->pieces[next - 1]);
		if (end <= queue->pieces[i].offset) {
			*at = i;
			return DEFRAG_FITS;
		}
		if (offset < run_end)
			return offset >= queue->pieces[i].offset && end <= run_end ? DEFRAG_REPEATS : DEFRAG_OVERLAPS;
	}
	return DEFRAG_FITS;
}

/* A copy of `len` bytes of the packet at `offset`, as far as they were captured. */
static uint8_t *copy_bytes(const struct packet *packet, uint32_t offset, uint32_t len, uint32_t *captured_len)
{
	uint32_t left = packet->len > offset ? packet->len - offset : 0;
	uint8_t *bytes;

	*captured_len = left < len ? left : len;
	if (!*captured_len)
		return NULL;
	bytes = alloc_resize(NULL, *captured_len, 1);
	memcpy(bytes, packet->bytes + offset, *captured_len);
	return bytes;
}

static void insert_piece(struct defrag_queue *queue, size_t at, const struct packet *packet,
			 const struct fragment *fragment)
{
	bool is_last = at == queue->n_pieces;
	struct fragment_piece *piece;

	if (queue->n_pieces == queue->capacity) {
		queue->capacity = alloc_grown_capacity(queue->capacity, queue->n_pieces + 1);
		queue->pieces = alloc_resize(queue->pieces, queue->capacity, sizeof(*queue->pieces));
	}
	piece = &queue->pieces[at];
	memmove(piece + 1, piece, (queue->n_pieces++ - at) * sizeof(*piece));
	*piece = (struct fragment_piece){
		.packet = packet->number,
		.offset = fragment->offset,
		.len = fragment->end - fragment->offset,
		.begins_run = !(is_last && at > 0 && end_of(piece - 1) == fragment->offset),
	};
	piece->bytes = copy_bytes(packet, fragment->header_len, piece->len, &piece->captured_len);
}

static void note_piece(struct defrag_queue *queue, const struct packet *packet, const struct fragment *fragment)
{
	uint32_t len = fragment->end - fragment->offset, size = fragment->header_len + len;

	queue->present += len;
	queue->ecn |= (uint8_t)(1 << (packet->tos & ECN_MASK));
	if (size > queue->longest)
		queue->longest = size;
	if (packet->dont_fragment && size > queue->longest_df)
		queue->longest_df = size;
	if (fragment->offset == 0) {
		queue->header_len = fragment->header_len;
		queue->next_header_at = fragment->next_header_at;
		queue->header = copy_bytes(packet, 0, fragment->header_len, &queue->header_captured_len);
		queue->first_class = packet->link.destination_class;
	}
}

enum defrag_fit defrag_queue_add(struct defrag_queue *queue, const struct packet *packet,
				 const struct fragment *fragment)
{
	enum defrag_fit fit;
	size_t at;

	fit = find_place(queue, fragment->offset, fragment->end, &at);
	if (fit == DEFRAG_FITS) {
		insert_piece(queue, at, packet, fragment);
		note_piece(queue, packet, fragment);
	}
	return fit;
}

uint32_t defrag_queue_piece_cost(uint32_t len)
{
	enum { SURROUNDINGS = 384, SMALLEST = 576, SK_BUFF = 256 };
	uint32_t size = SMALLEST;

	if (len + SURROUNDINGS > SMALLEST)
		for (size = 1024; size < len + SURROUNDINGS; size *= 2)
			continue;
	return size + SK_BUFF;
}

/* Linux 6.18, ip_frag_ecn_table[]: CE of one is CE of all; packets without ECN do not mix with those that have it. */
static bool join_ecn(uint8_t set, uint8_t *ecn)
{
	*ecn = set & ECN_CE && set != ECN_CE ? ECN_MASK : 0;
	return !(set & ECN_NOT_ECT) || set == ECN_NOT_ECT;
}

static struct fragment_whole whole_of(const struct defrag_queue *queue, enum family family)
{
	return (struct fragment_whole){
		.family = family,
		.header = queue->header, .header_len = queue->header_len,
		.header_captured_len = queue->header_captured_len,
		.next_header_at = queue->next_header_at,
		.pieces = queue->pieces, .n_pieces = queue->n_pieces,
		.dont_fragment = queue->longest_df == queue->longest,
	};
}

bool defrag_queue_restore_first(const struct defrag_queue *queue, enum family family, struct packet *packet)
{
	struct fragment_whole whole = whole_of(queue, family);

	if (!queue->header || !queue->n_pieces)
		return false;
	packet->number = queue->pieces[0].packet;
	packet->link.destination_class = queue->first_class;
	fragment_restore(packet, &whole);
	return true;
}

bool defrag_queue_join(const struct defrag_queue *queue, struct packet *packet, const char **reason)
{
	struct fragment_whole whole = whole_of(queue, packet->family);
	uint32_t longest = LONGEST_DATAGRAM + (packet->family == FAMILY_IPV6 ? IPV6_HEADER_LEN : 0);

	if (!join_ecn(queue->ecn, &whole.ecn)) {
		*reason = "fragments with and without ECN do not belong together";
		return false;
	}
	if (fragment_whole_len(&whole) > longest) {
		*reason = "the datagram would be longer than 65535 bytes";
		return false;
	}
	fragment_join(packet, &whole);
	return true;
}
