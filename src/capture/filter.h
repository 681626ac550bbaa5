/* SPDX-License-Identifier: GPL-2.0-or-later */
/* tcpdump's filter language (libpcap), wherever a user selects packets. */
#ifndef CAPTURE_FILTER_H
#define CAPTURE_FILTER_H

#include <stdbool.h>

#include "base/text.h"
#include "packet/packet.h"

struct filter;

/* NULL after an error, told in `error`. `link_type` is libpcap's DLT_ value of the frames. */
struct filter *filter_create(const char *expression, int link_type, struct text *error);
void filter_destroy(struct filter *filter);	/* NULL is fine */

/* Does the packet's frame, as captured, pass? */
bool filter_is_passed(const struct filter *filter, const struct packet *packet);

#endif
