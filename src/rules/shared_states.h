/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Run-time state that is more than one rule's block: lists and tables that rules share by name (recent, hashlimit),
 * and state that grows (connlimit). Also the seeds of what the kernel would draw at random.
 *
 * Owned by the evaluation. An extension finds or adds its objects in attach(), in the order of the rules, and keeps
 * the pointer in its state block; they end with the evaluation.
 */
#ifndef RULES_SHARED_STATES_H
#define RULES_SHARED_STATES_H

#include <stdint.h>

#include "base/random.h"

struct shared_state;

struct shared_states {
	struct shared_state *first;	/* owned */
	struct random random;
	uint32_t hz;
};

void shared_states_init(struct shared_states *states, uint64_t seed, uint32_t hz);
void shared_states_clear(struct shared_states *states);

/* The object that was added under this name; `kind` is the extension's own. NULL when there is none. */
void *shared_states_find(const struct shared_states *states, const char *kind, const char *name);

/* Hands an object over. `kind` and `name` are borrowed: static, or the configuration's. A NULL name is never found. */
void shared_states_add(struct shared_states *states, const char *kind, const char *name, void *object,
		       void (*destroy)(void *object));

/* A seed of its own for each rule that asks, so that what one rule draws does not move the others. */
uint64_t shared_states_seed(struct shared_states *states);

#endif
