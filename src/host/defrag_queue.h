/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The pieces of one datagram that wait for each other, and what they say of it (struct ipq, struct frag_queue).
 *
 * Private to host/defrag*.c. A queue knows its pieces alone; whose it is and how long it waits, defrag.c knows.
 */
#ifndef HOST_DEFRAG_QUEUE_H
#define HOST_DEFRAG_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/fragment.h"
#include "packet/packet.h"

struct defrag_queue {
	struct fragment_piece *pieces;	/* by offset; owned */
	size_t n_pieces, capacity;
	uint8_t *header;		/* of the piece with offset 0; owned; NULL: it is not there */
	uint32_t header_len, header_captured_len, next_header_at;
	uint32_t len;			/* of the datagram's data, as far as is known */
	uint32_t present;		/* bytes of it that are there */
	uint32_t longest, longest_df;	/* pieces, IP header included: of all; of those with DF */
	uint8_t ecn;			/* set of the pieces' ECN code points */
	bool has_last;
	enum packet_class first_class;	/* as which the piece with offset 0 came from the link layer */
};

/* Frees the pieces. The lengths of the longest pieces are kept: Linux 6.18, ip_frag_reinit(). */
void defrag_queue_reset(struct defrag_queue *queue);
void defrag_queue_clear(struct defrag_queue *queue);

/* Notes what a piece says of the datagram's length. False: others said otherwise. */
bool defrag_queue_note_len(struct defrag_queue *queue, const struct fragment *fragment);

enum defrag_fit { DEFRAG_FITS, DEFRAG_REPEATS, DEFRAG_OVERLAPS };

/* Takes a copy of the piece in the packet, if it fits between the others. */
enum defrag_fit defrag_queue_add(struct defrag_queue *queue, const struct packet *packet,
				 const struct fragment *fragment);

/*
 * What a piece of so many bytes costs: skb->truesize of a driver that copies frames, as seen on a live kernel. Its
 * buffer holds headroom and skb_shared_info too and is as long as its slab; struct sk_buff comes on top.
 */
uint32_t defrag_queue_piece_cost(uint32_t len);

static inline bool defrag_queue_is_whole(const struct defrag_queue *queue)
{
	return queue->header && queue->has_last && queue->present == queue->len;
}

/* Makes `packet` the piece with offset 0 once more, as it came. False: it is not there. */
bool defrag_queue_restore_first(const struct defrag_queue *queue, enum family family, struct packet *packet);

/* Makes `packet` the whole, which must be there. On failure says why, and changes nothing. */
bool defrag_queue_join(const struct defrag_queue *queue, struct packet *packet, const char **reason);

#endif
