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

/* Whole seconds from one time to a later one, rounded down; 0 when it is not later. */
static inline uint32_t vtime_seconds_between(struct vtime from, struct vtime to)
{
	return to.ns > from.ns ? (uint32_t)((to.ns - from.ns) / VTIME_NS_PER_SECOND) : 0;
}

/* The kernel's jiffies counter at `time`, counted from the first packet, at `hz` ticks a second. */
static inline int64_t vtime_jiffies(struct vtime time, uint32_t hz)
{
	int64_t seconds = time.ns / VTIME_NS_PER_SECOND, rest = time.ns % VTIME_NS_PER_SECOND;

	return seconds * hz + rest * hz / VTIME_NS_PER_SECOND;
}

/*
 * Whole seconds left until `deadline` as the kernel prints them: counted in jiffies, rounded down, never
 * negative. So a lifetime still reads in full during the jiffy in which it was set. Linux 6.18, nf_ct_expires().
 */
static inline uint32_t vtime_seconds_left(struct vtime deadline, struct vtime now, uint32_t hz)
{
	int64_t jiffies_left = vtime_jiffies(deadline, hz) - vtime_jiffies(now, hz);

	return jiffies_left > 0 ? (uint32_t)(jiffies_left / hz) : 0;
}

#endif
