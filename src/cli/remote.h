/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Another kernel, asked through a command that runs this program there: `verify --kernel-command`.
 *
 * The command line gets the arguments of `ctreplay verify --kernel-only --json ...` appended; what it prints is read line
 * by line (cli/answers).
 */
#ifndef CLI_REMOTE_H
#define CLI_REMOTE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/text.h"
#include "cli/compare.h"
#include "kernel/tables.h"

struct remote;

/*
 * Starts `command`, a line for the shell. `argv`: this program's own, of the command verify; what concerns the comparison
 * alone is left out of it. NULL after an error.
 */
struct remote *remote_open(const char *command, int argc, char *const *argv, struct text *error);
void remote_close(struct remote *remote);

/* Who answers: "Linux 6.1.0 (iptables legacy)". Known from remote_open() on. */
const char *remote_kernel(const struct remote *remote);

/* What it said of the packet, into `account`. False after an error. */
bool remote_packet(struct remote *remote, uint64_t packet, struct account *account, struct text *error);

/* Of the last packet; as kernel/live has it. */
const char *remote_hazard(const struct remote *remote);

/* Its listing with this label, into the kernel's side of `compare`. False after an error. */
bool remote_list(struct remote *remote, const char *label, struct compare *compare, struct text *error);

/* After the last packet: its counters. False after an error. */
bool remote_read_counters(struct remote *remote, struct tables_counters *counters, struct text *error);

/* Behind the last listing: has it told everything? */
bool remote_end(struct remote *remote, struct text *error);

#endif
