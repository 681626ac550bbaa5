/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel as one side of a comparison: the one that runs here (kernel/live), or another that is asked through a command
 * (cli/remote).
 */
#ifndef CLI_KERNEL_SIDE_H
#define CLI_KERNEL_SIDE_H

#include "api/ctreplay.h"
#include "cli/compare.h"
#include "cli/places.h"
#include "cli/verify_options.h"
#include "kernel/tables.h"

struct live;
struct remote;

struct kernel_side {
	const struct verify_options *options;	/* borrowed, as what follows */
	struct ctreplay *replay;		/* open: its host and rules are the kernel's */
	const struct places *places;
	struct live *live;			/* NULL when another kernel is asked */
	struct remote *remote;			/* or NULL */
	bool has_progress;			/* a line on the terminal says how long it waits */
};

/* `stream` hears the kernel that runs here. False when it cannot be asked: `error` says what is missing. */
bool kernel_side_open(struct kernel_side *side, const struct verify_options *options, const struct places *places, struct stream *stream,
		      struct text *error);
void kernel_side_close(struct kernel_side *side);

/* "Linux 6.18.44 (iptables legacy)" */
void kernel_side_print(const struct kernel_side *side, struct text *out);

/* What it says of a packet: as events, or into `account`; what the packet may be about always into `account`. False after an error. */
bool kernel_side_ask(struct kernel_side *side, const struct packet *packet, const struct ctreplay_arrival *arrival,
		     struct account *account, struct text *error);

/* Why what it said of the last packet cannot be compared; NULL when it can. */
const char *kernel_side_hazard(const struct kernel_side *side);

/* What it lists now, for a listing of ours: as events, or into the kernel's side of `compare`. False after an error. */
bool kernel_side_list(struct kernel_side *side, const struct ctreplay_listing *listing, struct compare *compare, struct text *error);

/* After the last packet: its counters. False after an error. */
bool kernel_side_read_counters(struct kernel_side *side, struct tables_counters *counters, struct text *error);

/* Behind the last listing. False when another kernel has more to tell. */
bool kernel_side_end(struct kernel_side *side, struct text *error);

/* Before something else is printed. */
void kernel_side_clear_progress(struct kernel_side *side);

#endif
