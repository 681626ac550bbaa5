/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What looks at a packet at each hook, in kernel order: one constant table.
 * Linux 6.18: enum nf_ip_hook_priorities; the same numbers for IPv6.
 */
#ifndef HOST_HOOKS_H
#define HOST_HOOKS_H

#include <stddef.h>

#include "packet/hook.h"
#include "rules/ruleset.h"

enum stage { STAGE_DEFRAG, STAGE_CONNTRACK, STAGE_TABLE, STAGE_NAT, STAGE_CONFIRM };

struct hook_stage {
	enum hook hook;
	int priority;
	enum stage stage;
	enum table table;	/* of STAGE_TABLE and STAGE_NAT */
	const char *summary;
};

/* All stages: by hook, then by priority. */
const struct hook_stage *hooks_stages(size_t *n_stages);

#endif
