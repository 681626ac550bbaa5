/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Could this segment have been sent on this connection, by what the tracker has seen of
 * both sides? The four bounds of "Real Stateful TCP Packet Filtering in IP Filter" (van
 * Rooij, 2001). Linux 6.18, tcp_in_window(), tcp_init_sender(), tcp_new().
 */
#ifndef CONNTRACK_TRACKER_TCP_WINDOW_H
#define CONNTRACK_TRACKER_TCP_WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "conntrack/connection.h"
#include "conntrack/tracker.h"
#include "conntrack/tracker/tcp_states.h"
#include "event/event.h"

/* Of tcp_side.flags; the last two of tcp_memory.last_flags, which has SCALE and SACK_PERMITTED too. */
enum tcp_flag {
	TCP_FLAG_SCALE = 0x01,		/* announced window scaling */
	TCP_FLAG_SACK_PERMITTED = 0x02,
	TCP_FLAG_CLOSE_INIT = 0x04,	/* its FIN was the first */
	TCP_FLAG_LIBERAL = 0x08,	/* picked up in the middle: out-of-window segments are accepted */
	TCP_FLAG_UNACKED = 0x10,	/* sent something that was not acknowledged yet */
	TCP_FLAG_MAXACK_SET = 0x20,
	TCP_FLAG_EXPECT_CHALLENGE = 0x40,
	TCP_FLAG_SIMULTANEOUS = 0x80,
};

/* One segment, as the tracker needs it. */
struct tcp_segment {
	const struct packet *packet;
	enum tcp_class class;
	enum direction direction;
	uint32_t end;		/* sequence number behind its last byte, SYN and FIN counted */
	uint32_t peer_offset;	/* by how much its ACK is ahead of what the peer counts: a helper's doing (seqadj) */
	struct tcp_bounds *told;	/* the numbers by which it is judged, for who wants to know; NULL: nobody does */
};

enum tcp_window_verdict { TCP_WINDOW_ACCEPT, TCP_WINDOW_IGNORE, TCP_WINDOW_INVALID };

/* The part that conntrack needs of a packet whose header is known to be whole. */
struct tcp_segment tcp_window_segment(const struct packet *packet, enum direction direction);

/* Sets up memory from the first packet of a connection: a SYN, or an ACK that is picked up in the middle. */
void tcp_window_begin(struct tcp_memory *memory, const struct tcp_segment *segment);

/*
 * Judges a segment and, if it fits, learns from it. `reason`, and the number that stands in it, are set for IGNORE and
 * INVALID, in log_invalid's words.
 */
enum tcp_window_verdict tcp_window_check(struct tcp_memory *memory, const struct conntrack_settings *settings,
					 const struct tcp_segment *segment, const char **reason, uint32_t *number);

/* True when a comes before b, modulo 2^32. */
static inline bool tcp_window_is_before(uint32_t a, uint32_t b)
{
	return (int32_t)(a - b) < 0;
}

#endif
