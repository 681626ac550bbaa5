/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Packets that were replayed a short while ago, so that their copies further on in the capture are recognised: by what no
 * translation changes (layer 4's payload, sequence numbers, message types).
 */
#ifndef HOST_SIGHTINGS_H
#define HOST_SIGHTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event/event.h"
#include "packet/packet.h"

enum { SIGHTINGS_KEPT = 512 };

/* What the simulation did with one packet. */
struct predicted {
	uint64_t packet;		/* its number */
	uint64_t key;			/* of what no translation changes */
	struct tuple ends;		/* as it left */
	struct vtime time;
	const char *out;		/* where it left; "": it stayed with the host, or was lost */
	uint32_t total_len;
	uint8_t ttl, tos;
	bool is_lost, is_seen;
};

/* One that came in, as it was. */
struct arrived {
	uint64_t packet, bytes;		/* number; hash of all bytes */
	const char *in;
	struct vtime time;
};

struct sightings {
	struct predicted predicted[SIGHTINGS_KEPT];
	uint64_t n_predicted;		/* ever; the oldest gives way */
	struct arrived arrived[SIGHTINGS_KEPT];
	uint64_t n_arrived;
};

/* Takes a place for a packet as it left, or was lost. */
struct predicted *sightings_predict(struct sightings *sightings, const struct packet *packet);

/* The newest packet not seen leaving yet that this one can be a copy of; those with the same addresses first. NULL: none. */
struct predicted *sightings_find(struct sightings *sightings, const struct packet *packet, const char *out);

/* The number of a packet with the same bytes that came in by another interface a moment ago; 0: none. */
uint64_t sightings_find_twin(const struct sightings *sightings, const struct packet *packet, const char *in);
void sightings_note_arrival(struct sightings *sightings, const struct packet *packet, const char *in);

/* A hash of what no translation of a packet changes. */
uint64_t sightings_key_of(const struct packet *packet);

#endif
