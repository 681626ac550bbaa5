/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/shared_states.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

struct shared_state {
	struct shared_state *next;
	const char *kind, *name;
	void *object;
	void (*destroy)(void *object);
};

void shared_states_init(struct shared_states *states, uint64_t seed, uint32_t hz)
{
	*states = (struct shared_states){ .hz = hz };
	random_init(&states->random, seed);
}

void shared_states_clear(struct shared_states *states)
{
	while (states->first) {
		struct shared_state *state = states->first;

		states->first = state->next;
		state->destroy(state->object);
		free(state);
	}
}

void *shared_states_find(const struct shared_states *states, const char *kind, const char *name)
{
	for (const struct shared_state *state = states->first; state; state = state->next) {
		if (state->name && strcmp(state->kind, kind) == 0 && strcmp(state->name, name) == 0)
			return state->object;
	}
	return NULL;
}

void shared_states_add(struct shared_states *states, const char *kind, const char *name, void *object,
		       void (*destroy)(void *object))
{
	struct shared_state *state = alloc_zeroed(1, sizeof(*state));

	*state = (struct shared_state){ states->first, kind, name, object, destroy };
	states->first = state;
}

uint64_t shared_states_seed(struct shared_states *states)
{
	return random_u64(&states->random);
}
