/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers chosen in words: "7", "3-7", "9-", several with commas between them. */
#ifndef BASE_RANGES_H
#define BASE_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range { uint64_t first, last; };

/* Zeroed: none. */
struct ranges {
	struct range *ranges;	/* owned */
	size_t n;
};

void ranges_clear(struct ranges *ranges);

/* Adds those of `text`, from 1 on. False: it is not understood. */
bool ranges_parse(struct ranges *ranges, const char *text);

bool ranges_have(const struct ranges *ranges, uint64_t number);

/* The last number that is chosen; 0: none is. */
uint64_t ranges_last(const struct ranges *ranges);

#endif
