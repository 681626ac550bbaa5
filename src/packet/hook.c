/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "packet/hook.h"

static const char *const names[HOOK_COUNT] = {
	[HOOK_PREROUTING] = "PREROUTING",
	[HOOK_INPUT] = "INPUT",
	[HOOK_FORWARD] = "FORWARD",
	[HOOK_OUTPUT] = "OUTPUT",
	[HOOK_POSTROUTING] = "POSTROUTING",
};

const char *hook_name(enum hook hook)
{
	return names[hook];
}
