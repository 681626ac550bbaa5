/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which host do these packets belong to? An answer for captures whose user did not say:
 * the addresses that sent what the link layer calls outgoing, else, for each family,
 * the address that takes part in most packets (the first sender on a tie).
 */
#ifndef HOST_GUESS_H
#define HOST_GUESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "host/topology.h"
#include "packet/packet.h"

struct guess_candidate;

struct guess {
	struct guess_candidate *candidates;	/* owned; in order of appearance */
	size_t n_candidates;
	size_t capacity;
	size_t *slots;				/* owned; hash of addresses to 1-based candidates */
	size_t n_slots;
	uint64_t n_packets;			/* IP packets that were looked at */
	uint64_t n_outgoing;			/* of them: outgoing by the link layer */
};

void guess_init(struct guess *guess);
void guess_clear(struct guess *guess);

/* Looks at one decoded packet. */
void guess_add(struct guess *guess, const struct packet *packet);

/* Adds the guessed addresses on eth0 to a topology; `why` gets a clause: "in 5 of 5 packets". */
void guess_apply(const struct guess *guess, struct topology *topology, struct text *why);

#endif
