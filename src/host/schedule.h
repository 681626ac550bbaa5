/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What happens between packets because its time has come: entries and fragments end, listings are made, the operator acts.
 * In order of time; at the same time the operator comes first.
 */
#ifndef HOST_SCHEDULE_H
#define HOST_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "clock/vtime.h"
#include "host/operator.h"
#include "packet/packet.h"
#include "rules/ruleset.h"

/* When listings of the table are made. Times are virtual; a listing after a packet is read one jiffy later. */
struct snapshot_plan {
	bool at_end, after_each;
	struct vtime every;		/* 0: never */
	struct vtime *at;		/* owned by the caller; ascending */
	size_t n_at;
	uint64_t *after_packets;	/* owned by the caller; ascending */
	size_t n_after_packets;
};

struct walk;

struct schedule {
	struct walk *walk;			/* borrowed, as what the plans point to */
	struct snapshot_plan snapshots;
	struct operator_plan actions;
	bool tracks_always;			/* also where no rule of a ruleset that the operator loads needs it */
	const struct ruleset *ruleset;		/* loaded now */
	bool is_tracking_asked_for[2];		/* IPv4, IPv6: by a rule that is or was loaded */
	struct vtime now;			/* time of the last packet */
	struct vtime next_every;		/* next of snapshots.every */
	uint64_t n_every, most_every;	/* listings of snapshots.every; limits.listings */
	uint64_t n_passed, most_passed;	/* entries and others, by actions; limits.actions_passed */
	size_t next_at;				/* index into snapshots.at */
	size_t next_after;			/* index into snapshots.after_packets */
	size_t next_action;			/* index into actions.actions */
};

/* `walk` is ready; `ruleset` is what it begins with. */
void schedule_init(struct schedule *schedule, struct walk *walk, const struct ruleset *ruleset,
		   const struct snapshot_plan *snapshots, const struct operator_plan *actions);

/* Time moves to that of a packet of this number; 0: of none. */
void schedule_move(struct schedule *schedule, uint64_t packet, struct vtime time);

/* The packet was replayed: a listing may follow. */
void schedule_follow(struct schedule *schedule, const struct packet *packet);

/* After the last packet: what is left. */
void schedule_finish(struct schedule *schedule);

#endif
