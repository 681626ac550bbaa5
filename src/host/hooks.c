/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "host/hooks.h"

#include <limits.h>

static const struct hook_stage stages[] = {
	{ HOOK_PREROUTING, -400, STAGE_DEFRAG, 0, "fragments are put together" },
	{ HOOK_PREROUTING, -300, STAGE_TABLE, TABLE_RAW, "table raw" },
	{ HOOK_PREROUTING, -200, STAGE_CONNTRACK, 0, "connection tracking: entry found or made" },
	{ HOOK_PREROUTING, -150, STAGE_TABLE, TABLE_MANGLE, "table mangle" },
	{ HOOK_PREROUTING, -100, STAGE_NAT, TABLE_NAT, "table nat (destination), first packets only" },

	{ HOOK_INPUT, -150, STAGE_TABLE, TABLE_MANGLE, "table mangle" },
	{ HOOK_INPUT, 0, STAGE_TABLE, TABLE_FILTER, "table filter" },
	{ HOOK_INPUT, 50, STAGE_TABLE, TABLE_SECURITY, "table security" },
	{ HOOK_INPUT, 100, STAGE_NAT, TABLE_NAT, "table nat (source), first packets only" },
	{ HOOK_INPUT, INT_MAX, STAGE_CONFIRM, 0, "entry confirmed, events sent" },

	{ HOOK_FORWARD, -150, STAGE_TABLE, TABLE_MANGLE, "table mangle" },
	{ HOOK_FORWARD, 0, STAGE_TABLE, TABLE_FILTER, "table filter" },
	{ HOOK_FORWARD, 50, STAGE_TABLE, TABLE_SECURITY, "table security" },

	{ HOOK_OUTPUT, -400, STAGE_DEFRAG, 0, "fragments are put together" },
	{ HOOK_OUTPUT, -300, STAGE_TABLE, TABLE_RAW, "table raw" },
	{ HOOK_OUTPUT, -200, STAGE_CONNTRACK, 0, "connection tracking: entry found or made" },
	{ HOOK_OUTPUT, -150, STAGE_TABLE, TABLE_MANGLE, "table mangle" },
	{ HOOK_OUTPUT, -100, STAGE_NAT, TABLE_NAT, "table nat (destination), first packets only" },
	{ HOOK_OUTPUT, 0, STAGE_TABLE, TABLE_FILTER, "table filter" },
	{ HOOK_OUTPUT, 50, STAGE_TABLE, TABLE_SECURITY, "table security" },

	{ HOOK_POSTROUTING, -150, STAGE_TABLE, TABLE_MANGLE, "table mangle" },
	{ HOOK_POSTROUTING, 100, STAGE_NAT, TABLE_NAT, "table nat (source), first packets only" },
	{ HOOK_POSTROUTING, INT_MAX, STAGE_CONFIRM, 0, "entry confirmed, events sent" },
};

const struct hook_stage *hooks_stages(size_t *n_stages)
{
	*n_stages = sizeof(stages) / sizeof(stages[0]);
	return stages;
}
