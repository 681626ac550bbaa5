/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What NAT may ask of connection tracking, and change: the reply tuple and the NAT bits of an entry that
 * nobody has confirmed yet. Linux 6.18: nf_ct_invert_tuple(), nf_conntrack_tuple_taken(),
 * nf_conntrack_alter_reply(), nf_nat_bysource.
 */
#ifndef CONNTRACK_BINDING_H
#define CONNTRACK_BINDING_H

#include "conntrack/conntrack.h"

/* The tuple of packets that answer those of `tuple`, which runs in the direction opposite to `direction`. */
void binding_invert(const struct connection *connection, const struct tuple *tuple, enum direction direction,
		    struct tuple *inverse);

/* Replaces the reply tuple of an unconfirmed entry. */
void binding_change_reply(struct conntrack *conntrack, struct connection *connection, const struct tuple *reply);

/* The entry whose tuple is in the way of `reply`, the reply tuple of an entry that is not confirmed yet, or NULL. */
struct connection *binding_find_taker(struct conntrack *conntrack, const struct connection *connection,
				      const struct tuple *reply, enum direction *direction);

/* Sets bits among SRC_NAT, DST_NAT, SRC_NAT_DONE, DST_NAT_DONE of an unconfirmed entry. */
void binding_set_status(struct connection *connection, uint32_t bits);

/*
 * Confirmed entries whose source mapping is decided and whose original source is that of `connection`: the newest, then
 * older ones. NULL: no more.
 */
const struct connection *binding_find_source(const struct conntrack *conntrack, const struct connection *connection);
const struct connection *binding_find_older_source(const struct conntrack *conntrack, const struct connection *connection);

/* Is there a confirmed entry for a packet that comes in? */
bool binding_is_known(struct conntrack *conntrack, const struct packet *packet);

/*
 * The confirmed entry one of whose packets leaves as this one, translated, and the direction of that packet; of an ICMP
 * error, the entry of the packet that it quotes as it leaves. NULL: none.
 */
struct connection *binding_find_leaving(struct conntrack *conntrack, const struct packet *packet,
					enum direction *direction, bool *is_error);

#endif
