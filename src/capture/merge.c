/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* A source and its next packet. */
struct stream_head {
	struct packet_source *source;	/* borrowed */
	struct packet packet;		/* what the source said of it; not decoded */
	int64_t absolute_ns;
	bool is_late;			/* older than one before it in its source, which has put it behind */
	enum packet_source_result result;
};

struct merge {
	struct packet_source source;	/* first: the two are one object */
	struct stream_head *heads;	/* owned */
	size_t n_heads;
	struct stream_head *given;	/* whose packet was given out last: it is read on with the next call; NULL: none */
};

static void read_on(struct stream_head *head)
{
	uint64_t n_late = head->source->n_backwards;

	head->result = packet_source_next(head->source, &head->packet);
	head->absolute_ns = head->source->origin_ns + head->packet.time.ns;
	head->is_late = head->source->n_backwards != n_late;
}

/* NULL at the end, and when a source has failed. */
static struct stream_head *find_first(struct merge *merge)
{
	struct stream_head *first = NULL;

	for (size_t i = 0; i < merge->n_heads; i++) {
		struct stream_head *head = &merge->heads[i];

		if (head->result == PACKET_SOURCE_ERROR) {
			text_reset(&merge->source.error);
			text_append(&merge->source.error, text_string(&head->source->error));
			return NULL;
		}
		if (head->result == PACKET_SOURCE_PACKET && (!first || head->absolute_ns < first->absolute_ns))
			first = head;
	}
	return first;
}

static enum packet_source_result next(struct packet_source *source, struct packet *packet)
{
	struct merge *merge = (struct merge *)source;
	struct stream_head *first;

	if (merge->given)
		read_on(merge->given);
	merge->given = first = find_first(merge);
	if (!first)
		return source->error.len ? PACKET_SOURCE_ERROR : PACKET_SOURCE_END;
	packet->frame = first->packet.frame;
	packet->captured_len = first->packet.captured_len;
	packet->original_len = first->packet.original_len;
	packet_source_stamp(source, packet, first->absolute_ns);
	packet->link = first->packet.link;
	packet->link.capture = (uint32_t)(first - merge->heads);
	if (first->is_late && source->n_backwards++ == 0)
		source->first_backwards = source->n_packets;
	return PACKET_SOURCE_PACKET;
}

static void mark(struct packet_source *source)
{
	struct merge *merge = (struct merge *)source;

	for (size_t i = 0; i < merge->n_heads; i++)
		packet_source_mark(merge->heads[i].source);
}

static bool resume(struct packet_source *source)
{
	struct merge *merge = (struct merge *)source;
	bool is_ok = true;

	for (size_t i = 0; i < merge->n_heads; i++)
		is_ok &= packet_source_resume(merge->heads[i].source);
	return is_ok;
}

static void close_merge(struct packet_source *source)
{
	struct merge *merge = (struct merge *)source;

	text_clear(&source->error);
	free(merge->heads);
	free(merge);
}

struct packet_source *merge_open(struct packet_source *const *sources, size_t n)
{
	struct merge *merge = alloc_zeroed(1, sizeof(*merge));

	merge->source.next = next;
	merge->source.close = close_merge;
	merge->source.mark = mark;
	merge->source.resume = resume;
	merge->source.link_type = sources[0]->link_type;
	text_init(&merge->source.error);
	merge->heads = alloc_zeroed(n, sizeof(*merge->heads));
	merge->n_heads = n;
	for (size_t i = 0; i < n; i++) {
		merge->heads[i].source = sources[i];
		packet_init(&merge->heads[i].packet);
		read_on(&merge->heads[i]);
	}
	return &merge->source;
}
