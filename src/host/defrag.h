/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Fragments wait here until their datagram is whole.
 *
 * Linux 6.18: ip_defrag() and ip_frag_queue() for IPv4, nf_ct_frag6_gather() for IPv6, inet_frag_queue_insert() for
 * both. A queue is one datagram: it begins with its first piece to arrive, and ends whole, killed by a piece that
 * contradicts another, or when its time is over. Pieces of an ended queue that did not become whole are lost, and an
 * EVENT_FRAGMENTS names their packets.
 *
 * The walk asks at PREROUTING and OUTPUT while connection tracking is active, and before INPUT for IPv4 pieces that are
 * still there, behind it for IPv6 ones: a host puts together what is for itself.
 */
#ifndef HOST_DEFRAG_H
#define HOST_DEFRAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock/vtime.h"
#include "conntrack/settings.h"
#include "event/stream.h"
#include "packet/hook.h"
#include "packet/packet.h"
#include "packet/split.h"

struct defrag;

/* `settings` is copied; `stream` is borrowed. */
struct defrag *defrag_create(const struct conntrack_settings *settings, struct stream *stream);

/* Frees everything that still waits, without events. */
void defrag_destroy(struct defrag *defrag);

/* A sysctl gets another value from now on. */
void defrag_set(struct defrag *defrag, const struct sysctl *sysctl, uint32_t value);

/* True when a queue's time is over at `now`; `due` is when that was. */
bool defrag_is_due(struct defrag *defrag, struct vtime now, struct vtime *due);

/*
 * Ends the queue whose time was over first, with an event stamped with its deadline: one is due at `now`. True when the
 * piece with offset 0 had come in: `first` is that piece once more. What the host itself sent in pieces is no matter of others.
 */
bool defrag_expire(struct defrag *defrag, struct vtime now, struct packet *first);

enum defrag_result {
	DEFRAG_NONE,		/* no fragment, or one that Linux lets through as it is */
	DEFRAG_WHOLE,		/* the last one: `packet` is the whole datagram now */
	DEFRAG_HELD,		/* waits */
	DEFRAG_DROPPED,
};

struct defrag_answer {
	const char *reason;		/* static: why held or dropped */
	const uint64_t *packets;	/* of a WHOLE: the packets that it came in, by offset; valid until the next call */
	size_t n_packets;
	struct split split;		/* of a WHOLE: its pieces, valid as long; the way out is not known yet */
};

/*
 * `user` says who asks, for each has queues of its own: PREROUTING, OUTPUT, or INPUT for the host itself. `interface` is
 * where the packet is. A DROPPED piece may take all that waited with it.
 */
enum defrag_result defrag_add(struct defrag *defrag, struct packet *packet, enum hook user, const char *interface,
			      struct defrag_answer *answer);

/*
 * IPv6 for the host itself is put together behind INPUT, where that is not done already: a piece came as far. Nobody is told when the
 * rest comes, but when it does not. Linux 6.18, ip6_frag_queue(), which gives a datagram up at every contradiction.
 */
void defrag_note_delivered(struct defrag *defrag, struct packet *packet, const char *interface);

/* Pieces that wait now. */
uint64_t defrag_count(const struct defrag *defrag);

#endif
