/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What -j RATEEST measures and -m rateest reads: an estimator for each name, moved at fixed intervals of virtual time.
 * Linux 6.18, net/core/gen_estimator.c: est_timer(), gen_estimator_read(). The first interval begins at the first packet.
 */
#ifndef RULES_RATE_ESTIMATOR_H
#define RULES_RATE_ESTIMATOR_H

#include "clock/vtime.h"
#include "rules/shared_states.h"

enum { RATE_ESTIMATOR_NAME_LONGEST = 15 };

struct rate_estimator;

struct rate_sample {
	uint64_t bytes, packets;	/* a second */
};

/* The one of that name, made when there is none; intervals of (HZ / 4) << interval_log jiffies. */
struct rate_estimator *rate_estimator_open(struct shared_states *shared, const char *name, uint32_t interval_log,
					   uint32_t ewma_log);

/* NULL when there is none. */
struct rate_estimator *rate_estimator_find(const struct shared_states *shared, const char *name);

void rate_estimator_count(struct rate_estimator *estimator, uint32_t packet_len, struct vtime now);
struct rate_sample rate_estimator_read(struct rate_estimator *estimator, struct vtime now);

#endif
