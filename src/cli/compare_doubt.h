/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a packet that could not be compared leaves in doubt: entries of either side, and pairs of hosts whose fragments went
 * different ways. What is in doubt is not compared either.
 */
#ifndef CLI_COMPARE_DOUBT_H
#define CLI_COMPARE_DOUBT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet/packet.h"

enum compare_side { SIDE_KERNEL, SIDE_OURS, SIDE_COUNT };

/* Entries of one side, by id. */
struct compare_taint {
	uint8_t *bytes;		/* owned; not 0: in doubt */
	uint64_t *others;	/* owned; which entry of the other side is the same; 0: not known */
	size_t n;		/* of both */
};

/* Two ends between which fragments went different ways: each side may have entries that the other has not. */
struct compare_ends {
	struct address ends[2];
	uint8_t protocol;
};

struct compare_doubt {
	struct compare_taint taints[SIDE_COUNT];
	struct compare_ends *parted;	/* owned */
	size_t n_parted;
	bool has_any;			/* there was a packet that was not comparable */
};

void compare_doubt_clear(struct compare_doubt *doubt);

/* `kernel` and `ours` are the same entry: from now on they are in doubt together. Partners that they had before are in doubt, too. */
void compare_doubt_link(struct compare_doubt *doubt, uint64_t kernel, uint64_t ours);

/* An entry of one side, and the one that is the same on the other side where that is known; 0: nothing happens. */
void compare_doubt_set(struct compare_doubt *doubt, enum compare_side side, uint64_t entry, bool is_in_doubt);
bool compare_doubt_has(const struct compare_doubt *doubt, enum compare_side side, uint64_t entry);

/* Is one in doubt that is not known to be the same as any of the other side? */
bool compare_doubt_has_lone(const struct compare_doubt *doubt);

/* The two hosts of a packet. */
void compare_doubt_part(struct compare_doubt *doubt, const struct packet *packet);
bool compare_doubt_has_parted(const struct compare_doubt *doubt, const struct packet *packet);

#endif
