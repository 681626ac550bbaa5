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
#include "base/store.h"
#include "clock/timers.h"
#include "conntrack/conntrack.h"
#include "conntrack/early_drop.h"
#include "conntrack/expectation.h"
#include "conntrack/gre_keys.h"
#include "conntrack/sources.h"
#include "conntrack/table.h"
#include "conntrack/tracker.h"
#include "event/stream.h"

/* Set in the numbers of timers that are expectations'. */
#define LIFECYCLE_EXPECTATION UINT32_C(0x80000000)

struct conntrack {
	struct conntrack_settings settings;
	struct stream *stream;			/* borrowed */
	const char *program;			/* static: what an operator has called, while it works; else NULL */
	const struct tracker *trackers[256];	/* by protocol number */
	uint8_t tracker_numbers[256];		/* the same, as entries keep them */
	struct table table;
	struct early_drop early_drop;
	struct sources sources;			/* entries with SRC_NAT_DONE */
	struct timers timers;
	struct store entries;
	struct pool annexes, extras, helps;
	struct expectations expectations;
	struct gre_keys gre_keys;		/* of PPTP */
	const struct outside *outside;		/* borrowed; NULL in tests that need none */
	uint32_t oldest, newest;		/* numbers of confirmed entries, through older and newer; 0: none */
	uint64_t n_created, n_expired, n_destroyed, n_live, n_early_dropped, n_table_full;
	uint64_t n_unconfirmed, n_dying;	/* held by packets, not in the table */
	uint32_t n_ordered;			/* expectations since the latest entry */
};

/* Which of the store's sizes an entry has: by its tracker's memory, its family, and whether it is measured. */
static inline unsigned lifecycle_size(bool is_small, enum family family, bool is_measured)
{
	return (is_small ? 0u : 1u) + (family == FAMILY_IPV6 ? 2u : 0u) + (is_measured ? 4u : 0u);
}

/* The entry of a number; NULL for 0. */
static inline struct connection *lifecycle_at(const struct conntrack *conntrack, uint32_t number)
{
	return number ? store_at(&conntrack->entries, number) : NULL;
}

/* Confirmed entries in order of confirmation; NULL: no more. */
static inline struct connection *lifecycle_oldest(const struct conntrack *conntrack)
{
	return lifecycle_at(conntrack, conntrack->oldest);
}

static inline struct connection *lifecycle_newer(const struct conntrack *conntrack, const struct connection *connection)
{
	return lifecycle_at(conntrack, connection->newer);
}

/*
 * A new unconfirmed entry, or NULL when the table is full and nothing can be evicted. Something must answer packets of `original`:
 * its inverse, in a zone that may be another, is the reply tuple.
 */
struct connection *lifecycle_begin(struct conntrack *conntrack, const struct tuple *original, uint16_t reply_zone,
				   struct vtime now);

/* Gives an unconfirmed entry a reply tuple. */
void lifecycle_set_reply(struct conntrack *conntrack, struct connection *connection, const struct tuple *reply);

/* The entry's annex, or extra data, which it has from now on. The latter moves the former. */
struct connection_annex *lifecycle_annex(struct conntrack *conntrack, struct connection *connection);
struct connection_extra *lifecycle_extra(struct conntrack *conntrack, struct connection *connection);

/* Gives a new entry what -j CT asked for, the helper aside. */
void lifecycle_follow_template(struct conntrack *conntrack, struct connection *connection,
			       const struct template *template);

/* The settings that hold for an entry: those of its timeout policy, or of all. */
static inline const struct conntrack_settings *lifecycle_settings(const struct conntrack *conntrack,
								  const struct connection *connection)
{
	const struct connection_extra *extra = connection_extra(connection);

	return extra && extra->settings ? extra->settings : &conntrack->settings;
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
