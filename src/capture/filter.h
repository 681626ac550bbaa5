/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcpdump's filter language (libpcap), wherever a user selects packets. */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "packet/packet.h"

struct filter;

/*
 * libpcap's time for a filter grows faster than its length: what those of more than FILTER_SHORT bytes may be together
 * (limits.filter_bytes). Longer than FILTER_OPTIMIZED, they are not optimized, which grows fastest.
 */
enum { FILTER_SHORT = 256, FILTER_OPTIMIZED = 1000 };
struct filter_room {
	uint64_t most, n_used;
};

/* Is there room for a filter of so many bytes? It is used, or one that is too much is told in `error`. */
bool filter_room_take(struct filter_room *room, size_t len, struct text *error);

/* NULL after an error, told in `error`. `link_type` is libpcap's DLT_ value of the frames; `room` may be NULL: any. */
struct filter *filter_create(const char *expression, int link_type, struct filter_room *room, struct text *error);
void filter_destroy(struct filter *filter);	/* NULL is fine */

/* Does the packet's frame, as captured, pass? */
bool filter_is_passed(const struct filter *filter, const struct packet *packet);

#endif
