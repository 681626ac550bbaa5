/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The kernel's entries in virtual time.
 *
 * The kernel's timers run in real time, and a capture's hours are not waited for. So each entry's deadline is kept
 * here: the time of the packet that armed its timer plus what it was armed with. What is due is removed through
 * ctnetlink before the next packet; what would die too early in real time is armed anew. Nothing but the timer can tell.
 *
 * The timer shows whole seconds, rounded down: the value just armed, or one less when a tick has passed. Which of the two
 * is found from the timeouts that the kernel has configured, else by waiting for a tick.
 * Linux 6.18, nf_ct_expires(), __nf_ct_refresh_acct().
 */
#ifndef KERNEL_AGES_H
#define KERNEL_AGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/store.h"
#include "clock/timers.h"
#include "kernel/entries.h"

enum { AGES_BUCKETS = 1 << 16, AGES_MOST_TIMEOUTS = 64 };

struct aged_entry;

struct aged_link {
	struct aged_entry *entry;
	struct aged_link *next;
};

/* An entry of the kernel as we know it. */
struct aged_entry {
	struct timer end;		/* in virtual time */
	struct timer death;		/* in real time, if nobody arms it anew */
	struct kernel_entry entry;	/* as it was seen last */
	uint64_t id;			/* 1, 2, 3 ... in order of creation */
	uint32_t timeout_seconds;	/* what it was armed with last */
	struct vtime born, born_real;
	bool is_known;			/* its timer was read at least once */
	struct aged_entry *next;	/* of the same bucket */
	struct aged_link links[2];
};

typedef void ages_listener(void *owner, const struct aged_entry *ended);

struct ages {
	struct entries *entries;	/* borrowed */
	struct store store;
	struct timers ends, deaths;
	struct aged_entry **by_id;	/* owned, AGES_BUCKETS each */
	struct aged_link **by_tuple;
	uint32_t timeouts[AGES_MOST_TIMEOUTS];
	size_t n_timeouts;
	uint64_t n_created, n_live;
	struct vtime now;		/* virtual */
	int64_t tick;			/* when the kernel's last tick was as the packet went in */
	bool is_real_time;		/* the kernel's timers are left alone */
};

void ages_init(struct ages *ages, struct entries *entries);
void ages_clear(struct ages *ages);

/* The real time: CLOCK_MONOTONIC. */
struct vtime ages_real_time(void);

/* Sleeps; a signal does not end it. */
void ages_sleep(int64_t ns);

/* Real time of the kernel's last tick. */
struct vtime ages_tick(void);

/* Returns when the kernel's tick has moved on. */
void ages_wait_for_tick(void);

/* Virtual time moves on: what is due is removed from the kernel, and told in order of its end. */
void ages_move(struct ages *ages, struct vtime now, ages_listener *listener, void *owner);

/*
 * What the kernel now says about an entry, after a packet that went in at `real`. *was_armed: its timer was set by that
 * packet. Returns the entry as it is known.
 */
struct aged_entry *ages_note(struct ages *ages, const struct kernel_entry *entry, struct vtime real, bool *was_armed);

struct aged_entry *ages_find(const struct ages *ages, uint32_t kernel_id);

/*
 * The entries that have this tuple in either direction, zones aside, one after another: `after` is NULL for the first. NULL: there is no
 * more. A packet of GRE shows one of its keys alone, the destination's: the other may be any.
 */
struct aged_entry *ages_find_tuple(const struct ages *ages, const struct tuple *tuple, const struct aged_entry *after);

/*
 * The one whose tuple of that direction it is, in its zone; or NULL. Two entries may have one tuple in one zone, each in a direction: where
 * their other tuples' zones differ (-j CT --zone-orig, --zone-reply).
 */
struct aged_entry *ages_find_in_zone(const struct ages *ages, const struct tuple *tuple, enum direction direction);

/*
 * The kernel's timer of an entry becomes what virtual time leaves it, for packets that it treats by that. Linux 6.18,
 * nf_tcp_handle_invalid().
 */
void ages_make_exact(struct ages *ages, struct aged_entry *entry);

/* The kernel has removed it. */
void ages_forget(struct ages *ages, struct aged_entry *entry);

/*
 * A UDP flow becomes a stream by a packet that comes 2 seconds after its first, which the kernel measures in ticks of its
 * own. Waits when that much virtual time has passed and less real time. False when real time has run ahead of virtual
 * time: what the kernel will say cannot be compared. Linux 6.18, nf_conntrack_udp_packet().
 */
bool ages_wait_for_stream(struct ages *ages, const struct tuple *tuple);

/* The wait that ages_wait_for_stream() would make, in nanoseconds. */
int64_t ages_stream_wait(const struct ages *ages, const struct tuple *tuple);

#endif
