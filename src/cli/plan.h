/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The simulated host as the namespace of `ctreplay verify` is to be built. */
#ifndef CLI_PLAN_H
#define CLI_PLAN_H

#include "api/ctreplay.h"
#include "kernel/netns.h"

struct plan {
	struct netns_plan netns;	/* borrows what follows, and the machine's names */
	struct netns_interface_plan *interfaces;
	struct netns_address *addresses;
	struct netns_route *routes;
	struct netns_rule *rules;
	struct netns_sysctl *sysctls;
	struct netns_group *groups;
};

/* False, and why in `error`, where no namespace can be made that does what this host would. */
bool plan_is_possible(const struct ctreplay_machine *machine, struct text *error);

/* `machine` outlives the plan. netns.is_ethernet is the caller's to set. */
void plan_init(struct plan *plan, const struct ctreplay_machine *machine);
void plan_clear(struct plan *plan);

#endif
