/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "picture/machine.h"

#include <string.h>

#include "conntrack/tracker/sctp_states.h"
#include "conntrack/tracker/tcp_states.h"
#include "picture/picture_words.h"

/* Life goes to the right, and back on the left below: the eye finds the end where it began. */
static const struct point tcp_places[TCP_STATE_COUNT] = {
	[TCP_STATE_NONE] = { 80, 60 }, [TCP_STATE_SYN_SENT] = { 300, 60 }, [TCP_STATE_SYN_SENT2] = { 410, 190 },
	[TCP_STATE_SYN_RECV] = { 530, 60 }, [TCP_STATE_ESTABLISHED] = { 770, 60 }, [TCP_STATE_FIN_WAIT] = { 770, 250 },
	[TCP_STATE_CLOSE_WAIT] = { 770, 480 }, [TCP_STATE_LAST_ACK] = { 500, 480 }, [TCP_STATE_TIME_WAIT] = { 270, 480 },
	[TCP_STATE_CLOSE] = { 110, 300 },
};

static const struct point sctp_places[SCTP_STATE_COUNT] = {
	[SCTP_STATE_NONE] = { 80, 60 }, [SCTP_STATE_CLOSED] = { 110, 280 }, [SCTP_STATE_COOKIE_WAIT] = { 300, 60 },
	[SCTP_STATE_COOKIE_ECHOED] = { 540, 60 }, [SCTP_STATE_ESTABLISHED] = { 770, 60 }, [SCTP_STATE_SHUTDOWN_SENT] = { 740, 260 },
	[SCTP_STATE_SHUTDOWN_RECD] = { 740, 400 }, [SCTP_STATE_SHUTDOWN_ACK_SENT] = { 460, 480 },
	[SCTP_STATE_HEARTBEAT_SENT] = { 330, 250 },
};

static const struct machine_state plain_states[] = {
	{ "no entry", { 90, 180 } }, { "unreplied", { 320, 50 } }, { "replied", { 560, 180 } }, { "assured", { 770, 310 } },
};

enum { N_PLAIN = sizeof(plain_states) / sizeof(plain_states[0]) };

static void add_state(struct machine *machine, const char *name, struct point at)
{
	machine->states[machine->n_states++] = (struct machine_state){ name, at };
}

static void make_tcp(struct machine *machine)
{
	machine->protocol = "TCP";
	for (int state = 0; state < TCP_STATE_COUNT; state++) {
		add_state(machine, tcp_states_names[state], tcp_places[state]);
		for (int class = 0; class < TCP_CLASS_COUNT; class++) {
			for (int direction = 0; direction < 2; direction++) {
				const struct tcp_cell *cell = tcp_states_find((enum direction)direction, (enum tcp_class)class, (enum tcp_state)state);

				if (cell->next < TCP_STATE_COUNT)
					machine->can_step[state][cell->next] = true;
			}
		}
	}
}

static void make_sctp(struct machine *machine)
{
	machine->protocol = "SCTP";
	for (int state = 0; state < SCTP_STATE_COUNT; state++) {
		add_state(machine, sctp_states_names[state], sctp_places[state]);
		for (int chunk = 0; chunk < SCTP_CHUNK_COUNT; chunk++) {
			for (int direction = 0; direction < 2; direction++) {
				const struct sctp_cell *cell = sctp_states_find((enum direction)direction, (enum sctp_chunk)chunk, (enum sctp_state)state);

				if (cell->next < SCTP_STATE_COUNT)
					machine->can_step[state][cell->next] = true;
			}
		}
	}
}

/* Forward one by one; whoever is silent for too long has no entry any more. */
static void make_plain(struct machine *machine)
{
	machine->protocol = "a protocol without states";
	for (int i = 0; i < N_PLAIN; i++) {
		machine->states[i] = plain_states[i];
		machine->can_step[i][0] = i > 0;
		if (i + 1 < N_PLAIN)
			machine->can_step[i][i + 1] = true;
	}
	machine->n_states = N_PLAIN;
}

/* A state that no table here knows: the states are those that were seen. */
static int find_state(struct machine *machine, const char *name)
{
	for (int i = 0; i < machine->n_states; i++)
		if (strcmp(machine->states[i].name, name) == 0)
			return i;
	if (machine->n_states == MACHINE_MOST_STATES)
		return 0;
	add_state(machine, name, (struct point){ 120 + 230 * (machine->n_states % 4), 60 + 150 * (machine->n_states / 4) });
	return machine->n_states - 1;
}

static void add_step(struct machine *machine, int from, int to, const struct tale_packet *packet, struct vtime time)
{
	machine->is_visited[from] = machine->is_visited[to] = true;
	if (machine->n_steps == MACHINE_MOST_STEPS) {
		machine->n_left_out++;
		return;
	}
	machine->steps[machine->n_steps++] = (struct machine_step){ from, to, packet, time };
}

static void follow(const struct tale *tale, struct machine *machine)
{
	const struct tale_entry *entry = machine->entry;
	int state = 0;

	for (size_t i = 0; i < tale->n_packets; i++) {
		const struct tale_packet *packet = &tale->packets[i];
		int next;

		if (packet->entry != entry->view.id || packet->is_answer)
			continue;
		next = find_state(machine, picture_words_state(packet->state, packet->status));
		if (next != state)
			add_step(machine, state, next, packet, packet->time);
		state = next;
	}
	if (entry->is_over && state)
		add_step(machine, state, 0, NULL, entry->end);
}

bool machine_find(const struct tale *tale, struct machine *machine)
{
	const struct tale_entry *entry = tale->flow ? tale_find_entry(tale, tale->flow) : NULL;

	for (size_t i = 0; i < tale->n_entries && !entry && !tale->flow; i++)
		if (tale->entries[i].view.state)
			entry = &tale->entries[i];
	if (!entry && !tale->flow && tale->n_entries)
		entry = &tale->entries[0];
	if (!entry)
		return false;
	memset(machine, 0, sizeof(*machine));
	machine->entry = entry;
	if (entry->view.tuple[0].protocol == PROTOCOL_TCP) {
		make_tcp(machine);
	} else if (entry->view.tuple[0].protocol == PROTOCOL_SCTP) {
		make_sctp(machine);
	} else if (entry->view.state) {
		machine->protocol = "this protocol";
		add_state(machine, "NONE", (struct point){ 80, 60 });
	} else {
		make_plain(machine);
	}
	follow(tale, machine);
	return true;
}

void machine_print_reason(const struct machine *machine, const struct machine_step *step, struct text *out)
{
	static const char *const plain_reasons[N_PLAIN] = {
		"", "the first packet got through: the entry is in the table",
		"a packet came the other way", "packets both ways for longer than 2 s",
	};

	if (!step->packet)
		text_printf(out, "%s", machine->entry->has_expired ? "no packet came in time" : "the entry is removed");
	else if (step->packet->cell)
		text_printf(out, "%s: %s", step->packet->cell, step->packet->sentence ? step->packet->sentence : "");
	else if (!machine->entry->view.state && step->to < N_PLAIN)
		text_append(out, plain_reasons[step->to]);
}
