/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Several captures as one: their packets in order of time, those of the same time in order of the sources. Two sides of one
 * router, or what tcpdump wrote to one file after another.
 */
#ifndef CAPTURE_MERGE_H
#define CAPTURE_MERGE_H

#include <stddef.h>

#include "capture/source.h"

/*
 * The sources are of one link type, and borrowed until the new one is closed. link.capture of a packet says of which it is. An
 * error of any of them ends all.
 */
struct packet_source *merge_open(struct packet_source *const *sources, size_t n);

#endif
