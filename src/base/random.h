/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A seeded generator of random numbers (xoshiro256**, public domain, by Blackman and
 * Vigna; seeded with splitmix64). Where the kernel draws a random number, the
 * simulation draws from here, so that the same seed gives the same run.
 */
#ifndef BASE_RANDOM_H
#define BASE_RANDOM_H

#include <stdint.h>

struct random {
	uint64_t state[4];
};

void random_init(struct random *random, uint64_t seed);
uint64_t random_u64(struct random *random);

#endif
