/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What would not have happened: packets of the capture that answer packets which these rules drop.
 *
 * A packet is such a phantom when
 * - TCP: it acknowledges bytes (or a SYN or FIN) of a segment that was lost and of which no repetition got through since; so the
 *   client's ACK of a phantom SYN/ACK is one too, and all that follows;
 * - UDP and UDP-Lite: it goes the other way than the packet that began the flow (its entry knows which did; else from a port
 *   below 1024 to a higher one comes the answer; else the first to be lost began), the latest packet that way was lost, and
 *   those before it that got through have had an answer;
 * - ICMP queries: the same, by identifier and sequence number;
 * - ICMP errors: the packet that they quote is the latest of its flow and direction, and was lost.
 * Of other protocols nothing is said. Phantoms count as lost themselves. Flows are those of the wire: addresses and ports as captured.
 */
#ifndef HOST_CAUSES_H
#define HOST_CAUSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/packet.h"

struct causes;

/* `hash_seed` never shows in any output. */
struct causes *causes_create(uint64_t hash_seed);
void causes_destroy(struct causes *causes);

/* These packets come next: the memory that they will need is asked for. */
void causes_foresee(struct causes *causes, const struct packet *packets, size_t n_packets);

/* The number of the lost packet without which this one would not be; 0: there is none. */
uint64_t causes_find(struct causes *causes, const struct packet *packet);

/* What became of a packet. */
struct cause {
	uint64_t number;	/* of the packet; of a copy, that of the original */
	bool is_lost;		/* else it got through */
	bool has_entry;		/* its flow had one already: earlier packets got through */
	bool is_reply;		/* its entry knows that the other side began */
};

void causes_note(struct causes *causes, const struct packet *packet, const struct cause *cause);

#endif
