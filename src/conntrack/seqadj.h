/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP sequence numbers after a helper has changed the length of a payload: what the sender counts and what the receiver
 * counts differ from there on. Linux 6.18 nf_conntrack_seqadj.c. The numbers are in connection_extra.
 */
#ifndef CONNTRACK_SEQADJ_H
#define CONNTRACK_SEQADJ_H

#include <stdbool.h>
#include <stdint.h>

#include "conntrack/connection.h"
#include "packet/packet.h"

/* A segment of `direction` that began at `sequence` has become `change` bytes longer. */
void seqadj_note(struct connection *connection, enum direction direction, uint32_t sequence, int32_t change);

/* By how much `sequence`, which `direction` sends, differs for the receiver. */
int32_t seqadj_offset(const struct connection *connection, enum direction direction, uint32_t sequence);

/*
 * Rewrites a segment's sequence number, acknowledgment and SACK blocks. False when Linux drops it because of options that
 * are no options.
 */
bool seqadj_apply(const struct connection *connection, enum direction direction, struct packet *packet);

#endif
