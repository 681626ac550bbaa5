/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The state machine of a flow's protocol, and the steps that the flow took. TCP's and SCTP's are the tables that the
 * simulation itself runs on; a protocol without states has what connection tracking knows of it all the same: whether a
 * reply was seen, and whether the entry is assured.
 */
#ifndef PICTURE_MACHINE_H
#define PICTURE_MACHINE_H

#include "picture/canvas.h"
#include "picture/tale.h"

enum { MACHINE_MOST_STATES = 12, MACHINE_MOST_STEPS = 24 };

struct machine_state {
	const char *name;
	struct point at;		/* of its middle, on a field of 860 by 540 */
};

struct machine_step {
	int from, to;			/* states */
	const struct tale_packet *packet;	/* NULL: time alone; the entry expires */
	struct vtime time;
};

struct machine {
	const char *protocol;		/* "TCP" */
	struct machine_state states[MACHINE_MOST_STATES];
	int n_states;
	bool can_step[MACHINE_MOST_STATES][MACHINE_MOST_STATES];	/* some packet leads from the one to the other */
	const struct tale_entry *entry;
	struct machine_step steps[MACHINE_MOST_STEPS];
	size_t n_steps;
	size_t n_left_out;		/* steps */
	bool is_visited[MACHINE_MOST_STATES];
};

/* The tale's flow; without one the first entry with states, else the first. False: there is none. */
bool machine_find(const struct tale *tale, struct machine *machine);

/* "original syn in NONE: A SYN opens a connection."; why the step was taken. */
void machine_print_reason(const struct machine *machine, const struct machine_step *step, struct text *out);

#endif
