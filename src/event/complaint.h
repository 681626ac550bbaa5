/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Why a packet is INVALID, in the words that the kernel logs with nf_conntrack_log_invalid: static words, and the
 * numbers and addresses that stand in them. Plain values, so that nobody writes a sentence that nobody reads.
 */
#ifndef EVENT_COMPLAINT_H
#define EVENT_COMPLAINT_H

#include <stdint.h>

#include "base/text.h"
#include "packet/address.h"

enum { COMPLAINT_MOST_NUMBERS = 4, COMPLAINT_MOST_ADDRESSES = 2, COMPLAINT_ROOM = 160 };

struct complaint {
	/* Static, or of the kernel that was asked; NULL: there is none. In it %u and %x are the numbers, %4 and %6 the addresses. */
	const char *words;
	uint32_t numbers[COMPLAINT_MOST_NUMBERS];	/* in their order */
	struct address addresses[COMPLAINT_MOST_ADDRESSES];
};

/* The whole sentence; nothing when there is no complaint. */
void complaint_print(const struct complaint *complaint, struct text *out);

/* The same as a string, in `room` where it holds numbers or addresses; NULL when there is no complaint. */
const char *complaint_words(const struct complaint *complaint, char room[COMPLAINT_ROOM]);

#endif
