/* SPDX-License-Identifier: GPL-2.0-or-later */
/* --packet of commands that show single packets: "7", "3-9", "12-", and several of them with commas between. */
#ifndef CLI_PACKET_RANGES_H
#define CLI_PACKET_RANGES_H

#include "replay/run_options.h"

/* A cli_option's store function, whose target begins with struct run_options. */
bool packet_ranges_store(void *target, const char *value, struct diagnostics *diagnostics);

#endif
