/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which of its addresses does the host take? What rules may ask of it (struct surroundings), answered from the topology.
 * Linux 6.18: inet_select_addr(), ipv6_dev_get_saddr(), inet_addr_type().
 */
#ifndef HOST_ADDRESS_CHOICE_H
#define HOST_ADDRESS_CHOICE_H

#include "host/topology.h"

/* Fills in the functions. */
void address_choice_init(struct surroundings *surroundings);

/* The source of the host's own packets to an address: what their route says, else by interface and next hop; or NULL. */
const struct address *address_choice_towards(const struct topology *topology, enum family family,
					     const struct address *destination);

#endif
