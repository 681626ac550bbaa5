/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What -j TTL (IPv4) and -j HL (IPv6) have in common. Linux 6.18, xt_HL.c. */
#ifndef RULES_HOP_CHANGE_H
#define RULES_HOP_CHANGE_H

#include "rules/options.h"

enum { HOP_SET, HOP_DECREMENT, HOP_INCREMENT };

struct hop_change {
	struct option_marks marks;
	uint32_t value;
};

#define HOP_CHANGE_OPTION(option, id, least, words) \
	{ .name = option, .kind = OPTION_NUMBER, .mark = id, .offset = offsetof(struct hop_change, value), .min = least, \
	  .max = UINT8_MAX, .excludes = 7 & ~(1 << (id)), .excluded_names = "another change", .value_name = "value", \
	  .summary = words }

void hop_change_apply(const struct hop_change *change, struct packet *packet);

/* " TTL set to 64"; `title` is "TTL" or "HL". */
void hop_change_list(const struct hop_change *change, const char *title, struct text *out);

#endif
