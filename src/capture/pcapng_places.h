/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a pcapng file says of each packet and libpcap does not pass on: its interface, its direction, and the options
 * of both.
 *
 * The bytes are read along as libpcap reads them; nothing that is wrong with them is reported here: libpcap does that, and
 * what cannot be understood says nothing. draft-ietf-opsawg-pcapng, sections 3 and 4.
 */
#ifndef CAPTURE_PCAPNG_PLACES_H
#define CAPTURE_PCAPNG_PLACES_H

#include <stdio.h>

#include "packet/packet.h"

struct pcapng_places;

/* A stream of the same bytes; takes `stream` and closes it. *places is the caller's, and outlives the stream. */
FILE *pcapng_places_open(FILE *stream, struct pcapng_places **places);
void pcapng_places_free(struct pcapng_places *places);

/* Of the next packet in the order of the file: fills link.interface_name and note, which live as long as `places`, and direction. */
void pcapng_places_take(struct pcapng_places *places, struct packet *packet);

#endif
