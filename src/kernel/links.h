/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Addresses, routes, policy rules and flags of the namespace's interfaces, set through rtnetlink. */
#ifndef KERNEL_LINKS_H
#define KERNEL_LINKS_H

#include "kernel/netns.h"

/* Brings up lo and every interface of the namespace; then the plan's addresses, routes and rules. False after an error. */
bool links_set_up(const struct netns *netns, const struct netns_plan *plan, struct text *error);

#endif
