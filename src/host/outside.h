/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The host, and nat, as connection tracking's helpers may use them (conntrack/outside.h). */
#ifndef HOST_OUTSIDE_H
#define HOST_OUTSIDE_H

#include "conntrack/outside.h"
#include "host/topology.h"
#include "nat/bind.h"

struct host_outside {
	struct outside outside;		/* first: conntrack reaches the rest through it */
	struct binder *binder;		/* borrowed */
	const struct topology *topology;	/* borrowed */
};

void outside_init(struct host_outside *outside, struct binder *binder, const struct topology *topology);

#endif
