/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The buckets of a tale apart: for each rule (and key) when it was looked into, and what it held. */
#ifndef PICTURE_BUCKETS_H
#define PICTURE_BUCKETS_H

#include "picture/tale.h"

enum { BUCKETS_MOST = 3 };

struct buckets {
	const struct tale_level *first[BUCKETS_MOST];	/* of each bucket */
	size_t n;
	size_t n_left_out;		/* looks into others */
};

void buckets_find(const struct tale *tale, struct buckets *buckets);

/* Is it the same rule and key? */
bool buckets_is_same(const struct tale_level *a, const struct tale_level *b);

/* A level in hundredths of a packet of its cost. */
int64_t buckets_hundredths(uint64_t credits, const struct tale_level *level);

/* Credits after the packet was judged. */
uint64_t buckets_after(const struct tale_level *level);

/* Credits at a later time, when nobody looked in between. */
uint64_t buckets_refilled(const struct tale_level *level, struct vtime time);

/* "filter INPUT 4", and the key where there is one. */
void buckets_print_name(const struct tale_level *level, struct text *out);

/* The packet that looked into it; NULL: it was left out. */
const struct tale_packet *buckets_packet(const struct tale *tale, const struct tale_level *level);

#endif
