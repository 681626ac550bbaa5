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

/* A frame as it was seen, and where. */
struct seen {
	uint64_t packet, bytes;		/* number; hash of all bytes */
	const char *place;		/* the interface of the host that it belongs to */
	uint32_t index;			/* the one where it was captured, perhaps a port of that; 0: not known */
	bool is_leaving;
	struct vtime time;
};

struct sightings {
	struct predicted predicted[SIGHTINGS_KEPT];
	uint64_t n_predicted;		/* ever; the oldest gives way */
	struct seen seen[SIGHTINGS_KEPT];
	uint64_t n_seen;
};

/* Takes a place for a packet as it left, or was lost. */
struct predicted *sightings_predict(struct sightings *sightings, const struct packet *packet);

/* The newest packet not seen leaving yet that this one can be a copy of; those with the same addresses first. NULL: none. */
struct predicted *sightings_find(struct sightings *sightings, const struct packet *packet, const char *out);

/*
 * The number of a packet with the same bytes that went the same way at another interface a moment ago: a bridge and its
 * port both show it; 0: none, and this one is kept.
 */
uint64_t sightings_find_twin(struct sightings *sightings, const struct packet *packet, const char *place, bool is_leaving);

/* The number of a packet with the same bytes that left there a moment ago; 0: none. */
uint64_t sightings_find_departure(const struct sightings *sightings, const struct packet *packet, const char *place);

/* A hash of what no translation of a packet changes. */
uint64_t sightings_key_of(const struct packet *packet);

#endif
