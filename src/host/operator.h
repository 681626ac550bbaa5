/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What an operator does while packets pass, each thing at its time: conntrack -F, -D, -U and -I, rules loaded anew, a link that goes
 * down, a sysctl. Who makes the plan (cli) has checked it; the simulator carries it out.
 */
#ifndef HOST_OPERATOR_H
#define HOST_OPERATOR_H

#include <stdbool.h>
#include <stddef.h>

#include "conntrack/operate.h"
#include "host/topology.h"
#include "nat/range.h"
#include "rules/ruleset.h"

enum operator_kind { OPERATOR_REMOVE, OPERATOR_CHANGE, OPERATOR_CREATE, OPERATOR_RELOAD, OPERATOR_LINK, OPERATOR_SYSCTL };

struct operator_action {
	struct vtime time;
	enum operator_kind kind;
	const char *text;		/* as it was written; owned by the plan's maker, as everything here */
	const char *file;
	uint32_t line;

	struct entry_filter filter;		/* REMOVE, CHANGE */
	struct entry_change_set change;		/* CHANGE, CREATE */
	struct tuple original, reply;		/* CREATE */
	struct nat_range source_nat, destination_nat;	/* CREATE: without flags no NAT */
	const struct ruleset *ruleset;		/* RELOAD: all tables as they are from then on */
	bool keeps_counters;			/* RELOAD: those of the file, as iptables-restore -c takes them */
	const char *interface;			/* LINK */
	bool is_up;				/* LINK */
	const struct sysctl *sysctl;		/* SYSCTL */
	uint32_t value;				/* SYSCTL */
};

struct operator_plan {
	const struct operator_action *actions;	/* by time, then as they were written; borrowed */
	size_t n_actions;
	struct topology *topology;		/* whose links go up and down */
};

struct walk;

/* Before the first packet: links are up; whether MASQUERADE must remember its interface is known. */
void operator_prepare(const struct operator_plan *plan, struct walk *walk);

/* How many entries, routes and rules the action has looked at, and left as they are. */
size_t operator_passed(const struct operator_plan *plan, const struct operator_action *action, const struct walk *walk);

/* Carries out one action at `now`, and tells: EVENT_ACTION, and whatever it causes. */
void operator_act(const struct operator_plan *plan, const struct operator_action *action, struct walk *walk,
		  bool tracks_always, struct vtime now);

#endif
