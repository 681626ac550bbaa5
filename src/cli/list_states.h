/* SPDX-License-Identifier: GPL-2.0-or-later */
/* `ctreplay list states`: the states of the protocols that have some, and what leads from one to another, as their trackers have it. */
#ifndef CLI_LIST_STATES_H
#define CLI_LIST_STATES_H

#include <stdbool.h>

#include "base/text.h"

/* The states and their tables; with the name of a protocol, the reason of each of its cells. False: there is no such protocol. */
bool list_states_print(const char *name, struct text *out);

#endif
