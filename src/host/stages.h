/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What one packet meets at a hook, in order: the stages of host/hooks, and what each does to the journey.
 */
#ifndef HOST_STAGES_H
#define HOST_STAGES_H

#include <stdbool.h>

#include "host/walk.h"

/* Fills walk->stages from the tables that the ruleset has. */
void stages_init(struct walk *walk, const struct ruleset *ruleset, bool tracks_always);

/* All stages of a hook. False when the packet is gone. */
bool stages_run(struct walk *walk, struct journey *journey, enum hook hook);

/*
 * Puts fragments together. False when the packet is gone, or waits. Linux 6.18, ipv4_conntrack_defrag(), ipv6_defrag():
 * what came back through lo with its entry, or without being tracked, is left as it is.
 */
bool stages_defrag(struct walk *walk, struct journey *journey, enum hook hook);

#endif
