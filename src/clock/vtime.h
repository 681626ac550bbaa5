/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Virtual time: nanoseconds since the first packet of the replay.
 *
 * A struct, so that it cannot be mixed with seconds, jiffies or the capture's absolute
 * time. Nothing below cli reads a real clock: time is always an argument.
 */
#ifndef CLOCK_VTIME_H
#define CLOCK_VTIME_H

#include <stdbool.h>
#include <stdint.h>

enum { VTIME_NS_PER_SECOND = 1000000000, VTIME_DEFAULT_HZ = 250 };

struct vtime {
	int64_t ns;
};

static inline struct vtime vtime_add_seconds(struct vtime time, uint32_t seconds)
{
	return (struct vtime){ .ns = time.ns + (int64_t)seconds * VTIME_NS_PER_SECOND };
}

static inline bool vtime_is_before(struct vtime a, struct vtime b)
{
	return a.ns < b.ns;
}

/*
 * Whole seconds from `now` to `deadline`, rounded down, never negative: what
 * /proc/net/nf_conntrack prints. Linux 6.18, nf_ct_expires().
 */
static inline uint32_t vtime_seconds_left(struct vtime deadline, struct vtime now)
{
	return deadline.ns > now.ns ? (uint32_t)((deadline.ns - now.ns) / VTIME_NS_PER_SECOND) : 0;
}

/* The kernel's jiffies counter at `time`, counted from the first packet, at `hz` ticks a second. */
static inline int64_t vtime_jiffies(struct vtime time, uint32_t hz)
{
	int64_t seconds = time.ns / VTIME_NS_PER_SECOND, rest = time.ns % VTIME_NS_PER_SECOND;

	return seconds * hz + rest * hz / VTIME_NS_PER_SECOND;
}

#endif
