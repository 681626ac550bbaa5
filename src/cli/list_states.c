/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "cli/list_states.h"

#include <string.h>

#include "conntrack/tracker.h"
#include "conntrack/tracker/dccp_states.h"
#include "conntrack/tracker/sctp_states.h"
#include "conntrack/tracker/tcp_states.h"

/* A protocol's state table, as its tracker has it. */
struct machine {
	const char *name, *title, *unit;
	int n_classes, n_states, width;
	const char *(*class_name)(int class);
	const char *(*state_name)(int state);
	const char *(*find)(int side, int class, int state, int *next);	/* returns the reason */
	const char *sides[2], *side_kind;
};

static const char *tcp_class_name(int class)
{
	return tcp_states_class_name((enum tcp_class)class);
}

static const char *tcp_state_name(int state)
{
	return tcp_states_name((enum tcp_state)state);
}

static const char *tcp_find(int side, int class, int state, int *next)
{
	const struct tcp_cell *cell = tcp_states_find((enum direction)side, (enum tcp_class)class, (enum tcp_state)state);

	*next = cell->next;
	return cell->reason;
}

static const char *sctp_class_name(int class)
{
	return sctp_states_chunk_name((enum sctp_chunk)class);
}

static const char *sctp_state_name(int state)
{
	return sctp_states_name((enum sctp_state)state);
}

static const char *sctp_find(int side, int class, int state, int *next)
{
	const struct sctp_cell *cell = sctp_states_find((enum direction)side, (enum sctp_chunk)class, (enum sctp_state)state);

	*next = cell->next;
	return cell->reason;
}

static const char *dccp_class_name(int class)
{
	return dccp_states_type_name((enum dccp_type)class);
}

static const char *dccp_state_name(int state)
{
	return dccp_states_name((enum dccp_state)state);
}

static const char *dccp_find(int side, int class, int state, int *next)
{
	const struct dccp_cell *cell = dccp_states_find((enum dccp_role)side, (enum dccp_type)class, (enum dccp_state)state);

	*next = cell->next;
	return cell->reason;
}

static const struct machine machines[] = {
	{ "tcp", "TCP", "a segment of each class", TCP_CLASS_COUNT, TCP_STATE_COUNT, 8, tcp_class_name, tcp_state_name, tcp_find,
	  { "original", "reply" }, "direction" },
	{ "sctp", "SCTP", "a chunk of each type", SCTP_CHUNK_COUNT, SCTP_STATE_COUNT, 17, sctp_class_name, sctp_state_name,
	  sctp_find, { "original", "reply" }, "direction" },
	{ "dccp", "DCCP, in kernels up to 6.16", "a packet of each type", DCCP_TYPE_COUNT, DCCP_STATE_COUNT, 8, dccp_class_name,
	  dccp_state_name, dccp_find, { "client", "server" }, "side" },
};

enum { N_MACHINES = sizeof(machines) / sizeof(machines[0]) };

/* One column a state, as wide as the longest name that stands in it. */
static int column_width(const struct machine *machine, int state)
{
	int width = (int)strlen(machine->state_name(state));

	for (int side = 0; side < 2; side++)
		for (int class = 0; class < machine->n_classes; class++) {
			int next, len;

			machine->find(side, class, state, &next);
			len = (int)strlen(machine->state_name(next));
			width = len > width ? len : width;
		}
	return width;
}

static void print_machine_side(const struct machine *machine, int side, struct text *out)
{
	text_printf(out, "\n%s %s: what %s leads to\n  %-*s", machine->sides[side], machine->side_kind, machine->unit, machine->width, "");
	for (int state = 0; state < machine->n_states; state++)
		text_printf(out, " %-*s", column_width(machine, state), machine->state_name(state));
	text_append_char(out, '\n');
	for (int class = 0; class < machine->n_classes; class++) {
		text_printf(out, "  %-*s", machine->width, machine->class_name(class));
		for (int state = 0; state < machine->n_states; state++) {
			int next;

			machine->find(side, class, state, &next);
			text_printf(out, " %-*s", column_width(machine, state), machine->state_name(next));
		}
		text_append_char(out, '\n');
	}
}

static void print_machine_reasons(const struct machine *machine, struct text *out)
{
	for (int side = 0; side < 2; side++)
		for (int class = 0; class < machine->n_classes; class++)
			for (int state = 0; state < machine->n_states; state++) {
				int next;
				const char *reason = machine->find(side, class, state, &next);

				text_printf(out, "%s %s in %s -> %s: %s\n", machine->sides[side],
					    machine->class_name(class), machine->state_name(state),
					    machine->state_name(next), reason);
			}
}

bool list_states_print(const char *name, struct text *out)
{
	if (name) {
		for (size_t i = 0; i < N_MACHINES; i++)
			if (strcmp(name, machines[i].name) == 0) {
				print_machine_reasons(&machines[i], out);
				return true;
			}
		return false;
	}
	text_append(out, "What -m conntrack --ctstate can say: INVALID NEW ESTABLISHED RELATED UNTRACKED (SNAT DNAT)\n"
			 "Protocols and the states of their entries:\n");
	for (const struct tracker *const *tracker = tracker_all(); *tracker; tracker++) {
		text_printf(out, "  %-10s", (*tracker)->name);
		for (const char *const *state = (*tracker)->states; state && *state; state++)
			text_printf(out, " %s", *state);
		if (!(*tracker)->states)
			text_append(out, " no states: replied to or not");
		text_append_char(out, '\n');
	}
	for (size_t i = 0; i < N_MACHINES; i++) {
		text_printf(out, "\n%s, `ctreplay list states %s` says why:\n", machines[i].title, machines[i].name);
		for (int side = 0; side < 2; side++)
			print_machine_side(&machines[i], side, out);
	}
	return true;
}
