/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The connection tracking core: a table of entries with two tuples each, their life
 * from first packet to expiry, and the events about it. Linux 6.18 nf_conntrack_core.c.
 *
 * Time is an argument and never runs backwards. The walk calls, in this order for each
 * packet: conntrack_expire(), conntrack_track() at priority -200 of PREROUTING or
 * OUTPUT, conntrack_help() and conntrack_confirm() at the end of INPUT or POSTROUTING, and always
 * conntrack_release() last. See connection.h for an entry's life cycle.
 */
#ifndef CONNTRACK_CONNTRACK_H
#define CONNTRACK_CONNTRACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "conntrack/connection.h"
#include "conntrack/outside.h"
#include "conntrack/settings.h"
#include "event/stream.h"
#include "packet/hook.h"
#include "packet/packet.h"

struct conntrack;

/* `settings` is copied; `stream` is borrowed and must outlive the table. `hash_seed` never shows in output. */
struct conntrack *conntrack_create(const struct conntrack_settings *settings, struct stream *stream, uint64_t hash_seed);

/* Frees the table and every entry in it, without events. Asserts that no unconfirmed entry is left. */
void conntrack_destroy(struct conntrack *conntrack);

/* What helpers may use; borrowed. Before the first packet. */
void conntrack_set_outside(struct conntrack *conntrack, const struct outside *outside);

const struct conntrack_settings *conntrack_settings_of(const struct conntrack *conntrack);

/* Ends every entry whose deadline has come (now >= deadline), each with a DESTROY event stamped with its deadline. */
void conntrack_expire(struct conntrack *conntrack, struct vtime now);

/*
 * For whoever knows packets ahead. The first keeps in packets that were just decoded where their entries are looked for, until they are
 * rewritten; all that it reads is constant, so another thread may call it. Such packets are for this table, or one with the same `hash_seed`.
 * The second asks memory for what conntrack_track() will look at, of packets with such a note. Neither changes any answer.
 */
void conntrack_note_packets(const struct conntrack *conntrack, struct packet *packets, size_t n_packets);
void conntrack_prefetch(const struct conntrack *conntrack, struct packet *packets, size_t n_packets);

/*
 * The confirmed entry that conntrack_track() will find for a packet, outside of zones, and in which direction; NULL: none, or it is
 * not found by the packet's own ports: errors of ICMP, fragments.
 */
struct connection *conntrack_find_untracked(const struct conntrack *conntrack, const struct packet *packet,
					    enum direction *direction);

enum conntrack_verdict { CONNTRACK_ACCEPT, CONNTRACK_DROP };

/*
 * Priority -200: finds or makes the packet's entry and fills `tracking`, which must be all zero but for
 * its zones and template (or have an entry already, or be UNTRACKED by a raw rule: then it is left alone). `hook` is
 * PREROUTING or OUTPUT. Emits EVENT_TRANSITION and EVENT_LOOKUP, and DESTROY where the packet ends an entry.
 * DROP only when the table is full; the packet is gone then.
 */
enum conntrack_verdict conntrack_track(struct conntrack *conntrack, const struct packet *packet, enum hook hook,
				       struct vtime now, struct tracking *tracking);

/* The same for a packet whose entry conntrack_find_untracked() has found just now; no zones, no template. */
enum conntrack_verdict conntrack_track_found(struct conntrack *conntrack, const struct packet *packet, enum hook hook,
					     struct vtime now, struct connection *connection, enum direction direction,
					     struct tracking *tracking);

/*
 * The last function of INPUT and POSTROUTING, first half: the connection's helper reads the packet, and may change its
 * payload; the sequence numbers of a TCP connection whose payload was changed are adjusted. NULL, or in words why the
 * packet is dropped. Emits EVENT_EXPECTATION. Linux 6.18, nf_confirm().
 */
const char *conntrack_help(struct conntrack *conntrack, struct packet *packet, enum packet_origin origin,
			   struct vtime now, struct tracking *tracking);

/*
 * The last function of INPUT and POSTROUTING: publishes an unconfirmed entry (its timeout counts from now) and
 * sends the events that the packet's entry has pending. False when another entry owns one of its tuples: the
 * packet is dropped (Linux 6.18, __nf_conntrack_confirm()); 6.1 may give it that entry instead.
 */
bool conntrack_confirm(struct conntrack *conntrack, struct tracking *tracking, struct vtime now);

/*
 * A packet that the host makes in answer to another (REJECT) carries that one's entry, RELATED and in
 * the other direction. Linux 6.18, nf_conntrack_attach(). `reply` must be all zero; release both.
 */
void conntrack_attach(struct tracking *reply, const struct tracking *offending);

/* The packet is gone, whichever way: an unconfirmed entry is thrown away, a dying one freed. `tracking` has none then. */
void conntrack_release(struct conntrack *conntrack, struct tracking *tracking);

/* Takes a confirmed entry out of the table and emits DESTROY. Freed at once, or when its last packet is released. */
void conntrack_remove(struct conntrack *conntrack, struct connection *connection, struct vtime now);

/* Changes the connmark; a change is an event. */
void conntrack_change_mark(struct conntrack *conntrack, struct connection *connection, uint32_t mark);

/* MASQUERADE gave it the address of this interface; the name must outlive the table. */
void conntrack_note_masquerade(struct conntrack *conntrack, struct connection *connection, const char *interface);

/* Sets a label, 0 to 127; a new one is an event. */
void conntrack_set_label(struct conntrack *conntrack, struct connection *connection, unsigned bit);

/* REJECT --reject-with tcp-reset closes a confirmed TCP entry: CLOSE, 10 s. Linux 6.18, nf_send_reset(). */
void conntrack_close_tcp(struct conntrack *conntrack, struct connection *connection, struct vtime now);

/* The entry whose tuple in either direction equals `tuple`, and that direction; NULL when there is none. */
struct connection *conntrack_find(struct conntrack *conntrack, const struct tuple *tuple, enum direction *direction);

/* The same for a packet that has a zone for each direction; that of `tuple` is not looked at. Linux 6.18, nf_conntrack_find_get(). */
struct connection *conntrack_find_in_zones(struct conntrack *conntrack, const struct tuple *tuple, const uint16_t zone[2],
					   enum direction *direction);

/* Fills `view` from an entry. */
void conntrack_view(const struct conntrack *conntrack, const struct connection *connection, struct entry_view *view);

/* EVENT_ENTRY on `stream` for each confirmed entry whose time is not over at the stream's, in order of creation. Nothing expires. */
void conntrack_list(const struct conntrack *conntrack, struct stream *stream);

/*
 * Emits EVENT_SNAPSHOT, what conntrack_list() emits, and an
 * EVENT_EXPECTATION_ENTRY for each expectation, in order of creation. Nothing expires.
 */
void conntrack_emit_snapshot(struct conntrack *conntrack, const char *label);

/*
 * Counts since the table was made: n_created = n_expired + n_destroyed + n_live, where entries
 * that were never confirmed count nowhere. Early drops are among the destroyed.
 */
struct conntrack_counts {
	uint64_t n_created, n_expired, n_destroyed, n_live, n_early_dropped, n_table_full;
};
void conntrack_count(const struct conntrack *conntrack, struct conntrack_counts *counts);

#endif
