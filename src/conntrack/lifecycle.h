/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The table's insides and an entry's way through them: begin, confirm, refresh, end.
 * Private to conntrack/; everybody else sees conntrack.h.
 */
#ifndef CONNTRACK_LIFECYCLE_H
#define CONNTRACK_LIFECYCLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/pool.h"
#include "clock/timers.h"
#include "conntrack/conntrack.h"
#include "conntrack/expectation.h"
#include "conntrack/gre_keys.h"
#include "conntrack/sources.h"
#include "conntrack/table.h"
#include "conntrack/tracker.h"
#include "event/stream.h"

/* Trackers with at most so many bytes of memory share the pool of small entries. */
enum { LIFECYCLE_SMALL_MEMORY = 8 };

/* timer.kind of what ends in conntrack.timers. */
enum { CONNTRACK_TIMER_CONNECTION, CONNTRACK_TIMER_EXPECTATION };

struct conntrack {
	struct conntrack_settings settings;
	struct stream *stream;			/* borrowed */
	const char *program;			/* static: what an operator has called, while it works; else NULL */
	const struct tracker *trackers[256];	/* by protocol number */
	struct table table;
	struct sources sources;			/* entries with SRC_NAT_DONE */
	struct timers timers;
	struct pool small, large, extras, helps;	/* entries by the size of their memory; extras; struct help */
	struct expectations expectations;
	struct gre_keys gre_keys;		/* of PPTP */
	const struct outside *outside;		/* borrowed; NULL in tests that need none */
	struct connection *oldest, *newest;	/* confirmed entries, through older and newer */
	struct connection *oldest_evictable;	/* every entry before it is ASSURED; NULL: all are */
	uint64_t n_created, n_expired, n_destroyed, n_live, n_early_dropped, n_table_full;
	uint64_t n_unconfirmed, n_dying;	/* held by packets, not in the table */
};

/* A new unconfirmed entry, or NULL when the table is full and nothing can be evicted. */
struct connection *lifecycle_begin(struct conntrack *conntrack, const struct tracker *tracker,
				   const struct tuple *original, const struct tuple *reply, struct vtime now);

/* The entry's extra data, which it has from now on. */
struct connection_extra *lifecycle_extra(struct conntrack *conntrack, struct connection *connection);

/* Gives a new entry what -j CT asked for, the helper aside. */
void lifecycle_follow_template(struct conntrack *conntrack, struct connection *connection,
			       const struct template *template);

/* The settings that hold for an entry: those of its timeout policy, or of all. */
static inline const struct conntrack_settings *lifecycle_settings(const struct conntrack *conntrack,
								  const struct connection *connection)
{
	return connection->extra && connection->extra->settings ? connection->extra->settings : &conntrack->settings;
}

/* Publishes an unconfirmed entry; its tuples must be free. */
void lifecycle_confirm(struct conntrack *conntrack, struct connection *connection, struct vtime now);

/* Sets deadline and counts the packet. Linux 6.18, nf_ct_refresh_acct(). */
void lifecycle_refresh(struct conntrack *conntrack, struct connection *connection, uint32_t timeout_seconds,
		       struct vtime now);
void lifecycle_count(struct connection *connection, enum direction direction, uint32_t len);

enum lifecycle_cause { LIFECYCLE_EXPIRED, LIFECYCLE_DESTROYED };

/* Takes a confirmed entry out of the table and emits DESTROY; frees it unless a packet holds it. */
void lifecycle_end(struct conntrack *conntrack, struct connection *connection, enum lifecycle_cause cause);

/* A packet begins or stops to carry the entry; the last one to stop frees what is not in the table. */
void lifecycle_hold(struct connection *connection);
void lifecycle_drop(struct conntrack *conntrack, struct connection *connection);

/* Remembers events for the packet that confirms. */
static inline void lifecycle_note(struct connection *connection, uint32_t events)
{
	connection->pending_events |= (uint16_t)events;
}

/* Sends what is pending, when the entry is alive. */
void lifecycle_send_events(struct conntrack *conntrack, struct connection *connection);

#endif
