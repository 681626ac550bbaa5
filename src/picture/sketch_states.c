/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A flow's states in letters: step by step, with what else could have come. */
#include <inttypes.h>

#include "picture/diagrams.h"
#include "picture/machine.h"
#include "picture/picture_words.h"
#include "sink/packet_words.h"

static void print_alternatives(const struct machine *machine, int from, int taken, struct text *out)
{
	bool is_any = false;

	for (int to = 0; to < machine->n_states; to++) {
		if (to == from || to == taken || !machine->can_step[from][to])
			continue;
		text_printf(out, "%s%s", is_any ? ", " : "                 could also have become ", machine->states[to].name);
		is_any = true;
	}
	if (is_any)
		text_append_char(out, '\n');
}

static void print_step(const struct machine *machine, size_t i, struct text *out)
{
	const struct machine_step *step = &machine->steps[i];
	struct text time;

	text_init(&time);
	picture_words_print_time(step->time, &time);
	text_printf(out, "%4zu %11s  --> %s", i + 1, text_string(&time), machine->states[step->to].name);
	if (step->packet)
		text_printf(out, "  (packet %" PRIu64 ", then %u s to live)", step->packet->number, step->packet->timeout_seconds);
	text_append(out, "\n                 ");
	machine_print_reason(machine, step, out);
	text_append_char(out, '\n');
	print_alternatives(machine, step->from, step->to, out);
	text_clear(&time);
}

void sketch_states(const struct tale *tale, unsigned columns, struct text *out)
{
	struct machine machine;

	(void)columns;
	if (!machine_find(tale, &machine)) {
		text_append(out, "No such entry came into the table.\n");
		return;
	}
	text_printf(out, "entry #%" PRIu64 ": ", machine.entry->view.id);
	packet_words_print_flow(&machine.entry->view.tuple[DIRECTION_ORIGINAL], out);
	text_printf(out, "\n                     %s\n", machine.states[0].name);
	for (size_t i = 0; i < machine.n_steps; i++)
		print_step(&machine, i, out);
	if (machine.n_left_out)
		text_printf(out, "     and %zu steps more\n", machine.n_left_out);
}
