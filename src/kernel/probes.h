/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Observation points between the tables: nft tables of our own whose chains stand at odd priorities beside those
 * of iptables and report to NFLOG which packet came past. The first makes every matching rule report itself.
 *
 * The last ones stand behind nf_confirm(), at the very end of INPUT and POSTROUTING, and drop what got there: its
 * journey is over, no socket is to answer it. What the namespace's stack says of its own accord (IGMP, MLD,
 * neighbour discovery) is dropped before any table sees it; what REJECT, a TTL of 1 or a missing route make
 * passes through OUTPUT and POSTROUTING, because the simulated host sends those too.
 *
 * Linux 6.18, nf_hook_entries_grow(): of hooks with equal priority the one that was registered last runs first.
 * That is why the chains at the end are loaded before anything switches conntrack on.
 */
#ifndef KERNEL_PROBES_H
#define KERNEL_PROBES_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"

/* NFLOG groups: the trace of rules and conntrack's complaints; probes; probes that bring the packet along. */
enum { PROBES_GROUP_TRACE = 0, PROBES_GROUP_META = 61101, PROBES_GROUP_FULL = 61102 };

/* A probe's NFLOG prefix is this and its point. */
#define PROBES_PREFIX "ctreplay:"

/* Names of points; the record says at which hook. */
#define PROBES_START "start"
#define PROBES_OWN "own"			/* OUTPUT: a packet that the namespace's kernel made */
#define PROBES_DEFRAGMENTED "defragmented"
#define PROBES_BEFORE_CONNTRACK "conntrack"
#define PROBES_CTSTATE "ct:"			/* and the state; and ":original" or ":reply" */
#define PROBES_ZONE "zone:"			/* and the number: of the packet's entry, in the packet's direction */
#define PROBES_END "end"
#define PROBES_LEFT "left"			/* INPUT, POSTROUTING: behind nf_confirm() */
#define PROBES_SILENCE "silence"		/* OUTPUT: nothing is logged; what is not of the capture ends */

/* Every chain and rule of ours is in a table whose name begins so. */
#define PROBES_TABLE "ctreplay_"

/* Loads the last chains with nft(8): before the rules. False after an error, told. */
bool probes_load_ends(struct text *error);

/* Loads the others. `sees_tracking` (IPv4, IPv6): they ask conntrack for the state, which switches it on for that family. */
bool probes_load(const bool *sees_tracking, struct text *error);

/* From now on packets of entries in this zone say so. Behind probes_load(), which saw tracking of the same families. False after an error, told. */
bool probes_add_zone(const bool *sees_tracking, uint16_t zone, struct text *error);

#endif
